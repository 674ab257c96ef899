"""Which deadlines a case still needs reckoned, and how the answers enter its state."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from case.duties import duties
from case.duty import Duty
from case.schedule import Request, Schedule, reckon_schedule
from case.state import State
from case.wording import PERIOD_RULES
from law.calendar import WorkingCalendar


def wanted(state: State, duties: tuple[Duty, ...], today: date) -> tuple[Request, ...]:
    """The requests that no schedule of the state answers: new ones, and those that moved."""
    asked = [
        *_periods(state, today),
        *(_request(state, duty, today) for duty in duties if duty.open),
    ]
    return tuple(request for request in asked if not _answered(state, request))


def _request(state: State, duty: Duty, today: date) -> Request:
    amendment = state.amendments.get(duty.id)
    return duty.request(
        today=today,
        resumed_on=state.resumed_on,
        amended=amendment.day if amendment else None,
        amended_on=amendment.made_on if amendment else None,
        rules_of=state.rules_of,
    )


def _answered(state: State, request: Request) -> bool:
    schedule = state.schedules.get(request.id)
    return schedule is not None and schedule.request.asks_the_same(request)


def _periods(state: State, today: date) -> Iterable[Request]:
    for notice, rule in PERIOD_RULES.items():
        posted = state.posted_on(notice)
        if posted:
            key = f"period/{notice.value}"
            amendment = state.amendments.get(key)
            yield Request(
                id=key,
                rule=rule,
                trigger=posted,
                amended=amendment.day if amendment else None,
                opened_on=posted,
                known_on=today,
                ladder=False,
                rules_of=state.rules_of,
            )


def reckon_all(
    state: State, today: date, calendar: WorkingCalendar
) -> tuple[State, tuple[Duty, ...], tuple[Schedule, ...]]:
    """Count all that the case wants counted: the settled case, its duties, the new schedules.

    A period that turns out to be over opens duties, which are counted in their turn.
    """
    found: dict[str, Schedule] = {}
    owed = duties(state, today)
    while requests := wanted(state, owed, today):
        schedules = [reckon_schedule(request, calendar) for request in requests]
        found.update({schedule.request.id: schedule for schedule in schedules})
        state = settle(state, schedules)
        owed = duties(state, today)
    return state, owed, tuple(found.values())


def settle(state: State, schedules: Iterable[Schedule]) -> State:
    """The case with `schedules` known."""
    known = {
        schedule.request.id: _going_on(state.schedules.get(schedule.request.id), schedule)
        for schedule in schedules
    }
    return state.with_schedules({**state.schedules, **known})


def _going_on(before: Schedule | None, now: Schedule) -> Schedule:
    """A day beside which only the higher law's moved keeps its ladder: no rung is told again, and
    none is lost."""
    if before is None or before.request.others == now.request.others:
        return now
    same = replace(now.request, others=before.request.others).asks_the_same(before.request)
    if not same or before.deadline.last_day != now.deadline.last_day:
        return now
    return replace(
        now,
        request=replace(now.request, known_on=before.request.known_on),
        rungs=before.rungs,
    )


def prune(state: State, duties: tuple[Duty, ...]) -> State:
    """The case without the schedules and tellings of duties that are owed no more."""
    kept = {duty.id for duty in duties if duty.open}
    kept.update(f"period/{notice.value}" for notice in PERIOD_RULES)
    if kept.issuperset(state.schedules) and kept.issuperset(state.told):
        return state
    return state.with_schedules(
        {key: found for key, found in state.schedules.items() if key in kept}
    ).with_told({key: found for key, found in state.told.items() if key in kept})
