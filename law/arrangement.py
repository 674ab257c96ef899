"""What the State Council may still arrange in a year whose paper (放假安排通知) is not out.

Certain is only that statutory holidays rest. Around each of them a paper may turn weekdays into
rest days and weekend days into working days (调休). How far from the holiday it reaches, and how
often, is measured on the papers of 2008–2026, each day by the holiday that its paper names
(tests/law/test_arrangement.py measures it again). Every one of them is a completion of this model;
for the long holidays the model's limits lie beyond the measured ones by a stated margin, since
a paper may well go a day farther than any before it.

A *completion* of the open days chooses, for each block of holidays, at most `rests` of its bridge
days to rest and at most `works` of its make-up days to be worked. All choices are independent, so
a completion may be more generous or harsher than any real paper: the bounds are rather wide than
narrow. What the model cannot know is a change of the holiday regulation itself, a day off for
once or a holiday prolonged (EXTRAORDINARY), and that a paper is changed in mid-year (2019, 2020).
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from law import BadPeriod
from law.statutory import LABOUR, NATIONAL, SPRING, StatutoryHoliday, statutory_holidays

ONE_DAY = timedelta(1)
SATURDAY = 5
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
"""The days of the week, as `date.weekday` numbers them."""


def every_day(first: date, last: date) -> tuple[date, ...]:
    """Every day from `first` to `last`; none where `last` is earlier."""
    return tuple(first + timedelta(n) for n in range((last - first).days + 1))


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a paper reaches around a holiday, in days before its first and after its last day."""

    bridge: int
    """A weekday this near may be turned into a rest day."""
    make_up: int
    """A weekend day this near may be turned into a working day."""
    rests: int
    """At most so many weekdays are turned into rest days."""
    works: int
    """At most so many weekend days are turned into working days."""


SHORT = Reach(bridge=2, make_up=5, rests=2, works=2)
"""元旦, 清明, 端午, 中秋: as measured, without a margin. Farthest: rest 2022-01-03 (2 days), work
2013-01-06 (5 days); most: two and two, 2013 元旦."""
LONG_MEASURED = Reach(bridge=5, make_up=11, rests=4, works=2)
"""春节, 劳动节, 国庆, as measured. Farthest: rest 2020-10-08 (5 days), work 2026-09-20 (11 days);
most: four and two, 2024 春节."""
LONG = Reach(bridge=7, make_up=14, rests=5, works=3)
"""The same with the margin that the model allows: two days more to rest, three more to work, and
one day more of either. In 2027 a 春节 of ordinary length already wants work 12 days after it."""

EXTRAORDINARY: Mapping[date, str] = {
    date(2015, 9, 3): "抗战胜利70周年纪念日放假（一次性）",
    date(2015, 9, 4): "抗战胜利70周年纪念日调休（一次性）",
    date(2015, 9, 6): "抗战胜利70周年纪念日调休上班（一次性）",
    date(2020, 1, 31): "新冠肺炎疫情延长春节假期",
}
"""Days of 2008–2026 that no paper could have foreseen; the model leaves them out, by name."""


def reach_of(holiday: StatutoryHoliday) -> Reach:
    """How far a paper may reach around this holiday."""
    return LONG if holiday.name in (SPRING, LABOUR, NATIONAL) else SHORT


def measured_reach_of(holiday: StatutoryHoliday) -> Reach:
    """How far the papers of 2008–2026 reached around this holiday."""
    return LONG_MEASURED if holiday.name in (SPRING, LABOUR, NATIONAL) else SHORT


def distance(holiday: StatutoryHoliday, day: date) -> int:
    """How many days `day` lies before the first or after the last day of a holiday; 0 within."""
    return max((holiday.days[0] - day).days, (day - holiday.days[-1]).days, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Holidays standing so close that their make-up windows meet (国庆 and 中秋, most years).

    A day between them can belong to the arrangement of either (2010-09-26), so their windows are
    joined and what each may change is added up.
    """

    name: str
    rests: int
    works: int
    bridges: tuple[date, ...]
    """Weekdays, not statutory, that may be turned into rest days."""
    make_ups: tuple[date, ...]
    """Weekend days, not statutory, that may be turned into working days."""
    window: tuple[date, ...]
    """Every day from the first to the last that it may change. No two blocks' windows meet."""


def blocks(year: int) -> tuple[Block, ...]:
    """The blocks of `year`, in order; that of 元旦 reaches into the December before."""
    groups: list[list[StatutoryHoliday]] = []
    meets_until = date.min
    for holiday in statutory_holidays(year):
        reach = timedelta(reach_of(holiday).make_up)
        if groups and holiday.days[0] - reach <= meets_until:
            groups[-1].append(holiday)
        else:
            groups.append([holiday])
        meets_until = max(meets_until, holiday.days[-1] + reach)
    statutory = {day for holiday in statutory_holidays(year) for day in holiday.days}
    return tuple(_block(group, statutory) for group in groups)


def _block(group: list[StatutoryHoliday], statutory: set[date]) -> Block:
    bridges: set[date] = set()
    make_ups: set[date] = set()
    for holiday in group:
        reach = reach_of(holiday)
        bridges |= {d for d in _around(holiday, reach.bridge) if d.weekday() < SATURDAY}
        make_ups |= {d for d in _around(holiday, reach.make_up) if d.weekday() >= SATURDAY}
    bridges -= statutory
    make_ups -= statutory
    first, last = min(bridges | make_ups), max(bridges | make_ups)
    return Block(
        name="、".join(holiday.name for holiday in group),
        rests=sum(reach_of(holiday).rests for holiday in group),
        works=sum(reach_of(holiday).works for holiday in group),
        bridges=tuple(sorted(bridges)),
        make_ups=tuple(sorted(make_ups)),
        window=every_day(first, last),
    )


def _around(holiday: StatutoryHoliday, reach: int) -> Iterable[date]:
    return every_day(holiday.days[0] - timedelta(reach), holiday.days[-1] + timedelta(reach))


def settled_until(last_paper: int) -> date:
    """The last day that no later paper can change, when the paper for year `last_paper` is out.

    元旦 of the year after is arranged by that year's own paper, which reaches back into December
    (2018-12-29 worked, 2018-12-31 off; 2007 the same), so its whole window is still open.
    """
    return date(last_paper + 1, 1, 1) - timedelta(SHORT.make_up) - ONE_DAY


class _Ahead(NamedTuple):
    """The rest of a block's window from one day in it, in the two extreme completions."""

    most: tuple[date, ...]
    """The days worked where as many as possible are."""
    least: tuple[date, ...]
    """The days worked where as few as possible are."""
    last_day: date
    """The window's last day, behind which later blocks are counted as from anywhere."""


class OpenYears:
    """The years whose paper is not out, from `first_year` to `last_year`: estimate and extremes.

    Days of the December before `first_year` that its paper can still change belong to it. The two
    extreme completions are kept as lists of working days, so that counting in them is a lookup.
    """

    __slots__ = ("_ahead", "_last", "_least", "_most", "_statutory", "blocks")

    def __init__(self, first_year: int, last_year: int) -> None:
        years = range(first_year, last_year + 1)
        self.blocks = tuple(block for year in years for block in blocks(year))
        self._statutory = frozenset(
            day for year in years for holiday in statutory_holidays(year) for day in holiday.days
        )
        self._last = date(last_year, 12, 31)
        first = settled_until(first_year - 1) + ONE_DAY
        days = every_day(first, self._last)
        made_up = {day for block in self.blocks for day in block.make_ups[: block.works]}
        off = {day for block in self.blocks for day in block.bridges[: block.rests]}
        self._most = [day for day in days if self.is_working(day) or day in made_up]
        self._least = [day for day in days if self.is_working(day) and day not in off]
        self._ahead = {
            day: self._within(block, day) for block in self.blocks for day in block.window
        }

    def is_working(self, day: date) -> bool:
        """The best estimate: Monday to Friday is worked, unless it is a statutory holiday."""
        return day.weekday() < SATURDAY and day not in self._statutory

    def earliest(self, after: date, n: int) -> date:
        """The earliest day that is the `n`-th working day after `after` in any completion.

        Exact: the completion that turns no weekday off and, in each block, the first `works`
        make-up days after `after` into working days has, up to every single day, at least as many
        working days as any other completion; so no completion gets there sooner, and it is one.
        """
        inside = self._ahead.get(after)
        if inside is None:
            return self._nth(self._most, after, n)
        if n <= len(inside.most):
            return inside.most[n - 1]
        return self._nth(self._most, inside.last_day, n - len(inside.most))

    def latest(self, after: date, n: int) -> date:
        """The latest day that is the `n`-th working day after `after` in any completion.

        Exact, by the mirror of the argument of `earliest`: no weekend day is worked and, in each
        block, the first `rests` bridge days after `after` are off.
        """
        inside = self._ahead.get(after)
        if inside is None:
            return self._nth(self._least, after, n)
        if n <= len(inside.least):
            return inside.least[n - 1]
        return self._nth(self._least, inside.last_day, n - len(inside.least))

    def _within(self, block: Block, after: date) -> _Ahead:
        """What a count from inside a block meets in it: all it may change still lies ahead."""
        made_up = [day for day in block.make_ups if day > after][: block.works]
        off = [day for day in block.bridges if day > after][: block.rests]
        ahead = [day for day in block.window if day > after]
        return _Ahead(
            most=tuple(day for day in ahead if self.is_working(day) or day in made_up),
            least=tuple(day for day in ahead if self.is_working(day) and day not in off),
            last_day=block.window[-1],
        )

    def _nth(self, worked: list[date], after: date, n: int) -> date:
        index = bisect_right(worked, after) + n - 1
        if index >= len(worked):
            raise BadPeriod(f"期间超出可推算的范围（至{self._last}）。")
        return worked[index]
