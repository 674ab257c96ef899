"""The statutory holidays: which days of a year the State Council's regulation itself makes rest.

全国年节及纪念日放假办法 fixes the holidays (元旦, 春节 …) by the Gregorian or the lunar calendar or
by the solar term 清明, so they are known for any year. The yearly paper only arranges the days
around them: weekends worked, weekdays off. That arrangement is not the matter of this file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from lunar_python import Lunar, LunarYear, Solar

from law import BadPeriod

FIRST_YEAR = 2004
LAST_YEAR = 2100

NEW_YEAR = "元旦"
SPRING = "春节"
TOMB_SWEEPING = "清明节"
LABOUR = "劳动节"
DRAGON_BOAT = "端午节"
MID_AUTUMN = "中秋节"
NATIONAL = "国庆节"


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of the regulation, by what it gives; in force from the first day of a year."""

    instrument: str
    from_year: int
    spring: tuple[int, ...]
    """Days of 春节, counted from 正月初一 = 0; 除夕 is -1."""
    labour: int
    """Days of 劳动节 from 1 May on."""
    traditional: bool
    """Whether 清明, 端午 and 中秋 are holidays."""


REVISIONS = (
    Revision("国务院令第270号", 2000, (0, 1, 2), 3, False),
    Revision("国务院令第513号", 2008, (-1, 0, 1), 1, True),
    Revision("国务院令第644号", 2014, (0, 1, 2), 1, True),
    Revision("国务院令第795号", 2025, (-1, 0, 1, 2), 2, True),
)


@dataclass(frozen=True, slots=True)
class StatutoryHoliday:
    """One holiday of one year with its days, in order and without a gap."""

    name: str
    days: tuple[date, ...]


def revision_for(year: int) -> Revision:
    """The revision in force in `year`; raises BadPeriod outside 2004–2100."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadPeriod(f"法定节假日只能推算{FIRST_YEAR}年至{LAST_YEAR}年，不能推算{year}年。")
    return max((r for r in REVISIONS if r.from_year <= year), key=lambda r: r.from_year)


@lru_cache(maxsize=256)
def statutory_holidays(year: int) -> tuple[StatutoryHoliday, ...]:
    """The holidays of `year` in order of their first day; raises BadPeriod outside 2004–2100."""
    revision = revision_for(year)
    new_moon = _lunar_first(year, 1)
    holidays = [
        StatutoryHoliday(NEW_YEAR, _run(date(year, 1, 1), 1)),
        StatutoryHoliday(SPRING, tuple(new_moon + timedelta(n) for n in revision.spring)),
        StatutoryHoliday(LABOUR, _run(date(year, 5, 1), revision.labour)),
        StatutoryHoliday(NATIONAL, _run(date(year, 10, 1), 3)),
    ]
    if revision.traditional:
        holidays += [
            StatutoryHoliday(TOMB_SWEEPING, _run(_tomb_sweeping(year), 1)),
            StatutoryHoliday(DRAGON_BOAT, _run(_lunar_first(year, 5) + timedelta(4), 1)),
            StatutoryHoliday(MID_AUTUMN, _run(_lunar_first(year, 8) + timedelta(14), 1)),
        ]
    return tuple(sorted(holidays, key=lambda holiday: holiday.days[0]))


@lru_cache(maxsize=256)
def statutory_days(year: int) -> Mapping[date, str]:
    """Each statutory day of `year` with its name; both names where two coincide (2020-10-01)."""
    names: dict[date, str] = {}
    for holiday in statutory_holidays(year):
        for day in holiday.days:
            names[day] = f"{names[day]}、{holiday.name}" if day in names else holiday.name
    return MappingProxyType(names)


def _run(first: date, length: int) -> tuple[date, ...]:
    return tuple(first + timedelta(n) for n in range(length))


def _lunar_first(year: int, month: int) -> date:
    """First day of the lunar month (the ordinary one, where a leap month doubles it)."""
    return _gregorian(LunarYear.fromYear(year).getMonth(month).getFirstJulianDay())


def _tomb_sweeping(year: int) -> date:
    """The day of the solar term 清明, in Beijing time."""
    terms = LunarYear.fromYear(year).getJieQiJulianDays()
    return _gregorian(terms[Lunar.JIE_QI_IN_USE.index("清明")])


def _gregorian(julian_day: float) -> date:
    day = Solar.fromJulianDay(julian_day)
    return date(int(day.getYear()), int(day.getMonth()), int(day.getDay()))
