"""The registry's tables. Column names are those of case.records, so that a row is its record."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from activities.registry.columns import Exact, Instant, Rungs
from case.records import RungRecord


class Base(DeclarativeBase):
    """Root of all tables; constraint names are fixed so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        str: Text,
        datetime: Instant,
        Decimal: Exact,
        list[str]: JSON,
        tuple[RungRecord, ...]: Rungs,
    }


class Case(Base):
    """One acquisition, with the case file it was launched from."""

    __tablename__ = "cases"
    case_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    number: Mapped[str]
    file: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64))
    districts: Mapped[list[str]]
    townships: Mapped[list[str]]
    workflow_id: Mapped[str]
    stage: Mapped[int]
    stage_title: Mapped[str]
    status: Mapped[str]
    admitted_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    recorded_at: Mapped[datetime | None]
    """The case's own time of the newest change written; an older change may not overwrite it."""


class Entry(Base):
    """One accepted command, as it was accepted. Rows are only ever added."""

    __tablename__ = "entries"
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    entry_id: Mapped[str] = mapped_column(primary_key=True)
    command: Mapped[str]
    occurred_on: Mapped[date]
    accepted_at: Mapped[datetime]
    unit: Mapped[str]
    role: Mapped[str]
    person: Mapped[str]
    document_number: Mapped[str | None]
    reason: Mapped[str | None]
    corrects: Mapped[str | None]
    # Text and not a JSON type: amounts must come back digit for digit, and hash the same.
    values: Mapped[str] = mapped_column("values_json")


class EvidenceRow(Base):
    """One piece of evidence of an entry, in the order given. Rows are only ever added."""

    __tablename__ = "evidence"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "entry_id"], ["entries.case_id", "entries.entry_id"]),
        Index(None, "sha256"),
    )
    case_id: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    place: Mapped[str]


class Notice(Base):
    """One edition of one notice, with its period."""

    __tablename__ = "notices"
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    notice: Mapped[str] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str]
    document_number: Mapped[str | None]
    approved_on: Mapped[date | None]
    posted_on: Mapped[date | None]
    last_day: Mapped[date | None]
    may_proceed_on: Mapped[date | None]
    provisional: Mapped[bool]
    article: Mapped[str]
    calendar: Mapped[str]
    """Stamp of the calendar that counted the period; empty for a row older than that."""
    current: Mapped[bool]
    """False once a correction has taken the row out of the case; the row stays."""


class Posting(Base):
    """One place where one edition of a notice hung."""

    __tablename__ = "postings"
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    notice: Mapped[str] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[str] = mapped_column(primary_key=True)
    place_name: Mapped[str]
    posted_on: Mapped[date]
    entry_id: Mapped[str]
    current: Mapped[bool]
    """False once a correction has taken the row out of the case; the row stays."""


class Duty(Base):
    """What somebody owes, by when, under which article."""

    __tablename__ = "duties"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'met', 'overdue', 'cancelled')", name="state"),
        Index(None, "state", "last_day"),
    )
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    duty_id: Mapped[str] = mapped_column(primary_key=True)
    step: Mapped[int]
    title: Mapped[str]
    unit: Mapped[str]
    unit_name: Mapped[str]
    township: Mapped[str | None]
    article: Mapped[str]
    statutory: Mapped[bool]
    opened_on: Mapped[date]
    last_day: Mapped[date]
    rolled_last_day: Mapped[date]
    provisional: Mapped[bool]
    earliest: Mapped[date]
    latest: Mapped[date]
    evidence: Mapped[str]
    command: Mapped[str]
    state: Mapped[str]
    met_on: Mapped[date | None]
    rungs: Mapped[tuple[RungRecord, ...]]
    calendar: Mapped[str]
    """Stamp of the calendar that counted it; empty for a row older than that."""


class Move(Base):
    """A last day that moved, and why. Rows are only ever added."""

    __tablename__ = "moves"
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    # No foreign key: the period of a notice is no duty and moves too.
    duty_id: Mapped[str] = mapped_column(primary_key=True)
    cause_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    unit: Mapped[str]
    unit_name: Mapped[str]
    old_last_day: Mapped[date]
    new_last_day: Mapped[date]
    old_provisional: Mapped[bool]
    new_provisional: Mapped[bool]
    cause: Mapped[str]
    document_number: Mapped[str | None]
    moved_at: Mapped[datetime]


class DeliveryRow(Base):
    """One message to one person, claimed before it goes out; how it went is in its attempts."""

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint("state IN ('claimed', 'sent', 'failed', 'withdrawn')", name="state"),
        Index(None, "case_id", "duty_id"),
    )
    message_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.case_id"))
    kind: Mapped[str]
    # No foreign key: a first reminder may be told before the duty's own row is written.
    duty_id: Mapped[str]
    rung: Mapped[str]
    unit: Mapped[str]
    role: Mapped[str]
    person: Mapped[str]
    channel: Mapped[str]
    address: Mapped[str]
    state: Mapped[str]
    repeated: Mapped[bool]
    at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    note: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    brief: Mapped[str]


class AttemptRow(Base):
    """One attempt at sending a message: planned, begun, and what came of it."""

    __tablename__ = "attempts"
    __table_args__ = (
        CheckConstraint(
            "state IN ('planned', 'begun', 'sent', 'failed', 'refused', 'unknown')", name="state"
        ),
        Index(None, "channel", "address", "begun_at"),
    )
    message_id: Mapped[str] = mapped_column(ForeignKey("deliveries.message_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel: Mapped[str]
    address: Mapped[str]
    state: Mapped[str]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    repeated: Mapped[bool]
    receipt: Mapped[str]
    note: Mapped[str]


class Sheet(Base):
    """A sheet (补偿测算表): a whole case file with its appraisals. Rows are only ever added."""

    __tablename__ = "sheets"
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    file: Mapped[str]
    registered_at: Mapped[datetime]


class LedgerRow(Base):
    """One entry of the village ledger (第二十六条). Rows are only ever added.

    An account is known by its place and kind and not by a case's village id: a village comes back
    in many cases.
    """

    __tablename__ = "village_ledger"
    __table_args__ = (
        CheckConstraint("kind IN ('quota', 'subsidy')", name="kind"),
        UniqueConstraint("district", "township", "village", "kind", "number"),
        # An entry is taken back once.
        UniqueConstraint("reverses"),
        Index(None, "case_id", "fact"),
    )
    entry_id: Mapped[str] = mapped_column(primary_key=True)
    district: Mapped[str]
    township: Mapped[str]
    village: Mapped[str]
    kind: Mapped[str]
    number: Mapped[int]
    """Place in the account in the order of entering, from 1."""
    way: Mapped[str]
    occurred_on: Mapped[date]
    amount: Mapped[Decimal]
    """What it adds to the balance; negative for what is spent."""
    document_number: Mapped[str]
    consent: Mapped[str | None]
    unit: Mapped[str]
    role: Mapped[str]
    person: Mapped[str]
    other_district: Mapped[str | None]
    other_township: Mapped[str | None]
    other_village: Mapped[str | None]
    project: Mapped[str | None]
    site: Mapped[str | None]
    note: Mapped[str]
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.case_id"))
    fact: Mapped[str | None]
    """The fact of the case that grants, such as "quota/shibuxi"."""
    case_entry: Mapped[str | None]
    verified_on: Mapped[date | None]
    reverses: Mapped[str | None] = mapped_column(ForeignKey("village_ledger.entry_id"))
    registered_at: Mapped[datetime]
