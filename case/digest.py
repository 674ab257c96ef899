"""The morning digest (晨报): what one unit reads on a working morning about all its cases at once.

Due today, due this week, overdue, and what it waits for others to do. It stands beside the ladders
(`case.ladder`) and takes the place of none of their rungs. Which unit sees to which duties is
decided here, for the digest as for the calendar feeds.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pydantic.dataclasses import dataclass as checked

from case.places import UNIT_NAMES, district_name
from case.records import DutyRecord
from case.state import Status
from law import BadPeriod
from law.arrangement import ONE_DAY, every_day
from law.calendar import WorkingCalendar

_BELOW_DISTRICT = ("township", "village")


class UnitKind(StrEnum):
    """The kinds of unit that read a digest and have a calendar of their own."""

    TOWNSHIP = "township"
    DISTRICT = "district"
    BUREAU = "bureau"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Unit:
    """A unit over all its cases. By name: each case file has its own ids for townships."""

    kind: UnitKind
    district: str = ""
    """Empty for the bureau."""
    township: str = ""
    """Empty for a district and for the bureau."""

    @property
    def id(self) -> str:
        """What the unit is called where a message about no single case is registered."""
        names = "/".join(name for name in (self.district, self.township) if name)
        return f"{self.kind}:{names}" if names else self.kind.value

    @property
    def name(self) -> str:
        """What the unit is called in Chinese."""
        match self.kind:
            case UnitKind.TOWNSHIP:
                return self.township
            case UnitKind.DISTRICT:
                return district_name(self.district)
            case UnitKind.BUREAU:
                return UNIT_NAMES["bureau"]


BUREAU = Unit(kind=UnitKind.BUREAU)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A case as the digest sees it: how it is called, whether it runs, and where it lies."""

    case_id: str
    name: str
    running: bool
    """False for a case that is suspended or over: nothing of it stands in a digest."""
    townships: Mapping[str, str]
    """By the township's id in the case file, its name."""
    districts: Mapping[str, str]
    """By the township's name, its district."""

    @classmethod
    def of(cls, case_id: str, name: str, status: str, file_json: str) -> "Standing":
        """A case of the registry with its file as registered, of which only places are read."""
        places = json.loads(file_json).get("townships", ())
        return cls(
            case_id=case_id,
            name=name,
            running=status == Status.RUNNING,
            townships={place["id"]: place["name"] for place in places},
            districts={place["name"]: place["district"] for place in places},
        )

    @property
    def units(self) -> Mapping[Unit, str]:
        """The units that the case concerns, each with its unit id in the case file."""
        found = {BUREAU: "bureau"}
        for id_, name in self.townships.items():
            district = self.districts[name]
            found[Unit(kind=UnitKind.DISTRICT, district=district)] = f"district:{district}"
            unit = Unit(kind=UnitKind.TOWNSHIP, district=district, township=name)
            found[unit] = f"township:{id_}"
        return found

    def lies_in(self, unit: Unit, duty: DutyRecord) -> bool:
        """Whether the duty lies in the area of this township or district, and not in all."""
        if duty.township is None or unit.kind is UnitKind.BUREAU:
            return False
        inside = self.districts.get(duty.township) == unit.district
        return inside and unit.township in ("", duty.township)


def owes(unit: Unit, duty: DutyRecord, case: Standing) -> bool:
    """Whether the duty is the unit's own."""
    match unit.kind:
        case UnitKind.TOWNSHIP:
            return _kind(duty) == "township" and case.lies_in(unit, duty)
        case UnitKind.DISTRICT:
            return duty.unit == f"district:{unit.district}"
        case UnitKind.BUREAU:
            return duty.unit == "bureau"


def hears_when_late(unit: Unit, duty: DutyRecord, case: Standing) -> bool:
    """Whether the unit is shown the duty once it is overdue: its own, and those it is above."""
    match unit.kind:
        case UnitKind.TOWNSHIP:
            return owes(unit, duty, case)
        case UnitKind.DISTRICT:
            return owes(unit, duty, case) or (
                _kind(duty) in _BELOW_DISTRICT and case.lies_in(unit, duty)
            )
        case UnitKind.BUREAU:
            return True


def sees_to(unit: Unit, duty: DutyRecord, case: Standing) -> bool:
    """Whether the duty stands in the unit's calendar; every duty stands in at least one.

    A township sees to its villages', a district to its townships' and their villages'. The bureau
    sees to those of everybody who has no calendar: the city, the departments, the land user.
    """
    match unit.kind:
        case UnitKind.TOWNSHIP:
            return _kind(duty) in _BELOW_DISTRICT and case.lies_in(unit, duty)
        case UnitKind.DISTRICT:
            return hears_when_late(unit, duty, case)
        case UnitKind.BUREAU:
            placed = _kind(duty) in _BELOW_DISTRICT and duty.township in case.districts
            below = _kind(duty) == UnitKind.DISTRICT and duty.unit in case.units.values()
            return not (placed or below)


def _kind(duty: DutyRecord) -> str:
    return duty.unit.partition(":")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One open duty in a digest."""

    duty: DutyRecord
    case_name: str
    days: int
    """Days from the morning of the digest to the last day; negative once it is past."""
    working_days: int | None
    """The same in working days; None where the calendar cannot say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one unit reads on one morning. No duty stands in two of the lists; each by last day."""

    unit: Unit
    day: date
    due_today: tuple[Owed, ...]
    due_this_week: tuple[Owed, ...]
    """Due after today and before the next working week begins."""
    overdue: tuple[Owed, ...]
    waiting: tuple[Owed, ...]
    """What other units owe in the unit's cases."""


def digests(
    cases: Iterable[Standing],
    duties: Iterable[DutyRecord],
    today: date,
    calendar: WorkingCalendar,
) -> tuple[Digest, ...]:
    """The digests of `today`, which must be worked, for the units that have something to read.

    A unit has nothing to read where nothing that concerns it is due or overdue: what it waits for
    is no reason by itself. `duties` may hold those that are met, and those of other cases.
    """
    by_case: dict[str, list[DutyRecord]] = defaultdict(list)
    for duty in duties:
        if duty.state in ("open", "overdue"):
            by_case[duty.case_id].append(duty)
    running = [case for case in cases if case.running]
    units: dict[Unit, list[Standing]] = defaultdict(list)
    for case in running:
        for unit in case.units:
            units[unit].append(case)
    morning = _Morning(today=today, calendar=calendar)
    made = (morning.digest(unit, units[unit], by_case) for unit in sorted(units))
    return tuple(digest for digest in made if digest)


def end_of_week(today: date, calendar: WorkingCalendar) -> date:
    """The last day before the next working week: what is due by it must be done in this one.

    The working week ends with the last day worked in the calendar week, a make-up Saturday or
    Sunday counted in. Rest days after it belong to it, since nobody works on them.
    """
    sunday = date.fromordinal(today.toordinal() + 6 - today.weekday())
    worked = [day for day in every_day(today, sunday) if calendar.is_working(day)]
    return calendar.nth_working_day_after(worked[-1] if worked else today, 1) - ONE_DAY


class _Morning:
    """One morning: where each duty stands as seen from it."""

    def __init__(self, *, today: date, calendar: WorkingCalendar) -> None:
        self._today, self._calendar = today, calendar
        self._week_ends = end_of_week(today, calendar)

    def digest(
        self, unit: Unit, cases: Iterable[Standing], by_case: Mapping[str, list[DutyRecord]]
    ) -> Digest | None:
        lists: dict[str, list[Owed]] = defaultdict(list)
        for case in cases:
            for duty in by_case.get(case.case_id, ()):
                if name := self._list_of(unit, duty, case):
                    lists[name].append(self._owed(duty, case.name))
        if not (lists["due_today"] or lists["due_this_week"] or lists["overdue"]):
            return None
        for listed in lists.values():
            listed.sort(key=_order)
        return Digest(
            unit=unit,
            day=self._today,
            due_today=tuple(lists["due_today"]),
            due_this_week=tuple(lists["due_this_week"]),
            overdue=tuple(lists["overdue"]),
            waiting=tuple(lists["waiting"]),
        )

    def _list_of(self, unit: Unit, duty: DutyRecord, case: Standing) -> str | None:
        """The list of the duty; None where it is the unit's own and not due soon."""
        if duty.last_day < self._today and hears_when_late(unit, duty, case):
            return "overdue"
        if not owes(unit, duty, case):
            return "waiting"
        if duty.last_day == self._today:
            return "due_today"
        return "due_this_week" if duty.last_day <= self._week_ends else None

    def _owed(self, duty: DutyRecord, case_name: str) -> Owed:
        late = duty.last_day < self._today
        first, last = sorted((duty.last_day, self._today))
        try:
            days = self._calendar.working_days_between(first, last)
        except BadPeriod:
            working_days = None
        else:
            working_days = -days if late else days
        return Owed(
            duty=duty,
            case_name=case_name,
            days=(duty.last_day - self._today).days,
            working_days=working_days,
        )


def _order(owed: Owed) -> tuple[date, str, int, str]:
    duty = owed.duty
    return duty.last_day, duty.case_id, duty.step, duty.duty_id


@checked(frozen=True, slots=True, kw_only=True)
class DigestSent:
    """What came of one morning's digests."""

    day: date
    units: int = 0
    """How many units have something to read."""
    sent: int = 0
    """How many messages are out, those in the outbox and those of an earlier attempt at the same
    morning counted in."""
    unreachable: tuple[str, ...] = ()
    """Unit ids that nobody answers for."""
    pending: int = 0
    """How many messages wait for a channel."""
    again_at: datetime | None = None
    """When to ask again; None where nothing is pending, or the office closes before."""
    troubles: tuple[str, ...] = ()
    """What went wrong, as Chinese sentences without personal data."""
