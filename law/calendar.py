"""The working calendar: which days are worked, how far that is settled, and counting over it.

Built from the State Council's yearly papers as chinese-calendar carries them. Up to the `horizon`
a day's status is official; beyond it the calendar answers with an estimate and with the bounds of
what a later paper may still arrange (law.arrangement), so that nothing is guessed silently.
A paper changed in mid-year (2019 劳动节, 2020 春节) is a new calendar with another digest.
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import compress
from typing import Self

import chinese_calendar
from chinese_calendar import constants as papers

from law import BadPeriod
from law.arrangement import EXTRAORDINARY, ONE_DAY, SATURDAY, OpenYears, settled_until
from law.statutory import FIRST_YEAR, LAST_YEAR, statutory_days

__all__ = ["FIRST_DAY", "BadPeriod", "WorkingCalendar", "official_calendar"]

FIRST_DAY = date(FIRST_YEAR, 1, 1)
OPEN_YEARS = 15
"""How many years beyond the last paper are estimated: longer than the order is in force."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class WorkingCalendar:
    """An immutable calendar of working days from 2004-01-01 to `last_day`.

    Every count takes the day it starts from as not counted (day zero). Days outside the calendar
    and lengths below one raise BadPeriod. Counting is a lookup in a sorted index.
    """

    version: str
    """Where the papers come from, such as "chinese-calendar 1.11.0"."""
    digest: str
    """SHA-256, in hexadecimal, of every official day and whether it is worked."""
    horizon: date
    """The last day whose status is officially settled."""
    last_day: date
    """The last day the calendar can speak of, by estimate."""
    _working: tuple[date, ...]
    """Every working day, in order."""
    _status: bytes
    """For each day from FIRST_DAY on: 1 where it is worked."""
    _open: OpenYears

    @classmethod
    def from_papers(
        cls, version: str, last_paper: int, off: Container[date], worked: Container[date]
    ) -> Self:
        """The calendar known once the paper for the year `last_paper` is out.

        `off` holds the rest days and `worked` the working weekends of the papers; a day of neither
        follows the week. What they say of days after the horizon is left unread.
        """
        horizon = settled_until(last_paper)
        last_day = date(min(last_paper + OPEN_YEARS, LAST_YEAR), 12, 31)
        open_years = OpenYears(last_paper + 1, last_day.year)
        days = [FIRST_DAY + timedelta(n) for n in range((last_day - FIRST_DAY).days + 1)]
        status = bytes(
            open_years.is_working(day)
            if day > horizon
            else day in worked or (day.weekday() < SATURDAY and day not in off)
            for day in days
        )
        official = "".join(
            f"{day} {is_worked}\n"
            for day, is_worked in zip(days, status, strict=True)
            if day <= horizon
        )
        return cls(
            version=version,
            digest=hashlib.sha256(official.encode()).hexdigest(),
            horizon=horizon,
            last_day=last_day,
            _working=tuple(compress(days, status)),
            _status=status,
            _open=open_years,
        )

    @property
    def stamp(self) -> str:
        """Version, the digest's first twelve characters and the horizon, in one short text."""
        return f"{self.version}·{self.digest[:12]}·{self.horizon}"

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked; beyond the horizon the best estimate."""
        self.require(day)
        return bool(self._status[day.toordinal() - FIRST_DAY.toordinal()])

    def is_official(self, day: date) -> bool:
        """Whether the status of `day` is settled by the papers that are out."""
        self.require(day)
        return day <= self.horizon

    def nth_working_day_after(self, day: date, n: int) -> date:
        """The `n`-th working day after `day`, `day` itself not counted."""
        self.require(day, n)
        index = bisect_right(self._working, day) + n - 1
        if index >= len(self._working):
            raise BadPeriod(f"期间超出日历可推算的范围（至{self.last_day}）。")
        return self._working[index]

    def nth_working_day_before(self, day: date, n: int) -> date:
        """The `n`-th working day before `day`, `day` itself not counted."""
        self.require(day, n)
        index = bisect_left(self._working, day) - n
        if index < 0:
            raise BadPeriod(f"期间早于日历的起点（{FIRST_DAY}）。")
        return self._working[index]

    def working_days_between(self, day: date, until: date) -> int:
        """How many working days lie after `day` and not after `until` (0 where they are equal)."""
        self.require(day)
        self.require(until)
        if until < day:
            raise BadPeriod(f"截止日{until}早于起算日{day}。")
        return bisect_right(self._working, until) - bisect_right(self._working, day)

    def bounds_after(self, day: date, n: int) -> tuple[date, date]:
        """The earliest and the latest day that `nth_working_day_after` can turn out to be.

        Equal where the count ends within the horizon; beyond it the exact extremes over every
        completion of the open days.
        """
        estimate = self.nth_working_day_after(day, n)
        if estimate <= self.horizon:
            return estimate, estimate
        known = max(day, self.horizon)
        left = n - self.working_days_between(day, known)
        return self._open.earliest(known, left), self._open.latest(known, left)

    def first_working_day_from(self, day: date) -> date:
        """`day` where it is worked, otherwise the next working day (民法典第二百零三条)."""
        self.require(day)
        index = bisect_left(self._working, day)
        if index >= len(self._working):
            raise BadPeriod(f"期间超出日历可推算的范围（至{self.last_day}）。")
        return self._working[index]

    def bounds_from(self, day: date) -> tuple[date, date]:
        """The earliest and the latest day that `first_working_day_from` can turn out to be."""
        rolled = self.first_working_day_from(day)
        if rolled <= self.horizon:
            return rolled, rolled
        known = max(day - ONE_DAY, self.horizon)
        return self._open.earliest(known, 1), self._open.latest(known, 1)

    def describe(self, day: date) -> str:
        """What kind of day it is, in a few Chinese words: 工作日, 调休上班, 春节（法定节假日）…"""
        is_worked = self.is_working(day)
        if day in EXTRAORDINARY and self.is_official(day):
            return EXTRAORDINARY[day]
        if is_worked:
            return "工作日" if day.weekday() < SATURDAY else "调休上班"
        if holiday := statutory_days(day.year).get(day):
            return f"{holiday}（法定节假日）"
        return "放假调休" if day.weekday() < SATURDAY else "休息日"

    def require(self, day: date, n: int = 1) -> None:
        if day < FIRST_DAY or day > self.last_day:
            raise BadPeriod(f"{day}不在日历范围内（{FIRST_DAY}至{self.last_day}）。")
        if n < 1:
            raise BadPeriod(f"天数必须是正整数，不能是{n}。")


@cache
def official_calendar() -> WorkingCalendar:
    """The calendar of all papers that the installed chinese-calendar carries."""
    return WorkingCalendar.from_papers(
        version=f"chinese-calendar {chinese_calendar.__version__}",
        last_paper=max(papers.holidays).year,
        off=papers.holidays,
        worked=papers.workdays,
    )
