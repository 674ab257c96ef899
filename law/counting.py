"""The ways in which the order lets days run (期间的计算).

The day of the posting or of the event is never counted (民法典第二百零一条). A period runs over
working days, over all days, or to a day printed in a document. *At least* (不少于) and *within*
(内) count alike and differ in what they ask: the one must have run out, the other must not.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from law import BadPeriod
from law.calendar import WorkingCalendar


class Counting(StrEnum):
    """How a rule counts."""

    AT_LEAST_WORKING_DAYS = "不少于若干工作日"
    AT_LEAST_DAYS = "不少于若干日"
    WITHIN_WORKING_DAYS = "若干工作日内"
    WITHIN_DAYS = "若干日内"
    PRINTED_DAY = "文书载明的日期"

    @property
    def at_least(self) -> bool:
        """Whether the next step must wait until the period has run out."""
        return self in (Counting.AT_LEAST_WORKING_DAYS, Counting.AT_LEAST_DAYS)

    @property
    def in_working_days(self) -> bool:
        """Whether only working days are counted."""
        return self in (Counting.AT_LEAST_WORKING_DAYS, Counting.WITHIN_WORKING_DAYS)

    @property
    def unit(self) -> str:
        """What is counted: 工作日 or 日."""
        return "工作日" if self.in_working_days else "日"

    def phrase(self, length: int) -> str:
        """The length as an article words it: 不少于10个工作日, 30日内."""
        amount = f"{length}个工作日" if self.in_working_days else f"{length}日"
        if self is Counting.PRINTED_DAY:
            return self.value
        return f"不少于{amount}" if self.at_least else f"{amount}内"


class Way(Protocol):
    """One way of counting `length` from `trigger`; raises BadPeriod for what cannot be counted."""

    def last_day(self, trigger: date, length: int, calendar: WorkingCalendar) -> date:
        """The last day of the period, strictly."""
        ...

    def bounds(self, trigger: date, length: int, calendar: WorkingCalendar) -> tuple[date, date]:
        """The earliest and latest day that `last_day` can turn out to be."""
        ...

    def rolled_bounds(
        self, trigger: date, length: int, calendar: WorkingCalendar
    ) -> tuple[date, date]:
        """The same for the last day rolled off a rest day (民法典第二百零三条)."""
        ...


class WorkingDays:
    """The last day is the `length`-th working day after the trigger, so it never needs to roll."""

    def last_day(self, trigger: date, length: int, calendar: WorkingCalendar) -> date:
        """The `length`-th working day after `trigger`."""
        return calendar.nth_working_day_after(trigger, length)

    def bounds(self, trigger: date, length: int, calendar: WorkingCalendar) -> tuple[date, date]:
        """Open as far as the count passes the calendar's horizon."""
        return calendar.bounds_after(trigger, length)

    def rolled_bounds(
        self, trigger: date, length: int, calendar: WorkingCalendar
    ) -> tuple[date, date]:
        """The bounds themselves: whichever day it is, it is worked."""
        return calendar.bounds_after(trigger, length)


class Days:
    """The last day is `length` days after the trigger, rest days included; it is always certain."""

    def last_day(self, trigger: date, length: int, calendar: WorkingCalendar) -> date:
        """`length` days after `trigger`."""
        calendar.require(trigger, length)
        return _days_after(trigger, length, calendar)

    def bounds(self, trigger: date, length: int, calendar: WorkingCalendar) -> tuple[date, date]:
        """The last day twice: no paper moves it."""
        last = self.last_day(trigger, length, calendar)
        return last, last

    def rolled_bounds(
        self, trigger: date, length: int, calendar: WorkingCalendar
    ) -> tuple[date, date]:
        """Open where the last day lies beyond the horizon."""
        return calendar.bounds_from(self.last_day(trigger, length, calendar))


class PrintedDay(Days):
    """The last day is `length` days after the trigger, and may be the trigger's own day."""

    def last_day(self, trigger: date, length: int, calendar: WorkingCalendar) -> date:
        """`length` days after `trigger`, zero allowed."""
        calendar.require(trigger)
        return _days_after(trigger, length, calendar)


def _days_after(trigger: date, length: int, calendar: WorkingCalendar) -> date:
    if length > (calendar.last_day - trigger).days:
        raise BadPeriod(f"期间超出日历可推算的范围（至{calendar.last_day}）。")
    return trigger + timedelta(length)


WORKING_DAYS = WorkingDays()
DAYS = Days()
WAYS: Mapping[Counting, Way] = MappingProxyType(
    {
        Counting.AT_LEAST_WORKING_DAYS: WORKING_DAYS,
        Counting.WITHIN_WORKING_DAYS: WORKING_DAYS,
        Counting.AT_LEAST_DAYS: DAYS,
        Counting.WITHIN_DAYS: DAYS,
        Counting.PRINTED_DAY: PrintedDay(),
    }
)
