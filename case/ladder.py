"""The ladder: when a duty's owner is reminded, and how lateness travels upward.

Rungs are counted in working days from the last day and told on working mornings, each case at a
moment of its own within the office's window. A duty opened late still gets what is left of its
ladder, and its owner hears of it once it opens, and again when its last day moves.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from pydantic.dataclasses import dataclass

from law.calendar import WorkingCalendar
from law.deadline import SHANGHAI

OPENING = "open"
MOVED = "moved"


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


def up_to(level: Level) -> tuple[Level, ...]:
    """The levels from the bottom up to `level`."""
    return _UP[: _UP.index(level) + 1]


Steps = dict[int, tuple[Level, ...]]
"""Working days from the last day (negative before it), and who is told then, lowest level first."""

STATUTORY_LADDER: Steps = {
    -10: up_to(Level.HANDLER),
    -5: up_to(Level.HANDLER),
    -2: up_to(Level.HANDLER),
    -1: up_to(Level.HEAD),
    0: up_to(Level.HEAD),
    1: up_to(Level.DISTRICT),
    3: up_to(Level.BUREAU),
    5: up_to(Level.CITY),
}

OFFICE_LADDER: Steps = {
    -1: up_to(Level.HANDLER),
    0: up_to(Level.HANDLER),
    1: up_to(Level.HEAD),
    3: up_to(Level.DISTRICT),
    5: up_to(Level.BUREAU),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladders:
    """How the office reminds: its two ladders, and when in the morning it tells."""

    statutory: Steps
    office: Steps
    told_at: time
    """When the first case is told, Shanghai time."""
    window_minutes: int
    """Over how many minutes after `told_at` the cases are spread, each at a moment of its own."""

    def moment(self, day: date, case_id: str) -> datetime:
        """When a case is told on `day`: always the same time of day for the same case."""
        spread = self.window_minutes * 60
        digest = hashlib.sha256(case_id.encode()).digest()
        seconds = int.from_bytes(digest[:4], "big") % spread if spread else 0
        return datetime.combine(day, self.told_at, SHANGHAI) + timedelta(seconds=seconds)


DEFAULT_LADDERS = Ladders(
    statutory=STATUTORY_LADDER, office=OFFICE_LADDER, told_at=time(8, 30), window_minutes=20
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One telling: its name, its moment, its audience lowest first.

    Names are "open", "moved@" with the day it became known, "-5", "0", "+3".
    """

    name: str
    at: datetime
    audience: tuple[Level, ...]

    @property
    def is_move(self) -> bool:
        """Whether it tells that the last day moved."""
        return self.name.startswith(MOVED)

    @property
    def offset(self) -> int | None:
        """Working days from the last day; None for a rung that is not counted from it."""
        return None if self.name == OPENING or self.is_move else int(self.name)

    @property
    def title(self) -> str:
        """The rung in words, for timer summaries and messages."""
        days = self.offset
        if days is None:
            return "责任产生" if self.name == OPENING else "截止日变动"
        if days == 0:
            return "到期当日"
        return f"到期前{-days}个工作日" if days < 0 else f"逾期{days}个工作日"


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
    last_day: date,
    known_on: date,
    calendar: WorkingCalendar,
    ladders: Ladders,
    *,
    statutory: bool,
    case_id: str = "",
    moved: bool = False,
    heard: Iterable[Level] = (),
) -> tuple[Rung, ...]:
    """The rungs of a duty known since `known_on` and due on `last_day`, in order of time.

    Nothing is told on the day the duty becomes known or before it. The first working morning after
    it tells the owner, and all whom the rungs that are past by then would have told; a rung that
    falls on that very morning takes its place where its audience is as wide. Where the last day
    `moved`, that morning always tells so by itself, and also to all who have `heard` of another.
    """
    opening = calendar.nth_working_day_after(known_on, 1)
    told = up_to(max(heard, key=_UP.index, default=Level.HANDLER))
    by_day: dict[date, Rung] = {}
    for offset, audience in (ladders.statutory if statutory else ladders.office).items():
        day = _day(last_day, offset, calendar)
        if day < opening or (moved and day == opening):
            told = max(told, audience, key=len)
        else:
            name = f"{offset:+d}" if offset else "0"
            by_day[day] = Rung(name=name, at=ladders.moment(day, case_id), audience=audience)
    if opening not in by_day or len(by_day[opening].audience) < len(told):
        name = f"{MOVED}@{known_on}" if moved else OPENING
        by_day[opening] = Rung(name=name, at=ladders.moment(opening, case_id), audience=told)
    return tuple(by_day[day] for day in sorted(by_day))
