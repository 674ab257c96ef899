"""What must hold of a holiday paper before it may be used: the year whole, no day said twice.

Checked on a draft, which keeps whatever could be read, so that every fault is found at once. That
a paper reaches farther than any before it is no fault: it is unusual, and law.doubts says so.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from law.arrangement import ONE_DAY, SATURDAY, WEEKDAYS, every_day, settled_until
from law.statutory import FIRST_YEAR, LAST_YEAR, StatutoryHoliday, statutory_holidays

Place = tuple[str | int, ...]
_YEAR_NAMED = re.compile(r"[12][0-9]{3}(?=年)")
EARLIEST_MONTH = 12
"""A paper may write of the December before its year; the papers of 2008–2026 went back to the
29th, and more than a month is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class OverlayFault:
    """One fault: where in the content it lies (names and positions), and a Chinese sentence."""

    place: Place
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftHoliday:
    """One holiday as far as it could be read; `place` is its position in the content."""

    place: Place
    name: str | None
    first: date | None
    last: date | None
    make_up_days: tuple[tuple[Place, date], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The holidays it arranges together: 国庆节、中秋节 are two."""
        return tuple(self.name.split("、")) if self.name else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A paper as far as it could be read; `holidays` is None where they could not all be read."""

    number: str | None
    title: str | None
    published_on: date | None
    year: int | None
    amends: str | None
    holidays: tuple[DraftHoliday, ...] | None


def contradictions(draft: Draft) -> Iterator[OverlayFault]:
    """Everything in a draft that no paper can mean."""
    yield from _publication(draft)
    year = draft.year
    if year is None:
        return
    if not FIRST_YEAR <= year <= LAST_YEAR:
        yield OverlayFault(("year",), f"只能写{FIRST_YEAR}年至{LAST_YEAR}年，不能是{year}年")
        return
    named = _YEAR_NAMED.findall(draft.title or "")
    if named and str(year) not in named:
        sentence = f"标题写的是{named[0]}年，与年份{year}不同"
        yield OverlayFault(("title",), sentence)
    if draft.holidays is None:
        return
    statutory = {holiday.name: holiday for holiday in statutory_holidays(year)}
    yield from _names(draft, draft.holidays, statutory)
    rests: dict[date, str] = {}
    for holiday in draft.holidays:
        yield from _rest_days(holiday, year, statutory, rests)
    yield from _make_ups(draft.holidays, year, statutory, rests)


def _publication(draft: Draft) -> Iterator[OverlayFault]:
    number, published = draft.number, draft.published_on
    if number and published and f"〔{published.year}〕" not in number:
        yield OverlayFault(("number",), f"文号“{number}”与公布日期{published}不是同一年")
    if number and number == draft.amends:
        yield OverlayFault(("amends",), f"“{number}”不能调整自己")
    if published and draft.year and published.year not in (draft.year - 1, draft.year):
        sentence = f"{draft.year}年的通知应在上一年或者当年公布，不能是{published}"
        yield OverlayFault(("published_on",), sentence)


def _names(
    draft: Draft, holidays: tuple[DraftHoliday, ...], statutory: dict[str, StatutoryHoliday]
) -> Iterator[OverlayFault]:
    """Each statutory holiday is arranged once; only an amending paper may leave some out, or give a
    day of rest for once (2015-09-03)."""
    unreadable = any(holiday.name is None for holiday in holidays)
    named = [name for holiday in holidays for name in holiday.names]
    meant = {name: _meant(name, statutory) for name in named}
    if draft.amends is None and not unreadable and not any(meant.values()):
        sentence = (
            f"“{'、'.join(named)}”不是法定节日；一次性放假的通知，另写一行 amends，"
            f"写明{draft.year}年原有放假通知的文号，作为调整通知采用"
        )
        yield OverlayFault(("amends",), sentence)
        return
    seen: set[str] = set()
    for holiday in holidays:
        for name in holiday.names:
            if name in seen:
                yield OverlayFault((*holiday.place, "name"), f"“{name}”重复")
            elif name not in statutory:
                near = meant[name]
                if near or draft.amends is None:
                    hint = f"是否应为“{near}”" if near else f"有：{'、'.join(statutory)}"
                    sentence = f"{draft.year}年没有“{name}”这个法定节日（{hint}）"
                    yield OverlayFault((*holiday.place, "name"), sentence)
            seen.add(name)
    if draft.amends is not None or unreadable:
        return
    for name, fixed in statutory.items():
        if name not in seen:
            sentence = (
                f"缺少{name}（{_listed(fixed.days)}依法放假）；与别的节日连放的，节日写在一起，"
                "如“国庆节、中秋节”"
            )
            yield OverlayFault(("holidays",), sentence)


def _meant(name: str, statutory: Iterable[str]) -> str | None:
    """The statutory holiday that a name is, or is a part of."""
    return next((known for known in statutory if name and name in known), None)


def _rest_days(
    holiday: DraftHoliday,
    year: int,
    statutory: dict[str, StatutoryHoliday],
    rests: dict[date, str],
) -> Iterator[OverlayFault]:
    """The days of one holiday; those that stand are added to `rests`."""
    first, last, name = holiday.first, holiday.last, holiday.name or ""
    outside = [
        OverlayFault((*holiday.place, key), sentence)
        for key, day in (("first", first), ("last", last))
        if day and (sentence := _outside(day, year))
    ]
    yield from outside
    if first is None or last is None or outside:
        return
    if last < first:
        sentence = f"“{name}”最后一天{last}早于第一天{first}"
        yield OverlayFault((*holiday.place, "last"), sentence)
        return
    days = every_day(first, last)
    if twice := [day for day in days if day in rests]:
        sentence = f"{_listed(twice)}已经属于“{rests[twice[0]]}”，不能再属于“{name}”"
        yield OverlayFault(holiday.place, sentence)
    rests.update(dict.fromkeys(days, name))
    for each in holiday.names:
        fixed = statutory[each].days if each in statutory else ()
        if left_out := [day for day in fixed if not first <= day <= last]:
            sentence = f"{_listed(left_out)}是{each}的法定放假日，不在放假期间（{first}至{last}）内"
            yield OverlayFault(holiday.place, sentence)


def _make_ups(
    holidays: tuple[DraftHoliday, ...],
    year: int,
    statutory: dict[str, StatutoryHoliday],
    rests: dict[date, str],
) -> Iterator[OverlayFault]:
    fixed = {day: name for name, holiday in statutory.items() for day in holiday.days}
    written = [each for holiday in holidays for each in holiday.make_up_days]
    counted = Counter(day for _, day in written)
    told: set[date] = set()
    for place, day in written:
        if sentence := _outside(day, year):
            yield OverlayFault(place, sentence)
        elif day in fixed:
            yield OverlayFault(place, f"{day}是{fixed[day]}的法定放假日，不能上班")
        elif day in rests:
            yield OverlayFault(place, f"{day}已写明属于“{rests[day]}”放假，不能又上班")
        elif day.weekday() < SATURDAY:
            weekday = WEEKDAYS[day.weekday()]
            yield OverlayFault(place, f"{day}是{weekday}，本来就上班，不是调休上班日")
        if counted[day] > 1 and day in told:
            yield OverlayFault(place, f"{day}重复")
        told.add(day)


def _outside(day: date, year: int) -> str | None:
    """Why a day cannot stand in the paper of `year`; None where it can."""
    last = settled_until(year)
    if day > date(year, 12, 31) or day < date(year - 1, EARLIEST_MONTH, 1):
        return f"{day}不在{year}年，也不在此前的12月"
    if day > last:
        return f"{day}由下一年度的通知安排（{last + ONE_DAY}起），不能写在{year}年的通知里"
    return None


def _listed(days: list[date] | tuple[date, ...]) -> str:
    return "、".join(map(str, days))
