"""Messages in the registry: each claimed before it goes out, each attempt settled after.

A claim is one transaction under the case's lock. It looks again whether what the message tells is
still owed, so that nobody is told of what was done in the meantime.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from activities.registry import reading, writing
from activities.registry.rows import AlreadySent, Begun, Claim, DeliveryState, Withdrawn
from activities.registry.tables import AttemptRow, Case, DeliveryRow, Duty, Notice
from activities.telling.message import Address, Message
from activities.telling.trying import Ask, Attempt, AttemptState, GaveUp, Later, Send, Step, Taken

Decide = Callable[[tuple[Attempt, ...], Taken], Step]
"""From the attempts so far, and when others went to an address, what to do next."""

_ABOUT_A_DAY = frozenset({"reminder", "overdue", "moved"})
"""Kinds of message that speak of one last day, which stands before the "/" of their rung."""

_PERIOD = "period"
"""What stands before the notice in the duty id of messages about its period."""

_OPEN = ("open", "overdue")

_WAITING = frozenset({"suspended", "terminated", "closed"})


def claim(session: Session, message: Message, now: datetime, decide: Decide) -> Claim:
    """What is to be done about a message; see Registry.claim."""
    row = _held(session, message)
    attempts = _attempts(session, message.message_id)
    found = tuple(reading.attempt(each) for each in attempts)
    if row.state == DeliveryState.SENT:
        return AlreadySent(attempts=found)
    row.kind, row.brief, row.person = message.kind, message.brief, message.person
    row.subject, row.text = message.subject, message.text
    if not _owed(session, message):
        row.state = DeliveryState.WITHDRAWN
        _presume_dead(attempts)
        return Withdrawn()
    step = decide(found, _taken(session, message.message_id))
    row.state = DeliveryState.FAILED if isinstance(step, GaveUp) else DeliveryState.CLAIMED
    match step:
        case Send():
            attempt = _next(session, row, attempts, step.address, now)
            attempt.state, attempt.repeated = AttemptState.BEGUN, step.repeated
            return Begun(
                number=attempt.number,
                address=step.address,
                repeated=step.repeated,
                before=tuple(each for each in found if each.number != attempt.number),
            )
        case Later(until=until, address=address) if address is not None:
            _next(session, row, attempts, address, until)
        case Ask():
            _presume_dead(attempts)
    return step


def withdraw(session: Session, message: Message) -> None:
    """Put a message down as not to be sent; see Registry.withdraw."""
    row = _held(session, message)
    if row.state != DeliveryState.SENT:
        _put_aside(session, row)


def orphans(
    session: Session, case_id: str, duty_id: str, rung: str, told: Collection[str]
) -> Sequence[DeliveryRow]:
    """The messages about a rung that wait still and are none of `told`."""
    return session.scalars(
        select(DeliveryRow)
        .where(
            DeliveryRow.case_id == case_id,
            DeliveryRow.duty_id == duty_id,
            DeliveryRow.rung == rung,
            DeliveryRow.state == DeliveryState.CLAIMED,
            DeliveryRow.message_id.not_in(told),
        )
        .with_for_update()
    ).all()


def withdraw_orphans(
    session: Session, case_id: str, duty_id: str, rung: str, told: Collection[str]
) -> None:
    """Put them down as not to be sent; see Registry.withdraw_orphans."""
    writing.locked(session, case_id)
    _put_aside(session, *orphans(session, case_id, duty_id, rung, told))


def withdraw_met(session: Session, case_id: str) -> None:
    """Put down as not to be sent what waits still about duties of a case that are owed no more.

    Nobody may ask for it again: the case does not remind of what is met.
    """
    rows = session.scalars(
        select(DeliveryRow)
        .join(
            Duty,
            (Duty.case_id == DeliveryRow.case_id) & (Duty.duty_id == DeliveryRow.duty_id),
        )
        .where(
            DeliveryRow.case_id == case_id,
            DeliveryRow.state == DeliveryState.CLAIMED,
            Duty.state.not_in(_OPEN),
        )
    ).all()
    _put_aside(session, *rows)


def _put_aside(session: Session, *rows: DeliveryRow) -> None:
    """Mark as withdrawn; what was on its way may have arrived all the same."""
    for row in rows:
        row.state = DeliveryState.WITHDRAWN
        _presume_dead(_attempts(session, row.message_id))


def settle(
    session: Session,
    message_id: str,
    number: int,
    state: AttemptState,
    at: datetime,
    *,
    receipt: str,
    note: str,
) -> None:
    """Say what came of an attempt; see Registry.settle."""
    row = session.get(DeliveryRow, message_id, with_for_update=True)
    attempt = session.get(AttemptRow, (message_id, number))
    if row is None or attempt is None:
        raise LookupError(f"attempt {number} at message {message_id} was never begun")
    if attempt.state == AttemptState.SENT:
        return
    attempt.state, attempt.ended_at, attempt.receipt, attempt.note = state, at, receipt, note
    if row.state == DeliveryState.SENT:
        return
    row.note = note
    if state is AttemptState.SENT:
        row.state, row.sent_at, row.note = DeliveryState.SENT, at, ""
        row.channel, row.address, row.repeated = attempt.channel, attempt.address, attempt.repeated


def _held(session: Session, message: Message) -> DeliveryRow:
    """The message's row, new or standing, held against other claims of it."""
    if message.case_id is not None:
        writing.locked(session, message.case_id)
    row = _standing(session, message)
    if row is not None:
        return row
    try:
        with session.begin_nested():
            session.add(row := _delivery(message))
    except IntegrityError:
        # Without a case there is no lock before the row itself: somebody was first.
        row = _standing(session, message)
        if row is None:
            raise
    return row


def _standing(session: Session, message: Message) -> DeliveryRow | None:
    return session.get(
        DeliveryRow, message.message_id, with_for_update=True, populate_existing=True
    )


def _delivery(message: Message) -> DeliveryRow:
    first = next(iter(message.addresses), Address(kind="", address=""))
    return DeliveryRow(
        message_id=message.message_id,
        case_id=message.case_id,
        kind=message.kind,
        duty_id=message.duty_id,
        rung=message.rung,
        unit=message.unit,
        role=message.role,
        person=message.person,
        channel=first.kind,
        address=first.address,
        state=DeliveryState.CLAIMED,
        repeated=False,
        at=message.at,
        sent_at=None,
        note="",
        subject=message.subject,
        text=message.text,
        brief=message.brief,
    )


def _attempts(session: Session, message_id: str) -> Sequence[AttemptRow]:
    return session.scalars(
        select(AttemptRow).where(AttemptRow.message_id == message_id).order_by(AttemptRow.number)
    ).all()


def _owed(session: Session, message: Message) -> bool:
    """Whether what the message tells is still so. A duty without a row yet is owed."""
    if message.case_id is None:
        return True
    case = session.get(Case, message.case_id)
    if case is not None and case.status in _WAITING:
        return False
    day, slash, _ = message.rung.partition("/")
    said = day if slash and message.kind in _ABOUT_A_DAY else None
    about, slash, notice = message.duty_id.partition("/")
    if slash and about == _PERIOD:
        return said is None or _ends_on(session, message.case_id, notice, said)
    duty = session.get(Duty, (message.case_id, message.duty_id))
    if duty is None:
        return True
    return said in {None, duty.last_day.isoformat()} and duty.state in _OPEN


def _ends_on(session: Session, case_id: str, notice: str, day: str) -> bool:
    """Whether the period of a notice ends on that day; a notice without a row yet may."""
    rows = session.scalars(
        select(Notice).where(Notice.case_id == case_id, Notice.notice == notice)
    ).all()
    newest = max(rows, key=lambda row: (row.current, row.edition), default=None)
    if newest is None:
        return True
    return newest.current and newest.last_day is not None and newest.last_day.isoformat() == day


def _presume_dead(attempts: Sequence[AttemptRow]) -> None:
    """What was begun and never settled is the work of a process that died: who knows how far."""
    for attempt in attempts:
        if attempt.state == AttemptState.BEGUN:
            attempt.state, attempt.note = AttemptState.UNKNOWN, "没有回执"


def _next(
    session: Session,
    row: DeliveryRow,
    attempts: Sequence[AttemptRow],
    address: Address,
    at: datetime,
) -> AttemptRow:
    """The attempt planned before, or a further one, planned for `at` at `address`."""
    attempt = next((each for each in attempts if each.state == AttemptState.PLANNED), None)
    if attempt is None:
        attempt = AttemptRow(
            message_id=row.message_id,
            number=len(attempts) + 1,
            state=AttemptState.PLANNED,
            ended_at=None,
            repeated=False,
            receipt="",
            note="",
        )
        session.add(attempt)
    attempt.channel, attempt.address, attempt.begun_at = address.kind, address.address, at
    if attempt.number == 1:
        row.channel, row.address = address.kind, address.address
    return attempt


def _taken(session: Session, message_id: str) -> Taken:
    def taken(address: Address, after: datetime) -> Sequence[datetime]:
        """Of one address, or where it is empty of all addresses of that kind of channel."""
        _hold(session, address)
        everywhere = AttemptRow.channel == address.kind
        there = everywhere & (AttemptRow.address == address.address)
        return session.scalars(
            select(AttemptRow.begun_at)
            .join(DeliveryRow, DeliveryRow.message_id == AttemptRow.message_id)
            .where(
                there if address.address else everywhere,
                AttemptRow.begun_at > after,
                AttemptRow.message_id != message_id,
                # A slot kept for a message that does not go out is free.
                (AttemptRow.state != AttemptState.PLANNED)
                | (DeliveryRow.state == DeliveryState.CLAIMED),
            )
            .order_by(AttemptRow.begun_at)
        ).all()

    return taken


def _hold(session: Session, address: Address) -> None:
    """Let no other claim give away slots at `address` until this one is over.

    SQLite's lock is on the whole registry anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        digest = hashlib.sha256(f"{address.kind}\x1f{address.address}".encode()).digest()
        key = int.from_bytes(digest[:8], "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(key)))
