"""The office's ladders as it writes them: on which working days it tells whom.

A ladder is a list of rungs: working days from the last day (negative before it, 0 on it, positive
after it), and the levels told then. Levels are told from the bottom up without a gap, and after
the last day never fewer than before: lateness only travels upward.
"""

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter
from pydantic_core import PydanticCustomError

from case.faults import Fault
from case.faults import Path as Place
from case.kinds import Entry
from case.ladder import DEFAULT_LADDERS, LEVEL_TITLES, Level, Steps, up_to
from case.parts import sound
from case.source import Source

FARTHEST = 60
"""Working days from the last day; no period of the order is longer."""

_UP = tuple(Level)
_NAMES = {
    **{level.value: level for level in Level},
    **{title: level for level, title in LEVEL_TITLES.items()},
    **{"负责人": Level.HEAD, "区": Level.DISTRICT, "局": Level.BUREAU, "市": Level.CITY},
}
_SHORT = "经办人、单位负责人、区、局、市"
_OFFSET = re.compile(r"[+-]?[0-9]{1,3}\Z", re.ASCII)


def _level(value: object) -> Level:
    if isinstance(value, str) and value in _NAMES:
        return _NAMES[value]
    raise PydanticCustomError(
        "case_level", "没有“{value}”这一级，只能是{names}", {"value": value, "names": _SHORT}
    )


def _upward(levels: tuple[Level, ...]) -> tuple[Level, ...]:
    if not levels:
        raise PydanticCustomError("case_empty", "至少要告知一级")
    if len(set(levels)) < len(levels):
        raise PydanticCustomError("case_repeated", "同一级写了两遍")
    all_below = up_to(max(levels, key=_UP.index))
    if missing := [LEVEL_TITLES[level] for level in all_below if level not in levels]:
        raise PydanticCustomError(
            "case_gap",
            "应当从经办人起逐级告知，不得越级，缺少{missing}",
            {"missing": "、".join(missing)},
        )
    return all_below


Audience = Annotated[tuple[Annotated[Level, BeforeValidator(_level)], ...], AfterValidator(_upward)]
"""The levels that a rung tells, lowest first, however they were written."""
_AUDIENCE = TypeAdapter[tuple[Level, ...]](Audience)


class LadderSettings(Entry):
    """The two ladders; one that is left out is the usual one."""

    statutory: dict[str, Audience] | None = Field(default=None, title="法定期限的提醒阶梯")
    office: dict[str, Audience] | None = Field(default=None, title="内部时限的提醒阶梯")

    @property
    def statutory_steps(self) -> Steps:
        """Whom a duty of the order tells, by working days from its last day, in order."""
        return DEFAULT_LADDERS.statutory if self.statutory is None else _steps(self.statutory)

    @property
    def office_steps(self) -> Steps:
        """Whom an office target tells, by working days from its last day, in order."""
        return DEFAULT_LADDERS.office if self.office is None else _steps(self.office)


def _steps(written: dict[str, tuple[Level, ...]]) -> Steps:
    return dict(sorted((int(offset), levels) for offset, levels in written.items()))


def ladder_faults(source: Source, place: Place, content: object) -> Iterator[Fault]:
    """What is wrong with the ladders' days and with how far they reach, as far as readable.

    `content` is what stands at `place` of the file: the section as plain values.
    """
    if not isinstance(content, dict):
        return
    for name in ("statutory", "office"):
        rungs = content.get(name)
        if isinstance(rungs, dict):
            yield from _faults_of(source, (*place, name), rungs, statutory=name == "statutory")


def _faults_of(
    source: Source, place: Place, rungs: dict[str, object], *, statutory: bool
) -> Iterator[Fault]:
    days: dict[int, str] = {}
    unread = False
    for key in rungs:
        if not _OFFSET.match(key) or abs(int(key)) > FARTHEST:
            unread = True
            sentence = (
                f"应当是{-FARTHEST}至{FARTHEST}的整数：截止日之前的工作日数写负数，"
                "截止日当日写0，之后写正数"
            )
            yield source.fault((*place, key), sentence)
        elif int(key) in days:
            yield source.fault((*place, key), f"与“{days[int(key)]}”是同一日")
        else:
            days[int(key)] = key
    if not unread:
        yield from _missing(source, place, frozenset(days), statutory=statutory)
    highest: tuple[int, str] | None = None
    for day, key in sorted(days.items()):
        levels = sound(_AUDIENCE, rungs[key])
        if levels is None:
            continue
        if day > 0 and highest is not None and len(levels) < highest[0]:
            sentence = (
                f"只告知到{LEVEL_TITLES[levels[-1]]}，“{highest[1]}”已经告知到"
                f"{LEVEL_TITLES[_UP[highest[0] - 1]]}；逾期之后只能逐级上报，不能减少"
            )
            yield source.fault((*place, key), sentence)
        if highest is None or len(levels) >= highest[0]:
            highest = len(levels), key


def _missing(
    source: Source, place: Place, days: frozenset[int], *, statutory: bool
) -> Iterator[Fault]:
    if not days:
        yield source.fault(place, "至少要有一项")
    elif statutory:
        asked = [
            (0 in days, "截止日当日（0）"),
            (any(day < 0 for day in days), "截止日之前（负数）"),
            (any(day > 0 for day in days), "逾期之后（正数）"),
        ]
        if lacking := [words for there, words in asked if not there]:
            sentence = f"法定期限的阶梯缺少{'、'.join(lacking)}的提醒"
            yield source.fault(place, sentence)
