"""Columns of the registry that SQLite and PostgreSQL would each keep in a way of their own."""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import JSON, DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from case.records import RungRecord


class Instant(TypeDecorator[datetime]):
    """A moment, kept in UTC and always read back with its zone; SQLite keeps no zone itself."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be registered")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(TypeDecorator[Decimal]):
    """A number kept digit for digit as text; SQLite's own numbers are binary fractions."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Rungs(TypeDecorator[tuple[RungRecord, ...]]):
    """When a duty is to be told of, as a list of rung and moment."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self, value: tuple[RungRecord, ...] | None, dialect: Dialect
    ) -> list[dict[str, str]]:
        return [
            {"rung": each.rung, "at": each.at.astimezone(UTC).isoformat()} for each in value or ()
        ]

    def process_result_value(
        self, value: list[dict[str, str]] | None, dialect: Dialect
    ) -> tuple[RungRecord, ...]:
        return tuple(
            RungRecord(rung=each["rung"], at=datetime.fromisoformat(each["at"]))
            for each in value or ()
        )
