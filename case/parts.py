"""Readable parts of a case file that may not be sound as a whole."""

from dataclasses import dataclass
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from case.faults import Path

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """A readable part of the file: its place, and its names with their plain values."""

    path: Path
    values: dict[str, object]

    def get(self, name: str, kind: TypeAdapter[T]) -> T | None:
        """The value of a name where it is sound, else None."""
        return sound(kind, self.values.get(name))

    def parts(self, name: str) -> list["Part"]:
        """The items of a list; one that is not a group of names has none of them."""
        listed = self.values.get(name)
        if not isinstance(listed, list):
            return []
        return [
            Part((*self.path, name, i), item if isinstance(item, dict) else {})
            for i, item in enumerate(listed)
        ]


def sound(kind: TypeAdapter[T], value: object) -> T | None:
    """The value as its kind, or None where it is not sound."""
    try:
        return kind.validate_python(value)
    except ValidationError:
        return None
