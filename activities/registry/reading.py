"""How the registry answers: rows as the frozen records they were written from, in a fixed order."""

from collections import defaultdict
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from activities.registry.rows import Delivery, RegisteredCase
from activities.registry.tables import (
    AttemptRow,
    Base,
    Case,
    DeliveryRow,
    Duty,
    Entry,
    EvidenceRow,
    Move,
    Notice,
    Posting,
    Sheet,
)
from activities.telling.trying import Attempt, AttemptState
from case.records import (
    DutyRecord,
    EntryRecord,
    Evidence,
    MoveRecord,
    NoticeRecord,
    PostingRecord,
)


def case(row: Case) -> RegisteredCase:
    """A case's row."""
    columns = _of(RegisteredCase, row)
    columns["districts"], columns["townships"] = tuple(row.districts), tuple(row.townships)
    return RegisteredCase(**columns)


def cases(session: Session) -> tuple[RegisteredCase, ...]:
    """Every case, by case id."""
    return tuple(case(row) for row in session.scalars(select(Case).order_by(Case.case_id)))


def entry_record(session: Session, row: Entry) -> EntryRecord:
    """One entry with its evidence."""
    pieces = session.scalars(
        select(EvidenceRow)
        .where(EvidenceRow.case_id == row.case_id, EvidenceRow.entry_id == row.entry_id)
        .order_by(EvidenceRow.ordinal)
    )
    return _entry(row, [Evidence(**_of(Evidence, piece)) for piece in pieces])


def entries(session: Session, case_id: str, entry_id: str | None = None) -> tuple[EntryRecord, ...]:
    """A case's entries in the order they were accepted, or the one of that id."""
    chosen = select(Entry).where(Entry.case_id == case_id)
    proof = select(EvidenceRow).where(EvidenceRow.case_id == case_id)
    if entry_id is not None:
        chosen = chosen.where(Entry.entry_id == entry_id)
        proof = proof.where(EvidenceRow.entry_id == entry_id)
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    for piece in session.scalars(proof.order_by(EvidenceRow.ordinal)):
        evidence[piece.entry_id].append(Evidence(**_of(Evidence, piece)))
    rows = session.scalars(chosen.order_by(Entry.accepted_at, Entry.entry_id))
    return tuple(_entry(row, evidence[row.entry_id]) for row in rows)


def duties(
    session: Session,
    case_id: str | None,
    township: str | None,
    overdue_on: date | None,
    *,
    open_only: bool,
) -> tuple[DutyRecord, ...]:
    """Duties by last day; see Registry.duties."""
    chosen = select(Duty)
    if case_id is not None:
        chosen = chosen.where(Duty.case_id == case_id)
    if township is not None:
        # Lists inside a column are asked in Python: the two databases share no words for it.
        listed = session.execute(select(Case.case_id, Case.townships))
        touching = [found for found, names in listed if township in names]
        chosen = chosen.where(
            or_(
                Duty.township == township,
                and_(Duty.township.is_(None), Duty.case_id.in_(touching)),
            )
        )
    if open_only or overdue_on is not None:
        chosen = chosen.where(Duty.state.in_(("open", "overdue")))
    if overdue_on is not None:
        chosen = chosen.where(Duty.last_day < overdue_on)
    rows = session.scalars(chosen.order_by(Duty.last_day, Duty.case_id, Duty.step, Duty.duty_id))
    return tuple(DutyRecord(**_of(DutyRecord, row)) for row in rows)


def notices(session: Session, case_id: str, *, current: bool) -> tuple[NoticeRecord, ...]:
    """Notices by name and edition."""
    rows = session.scalars(
        select(Notice)
        .where(Notice.case_id == case_id, Notice.current.is_(current))
        .order_by(Notice.notice, Notice.edition)
    )
    return tuple(NoticeRecord(**_of(NoticeRecord, row)) for row in rows)


def postings(session: Session, case_id: str, *, current: bool) -> tuple[PostingRecord, ...]:
    """Postings by day, then place."""
    rows = session.scalars(
        select(Posting)
        .where(Posting.case_id == case_id, Posting.current.is_(current))
        .order_by(Posting.posted_on, Posting.notice, Posting.edition, Posting.place)
    )
    return tuple(PostingRecord(**_of(PostingRecord, row)) for row in rows)


def deliveries(session: Session, case_id: str | None, duty_id: str | None) -> tuple[Delivery, ...]:
    """Messages by the moment they fell due."""
    chosen = select(DeliveryRow)
    if case_id is not None:
        chosen = chosen.where(DeliveryRow.case_id == case_id)
    if duty_id is not None:
        chosen = chosen.where(DeliveryRow.duty_id == duty_id)
    rows = session.scalars(chosen.order_by(DeliveryRow.at, DeliveryRow.message_id))
    return tuple(Delivery(**_of(Delivery, row)) for row in rows)


def attempts(session: Session, case_id: str | None, message_id: str | None) -> tuple[Attempt, ...]:
    """Attempts at sending, a message's in their order; see Registry.attempts."""
    chosen = select(AttemptRow)
    if case_id is not None:
        chosen = chosen.join(DeliveryRow, DeliveryRow.message_id == AttemptRow.message_id).where(
            DeliveryRow.case_id == case_id
        )
    if message_id is not None:
        chosen = chosen.where(AttemptRow.message_id == message_id)
    rows = session.scalars(
        chosen.order_by(AttemptRow.begun_at, AttemptRow.message_id, AttemptRow.number)
        if message_id is None
        else chosen.order_by(AttemptRow.number)
    )
    return tuple(attempt(row) for row in rows)


def attempt(row: AttemptRow) -> Attempt:
    """An attempt's row."""
    columns = _of(Attempt, row)
    columns["state"] = AttemptState(row.state)
    return Attempt(**columns)


def moves(session: Session, case_id: str) -> tuple[MoveRecord, ...]:
    """A case's moved days by the moment they moved."""
    rows = session.scalars(
        select(Move)
        .where(Move.case_id == case_id)
        .order_by(Move.moved_at, Move.duty_id, Move.cause_id)
    )
    return tuple(MoveRecord(**_of(MoveRecord, row)) for row in rows)


def newest_sheet(session: Session, case_id: str) -> Sheet | None:
    """The basis of compensation registered last."""
    return session.scalars(
        select(Sheet)
        .where(Sheet.case_id == case_id)
        .order_by(Sheet.registered_at.desc(), Sheet.digest)
        .limit(1)
    ).first()


def _entry(row: Entry, evidence: list[Evidence]) -> EntryRecord:
    columns = {
        field.name: getattr(row, field.name)
        for field in fields(EntryRecord)
        if field.name != "evidence"
    }
    return EntryRecord(**columns, evidence=tuple(evidence))


def _of(record: Any, row: Base) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(record)}
