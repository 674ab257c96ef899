"""One year of the working calendar as an official reads it: each holiday with its days.

Of a year whose paper is out every day is settled. Of a year whose paper is not, the statutory days
are certain; what a paper may still move around them is listed block by block (law.arrangement),
and from that alone the earliest and the latest last day of a provisional period follow.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from law import BadPeriod
from law.arrangement import ONE_DAY, Block, blocks
from law.calendar import FIRST_DAY, WorkingCalendar
from law.overlay import Overlay
from law.papers import paper_year
from law.statutory import Revision, revision_for, statutory_days, statutory_holidays


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """Holidays that are off in one run of days."""

    name: str
    first: date
    last: date
    """The run's days: weekends beside the holiday included; only the statutory ones, if open."""
    statutory: tuple[date, ...]
    """The days among them that the regulation itself makes rest."""
    make_up_days: tuple[date, ...]
    sources: tuple[Overlay, ...]
    """The adopted papers it rests on; none where the package carries it, or no paper is out."""

    @property
    def length(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Annual:
    """One year: settled (then `open_blocks` is empty), or open but for the statutory days."""

    year: int
    official: bool
    """Whether a paper for the year is out."""
    regulation: Revision
    holidays: tuple[Holiday, ...]
    open_blocks: tuple[Block, ...]
    open_from: date | None
    """The first of its days that the next year's paper can still arrange; None where none is."""


def annual(calendar: WorkingCalendar, year: int) -> Annual:
    """The year as `calendar` has it. Raises BadPeriod for a year outside the calendar."""
    if not FIRST_DAY.year <= year <= calendar.last_day.year:
        raise BadPeriod(
            f"{year}年不在日历范围内（{FIRST_DAY.year}年至{calendar.last_day.year}年）。"
        )
    official = year <= calendar.papers.last_year
    last_settled = year == calendar.papers.last_year
    return Annual(
        year=year,
        official=official,
        regulation=revision_for(year),
        holidays=tuple(_settled(calendar, year) if official else _statutory(year)),
        open_blocks=() if official else blocks(year),
        open_from=calendar.horizon + ONE_DAY if last_settled else None,
    )


def _statutory(year: int) -> Iterator[Holiday]:
    for holiday in statutory_holidays(year):
        yield Holiday(
            name=holiday.name,
            first=holiday.days[0],
            last=holiday.days[-1],
            statutory=holiday.days,
            make_up_days=(),
            sources=(),
        )


def _settled(calendar: WorkingCalendar, year: int) -> Iterator[Holiday]:
    papers = calendar.papers
    named = {day: name for day, name in papers.off.items() if paper_year(day, name) == year}
    named |= statutory_days(year)
    runs: dict[tuple[date, date], list[str]] = {}
    for day in sorted(named):
        names = runs.setdefault(_run(calendar, day), [])
        names += [name for name in named[day].split("、") if name not in names]
    for (first, last), names in sorted(runs.items()):
        yield Holiday(
            name="、".join(names),
            first=first,
            last=last,
            statutory=tuple(day for day in sorted(statutory_days(year)) if first <= day <= last),
            make_up_days=tuple(
                day
                for day, name in sorted(papers.worked.items())
                if paper_year(day, name) == year and not set(name.split("、")).isdisjoint(names)
            ),
            sources=papers.source(year, names),
        )


def _run(calendar: WorkingCalendar, day: date) -> tuple[date, date]:
    """The first and the last of the days off around `day`."""
    first = last = day
    while first > FIRST_DAY and not calendar.is_working(first - ONE_DAY):
        first -= ONE_DAY
    while not calendar.is_working(last + ONE_DAY):
        last += ONE_DAY
    return first, last
