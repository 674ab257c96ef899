"""Silence noticed: tellings that should have been by now, and are not."""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from activities.registry.rows import DeliveryState
from activities.registry.tables import Case, DeliveryRow, Duty
from case.watching import Late

_OWED = ("open", "overdue")
_ABOUT_DUTY = and_(Duty.case_id == DeliveryRow.case_id, Duty.duty_id == DeliveryRow.duty_id)
_DONE_WITH = frozenset({DeliveryState.SENT, DeliveryState.WITHDRAWN})


def untold(session: Session, now: datetime, grace: timedelta) -> tuple[Late, ...]:
    """Rungs not told within `grace`; see Registry.untold."""
    found = []
    told, taken_in = _told(session), _taken_in(session)
    owed = session.execute(
        select(Duty, Case.workflow_id)
        .join(Case, Case.case_id == Duty.case_id)
        .where(Duty.state.in_(_OWED), Case.status == "running")
    )
    for duty, workflow_id in owed:
        states = told[duty.case_id, duty.duty_id]
        silent: list[Late] = []
        for rung in sorted(duty.rungs, key=lambda rung: rung.at):
            if states[rung.rung] & _DONE_WITH:
                silent.clear()
            moved = taken_in.get((duty.case_id, duty.duty_id))
            if moved and rung.at <= moved:
                continue
            if rung.at + grace < now and not _settled(states[rung.rung]):
                silent.append(
                    Late(
                        case_id=duty.case_id,
                        workflow_id=workflow_id,
                        duty_id=duty.duty_id,
                        rung=rung.rung,
                        at=rung.at,
                        title=duty.title,
                        unit_name=duty.unit_name,
                    )
                )
        found += silent
    return tuple(sorted(found, key=lambda late: (late.at, late.case_id, late.duty_id)))


def _taken_in(session: Session) -> dict[tuple[str, str], datetime]:
    """By case and duty, when it was last told that the day moved: every rung reached by then was
    told with it."""
    rows = session.execute(
        select(DeliveryRow.case_id, DeliveryRow.duty_id, func.max(DeliveryRow.sent_at))
        .join(Duty, _ABOUT_DUTY)
        .where(
            Duty.state.in_(_OWED),
            DeliveryRow.kind == "moved",
            DeliveryRow.state == DeliveryState.SENT,
        )
        .group_by(DeliveryRow.case_id, DeliveryRow.duty_id)
    )
    return {
        (case_id, duty_id): sent_at for case_id, duty_id, sent_at in rows if case_id and sent_at
    }


def _settled(states: set[str]) -> bool:
    """Whether a rung is told: somebody was, and nobody is still waiting for it."""
    return bool(states & _DONE_WITH) and DeliveryState.CLAIMED not in states


def _told(session: Session) -> dict[tuple[str, str], dict[str, set[str]]]:
    """By case and duty, and then by rung, the states of the messages about what is owed."""
    found: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = session.execute(
        select(DeliveryRow.case_id, DeliveryRow.duty_id, DeliveryRow.rung, DeliveryRow.state)
        .join(Duty, _ABOUT_DUTY)
        .where(Duty.state.in_(_OWED))
        .distinct()
    )
    for case_id, duty_id, rung, state in rows:
        if case_id is not None:
            found[case_id, duty_id][rung].add(state)
    return found
