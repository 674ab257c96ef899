"""Which deadlines a case still needs reckoned, and how the answers enter its state."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from case.duty import Duty
from case.schedule import Request, Schedule
from case.state import State
from case.wording import PERIOD_RULES


def wanted(state: State, duties: tuple[Duty, ...]) -> tuple[Request, ...]:
    """The requests that no schedule of the state answers: new ones, and those that moved."""
    asked = [
        *_periods(state),
        *(duty.request(state.resumed_on, _amended(state, duty.id)) for duty in duties if duty.open),
    ]
    return tuple(request for request in asked if not _answered(state, request))


def _answered(state: State, request: Request) -> bool:
    schedule = state.schedules.get(request.id)
    return schedule is not None and schedule.request == request


def _periods(state: State) -> Iterable[Request]:
    for notice, rule in PERIOD_RULES.items():
        posted = state.posted_on(notice)
        if posted:
            key = f"period/{notice.value}"
            yield Request(
                id=key,
                rule=rule,
                trigger=posted,
                amended=_amended(state, key),
                opened_on=posted,
                ladder=False,
            )


def _amended(state: State, id_: str) -> date | None:
    amendment = state.amendments.get(id_)
    return amendment.day if amendment else None


def settle(state: State, schedules: Iterable[Schedule]) -> State:
    """The case with `schedules` known."""
    known = {schedule.request.id: schedule for schedule in schedules}
    return replace(state, schedules={**state.schedules, **known})


def prune(state: State, duties: tuple[Duty, ...]) -> State:
    """The case without the schedules and tellings of duties that are owed no more."""
    kept = {duty.id for duty in duties if duty.open}
    kept.update(f"period/{notice.value}" for notice in PERIOD_RULES)
    if kept.issuperset(state.schedules) and kept.issuperset(state.told):
        return state
    return replace(
        state,
        schedules={key: found for key, found in state.schedules.items() if key in kept},
        told={key: found for key, found in state.told.items() if key in kept},
    )
