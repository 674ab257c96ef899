"""Questions that several steps ask of what stands in a case."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from law.conditions import hearing_is_mandatory
from law.order import DEPARTMENTS

if TYPE_CHECKING:
    from case.state import State


def done(state: "State", key: str, on: date) -> bool:
    """Whether the fact under `key` stands and had happened by `on`."""
    day = state.day(key)
    return day is not None and day <= on


def unknown_departments(departments: Iterable[str]) -> str | None:
    """A sentence naming the departments that 第六条 does not list; None if all are listed."""
    unknown = [department for department in departments if department not in DEPARTMENTS]
    if not unknown:
        return None
    return f"{'、'.join(unknown)}不是所列部门（应为{'、'.join(DEPARTMENTS)}）"


def unknown_village(state: "State", village: str) -> str | None:
    """A sentence if the case has no such village; None if it has."""
    if state.village(village):
        return None
    return f"本项目没有村“{village}”（应为{'、'.join(found.id for found in state.brief.villages)}）"


def unknown_township(state: "State", township: str) -> str | None:
    """A sentence if the case has no such township; None if it has."""
    if state.township(township):
        return None
    known = "、".join(found.id for found in state.brief.townships)
    return f"本项目没有乡镇（街道）“{township}”（应为{known}）"


def objecting(state: "State", village: str) -> int:
    """The highest number of members on record who hold that the plan breaks the law."""
    keys = (f"receipt/{village}", f"objections/{village}")
    return max(getattr(state.standing.get(key), "objecting_members", 0) for key in keys)


def hearing_mandatory(state: "State", village: str) -> bool:
    """第十一条：more than half of the members; exactly half is not enough (不含半数)."""
    found = state.village(village)
    return found is not None and hearing_is_mandatory(objecting(state, village), found.members)


def hearing_required(state: "State", village: str) -> bool:
    """Mandatory by number, or ordered by the city where it sees need (第十一条)."""
    return hearing_mandatory(state, village) or f"hearing-ordered/{village}" in state.standing
