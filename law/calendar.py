"""The working calendar: which days are worked, how far that is settled, and counting over it.

Built from the State Council's yearly papers: those that chinese-calendar carries, and those laid
over them (law.papers). Up to the `horizon` a day's status is official; beyond it the calendar
answers with an estimate and with the bounds of what a later paper may still arrange
(law.arrangement), so that nothing is guessed silently. Another paper, or one changed in mid-year
(2019 劳动节, 2020 春节), is a new calendar with another digest.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import accumulate, compress
from typing import Self

from law import BadPeriod
from law.arrangement import (
    EXTRAORDINARY,
    ONE_DAY,
    SATURDAY,
    OpenYears,
    every_day,
    settled_until,
)
from law.papers import Papers, package_papers
from law.statutory import FIRST_YEAR, LAST_YEAR, statutory_days

__all__ = ["FIRST_DAY", "BadPeriod", "WorkingCalendar", "official_calendar"]

FIRST_DAY = date(FIRST_YEAR, 1, 1)
_FIRST = FIRST_DAY.toordinal()
OPEN_YEARS = 15
"""How many years beyond the last paper are estimated: longer than the order is in force."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class WorkingCalendar:
    """An immutable calendar of working days from 2004-01-01 to `last_day`.

    Every count takes the day it starts from as not counted (day zero). Days outside the calendar
    and lengths below one raise BadPeriod. Counting is a lookup: by a day's position, how many
    working days there are up to it; by that number, the day.
    """

    version: str
    """Where the papers come from, such as "chinese-calendar 1.11.0＋国办发明电〔2026〕7号"."""
    digest: str
    """SHA-256, in hexadecimal, of every official day and whether it is worked."""
    stamp: str
    """Version, the digest's first twelve characters and the horizon, in one short text."""
    horizon: date
    """The last day whose status is officially settled."""
    last_day: date
    """The last day the calendar can speak of, by estimate."""
    papers: Papers
    """What it was built from."""
    working_days: tuple[date, ...]
    """Every working day, in order."""
    open_years: OpenYears
    """The years of which no paper is out."""
    _status: bytes
    """For each day from FIRST_DAY on: 1 where it is worked."""
    _up_to: tuple[int, ...]
    """For each day from FIRST_DAY on: how many working days there are up to it, itself included."""

    @classmethod
    def of(cls, papers: Papers) -> Self:
        """The calendar known once these papers are out.

        A day that they do not name follows the week. What they say of days after the horizon is
        left unread.
        """
        horizon = settled_until(papers.last_year)
        last_day = date(min(papers.last_year + OPEN_YEARS, LAST_YEAR), 12, 31)
        open_years = OpenYears(papers.last_year + 1, last_day.year)
        days = every_day(FIRST_DAY, last_day)
        status = bytes(
            open_years.is_working(day)
            if day > horizon
            else day in papers.worked or (day.weekday() < SATURDAY and day not in papers.off)
            for day in days
        )
        official = "".join(
            f"{day} {is_worked}\n"
            for day, is_worked in zip(days, status, strict=True)
            if day <= horizon
        )
        digest = hashlib.sha256(official.encode()).hexdigest()
        return cls(
            version=papers.version,
            digest=digest,
            stamp=f"{papers.version}·{digest[:12]}·{horizon}",
            horizon=horizon,
            last_day=last_day,
            papers=papers,
            working_days=tuple(compress(days, status)),
            open_years=open_years,
            _status=status,
            _up_to=tuple(accumulate(status)),
        )

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked; beyond the horizon the best estimate."""
        self.require(day)
        return bool(self._status[day.toordinal() - _FIRST])

    def is_official(self, day: date) -> bool:
        """Whether the status of `day` is settled by the papers that are out."""
        self.require(day)
        return day <= self.horizon

    def nth_working_day_after(self, day: date, n: int) -> date:
        """The `n`-th working day after `day`, `day` itself not counted."""
        # The line that everything else counts by: what is wrong is looked into only where it fails.
        position = day.toordinal() - _FIRST
        if n > 0 and position >= 0:
            try:
                return self.working_days[self._up_to[position] + n - 1]
            except IndexError:
                pass
        self.require(day, n)
        raise BadPeriod(f"期间超出日历可推算的范围（至{self.last_day}）。")

    def nth_working_day_before(self, day: date, n: int) -> date:
        """The `n`-th working day before `day`, `day` itself not counted."""
        self.require(day, n)
        position = day.toordinal() - _FIRST
        index = self._up_to[position] - self._status[position] - n
        if index < 0:
            raise BadPeriod(f"期间早于日历的起点（{FIRST_DAY}）。")
        return self.working_days[index]

    def working_days_between(self, day: date, until: date) -> int:
        """How many working days lie after `day` and not after `until` (0 where they are equal)."""
        self.require(day)
        self.require(until)
        if until < day:
            raise BadPeriod(f"截止日{until}早于起算日{day}。")
        return self._up_to[until.toordinal() - _FIRST] - self._up_to[day.toordinal() - _FIRST]

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
        return self.open_years.earliest(known, left), self.open_years.latest(known, left)

    def first_working_day_from(self, day: date) -> date:
        """`day` where it is worked, otherwise the next working day (民法典第二百零三条)."""
        self.require(day)
        position = day.toordinal() - _FIRST
        if self._status[position]:
            return day
        try:
            return self.working_days[self._up_to[position]]
        except IndexError:
            raise BadPeriod(f"期间超出日历可推算的范围（至{self.last_day}）。") from None

    def bounds_from(self, day: date) -> tuple[date, date]:
        """The earliest and the latest day that `first_working_day_from` can turn out to be."""
        rolled = self.first_working_day_from(day)
        if rolled <= self.horizon:
            return rolled, rolled
        known = max(day - ONE_DAY, self.horizon)
        return self.open_years.earliest(known, 1), self.open_years.latest(known, 1)

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
        """Raise BadPeriod for a day outside the calendar and for a length below one."""
        if day < FIRST_DAY or day > self.last_day:
            raise BadPeriod(f"{day}不在日历范围内（{FIRST_DAY}至{self.last_day}）。")
        if n < 1:
            raise BadPeriod(f"天数必须是正整数，不能是{n}。")


@cache
def official_calendar() -> WorkingCalendar:
    """The calendar of all papers that the installed chinese-calendar carries, and no other."""
    return WorkingCalendar.of(package_papers())
