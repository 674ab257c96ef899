"""The search attributes by which operators find cases; none of them holds personal data."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributeUpdate, TypedSearchAttributes

from case.duty import Duty
from case.procedure import current_step
from case.state import State, Status
from case.steps import Step
from case.view import blocked, overdue
from law.deadline import SHANGHAI

STAGE: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("Stage")
"""The first step that is not complete: its number, two digits, and its title."""
DISTRICT: SearchAttributeKey[Sequence[str]] = SearchAttributeKey.for_keyword_list("District")
TOWNSHIP: SearchAttributeKey[Sequence[str]] = SearchAttributeKey.for_keyword_list("Township")
NEXT_DUE: SearchAttributeKey[datetime] = SearchAttributeKey.for_datetime("NextDue")
"""The end (24:00 Asia/Shanghai) of the earliest last day of an open duty."""
NEXT_DUTY: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("NextDuty")
OVERDUE: SearchAttributeKey[bool] = SearchAttributeKey.for_bool("Overdue")
BLOCKED: SearchAttributeKey[bool] = SearchAttributeKey.for_bool("Blocked")
"""Suspended, or a mandatory hearing has not been held."""
PROVISIONAL: SearchAttributeKey[bool] = SearchAttributeKey.for_bool("Provisional")
"""An open period or duty ends on a day that no official calendar settles yet."""

UNDELIVERED: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("Undelivered")
"""YES while the newest reminder of an open duty did not reach everybody as it should have; unset
otherwise. A word: a server on SQL keeps no more than three attributes of true and false."""
REMINDER_LATE: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("ReminderLate")
"""YES from when the watchdog finds a reminder of the case late until nothing is untold; unset
otherwise."""
LATE_REMINDERS: SearchAttributeKey[int] = SearchAttributeKey.for_int("LateReminders")
"""On the watchdog's own runs: how many reminders are late and cases have stopped."""
YES = "true"


def changed_attributes(
    state: State, duties: tuple[Duty, ...], now: datetime, current: TypedSearchAttributes
) -> list[SearchAttributeUpdate[Any]]:
    """The updates that bring a case's attributes up to its state; none where nothing changed."""
    asked = _attributes(state, duties, now)
    return [
        key.value_unset() if value is None else key.value_set(value)
        for key, value in asked.items()
        if current.get(key) != value
    ]


def _attributes(
    state: State, duties: tuple[Duty, ...], now: datetime
) -> dict[SearchAttributeKey[Any], Any]:
    owed = [
        (state.schedules[duty.id], duty)
        for duty in duties
        if duty.open and duty.id in state.schedules and not state.ended
    ]
    next_due = min(owed, key=lambda pair: pair[0].ends_at, default=None)
    step = current_step(state, now.astimezone(SHANGHAI).date())
    running = [schedule for schedule, _ in owed] + [
        schedule
        for key, schedule in state.schedules.items()
        if key.startswith("period/") and schedule.ends_at > now
    ]
    townships = state.brief.townships
    return {
        STAGE: _stage(state, step),
        DISTRICT: list(dict.fromkeys(township.district for township in townships)),
        TOWNSHIP: [township.name for township in townships],
        NEXT_DUE: next_due[0].ends_at.astimezone(UTC) if next_due else None,
        NEXT_DUTY: next_due[1].title[:200] if next_due else None,
        OVERDUE: any(overdue(schedule, now) for schedule, _ in owed),
        BLOCKED: blocked(state) is not None,
        PROVISIONAL: any(schedule.deadline.provisional for schedule in running),
        # Unset and never False: a history from before there was one asks for nothing more.
        REMINDER_LATE: YES if state.late and not state.ended else None,
        UNDELIVERED: YES if state.troubles and not state.ended else None,
    }


def _stage(state: State, step: Step | None) -> str:
    if state.status is Status.TERMINATED:
        return "已终止"
    return f"{step.number:02} {step.title}" if step else "已办结"
