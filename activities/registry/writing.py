"""How one change of a case is written, so that writing it twice, or late, leaves the same rows."""

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from typing import Any, TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from activities.registry.errors import EntryConflict, UnknownCase
from activities.registry.ledger import record_grants
from activities.registry.reading import entry_record
from activities.registry.tables import (
    Base,
    Case,
    Duty,
    Entry,
    EvidenceRow,
    Move,
    Notice,
    Posting,
)
from case.records import EntryRecord, Records

logger = structlog.get_logger(__name__)

Row = TypeVar("Row", bound=Base)


def locked(session: Session, case_id: str) -> Case:
    """The case's row, held against other writers until the transaction ends."""
    row = session.get(Case, case_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise UnknownCase(case_id)
    return row


def record(session: Session, records: Records) -> None:
    """Write one change; see Registry.record."""
    standing = records.case
    row = locked(session, standing.case_id)
    if records.entry is not None:
        _enter(session, records.entry)
    _moves(session, records)
    if row.recorded_at is not None and standing.updated_at < row.recorded_at:
        # An attempt given up as lost came through after all, behind a newer change: its command
        # belongs in the registry, its view of the case does not.
        logger.warning("late change kept its entry only", case_id=standing.case_id)
        return
    _set(row, standing)
    row.recorded_at = standing.updated_at
    _notices(session, records)
    _postings(session, records)
    _duties(session, records)
    record_grants(session, records)


def _enter(session: Session, entry: EntryRecord) -> None:
    row = session.get(Entry, (entry.case_id, entry.entry_id))
    if row is not None:
        # A worker that died before its case knew of the entry leaves it to the next one, which
        # comes later with the same: the first moment stands.
        if entry_record(session, row) != replace(entry, accepted_at=row.accepted_at):
            raise EntryConflict(entry.case_id, entry.entry_id)
        return
    columns = _columns(entry)
    del columns["evidence"]
    session.add(Entry(**columns))
    # No relationship tells the session which of the two must be written first.
    session.flush()
    session.add_all(
        EvidenceRow(
            case_id=entry.case_id, entry_id=entry.entry_id, ordinal=ordinal, **_columns(piece)
        )
        for ordinal, piece in enumerate(entry.evidence)
    )


def _moves(session: Session, records: Records) -> None:
    for move in records.moves:
        if session.get(Move, (move.case_id, move.duty_id, move.cause_id)) is None:
            session.add(Move(**_columns(move)))


def _notices(session: Session, records: Records) -> None:
    _bring(
        session,
        Notice,
        Notice.case_id,
        records,
        records.notices,
        key=lambda row: (row.notice, row.edition),
        more={"current": True},
        gone=_overtaken,
    )


def _postings(session: Session, records: Records) -> None:
    _bring(
        session,
        Posting,
        Posting.case_id,
        records,
        records.postings,
        key=lambda row: (row.notice, row.edition, row.place),
        more={"current": True},
        gone=_overtaken,
    )


def _duties(session: Session, records: Records) -> None:
    _bring(
        session,
        Duty,
        Duty.case_id,
        records,
        records.duties,
        key=lambda row: row.duty_id,
        more={},
        gone=_cancel,
    )


def _overtaken(row: Notice | Posting) -> None:
    row.current = False


def _cancel(row: Duty) -> None:
    if row.state in {"open", "overdue"}:
        row.state, row.rungs = "cancelled", ()


def _bring(
    session: Session,
    table: type[Row],
    case_column: InstrumentedAttribute[str],
    records: Records,
    wanted: Iterable[Any],
    *,
    key: Callable[[Any], object],
    more: dict[str, object],
    gone: Callable[[Row], None],
) -> None:
    """Make a case's rows of one table what the records say; only what differs is written."""
    case_id = records.case.case_id
    rows = session.scalars(select(table).where(case_column == case_id))
    standing = {key(row): row for row in rows}
    for item in wanted:
        row = standing.pop(key(item), None)
        if row is None:
            session.add(table(**_columns(item), **more))
        else:
            _set(row, item)
            for name, value in more.items():
                setattr(row, name, value)
    for row in standing.values():
        gone(row)


def _set(row: Base, item: Any) -> None:
    for name, value in _columns(item).items():
        setattr(row, name, value)


def _columns(item: Any) -> dict[str, Any]:
    return {field.name: getattr(item, field.name) for field in fields(item)}
