"""The ladder: when a duty's owner is reminded, and how lateness travels upward.

Rungs are counted in working days from the last day and told at half past eight on working days.
A duty opened late still gets what is left of its ladder, and its owner hears of it once it opens.
"""

from datetime import date, datetime, time
from enum import StrEnum

from pydantic.dataclasses import dataclass

from law.calendar import WorkingCalendar
from law.deadline import SHANGHAI

TOLD_AT = time(8, 30)
OPENING = "open"


class Level(StrEnum):
    """Who is told, from the person in charge of the matter up to the city."""

    HANDLER = "handler"
    HEAD = "head"
    DISTRICT = "district"
    BUREAU = "bureau"
    CITY = "city"


LEVEL_TITLES = {
    Level.HANDLER: "经办人",
    Level.HEAD: "单位负责人",
    Level.DISTRICT: "区人民政府（功能区管委会）",
    Level.BUREAU: "市自然资源和规划局",
    Level.CITY: "市人民政府",
}

_UP = tuple(Level)


def _up_to(level: Level) -> tuple[Level, ...]:
    return _UP[: _UP.index(level) + 1]


STATUTORY_LADDER: dict[int, tuple[Level, ...]] = {
    -10: _up_to(Level.HANDLER),
    -5: _up_to(Level.HANDLER),
    -2: _up_to(Level.HANDLER),
    -1: _up_to(Level.HEAD),
    0: _up_to(Level.HEAD),
    1: _up_to(Level.DISTRICT),
    3: _up_to(Level.BUREAU),
    5: _up_to(Level.CITY),
}

OFFICE_LADDER: dict[int, tuple[Level, ...]] = {
    -1: _up_to(Level.HANDLER),
    0: _up_to(Level.HANDLER),
    1: _up_to(Level.HEAD),
    3: _up_to(Level.DISTRICT),
    5: _up_to(Level.BUREAU),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One telling: its name ("open", "-5", "0", "+3"), its moment, its audience lowest first."""

    name: str
    at: datetime
    audience: tuple[Level, ...]

    @property
    def title(self) -> str:
        """The rung in words, for timer summaries and messages."""
        if self.name == OPENING:
            return "责任产生"
        days = int(self.name)
        if days == 0:
            return "到期当日"
        return f"到期前{-days}个工作日" if days < 0 else f"逾期{days}个工作日"


def _rung(name: str, day: date, audience: tuple[Level, ...]) -> Rung:
    return Rung(name=name, at=datetime.combine(day, TOLD_AT, SHANGHAI), audience=audience)


def _day(last_day: date, offset: int, calendar: WorkingCalendar) -> date:
    """The working day `offset` working days from `last_day`; 0 never falls after it."""
    if offset > 0:
        return calendar.nth_working_day_after(last_day, offset)
    if offset < 0:
        return calendar.nth_working_day_before(last_day, -offset)
    if calendar.is_working(last_day):
        return last_day
    return calendar.nth_working_day_before(last_day, 1)


def ladder(
    last_day: date, known_on: date, calendar: WorkingCalendar, *, statutory: bool
) -> tuple[Rung, ...]:
    """The rungs of a duty known since `known_on` and due on `last_day`, in order of time.

    Nothing is told on the day the duty becomes known or before it. The first working morning after
    it tells the owner, and all whom the rungs that are past by then would have told; a rung that
    falls on that very morning takes its place where its audience is as wide.
    """
    opening = calendar.nth_working_day_after(known_on, 1)
    steps = STATUTORY_LADDER if statutory else OFFICE_LADDER
    told = _up_to(Level.HANDLER)
    by_day: dict[date, Rung] = {}
    for offset, audience in steps.items():
        day = _day(last_day, offset, calendar)
        if day < opening:
            told = max(told, audience, key=len)
        else:
            by_day[day] = _rung(f"{offset:+d}" if offset else "0", day, audience)
    if opening not in by_day or len(by_day[opening].audience) < len(told):
        by_day[opening] = _rung(OPENING, opening, told)
    return tuple(by_day[day] for day in sorted(by_day))
