"""What a case hands to the registry: plain rows, one class for each table.

The workflow derives these rows from the state; the registry writes them. A row's identity is part
of the row, so that writing it twice leaves one row.
"""

from dataclasses import field
from datetime import date, datetime
from decimal import Decimal

from pydantic.dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One piece of evidence: what it is, its SHA-256 in hexadecimal, where it is kept."""

    kind: str
    sha256: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRecord:
    """One accepted command. Identity: (case_id, entry_id); a repeat writes nothing."""

    case_id: str
    entry_id: str
    command: str
    occurred_on: date
    accepted_at: datetime
    unit: str
    role: str
    person: str
    document_number: str | None
    reason: str | None
    corrects: str | None
    values: str
    """The whole command as JSON text, evidence included."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRecord:
    """A notice with its period. Identity: (case_id, notice, edition); a later write updates it."""

    case_id: str
    notice: str
    edition: int
    title: str
    document_number: str | None
    approved_on: date | None
    posted_on: date | None
    """The day of the last posting, which governs; None while a place is missing."""
    last_day: date | None
    may_proceed_on: date | None
    provisional: bool
    article: str
    calendar: str = ""
    """The stamp of the calendar that counted the period; see law.deadline.Deadline.calendar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingRecord:
    """Where and when a notice hung. Identity: (case_id, notice, edition, place); updates."""

    case_id: str
    notice: str
    edition: int
    place: str
    place_name: str
    posted_on: date
    entry_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RungRecord:
    """A rung that is to be told at a moment, unless the duty is met before."""

    rung: str
    """Its identity, as in Reminder.rung."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRecord:
    """What somebody owes. Identity: (case_id, duty_id); a later write updates it."""

    case_id: str
    duty_id: str
    step: int
    title: str
    unit: str
    """Unit id, such as "bureau", "township:nanhui" or "department:公安"."""
    unit_name: str
    township: str | None
    """Name of the township in whose area the duty lies; None where it lies in all of them."""
    article: str
    statutory: bool
    opened_on: date
    last_day: date
    rolled_last_day: date
    provisional: bool
    earliest: date
    latest: date
    evidence: str
    """What counts as done, in Chinese."""
    command: str
    """The command that meets the duty."""
    state: str
    """One of open, met, overdue, cancelled."""
    met_on: date | None
    rungs: tuple[RungRecord, ...] = ()
    """When it is to be told of, in order of time; empty once it is owed no more."""
    calendar: str = ""
    """The stamp of the calendar that counted it; see law.deadline.Deadline.calendar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRecord:
    """A last day that moved. Identity: (case_id, duty_id, cause_id); a repeat writes nothing."""

    case_id: str
    duty_id: str
    """Id of the duty, or of a notice's period ("period/initiation")."""
    cause_id: str
    """Id of the entry that moved it; the day ("2026-10-03") where a passing day did."""
    title: str
    unit: str
    unit_name: str
    old_last_day: date
    new_last_day: date
    old_provisional: bool
    new_provisional: bool
    cause: str
    """In Chinese, such as "采用新的放假安排" or "变更期限：…"."""
    document_number: str | None
    """The paper that moved it: the holiday paper's number, or the amendment's."""
    moved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRecord:
    """What a case grants to a village's account. Identity: (case_id, fact).

    The ledger is never rewritten: what differs from it is added as a further entry. The village
    goes by names, since it returns in other cases.
    """

    case_id: str
    fact: str
    """Key of the fact that grants, such as "quota/shibuxi"."""
    district: str
    township: str
    village: str
    kind: str
    """quota (m² of floor) or subsidy (yuan); see case.ledger.Kind."""
    amount: Decimal
    verified_on: date
    document_number: str
    entry_id: str
    """The entry that stands for the fact."""
    unit: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """Where a case stands. Identity: case_id; updates."""

    case_id: str
    stage: int
    stage_title: str
    status: str
    """One of running, suspended, terminated, closed."""
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Everything one change of a case writes, in one transaction."""

    case: CaseRecord
    entry: EntryRecord | None = None
    notices: tuple[NoticeRecord, ...] = ()
    postings: tuple[PostingRecord, ...] = ()
    duties: tuple[DutyRecord, ...] = ()
    """All duties of the case; an open row in the registry that is missing here is cancelled."""
    grants: tuple[GrantRecord, ...] = ()
    """All grants that stand; one in the ledger that is missing here is withdrawn."""
    moves: tuple[MoveRecord, ...] = ()
    """Last days that this change moved. Rows are only ever added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One rung of one duty's ladder to be told. Identity: (case_id, duty_id, rung)."""

    case_id: str
    case_name: str
    duty_id: str
    rung: str
    """Stable name of the rung, such as "open", "-5", "0", "+3" (working days from the last day)."""
    audience: tuple[str, ...]
    """Levels to be told, lowest first; see case.ladder.Level."""
    at: datetime
    step: int
    title: str
    unit: str
    unit_name: str
    township: str | None
    district: str | None
    article: str
    statutory: bool
    last_day: date
    rolled_last_day: date
    provisional: bool
    evidence: str
    command: str
    next_telling: str
    """Who is told next and when, in Chinese; empty on the last rung."""
    rung_title: str = ""
    """The rung in words, such as "到期前5个工作日"."""
    told: str = ""
    """Titles of the levels that this telling goes to, in Chinese."""
    moved_from: date | None = None
    """The last day before it moved, where this telling says that it moved."""
    moved_by: str = ""
    """Why it moved and by which document, in Chinese."""
    basis: str = ""
    """Instrument and article that set a statutory last day."""
    passes: tuple[str, ...] = ()
    """Rungs reached and untold that this telling takes in, each by its identity."""
    acknowledged: tuple[str, ...] = ()
    """Who has said 收到, each as "unit|role": told no more before the last day is over."""

    def overdue_on(self, day: date) -> bool:
        """Whether the last day is over on `day`, that of telling: then everybody is told."""
        return day > self.last_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What came of a batch of reminders: how many messages went out, and what could not yet."""

    sent: int
    undeliverable: tuple[str, ...] = ()
    """What nobody could be told, as "duty/rung"."""
    pending: tuple[str, ...] = ()
    """What is not told to everybody yet, as "duty/rung": to be asked for again `again_at`."""
    again_at: datetime | None = None
    troubles: dict[str, str] = field(default_factory=dict)
    """By duty id, what went wrong though somebody was told, in Chinese, no personal data."""
