"""What must be told now, and when a case must wake next: reminders and timers, from the state."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from case.duty import Duty
from case.ladder import LEVEL_TITLES, Rung
from case.records import Delivered, Reminder
from case.schedule import Schedule
from case.state import State
from case.wording import NOTICE_STEPS, NOTICE_TITLES, PERIOD_RULES, period_title
from law.deadline import SHANGHAI, Counting, Deadline

_MINUTES = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True)
class Timer:
    """One thing a case waits for: a moment, and the words that operators see beside it."""

    at: datetime
    summary: str


def identity(state: State, schedule: Schedule, rung: Rung) -> str:
    """A rung's name for ever: the last day it speaks of, its place on the ladder, and, once a case
    was resumed, since when: for then the ladder stands anew."""
    anew = f"@{state.resumed_on}" if state.resumed_on else ""
    return f"{schedule.deadline.last_day}/{rung.name}{anew}"


def was_told(state: State, schedule: Schedule, rung: Rung, *, ever: bool = False) -> bool:
    """Whether a rung was told since the case was last resumed, or `ever`."""
    told = state.told.get(schedule.request.id, ())
    if not ever:
        return identity(state, schedule, rung) in told
    name = f"{schedule.deadline.last_day}/{rung.name}"
    return any(each == name or each.startswith(f"{name}@") for each in told)


def _untold(state: State, duty: Duty) -> tuple[Schedule, list[Rung]] | None:
    """The rungs of an open duty that were not told; None where nothing is to be told."""
    schedule = state.schedules.get(duty.id)
    if schedule is None or not duty.open or state.suspended or state.ended:
        return None
    told = state.told.get(duty.id, ())
    return schedule, [
        rung for rung in schedule.rungs if identity(state, schedule, rung) not in told
    ]


def _moved_periods(state: State) -> Iterator[Duty]:
    """The notices' periods that moved, as the bureau hears of them: it is bound by their ends."""
    for notice in PERIOD_RULES:
        key = f"period/{notice.value}"
        schedule = state.schedules.get(key)
        if schedule and schedule.moved and schedule.rungs:
            yield Duty(
                id=key,
                step=NOTICE_STEPS[notice],
                title=period_title(key),
                unit="bureau",
                article=schedule.deadline.article,
                rule=schedule.deadline.rule,
                opened_on=schedule.deadline.trigger,
                evidence="公告在各处张贴至该日24时，次日起方可办理下一步",
                command="",
            )


def due_reminders(state: State, duties: tuple[Duty, ...], now: datetime) -> tuple[Reminder, ...]:
    """The reminders to send now, one a duty: the highest rung reached, to all whom the rungs it
    passes over would have told. That a day moved is not passed over: it takes the others in."""
    found = []
    for duty in (*duties, *_moved_periods(state)):
        untold = _untold(state, duty)
        if untold is None:
            continue
        schedule, rungs = untold
        reached = [rung for rung in rungs if rung.at <= now]
        if reached:
            told = next((rung for rung in reached if rung.is_move), reached[-1])
            widest = max((rung.audience for rung in reached), key=len)
            later = next((rung for rung in rungs if rung.at > now), None)
            passes = tuple(identity(state, schedule, rung) for rung in reached)
            reminder = _reminder(state, duty, schedule, replace(told, audience=widest), later)
            found.append(replace(reminder, passes=passes))
    return tuple(found)


def _reminder(
    state: State, duty: Duty, schedule: Schedule, rung: Rung, later: Rung | None
) -> Reminder:
    deadline = schedule.deadline
    moved = schedule.moved if rung.is_move else None
    township = state.township_name(duty.unit, duty.village)
    return Reminder(
        case_id=state.brief.case_id,
        case_name=state.brief.name,
        duty_id=duty.id,
        rung=identity(state, schedule, rung),
        audience=tuple(level.value for level in rung.audience),
        at=rung.at,
        step=duty.step,
        title=duty.title,
        unit=duty.unit,
        unit_name=state.unit_name(duty.unit),
        township=township,
        district=state.district_of(township),
        article=duty.article,
        statutory=duty.statutory,
        last_day=deadline.last_day,
        rolled_last_day=deadline.rolled_last_day,
        provisional=deadline.provisional,
        evidence=duty.evidence,
        command=duty.command,
        next_telling=_next_telling(later, deadline.last_day),
        rung_title=rung.title,
        told="、".join(LEVEL_TITLES[level] for level in rung.audience),
        moved_from=moved.last_day if moved else None,
        moved_by=moved.cause if moved else "",
        basis=_basis(duty, deadline) if duty.statutory else "",
        acknowledged=state.acknowledgements(duty.id),
    )


def _basis(duty: Duty, deadline: Deadline) -> str:
    """The article that asks for it, and the one that sets its last day where that is another."""
    period = f"{deadline.instrument}{deadline.article}"
    return period if duty.article == deadline.article else f"{duty.article}（期限依{period}）"


def _next_telling(rung: Rung | None, last_day: date) -> str:
    if rung is None:
        return ""
    names = "、".join(LEVEL_TITLES[level] for level in rung.audience)
    at = rung.at.astimezone(SHANGHAI)
    # The last day itself may be a rest day; it is told on the working day before.
    title = rung.title if at.date() >= last_day or rung.offset else "到期前最后一个工作日"
    return f"{at:{_MINUTES}}（{title}）告知{names}"


def mark_told(state: State, reminders: tuple[Reminder, ...]) -> State:
    """The case once `reminders` are sent: their rungs and all earlier ones are told."""
    told = dict(state.told)
    for reminder in reminders:
        schedule = state.schedules.get(reminder.duty_id)
        passed = (
            [identity(state, schedule, rung) for rung in schedule.rungs if rung.at <= reminder.at]
            if schedule
            else []
        )
        before = told.get(reminder.duty_id, ())
        heard = (*before, *passed, *reminder.passes, reminder.rung)
        told[reminder.duty_id] = tuple(dict.fromkeys(heard))
    return state.with_told(told)


def mark_delivered(state: State, reminders: tuple[Reminder, ...], delivered: Delivered) -> State:
    """The case once an activity has answered: what is not pending is told, and how it went."""
    settled = tuple(
        reminder
        for reminder in reminders
        if f"{reminder.duty_id}/{reminder.rung}" not in delivered.pending
    )
    troubles = {
        **{key: said for key, said in state.troubles.items() if not _about(settled, key)},
        **delivered.troubles,
    }
    told = mark_told(state, settled)
    return told if troubles == told.troubles else replace(told, troubles=troubles)


def _about(reminders: tuple[Reminder, ...], duty: str) -> bool:
    return any(reminder.duty_id == duty for reminder in reminders)


def timers(
    state: State, duties: tuple[Duty, ...], now: datetime, again_at: datetime | None = None
) -> dict[str, Timer]:
    """What the case waits for: one timer a statutory period, and one for the next telling.

    `again_at` is when what could not be delivered is tried again.
    """
    if state.ended:
        return {}
    found = dict(_periods(state, duties, now))
    wakes = list(_wakes(state, duties, now))
    if again_at and again_at > now:
        wakes.append(Timer(again_at, "提醒：未送达的再次发送"))
    if wakes:
        found["wake"] = min(wakes, key=lambda timer: timer.at)
    return found


def _periods(state: State, duties: tuple[Duty, ...], now: datetime) -> Iterator[tuple[str, Timer]]:
    for notice in PERIOD_RULES:
        key = f"period/{notice.value}"
        schedule = state.schedules.get(key)
        if schedule and state.period(notice) and schedule.ends_at > now:
            yield key, Timer(schedule.ends_at, _period_summary(NOTICE_TITLES[notice], schedule))
    for duty in duties:
        schedule = state.schedules.get(duty.id)
        if schedule and duty.statutory and duty.open and schedule.ends_at > now:
            place = f"（{state.unit_name(f'village:{duty.village}')}）" if duty.village else ""
            yield (
                duty.id,
                Timer(
                    schedule.ends_at,
                    _period_summary(_STATUTORY_TITLES[duty.rule] + place, schedule),
                ),
            )


_STATUTORY_TITLES = {
    "registration-period": "征地补偿登记期限",
    "signing-period": "签约期限",
    "payment": "核定与支付期限",
    "final-notice-by": "土地征收公告发布期限",
    "vacating-period": "腾退期限",
}


def _period_summary(title: str, schedule: Schedule) -> str:
    deadline = schedule.deadline
    if deadline.counting is Counting.PRINTED_DAY:
        length = "以载明之日为准"
    else:
        unit = "个工作日" if "WORKING" in deadline.counting.name else "日"
        least = "不少于" if "AT_LEAST" in deadline.counting.name else ""
        length = f"{least}{deadline.length}{unit}{'' if least else '内'}"
    settled = "（暂定）" if deadline.provisional else ""
    return f"{title} {length}，至{deadline.last_day} 24:00{settled}，{deadline.article}"


def _wakes(state: State, duties: tuple[Duty, ...], now: datetime) -> Iterator[Timer]:
    for duty in (*duties, *_moved_periods(state)):
        untold = _untold(state, duty)
        if untold is None:
            continue
        schedule, rungs = untold
        rung = next((rung for rung in rungs if rung.at > now), None)
        if rung:
            yield Timer(rung.at, f"提醒：第{duty.step}步 {rung.title}，{duty.article}")
        if schedule.ends_at > now:
            yield Timer(schedule.ends_at, f"第{duty.step}步 {schedule.deadline.last_day} 到期")
