"""The State Council's papers of 2008–2026 as chinese-calendar prints them, to measure against."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from chinese_calendar import constants

from law.arrangement import SATURDAY, Block
from law.calendar import WorkingCalendar
from law.papers import package_papers
from law.statutory import statutory_days

FIRST_PAPER, LAST_PAPER = 2008, 2026
"""The years whose papers stand under the present kind of regulation (short holidays since 2008)."""


def days(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`."""
    return (first + timedelta(n) for n in range((last - first).days + 1))


def is_worked(day: date) -> bool:
    """What the papers say of a day."""
    return day in constants.workdays or (day.weekday() < SATURDAY and day not in constants.holidays)


def arranged() -> dict[date, bool]:
    """Every day that a paper made other than the week and the statute do; True where worked."""
    changed: dict[date, bool] = {}
    # The paper for 2008 reaches back to 2007-12-29; that for 2027 is not out.
    for day in days(date(FIRST_PAPER - 1, 12, 20), date(LAST_PAPER, 12, 31)):
        by_default = day.weekday() < SATURDAY and day not in statutory_days(day.year)
        if is_worked(day) != by_default:
            changed[day] = is_worked(day)
    return changed


@cache
def calendar_up_to(last_paper: int) -> WorkingCalendar:
    """The calendar as it stood when the paper for `last_paper` was the newest."""
    return WorkingCalendar.of(
        replace(package_papers(), version=f"papers up to {last_paper}", last_year=last_paper)
    )


def random_completion(blocks: tuple[Block, ...], seed: int) -> dict[date, bool]:
    """One completion of the open days: what it changes, True where worked."""
    draw = random.Random(seed)
    changed: dict[date, bool] = {}
    for block in blocks:
        rests = draw.randint(0, min(block.rests, len(block.bridges)))
        works = draw.randint(0, min(block.works, len(block.make_ups)))
        changed |= dict.fromkeys(draw.sample(block.bridges, rests), False)
        changed |= dict.fromkeys(draw.sample(block.make_ups, works), True)
    return changed


def nth_working_day(
    calendar: WorkingCalendar, changed: dict[date, bool], day: date, n: int
) -> date:
    """The `n`-th working day after `day` by walking, in the calendar with some days changed."""
    while n:
        day += timedelta(1)
        n -= changed.get(day, calendar.is_working(day))
    return day
