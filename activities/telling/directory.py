"""Who is told: the levels of a rung turned into people, through the case file's directory (通讯录).

Nobody who should be told is silently left out. A role that a unit lacks falls to its other role, a
unit without anybody passes upward: village, township, district, bureau, city. The messages of a
person on leave go to whoever stands in.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from pydantic.dataclasses import dataclass

from activities.office.reminder_file import addresses_of
from activities.office.stand_ins import StandIn
from activities.telling.message import Address, Recipient
from case.entries import Reached
from case.ladder import Level
from case.places import UNIT_NAMES, district_name
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

_NAMES = {**UNIT_NAMES, "land_user": "用地单位"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """What the case file says of a township and its villages, as far as it concerns telling."""

    name: str
    district: str
    villages: dict[str, str]


class Directory:
    """The directory of one case, read from its registered file."""

    def __init__(
        self,
        file_json: str,
        districts: tuple[str, ...],
        stand_ins: Sequence[StandIn] = (),
        today: date | None = None,
    ) -> None:
        """`file_json` as registered; `districts` by name; who stands in for whom on `today`.

        Without a day nobody is taken to be on leave. Only what telling needs is read, so that a
        case launched from an older form of the file is still told about.
        """
        file = json.loads(file_json)
        self._districts = districts
        self._stand_ins = stand_ins
        self._today = today
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

    def people(self) -> tuple[Recipient, ...]:
        """Everybody in the directory, in file order; who is on leave is not replaced."""
        return tuple(
            Recipient(
                unit=unit,
                unit_name=self._unit_name(unit),
                role=person["role"],
                person=person["name"],
                addresses=_addresses(person),
            )
            for unit, people in self._people.items()
            for person in people
        )

    def answering(self, unit: str) -> tuple[Recipient, ...]:
        """The clerk and the head of a unit, or who stands in, nobody twice in one capacity."""
        return _each_once(
            self._recipient(person, self._unit_name(unit), "")
            for level in (Level.HANDLER, Level.HEAD)
            for person in self._in_role(unit, _ROLES[level])
        )

    def recipients(self, reminder: Reminder) -> tuple[Recipient, ...]:
        """Everybody the rung tells, lowest level first, nobody twice in the same capacity.

        Those who have acknowledged are among them (see `acknowledged`). Empty only where no unit on
        the way up has anybody at all.
        """
        return _each_once(
            recipient
            for level in map(Level, reminder.audience)
            for start in self._addressed(level, reminder)
            for recipient in self._resolve(start, level, reminder)
        )

    def above(self, recipient: Recipient, reminder: Reminder) -> tuple[Recipient, ...]:
        """Who is told in place of `recipient`, whom no channel reaches: the nearest upward.

        A clerk's head comes first, then the units above. Asked again of those it names, it comes
        to an end: the answer is empty where nobody stands higher.
        """
        name = self._name(recipient.unit, reminder)
        if recipient.role == _HANDLER:
            missed = recipient.in_place_of or f"{name}{_HANDLER}"
            heads = self._people_of(recipient.unit, (_HEAD,), reminder, missed)
            if others := _each_once(head for head in heads if not _same_person(head, recipient)):
                return others
        missed = recipient.in_place_of or name
        roles = (_HANDLER, _HEAD) if recipient.role == _HANDLER else (_HEAD, _HANDLER)
        seen = {recipient.unit}
        units = self._further_up(recipient, name, reminder)
        while units:
            found = _each_once(
                person
                for unit in units
                for person in self._people_of(unit, roles, reminder, missed)
                if not _same_person(person, recipient)
            )
            if found:
                return found
            seen.update(units)
            units = self._next_up(units, seen, reminder)
        return ()

    def _further_up(self, recipient: Recipient, name: str, reminder: Reminder) -> tuple[str, ...]:
        """The units above the recipient's. Bureau and city stand above each other, once only."""
        for_another = recipient.in_place_of and not recipient.in_place_of.startswith(name)
        if recipient.unit == CITY and for_another:
            return ()
        city = self._name(CITY, reminder)
        if recipient.unit == BUREAU and recipient.in_place_of.startswith(city):
            return ()
        return self._above(recipient.unit, reminder)

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
                    missed = "" if unit == start else self._name(start, reminder)
                    yield from self._people_of(unit, _ROLES[level], reminder, missed)
                return
            seen.update(units)
            units = self._next_up(units, seen, reminder)

    def _next_up(
        self, units: tuple[str, ...], seen: set[str], reminder: Reminder
    ) -> tuple[str, ...]:
        above = (up for unit in units for up in self._above(unit, reminder))
        return tuple(dict.fromkeys(unit for unit in above if unit not in seen))

    def _people_of(
        self, unit: str, roles: tuple[str, ...], reminder: Reminder, missed: str
    ) -> Iterator[Recipient]:
        """The people of a unit in the first of these roles that it has, or who stand in."""
        for person in self._in_role(unit, roles):
            yield self._recipient(person, self._name(unit, reminder), missed)

    def _in_role(self, unit: str, roles: tuple[str, ...]) -> list[dict[str, Any]]:
        """The entries of a unit in the first of these roles that it has."""
        people = self._people.get(unit, [])
        found = ([each for each in people if each["role"] == role] for role in roles)
        return next(filter(None, found), [])

    def _recipient(self, person: dict[str, Any], unit_name: str, missed: str) -> Recipient:
        unit, role, name = person["unit"], person["role"], person["name"]
        stand_in = self._stand_in(unit, role, name)
        return Recipient(
            unit=unit,
            unit_name=unit_name,
            role=role,
            person=stand_in.name if stand_in else name,
            addresses=addresses_of(stand_in) if stand_in else _addresses(person),
            in_place_of=missed,
            stands_in_for=name if stand_in else "",
        )

    def _stand_in(self, unit: str, role: str, name: str) -> Reached | None:
        """Who stands in today. One who is on leave too is not followed: the office chose them."""
        if self._today is None:
            return None
        for entry in self._stand_ins:
            if entry.replaces(unit, role, name, self._today):
                return entry.stand_in
        return None

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
        return reminder.unit_name if unit == reminder.unit else self._unit_name(unit)

    def _unit_name(self, unit: str) -> str:
        kind, _, rest = unit.partition(":")
        match kind:
            case "township":
                place = self._townships.get(rest)
                return place.name if place else unit
            case "village":
                names = (place.villages.get(rest) for place in self._townships.values())
                return next((name for name in names if name), unit)
            case "district":
                return district_name(rest)
            case "department":
                return f"{rest}部门"
        return _NAMES.get(unit, unit)


def acknowledged(recipient: Recipient, reminder: Reminder, today: date) -> bool:
    """Whether the reader has said 收到 and is not told again until the last day is over.

    `today` is the day of telling.
    """
    said = f"{recipient.unit}|{recipient.role}" in reminder.acknowledged
    return said and not reminder.overdue_on(today)


def _addresses(person: dict[str, Any]) -> tuple[Address, ...]:
    channels = (person["channel"], *(person.get("fallback") or ()))
    return tuple(Address(kind=each["kind"], address=each["address"]) for each in channels)


def _each_once(recipients: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """Nobody twice in the same capacity, nor once more there for a colleague on leave."""
    told: dict[tuple[str, str, str], Recipient] = {}
    for recipient in recipients:
        capacity = (recipient.unit, recipient.role, recipient.person)
        if capacity not in told or not recipient.stands_in_for:
            told[capacity] = recipient
    return tuple(told.values())


def _same_person(one: Recipient, other: Recipient) -> bool:
    return (one.person, one.addresses) == (other.person, other.addresses)
