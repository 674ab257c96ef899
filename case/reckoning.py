"""Which deadlines a case still needs reckoned, and how the answers enter its state."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from case.duties import duties
from case.duty import Duty
from case.ladder import DEFAULT_LADDERS, Ladders, Level
from case.schedule import Moved, Request, Schedule, reckon_schedule, with_rungs
from case.state import State
from case.wording import PERIOD_RULES
from law.calendar import WorkingCalendar
from law.deadline import SHANGHAI


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """When and by what a case is counted."""

    at: datetime
    """The case's own time."""
    calendar: WorkingCalendar
    ladders: Ladders = DEFAULT_LADDERS
    cause: str = ""
    """What moves a last day, should one move: in Chinese, with the number of the document."""

    @property
    def today(self) -> date:
        """The day, Asia/Shanghai."""
        return self.at.astimezone(SHANGHAI).date()


def wanted(state: State, duties: tuple[Duty, ...], today: date) -> tuple[Request, ...]:
    """The requests that no schedule of the state answers: new ones, and those that moved."""
    asked = [
        *_periods(state, today),
        *(_request(state, duty, today) for duty in duties if duty.open),
    ]
    return tuple(request for request in asked if not _answered(state, request))


def _request(state: State, duty: Duty, today: date) -> Request:
    amendment = state.amendments.get(duty.id)
    request = duty.request(
        today=today,
        resumed_on=state.resumed_on,
        amended=amendment.day if amendment else None,
        amended_on=amendment.made_on if amendment else None,
        rules_of=state.rules_of,
    )
    return replace(request, counted_by=state.recount.calendar) if state.recount else request


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
                counted_by=_counted_by(state, key),
            )


def _counted_by(state: State, period: str) -> str:
    """The calendar a notice's period is counted by. One that had run out before the case was told
    to count anew stays as it was: what followed rests on it."""
    known = state.schedules.get(period)
    if state.recount is None:
        return ""
    if known and known.deadline.last_day < state.recount.on:
        return known.request.counted_by
    return state.recount.calendar


def reckon_all(
    state: State, reckoning: Reckoning
) -> tuple[State, tuple[Duty, ...], tuple[Schedule, ...]]:
    """Count all that the case wants counted: the settled case, its duties, the new schedules.

    A period that turns out to be over opens duties, which are counted in their turn.
    """
    today = reckoning.today
    found: dict[str, Schedule] = {}
    owed = duties(state, today)
    while requests := wanted(state, owed, today):
        schedules = [_reckon(state, request, reckoning) for request in requests]
        found.update({schedule.request.id: schedule for schedule in schedules})
        state = settle(state, schedules)
        owed = duties(state, today)
    return state, owed, tuple(found.values())


def _reckon(state: State, request: Request, reckoning: Reckoning) -> Schedule:
    """One request counted, with its ladder: begun anew where the last day moved, else going on."""
    now = reckon_schedule(request, reckoning.calendar)
    before = state.schedules.get(request.id)
    if before is None:
        return _with_rungs(state, now, reckoning)
    if before.deadline.last_day != now.deadline.last_day:
        return _with_rungs(state, replace(now, moved=_moved(before, now, reckoning)), reckoning)
    now = replace(now, moved=before.moved)
    if replace(request, counted_by=before.request.counted_by).asks_the_same(before.request):
        return _counted_anew(state, before, now, reckoning)
    return _with_rungs(state, replace(now, moved=None), reckoning)


def _with_rungs(state: State, schedule: Schedule, reckoning: Reckoning) -> Schedule:
    return with_rungs(schedule, reckoning.calendar, reckoning.ladders, state.brief.case_id)


def _moved(before: Schedule, now: Schedule, reckoning: Reckoning) -> Moved | None:
    """What moved, seen from the last day that people have heard of."""
    heard = tuple(_heard(before, reckoning.at))
    told_of = before.deadline.last_day
    if before.moved and not any(rung.at <= reckoning.at for rung in before.rungs):
        heard, told_of = before.moved.heard, before.moved.last_day
    if told_of == now.deadline.last_day:
        return None
    return Moved(last_day=told_of, cause=reckoning.cause, heard=heard)


def _heard(schedule: Schedule, now: datetime) -> Iterator[Level]:
    reached = {level for rung in schedule.rungs if rung.at <= now for level in rung.audience}
    return (level for level in Level if level in reached)


def _counted_anew(state: State, before: Schedule, now: Schedule, reckoning: Reckoning) -> Schedule:
    """The same last day by another calendar: the ladder goes on, its rungs where they now fall.

    One that would by now have been told, and was not, is told on the next working morning.
    """
    request = replace(now.request, known_on=before.request.known_on)
    counted = _with_rungs(state, replace(now, request=request), reckoning)
    told = {rung.name for rung in before.rungs if rung.at <= reckoning.at}
    morning = reckoning.ladders.moment(
        reckoning.calendar.nth_working_day_after(reckoning.today, 1), state.brief.case_id
    )
    rungs = (
        rung if rung.name in told or rung.at > reckoning.at else replace(rung, at=morning)
        for rung in counted.rungs
    )
    return replace(counted, rungs=tuple(sorted(rungs, key=lambda rung: rung.at)))


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
    by_duty = (state.schedules, state.told, state.troubles, state.acknowledged)
    if all(kept.issuperset(each) for each in by_duty):
        return state
    return (
        replace(
            state,
            troubles={key: said for key, said in state.troubles.items() if key in kept},
            acknowledged={key: who for key, who in state.acknowledged.items() if key in kept},
        )
        .with_schedules({key: found for key, found in state.schedules.items() if key in kept})
        .with_told({key: found for key, found in state.told.items() if key in kept})
    )
