"""Who is told: the levels of a rung turned into people, through the case file's directory (通讯录).

Nobody who should be told is silently left out. A role that a unit lacks falls to its other role, a
unit without anybody passes upward: village, township, district, bureau, city.
"""

import json
from collections.abc import Iterator
from typing import Any

from pydantic.dataclasses import dataclass

from activities.message import Recipient
from case.ladder import Level
from case.records import Reminder

BUREAU = "bureau"
CITY = "city"

_HANDLER = "经办人"
_HEAD = "负责人"

_ROLES = {
    Level.HANDLER: (_HANDLER, _HEAD),
    Level.HEAD: (_HEAD, _HANDLER),
    Level.DISTRICT: (_HANDLER, _HEAD),
    Level.BUREAU: (_HEAD, _HANDLER),
    Level.CITY: (_HANDLER, _HEAD),
}

_NAMES = {BUREAU: "市自然资源和规划局", CITY: "市人民政府", "land_user": "用地单位"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """What the case file says of a township and its villages, as far as it concerns telling."""

    name: str
    district: str
    villages: dict[str, str]


class Directory:
    """The directory of one case, read from its registered file."""

    def __init__(self, file_json: str, districts: tuple[str, ...]) -> None:
        """`file_json` as registered; `districts` by name.

        Only what telling needs is read, so that a case launched from an older form of the file is
        still told about.
        """
        file = json.loads(file_json)
        self._districts = districts
        self._townships = {
            place["id"]: _Place(
                name=place["name"],
                district=place["district"],
                villages={village["id"]: village["name"] for village in place["villages"]},
            )
            for place in file.get("townships", ())
        }
        self._people: dict[str, list[dict[str, Any]]] = {}
        for person in file["directory"]:
            self._people.setdefault(person["unit"], []).append(person)

    def recipients(self, reminder: Reminder) -> tuple[Recipient, ...]:
        """Everybody the rung tells, lowest level first, nobody twice in the same capacity.

        Empty only where no unit on the way up has anybody at all.
        """
        told: dict[tuple[str, str, str], Recipient] = {}
        for name in reminder.audience:
            level = Level(name)
            for start in self._addressed(level, reminder):
                for recipient in self._resolve(start, level, reminder):
                    capacity = (recipient.unit, recipient.role, recipient.person)
                    told.setdefault(capacity, recipient)
        return tuple(told.values())

    def _addressed(self, level: Level, reminder: Reminder) -> tuple[str, ...]:
        match level:
            case Level.HANDLER | Level.HEAD:
                return (reminder.unit,)
            case Level.DISTRICT:
                names = self._districts if reminder.district is None else (reminder.district,)
                return tuple(f"district:{name}" for name in names) or (BUREAU,)
            case Level.BUREAU:
                return (BUREAU,)
            case Level.CITY:
                return (CITY,)

    def _resolve(self, start: str, level: Level, reminder: Reminder) -> Iterator[Recipient]:
        """The people of `start` in the level's role, or of the nearest units above with any."""
        units: tuple[str, ...] = (start,)
        seen: set[str] = set()
        while units:
            found = [unit for unit in units if unit in self._people]
            if found:
                for unit in found:
                    yield from self._people_of(unit, start, level, reminder)
                return
            seen.update(units)
            above = (up for unit in units for up in self._above(unit, reminder))
            units = tuple(dict.fromkeys(unit for unit in above if unit not in seen))

    def _people_of(
        self, unit: str, start: str, level: Level, reminder: Reminder
    ) -> Iterator[Recipient]:
        people = self._people[unit]
        for role in _ROLES[level]:
            chosen = [person for person in people if person["role"] == role]
            if chosen:
                break
        for person in chosen:
            yield Recipient(
                unit=unit,
                unit_name=self._name(unit, reminder),
                role=person["role"],
                person=person["name"],
                channel=person["channel"]["kind"],
                address=person["channel"]["address"],
                in_place_of="" if unit == start else self._name(start, reminder),
            )

    def _above(self, unit: str, reminder: Reminder) -> tuple[str, ...]:
        kind, _, rest = unit.partition(":")
        match kind:
            case "village":
                for township, place in self._townships.items():
                    if rest.partition("/")[0] in place.villages:
                        return (f"township:{township}",)
                return self._addressed(Level.DISTRICT, reminder)
            case "township":
                place_of = self._townships.get(rest)
                if place_of is not None:
                    return (f"district:{place_of.district}",)
                return self._addressed(Level.DISTRICT, reminder)
            case "bureau":
                return (CITY,)
            case "city":
                # Nobody stands above the city here; the bureau runs the case and must see to it.
                return (BUREAU,)
        return (BUREAU,)

    def _name(self, unit: str, reminder: Reminder) -> str:
        if unit == reminder.unit:
            return reminder.unit_name
        kind, _, rest = unit.partition(":")
        match kind:
            case "township":
                place = self._townships.get(rest)
                return place.name if place else unit
            case "village":
                names = (place.villages.get(rest) for place in self._townships.values())
                return next((name for name in names if name), unit)
            case "district":
                return f"{rest}人民政府（功能区管委会）"
            case "department":
                return f"{rest}部门"
        return _NAMES.get(unit, unit)
