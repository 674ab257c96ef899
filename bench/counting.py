"""What counting costs: one period, a whole deadline, a million periods, each against another way.

Every ratio is taken within one round, one way after the other, so that what else the machine does
bears on both; told are the median of the rounds and the extremes.
"""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Self

import chinese_calendar
import numpy as np

from law.calendar import WorkingCalendar, official_calendar
from law.deadline import reckon
from law.rules import rule
from law.vectorised import nth_working_days_after

DAYS = tuple(date(2026, 1, 1) + timedelta(n) for n in range(300))
LENGTH = 10
MANY = 1_000_000
ROUNDS = 9
ROUNDS_OF_MANY = 5


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of the rounds, and the extremes."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, figures: Iterable[float]) -> Self:
        """The spread of one figure over the rounds."""
        found = tuple(figures)
        return cls(statistics.median(found), min(found), max(found))


@dataclass(frozen=True, slots=True)
class Many:
    """A million periods in one call; `ratio` is to a loop over the count of one date."""

    periods: int
    seconds: Spread
    nanoseconds: float
    """For one period, at the median."""
    ratio: Spread


@dataclass(frozen=True, slots=True)
class Counted:
    """Microseconds a count, medians of the rounds; and how often find_workday answers otherwise."""

    ours: float
    theirs: float
    numpy: float
    deadline: float
    """A whole deadline: both last days, bounds, the calendar's stamp, and its reason in words."""
    find_workday_ratio: Spread
    """How many times as long find_workday takes; the next, numpy's busday_offset."""
    numpy_ratio: Spread
    deadline_ratio: Spread
    """How many times as long as a whole deadline find_workday takes."""
    many: Many
    differing: int
    starts: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def count() -> Counted:
    """Count ten working days from each of 300 days, and from a million days at once."""
    calendar = official_calendar()
    notice = rule("initiation-notice")
    # Built once and given numpy's own days: its best case. It cannot hold the make-up days.
    theirs_too = np.busdaycalendar(holidays=list(_weekdays_off(calendar)))
    numpy_days = {day: np.datetime64(day) for day in DAYS}

    def ours(day: date) -> object:
        return calendar.nth_working_day_after(day, LENGTH)

    def theirs(day: date) -> object:
        return chinese_calendar.find_workday(LENGTH, day)

    def numpy(day: np.datetime64) -> object:
        return np.busday_offset(day, LENGTH, roll="preceding", busdaycal=theirs_too)

    def deadline(day: date) -> object:
        return reckon(notice, day, calendar).reason()

    rounds = [
        (
            _microseconds(ours, DAYS, 100),
            _microseconds(theirs, DAYS, 1),
            _microseconds(numpy, tuple(numpy_days.values()), 20),
            _microseconds(deadline, DAYS, 10),
        )
        for _ in range(ROUNDS)
    ]
    own, other, vector, whole = (statistics.median(column) for column in zip(*rounds, strict=True))
    return Counted(
        ours=own,
        theirs=other,
        numpy=vector,
        deadline=whole,
        find_workday_ratio=Spread.of(other / own for own, other, _, _ in rounds),
        numpy_ratio=Spread.of(other / own for own, _, other, _ in rounds),
        deadline_ratio=Spread.of(other / whole for _, other, _, whole in rounds),
        many=_many(calendar),
        differing=sum(ours(day) != theirs(day) for day in DAYS),
        starts=len(DAYS),
    )


def _many(calendar: WorkingCalendar) -> Many:
    """Start days and lengths as a statistic over real notices would have them."""
    draw = np.random.default_rng(7)
    first = np.datetime64("2018-01-01")
    days = first + draw.integers(0, 3000, MANY)
    lengths = draw.integers(1, 61, MANY)
    one_by_one = list(zip(days.tolist(), lengths.tolist(), strict=True))
    nth_working_days_after(calendar, days, lengths)
    at_once, looped = [], []
    for _ in range(ROUNDS_OF_MANY):
        begun = time.perf_counter()
        found = nth_working_days_after(calendar, days, lengths)
        at_once.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        expected = [calendar.nth_working_day_after(day, n) for day, n in one_by_one]
        looped.append(time.perf_counter() - begun)
        if found.tolist() != expected:
            raise AssertionError("the vectorised count answers otherwise")
    seconds = Spread.of(at_once)
    ratio = Spread.of(loop / once for once, loop in zip(at_once, looped, strict=True))
    return Many(MANY, seconds, seconds.median / MANY * 1e9, ratio)


def _weekdays_off(calendar: WorkingCalendar) -> Iterable[date]:
    days = (date(2026, 1, 1) + timedelta(n) for n in range(365))
    return (day for day in days if day.weekday() < 5 and not calendar.is_working(day))


def _microseconds(ask: Callable[[Any], object], days: tuple[Any, ...], repeats: int) -> float:
    begun = time.process_time()
    for _ in range(repeats):
        for day in days:
            ask(day)
    return (time.process_time() - begun) / len(days) / repeats * 1e6
