"""What another holiday paper moves: days, the horizon, and the periods of the order over them.

Two calendars are compared as they answer, not as they were made, so nothing that moves is missed:
every length that the law sets (ten and fifteen working days, thirty and sixty days, these rolled
off a rest day) is counted from every day that either calendar can tell apart.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from law.arrangement import every_day
from law.calendar import FIRST_DAY, WorkingCalendar
from law.counting import WAYS, Way
from law.rules import ALL_PERIODS, NOT_STATUTORY


def _compared() -> tuple[tuple[Way, int], ...]:
    """Each length of a statutory period once, working days first; *at least* counts as *within*."""
    found = {
        (WAYS[entry.counting].unit != "工作日", entry.length): WAYS[entry.counting]
        for entry in ALL_PERIODS
        if entry.length is not None and entry.instrument not in NOT_STATUTORY
    }
    return tuple((found[key], key[1]) for key in sorted(found))


LENGTHS = _compared()
_LOOK_BACK = timedelta(2 * max(length for _, length in LENGTHS))
"""Longer than any of the periods with the rest days around its end: a start day before this cannot
reach what changed."""


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
class Compared:
    """One length, and every start day from which it ends otherwise."""

    way: Way
    length: int
    periods: tuple[MovedPeriod, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that two calendars answer differently, in order of days."""

    before: WorkingCalendar
    after: WorkingCalendar
    days: tuple[MovedDay, ...]
    lengths: tuple[Compared, ...]
    """Each of LENGTHS; of days the last rolled off a rest day."""

    @property
    def empty(self) -> bool:
        """Whether nothing differs, the horizon included."""
        return (
            self.before.horizon == self.after.horizon
            and not self.days
            and not any(each.periods for each in self.lengths)
        )


def difference(before: WorkingCalendar, after: WorkingCalendar) -> Difference:
    """Compare two calendars, as far as both can speak."""
    last = min(before.last_day, after.last_day)
    days = tuple(
        MovedDay(day, _status(before, day), _status(after, day))
        for day in every_day(FIRST_DAY, last)
        if before.is_working(day) != after.is_working(day)
    )
    starts = _starts(before, after, days)
    return Difference(
        before,
        after,
        days,
        tuple(
            Compared(way, length, _periods(before, after, starts, way, length))
            for way, length in LENGTHS
        ),
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
    return every_day(first, last)


def _periods(
    before: WorkingCalendar,
    after: WorkingCalendar,
    starts: tuple[date, ...],
    way: Way,
    length: int,
) -> tuple[MovedPeriod, ...]:
    def ending(calendar: WorkingCalendar, start: date) -> Ending:
        last_day = way.rolled_last_day(start, length, calendar)
        return Ending(last_day, *way.rolled_bounds(start, length, calendar))

    counted = (MovedPeriod(day, ending(before, day), ending(after, day)) for day in starts)
    return tuple(period for period in counted if period.before != period.after)
