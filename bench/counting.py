"""What "+10 working days" costs: the project's calendar against chinese_calendar.find_workday."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import chinese_calendar

from law.calendar import official_calendar

DAYS = tuple(date(2026, 1, 1) + timedelta(n) for n in range(300))
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Counted:
    """Microseconds a count, medians of the rounds; and how often find_workday answers otherwise."""

    ours: float
    theirs: float
    differing: int
    starts: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def count() -> Counted:
    """Count ten working days from each of 300 days."""
    calendar = official_calendar()

    def ours(day: date) -> date:
        return calendar.nth_working_day_after(day, 10)

    def theirs(day: date) -> date:
        found: date = chinese_calendar.find_workday(10, day)
        return found

    return Counted(
        statistics.median(_microseconds(ours) for _ in range(ROUNDS)),
        statistics.median(_microseconds(theirs) for _ in range(ROUNDS)),
        sum(ours(day) != theirs(day) for day in DAYS),
        len(DAYS),
    )


def _microseconds(ask: Callable[[date], date]) -> float:
    begun = time.process_time()
    for day in DAYS:
        ask(day)
    return (time.process_time() - begun) / len(DAYS) * 1e6
