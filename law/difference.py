"""What another holiday paper moves: days, the horizon, and the periods of the order over them.

Two calendars are compared as they answer, not as they were made, so nothing that moves is missed:
the ten working days of a notice (第六条、第十五条) and the thirty days of the compensation notice
(第十条), rolled off a rest day, are counted from every day that either calendar can tell apart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from law.arrangement import ONE_DAY
from law.calendar import FIRST_DAY, WorkingCalendar

WORKING_DAYS = 10
DAYS = 30
_LOOK_BACK = timedelta(60)
"""Longer than either period: a start day before this cannot reach what changed."""


@dataclass(frozen=True, slots=True)
class Status:
    """What a calendar says of a day."""

    worked: bool
    kind: str
    """In a few Chinese words: 工作日, 调休上班 …"""
    official: bool
    """Settled by a paper, or an estimate."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What a calendar says of a period's last day."""

    last_day: date
    earliest: date
    latest: date

    @property
    def provisional(self) -> bool:
        """Whether it can still move (暂定)."""
        return self.earliest != self.latest


@dataclass(frozen=True, slots=True)
class MovedDay:
    """A day that is worked in one calendar and not in the other."""

    day: date
    before: Status
    after: Status


@dataclass(frozen=True, slots=True)
class MovedPeriod:
    """A start day (posting or event, not counted) from which a period ends otherwise."""

    start: date
    before: Ending
    after: Ending

    @property
    def moved(self) -> bool:
        """Whether the last day is another one, and not only its certainty."""
        return self.before.last_day != self.after.last_day


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that two calendars answer differently, in order of days."""

    before: WorkingCalendar
    after: WorkingCalendar
    days: tuple[MovedDay, ...]
    working_days: tuple[MovedPeriod, ...]
    """Ten working days."""
    rolled_days: tuple[MovedPeriod, ...]
    """Thirty days, the last day rolled off a rest day."""

    @property
    def empty(self) -> bool:
        """Whether nothing differs, the horizon included."""
        return (
            self.before.horizon == self.after.horizon
            and not self.days
            and not self.working_days
            and not self.rolled_days
        )


def difference(before: WorkingCalendar, after: WorkingCalendar) -> Difference:
    """Compare two calendars, as far as both can speak."""
    last = min(before.last_day, after.last_day)
    days = tuple(
        MovedDay(day, _status(before, day), _status(after, day))
        for day in _span(FIRST_DAY, last)
        if before.is_working(day) != after.is_working(day)
    )
    starts = _starts(before, after, days)
    return Difference(
        before,
        after,
        days,
        _periods(before, after, starts, _ten_working_days),
        _periods(before, after, starts, _thirty_days),
    )


def _status(calendar: WorkingCalendar, day: date) -> Status:
    return Status(calendar.is_working(day), calendar.describe(day), calendar.is_official(day))


def _starts(
    before: WorkingCalendar, after: WorkingCalendar, days: tuple[MovedDay, ...]
) -> tuple[date, ...]:
    """The days from which a period can reach a day that moved, or one newly certain or open."""
    touched = [moved.day for moved in days]
    if before.horizon != after.horizon:
        touched += [before.horizon, after.horizon]
    if not touched:
        return ()
    first = max(FIRST_DAY, min(touched) - _LOOK_BACK)
    # A block of open days may lie across the later horizon.
    last = min(max(touched) + _LOOK_BACK, before.last_day - _LOOK_BACK)
    return _span(first, last)


def _periods(
    before: WorkingCalendar,
    after: WorkingCalendar,
    starts: tuple[date, ...],
    count: Callable[[WorkingCalendar, date], Ending],
) -> tuple[MovedPeriod, ...]:
    counted = (MovedPeriod(day, count(before, day), count(after, day)) for day in starts)
    return tuple(period for period in counted if period.before != period.after)


def _ten_working_days(calendar: WorkingCalendar, start: date) -> Ending:
    last_day = calendar.nth_working_day_after(start, WORKING_DAYS)
    return Ending(last_day, *calendar.bounds_after(start, WORKING_DAYS))


def _thirty_days(calendar: WorkingCalendar, start: date) -> Ending:
    last_day = start + timedelta(DAYS)
    return Ending(calendar.first_working_day_from(last_day), *calendar.bounds_from(last_day))


def _span(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + n * ONE_DAY for n in range((last - first).days + 1))
