"""The calendar feeds (日历订阅): files of last days that calendar programs subscribe to.

One file a township, a district and the bureau, with the open duties that the unit sees to
(`case.digest.sees_to`), written anew where the registry says something new.
"""

import re
from pathlib import Path

import structlog
from pydantic.dataclasses import dataclass
from temporalio import activity

from activities.office.reminder_settings import Office
from activities.registry import Registry
from activities.telling.calendar_file import feed, write_whole
from case.digest import Standing, Unit, UnitKind, sees_to
from case.records import DutyRecord

logger = structlog.get_logger(__name__)

_UNFIT = re.compile(r"[^\w.+-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedsWritten:
    """What came of writing the feeds: how many files there are, and how many changed."""

    files: int
    changed: int


class Feeds:
    """The activity that keeps the feeds' folder in step with the registry."""

    def __init__(self, registry: Registry, folder: Path, office: Office) -> None:
        """`folder` is made as needed; whatever serves it to calendar programs only reads it."""
        self._registry, self._folder, self._office = registry, folder, office

    @activity.defn(name="write_feeds")
    def write_feeds(self) -> FeedsWritten:
        """Write the feed of every unit that any case has ever concerned, where it changed.

        No file is ever taken away: a unit without duties has a calendar without events, since a
        program that finds no file keeps showing what it saw last. Duties of a case that is
        suspended are left out until it is resumed. Raises OSError where the folder cannot be
        written to.
        """
        cases = {each.case_id: each for each in self._registry.cases()}
        standings = {
            id_: Standing.of(id_, case.name, case.status, self._registry.file(id_))
            for id_, case in cases.items()
        }
        units = {unit for standing in standings.values() for unit in standing.units}
        concern = {
            unit: [standing for standing in standings.values() if unit in standing.units]
            for unit in units
        }
        owed: dict[str, list[DutyRecord]] = {id_: [] for id_ in cases}
        for duty in self._registry.duties(open_only=True):
            # A case admitted a moment ago is left to the next writing.
            if duty.case_id in standings and standings[duty.case_id].running:
                owed[duty.case_id].append(duty)
        moves = [move for id_, found in owed.items() if found for move in self._registry.moves(id_)]
        calendar = self._office.calendar()
        changed = 0
        for unit in sorted(units):
            duties = [
                duty
                for standing in concern[unit]
                for duty in owed[standing.case_id]
                if sees_to(unit, duty, standing)
            ]
            text = feed(f"{_title(unit)} 土地征收截止日", duties, cases, calendar, moves)
            changed += write_whole(self._folder / file_name(unit), text)
            if activity.in_activity():
                activity.heartbeat()
        logger.info("feeds written", files=len(units), changed=changed)
        return FeedsWritten(files=len(units), changed=changed)


def file_name(unit: Unit) -> str:
    """The name of a unit's feed: "鹿城区-藤桥镇.ics", "鹿城区.ics", "市自然资源和规划局.ics"."""
    return f"{'-'.join(_UNFIT.sub('-', part) for part in _names(unit))}.ics"


def _title(unit: Unit) -> str:
    return "".join(_names(unit))


def _names(unit: Unit) -> tuple[str, ...]:
    if unit.kind is UnitKind.BUREAU:
        return (unit.name,)
    return tuple(name for name in (unit.district, unit.township) if name)
