"""Which deadlines a case still needs reckoned, and how the answers enter its state."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from case.duties import duties
from case.duty import Duty
from case.ladder import DEFAULT_LADDERS, OPENING, Ladders, Level
from case.schedule import Moved, Request, Schedule, reckon_schedule, with_rungs
from case.state import State
from case.telling import was_told
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
    return replace(request, counted_by=state.recount.entry) if state.recount else request


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
    """The entry by which a notice's period is counted. One that had run out before it stays as it
    was: what followed rests on it."""
    known = state.schedules.get(period)
    if state.recount is None:
        return ""
    if known and known.deadline.last_day < state.recount.on:
        return known.request.counted_by
    return state.recount.entry


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
    since = max(request.opened_on, request.known_on)
    if before is None:
        return _with_rungs(state, now, reckoning, since)
    untold = _untold_move(state, before)
    if before.deadline.last_day == now.deadline.last_day:
        if state.resumed_on and before.stands_since < state.resumed_on:
            return _with_rungs(state, replace(now, moved=untold), reckoning, since)
        moved = replace(now, moved=before.moved)
        return _going_on_since(state, before, moved, reckoning, before.stands_since)
    if untold and untold.last_day == now.deadline.last_day:
        # Back where people think it is: nothing has moved for them.
        stood = max(day for day in (untold.since or since, state.resumed_on) if day)
        restored = replace(now, moved=untold.before)
        return _going_on_since(state, before, restored, reckoning, stood)
    return _with_rungs(
        state, replace(now, moved=_moved(state, before, reckoning)), reckoning, since
    )


def _with_rungs(state: State, schedule: Schedule, reckoning: Reckoning, since: date) -> Schedule:
    return with_rungs(
        schedule,
        reckoning.calendar,
        reckoning.ladders,
        case_id=state.brief.case_id,
        since=since,
    )


def _untold_move(state: State, schedule: Schedule) -> Moved | None:
    """That the last day moved, where nobody has been told so yet."""
    told = any(
        rung.is_move and was_told(state, schedule, rung, ever=True) for rung in schedule.rungs
    )
    return None if told else schedule.moved


def _moved(state: State, before: Schedule, reckoning: Reckoning) -> Moved | None:
    """What moved, seen from the last day that people have heard of; None where nobody has."""
    heard = set(_heard(state, before, reckoning.at))
    last_day, since, earlier = before.deadline.last_day, before.stands_since, before.moved
    if untold := _untold_move(state, before):
        heard.update(untold.heard)
        last_day, since, earlier = untold.last_day, untold.since or since, untold.before
    if not before.request.ladder:
        # Nobody owes a notice's period and nobody is reminded of it; the bureau works to its end.
        heard.add(Level.HANDLER)
    if not heard:
        return None
    return Moved(
        last_day=last_day,
        cause=reckoning.cause,
        heard=tuple(level for level in Level if level in heard),
        since=since,
        before=replace(earlier, before=None) if earlier else None,
    )


def _heard(state: State, before: Schedule, now: datetime) -> Iterator[Level]:
    """Who has been told of a duty and its last day, or is being told.

    A rung that was reached is on its way to somebody; but not where the case stood still then.
    """
    resumed = state.resumed_on is not None and before.stands_since < state.resumed_on
    for rung in before.rungs:
        under_way = rung.at <= now and not state.suspended and not resumed
        if under_way or was_told(state, before, rung, ever=True):
            yield from rung.audience


def _going_on_since(
    state: State, before: Schedule, now: Schedule, reckoning: Reckoning, since: date
) -> Schedule:
    """The ladder goes on, its rungs where they now fall: no rung is told again, and none is lost.

    One that would by now have been told, and was not, is told on the next working morning, unless
    it is being told already.
    """
    counted = _with_rungs(state, now, reckoning, since)
    morning = reckoning.ladders.moment(
        reckoning.calendar.nth_working_day_after(reckoning.today, 1), state.brief.case_id
    )
    reached = {rung.name: rung.at for rung in before.rungs if rung.at <= reckoning.at}
    begun = any(
        each.startswith(f"{now.deadline.last_day}/") for each in state.told.get(now.request.id, ())
    )
    rungs = []
    for rung in counted.rungs:
        if rung.at > reckoning.at or was_told(state, counted, rung):
            rungs.append(rung)
        elif rung.name != OPENING or not begun:
            rungs.append(replace(rung, at=reached.get(rung.name, morning)))
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
    none is lost. Counting sees to it by itself now; histories from before rely on this."""
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
