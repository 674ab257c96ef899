"""The ways in which the order lets days run (期间的计算), one class for each.

The day of the posting or of the event is day zero: it is never counted (民法典第二百零一条). A
period runs over working days, over all days, or to a day printed in a document. *At least* (不少于)
and *within* (内) count alike and differ in what they ask: the one must have run out before the next
step, the other must not run out before the thing is done.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from law import BadPeriod
from law.arrangement import ONE_DAY
from law.calendar import WorkingCalendar

BY_PRECEDENT = "按2008年以来历年安排的幅度（长假已留余地）"
"""What a day beyond the horizon is certain by (law.arrangement)."""


class Counting(StrEnum):
    """How a rule counts; `WAYS` holds the class of each."""

    AT_LEAST_WORKING_DAYS = "不少于若干工作日"
    AT_LEAST_DAYS = "不少于若干日"
    WITHIN_WORKING_DAYS = "若干工作日内"
    WITHIN_DAYS = "若干日内"
    PRINTED_DAY = "文书载明的日期"

    @classmethod
    def _missing_(cls, value: object) -> "Counting":
        raise BadPeriod(f"没有“{value}”这种算法，只有{'、'.join(cls)}。")

    @property
    def at_least(self) -> bool:
        """Whether the next step must wait until the period has run out."""
        return self in (Counting.AT_LEAST_WORKING_DAYS, Counting.AT_LEAST_DAYS)

    def phrase(self, length: int) -> str:
        """The length as an article words it: 不少于10个工作日, 30日内."""
        return WAYS[self].phrase(length)


class Way(Protocol):
    """One way of counting `length` from day `zero`; raises BadPeriod for what cannot be counted."""

    unit: str
    """What is counted: 工作日 or 日, or 载明日期 where nothing is."""

    def phrase(self, length: int) -> str:
        """The length as an article words it: 不少于10个工作日, 30日内."""
        ...

    def amount(self, length: int) -> str:
        """So many of what is counted: 10个工作日, 30日."""
        ...

    def counts(self, day: date, calendar: WorkingCalendar) -> bool:
        """Whether `day`, if it lies within the period, is one of its counted days."""
        ...

    def counted(self, zero: date, until: date, calendar: WorkingCalendar) -> int:
        """How many counted days lie after `zero` and not after `until`: counting, walked back."""
        ...

    def counted_bounds(self, zero: date, until: date, calendar: WorkingCalendar) -> tuple[int, int]:
        """The fewest and the most that `counted` can turn out to be."""
        ...

    def last_day(self, zero: date, length: int, calendar: WorkingCalendar) -> date:
        """The last day of the period, strictly."""
        ...

    def rolled_last_day(self, zero: date, length: int, calendar: WorkingCalendar) -> date:
        """The last day, rolled off a rest day (民法典第二百零三条)."""
        ...

    def may_proceed_on(self, last_day: date) -> date:
        """The first day on which the period has run out."""
        ...

    def bounds(self, zero: date, length: int, calendar: WorkingCalendar) -> tuple[date, date]:
        """The earliest and latest day that `last_day` can turn out to be."""
        ...

    def rolled_bounds(
        self, zero: date, length: int, calendar: WorkingCalendar
    ) -> tuple[date, date]:
        """The earliest and latest day that `rolled_last_day` can turn out to be."""
        ...

    def explain(self, zero: date, length: int, last_day: date, said: str) -> str:
        """How the period runs, in one Chinese clause; `said` names day zero where more is known
        of it than its date."""
        ...

    def why_certain(self, last_day: date, horizon: date) -> str:
        """Why `last_day` is certain, where that is so, in one Chinese clause."""
        ...


class _Period:
    """What every way has in common."""

    def may_proceed_on(self, last_day: date) -> date:
        return last_day + ONE_DAY


class _OverWorkingDays(_Period):
    """The last day is the `length`-th working day after day zero, so it never needs to roll."""

    unit = "工作日"

    def amount(self, length: int) -> str:
        return f"{length}个工作日"

    def counts(self, day: date, calendar: WorkingCalendar) -> bool:
        return calendar.is_working(day)

    def counted(self, zero: date, until: date, calendar: WorkingCalendar) -> int:
        return calendar.working_days_between(zero, until)

    def counted_bounds(self, zero: date, until: date, calendar: WorkingCalendar) -> tuple[int, int]:
        # The n-th day's bounds grow strictly with n, so the extremes lie where they pass `until`.
        fewest = most = self.counted(zero, until, calendar)
        if until > calendar.horizon:
            while fewest and calendar.bounds_after(zero, fewest)[1] > until:
                fewest -= 1
            while calendar.bounds_after(zero, most + 1)[0] <= until:
                most += 1
        return fewest, most

    def last_day(self, zero: date, length: int, calendar: WorkingCalendar) -> date:
        return calendar.nth_working_day_after(zero, length)

    def rolled_last_day(self, zero: date, length: int, calendar: WorkingCalendar) -> date:
        return calendar.nth_working_day_after(zero, length)

    def bounds(self, zero: date, length: int, calendar: WorkingCalendar) -> tuple[date, date]:
        return calendar.bounds_after(zero, length)

    def rolled_bounds(
        self, zero: date, length: int, calendar: WorkingCalendar
    ) -> tuple[date, date]:
        return calendar.bounds_after(zero, length)

    def why_certain(self, last_day: date, horizon: date) -> str:
        if last_day <= horizon:
            return f"所涉放假安排均已公布（至{horizon}），截止日确定"
        return f"放假安排只公布到{horizon}，但{BY_PRECEDENT}，截止日都是{last_day}，确定"


class _OverAllDays(_Period):
    """The last day is `length` days after day zero, rest days included; no paper moves it."""

    unit = "日"

    def amount(self, length: int) -> str:
        return f"{length}日"

    def counts(self, day: date, calendar: WorkingCalendar) -> bool:
        calendar.require(day)
        return True

    def counted(self, zero: date, until: date, calendar: WorkingCalendar) -> int:
        calendar.require(zero)
        calendar.require(until)
        if until < zero:
            raise BadPeriod(f"截止日{until}早于起算日{zero}。")
        return (until - zero).days

    def counted_bounds(self, zero: date, until: date, calendar: WorkingCalendar) -> tuple[int, int]:
        number = self.counted(zero, until, calendar)
        return number, number

    def last_day(self, zero: date, length: int, calendar: WorkingCalendar) -> date:
        calendar.require(zero, length)
        return _days_after(zero, length, calendar)

    def rolled_last_day(self, zero: date, length: int, calendar: WorkingCalendar) -> date:
        return calendar.first_working_day_from(self.last_day(zero, length, calendar))

    def bounds(self, zero: date, length: int, calendar: WorkingCalendar) -> tuple[date, date]:
        last = self.last_day(zero, length, calendar)
        return last, last

    def rolled_bounds(
        self, zero: date, length: int, calendar: WorkingCalendar
    ) -> tuple[date, date]:
        return calendar.bounds_from(self.last_day(zero, length, calendar))

    def why_certain(self, last_day: date, horizon: date) -> str:
        return "按日连续计算，放假安排不改变截止日，截止日确定"


class WorkingDaysAtLeast(_OverWorkingDays):
    """公告期限不少于10个工作日 (第六条、第十五条)."""

    def phrase(self, length: int) -> str:
        return _at_least(self.amount(length))

    def explain(self, zero: date, length: int, last_day: date, said: str) -> str:
        return _must_run_out(self.phrase(length), zero, last_day, said)


class DaysAtLeast(_OverAllDays):
    """公告期限不少于30日 (第十条)."""

    def phrase(self, length: int) -> str:
        return _at_least(self.amount(length))

    def explain(self, zero: date, length: int, last_day: date, said: str) -> str:
        return _must_run_out(self.phrase(length), zero, last_day, said)


class WithinWorkingDays(_OverWorkingDays):
    """收到征地批准文件之日起15个工作日内 (土地管理法实施条例第三十一条)."""

    def phrase(self, length: int) -> str:
        return _within(self.amount(length))

    def explain(self, zero: date, length: int, last_day: date, said: str) -> str:
        return _must_be_done(self.phrase(length), zero, last_day, said)


class WithinDays(_OverAllDays):
    """收到土地征收批准文件之日起30日内 (第十六条)."""

    def phrase(self, length: int) -> str:
        return _within(self.amount(length))

    def explain(self, zero: date, length: int, last_day: date, said: str) -> str:
        return _must_be_done(self.phrase(length), zero, last_day, said)


class PrintedLastDay(_OverAllDays):
    """在公告规定的期限内 (第十二条): the last day is the one printed, which may be day zero itself.

    Its length is the days from day zero to that day.
    """

    unit = "载明日期"

    def phrase(self, length: int) -> str:
        return "文书载明的日期"

    def last_day(self, zero: date, length: int, calendar: WorkingCalendar) -> date:
        calendar.require(zero)
        if length < 0:
            raise BadPeriod(f"载明的截止日早于起算日{zero}。")
        return _days_after(zero, length, calendar)

    def explain(self, zero: date, length: int, last_day: date, said: str) -> str:
        return f"以文书载明的日期为准，至{chinese_day(last_day)}二十四时截止"

    def why_certain(self, last_day: date, horizon: date) -> str:
        return "截止日由文书载明，放假安排不改变它，确定"


def chinese_day(day: date) -> str:
    """A day as documents write it: 2024年10月10日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _at_least(amount: str) -> str:
    return f"不少于{amount}"


def _within(amount: str) -> str:
    return f"{amount}内"


def _must_run_out(phrase: str, zero: date, last_day: date, said: str) -> str:
    day_zero = said or f"公告张贴当日（{chinese_day(zero)}）"
    return (
        f"{phrase}，{day_zero}不计入，次日起算，至{chinese_day(last_day)}二十四时届满，"
        f"{chinese_day(last_day + ONE_DAY)}起方可进入下一步"
    )


def _must_be_done(phrase: str, zero: date, last_day: date, said: str) -> str:
    day_zero = said or f"事项发生当日（{chinese_day(zero)}）"
    return f"{phrase}，{day_zero}不计入，次日起算，至{chinese_day(last_day)}二十四时截止"


def _days_after(zero: date, length: int, calendar: WorkingCalendar) -> date:
    if length > (calendar.last_day - zero).days:
        raise BadPeriod(f"期间超出日历可推算的范围（至{calendar.last_day}）。")
    return zero + timedelta(length)


WAYS: Mapping[Counting, Way] = MappingProxyType(
    {
        Counting.AT_LEAST_WORKING_DAYS: WorkingDaysAtLeast(),
        Counting.AT_LEAST_DAYS: DaysAtLeast(),
        Counting.WITHIN_WORKING_DAYS: WithinWorkingDays(),
        Counting.WITHIN_DAYS: WithinDays(),
        Counting.PRINTED_DAY: PrintedLastDay(),
    }
)
