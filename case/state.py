"""One acquisition's state: what stands in it, what was reckoned, what was told. Immutable.

Facts are the standing commands themselves, by key; everything else is derived from them, so that a
correction replaces one entry and the rest follows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from pydantic.dataclasses import dataclass

from case.acts import Act
from case.brief import Brief, TownshipBrief, VillageBrief
from case.command import Command
from case.measurement import Measurement
from case.places import place_name, places_of
from case.schedule import Schedule
from case.steps import STEPS
from case.wording import NOTICE_TITLES, Notice
from law.deadline import Deadline
from law.rules import RuleSet

C = TypeVar("C", bound=Command)


class Status(StrEnum):
    RUNNING = "running"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A day that a person set for a duty or a period, with the entry that says why."""

    day: date
    entry: str
    made_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBack:
    """A fact that was sent back to be done again."""

    times: int
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Recounted:
    """That the case was told to count anew: by which entry and calendar (its digest), and when."""

    calendar: str
    on: date
    entry: str = ""


@dataclass(frozen=True, kw_only=True)
class State:
    """A case. `schedules` holds what an activity reckoned, by duty or period id.

    What is asked of it again and again is kept beside its fields; it never changes, so that this
    never goes stale.
    """

    brief: Brief
    launched_on: date
    status: Status = Status.RUNNING
    resumed_on: date | None = None
    standing: dict[str, Act] = field(default_factory=dict)
    schedules: dict[str, Schedule] = field(default_factory=dict)
    told: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Rungs told, by duty id, each with the last day it spoke of."""
    seen: dict[str, str] = field(default_factory=dict)
    """Digest of every accepted command by id: a repeat is known, also after years."""
    sent_back: dict[str, SentBack] = field(default_factory=dict)
    """How often and when last a fact was sent back, by its key."""
    amendments: dict[str, Amendment] = field(default_factory=dict)
    rule_set: RuleSet | None = None
    """The rules the case is reckoned by; None for a case launched before they were fixed: it knows
    the order's periods only and its amounts are not measured."""
    measured: Measurement | None = None
    """What an activity measured, of which `measurement` says whether it still counts."""
    recount: Recounted | None = None
    """The adopted calendar by which all that is open was last counted anew."""
    acknowledged: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Who said 收到, by duty id: the last day it was said of, the unit and the role."""
    troubles: dict[str, str] = field(default_factory=dict)
    """What went wrong when the newest reminder of a duty was delivered, by duty id."""
    late: bool = False
    """Whether the watchdog found a reminder late that has not gone out since."""

    @classmethod
    def launched(cls, brief: Brief, on: date) -> "State":
        """A case at its launch, bound by the rules in force on that day."""
        return cls(brief=brief, launched_on=on, rule_set=RuleSet.of(on))

    @property
    def rules_of(self) -> date | None:
        """The day whose rules the case is reckoned by."""
        return self.rule_set.fixed_on if self.rule_set else None

    def bound_by(self, rule_id: str) -> bool:
        """Whether a period of the higher law binds the case."""
        return self.rule_set is not None and self.rule_set.has(rule_id)

    @property
    def measurement(self) -> Measurement | None:
        """The amounts that were measured, while the entry that had them measured stands."""
        entry = self.standing.get("measurement")
        if entry is None or self.measured is None or self.measured.entry != entry.id:
            return None
        return self.measured

    # The facts

    def one(self, kind: type[C], key: str) -> C | None:
        """The standing command under `key`, if it is there."""
        found = self.standing.get(key)
        return found if found is not None and type(found) is kind else None

    def each(self, kind: type[C], prefix: str) -> Iterator[C]:
        """The standing commands whose key lies below `prefix` (it ends in "/"), in their order."""
        return (found for found in self._below.get(prefix, ()) if type(found) is kind)

    @cached_property
    def _below(self) -> dict[str, list[Act]]:
        below: dict[str, list[Act]] = {}
        for key, act in self.standing.items():
            end = key.find("/")
            while end >= 0:
                below.setdefault(key[: end + 1], []).append(act)
                end = key.find("/", end + 1)
        return below

    def last(self, *facts: str) -> date | None:
        """The last day on which one of `facts` happened; one that ends in "/" means all below."""
        days = [
            act.occurred_on
            for fact in facts
            for act in (self._below.get(fact, ()) if fact.endswith("/") else self._at(fact))
        ]
        return max(days, default=None)

    def _at(self, key: str) -> tuple[Act, ...]:
        found = self.standing.get(key)
        return (found,) if found else ()

    def day(self, key: str) -> date | None:
        """The day the fact under `key` happened; None while it has not."""
        found = self.standing.get(key)
        return found.occurred_on if found else None

    # The places of notices

    def places(self, notice: Notice) -> tuple[str, ...]:
        """Where `notice` must hang: the portal, townships, villages, qualifying groups."""
        plan = self.standing.get("draft/plan")
        unrevised = (
            notice is Notice.PLAN and plan is not None and not getattr(plan, "revised", True)
        )
        return places_of(self.brief, portal_only=unrevised)

    def unposted(self, notice: Notice) -> tuple[str, ...]:
        """The places where `notice` does not hang yet."""
        return tuple(
            place
            for place in self.places(notice)
            if f"posting/{notice.value}/{place}" not in self.standing
        )

    def posted_on(self, notice: Notice) -> date | None:
        """The last posting day, which governs (第六、十、十五条); None while a place is missing."""
        return self._posted[notice]

    @cached_property
    def _posted(self) -> dict[Notice, date | None]:
        return {notice: self._posted_on(notice) for notice in Notice}

    def _posted_on(self, notice: Notice) -> date | None:
        days = [self.day(f"posting/{notice.value}/{place}") for place in self.places(notice)]
        if not days or f"approval/{notice.value}" not in self.standing:
            return None
        known = [day for day in days if day is not None]
        return max(known) if len(known) == len(days) else None

    def period(self, notice: Notice) -> Deadline | None:
        """The notice's period as reckoned from the governing posting; None while it is open."""
        schedule = self.schedules.get(f"period/{notice.value}")
        if schedule is None or schedule.deadline.trigger != self.posted_on(notice):
            return None
        return schedule.deadline

    def unexpired(self, notice: Notice, on: date) -> str | None:
        """Why the notice's period is not over on `on`, with its last day; None once it is."""
        if self.period_over(notice, on):
            return None
        period = self.period(notice)
        until = f"（至{period.last_day}届满）" if period else "（尚未在全部地点张贴）"
        return f"{NOTICE_TITLES[notice]}期未满{until}"

    def period_over(self, notice: Notice, on: date) -> bool:
        """Whether `on` lies after the last day of the notice's period."""
        period = self.period(notice)
        return period is not None and on >= period.may_proceed_on

    # The people and places of the case

    def village(self, village: str) -> VillageBrief | None:
        return next((found for found in self.brief.villages if found.id == village), None)

    def township(self, township: str) -> TownshipBrief | None:
        return next((found for found in self.brief.townships if found.id == township), None)

    def township_unit(self, village: str) -> str:
        found = self.village(village)
        return f"township:{found.township}" if found else ""

    def district_unit(self, village: str) -> str:
        found = self.village(village)
        township = self.township(found.township) if found else None
        return f"district:{township.district}" if township else ""

    def township_name(self, unit: str, village: str | None) -> str | None:
        """The township in whose area a duty of `unit`, or of `village`, lies; None if in all."""
        of_village = self.village(village) if village else None
        id_ = of_village.township if of_village else unit.removeprefix("township:")
        township = self.township(id_)
        return township.name if township else None

    def district_of(self, township: str | None) -> str | None:
        """The district of a township by name; None where there is none."""
        found = (item.district for item in self.brief.townships if item.name == township)
        return next(found, None)

    def unit_name(self, unit: str) -> str:
        """The Chinese name of a unit or a place."""
        return place_name(self.brief, unit)

    # The order of the steps

    def first_incomplete(self, upto: int, on: date) -> str | None:
        """What the first step up to `upto` lacks on `on`, named by its step; None if nothing."""
        for step, lack in zip(STEPS[:upto], self.lacks(on), strict=False):
            if lack:
                return f"第{step.number}步“{step.title}”尚未完成：{lack}"
        return None

    def lacks(self, on: date) -> tuple[str | None, ...]:
        """What each of the fourteen steps lacks on `on`; None for a complete one."""
        known = self._lacks.get(on)
        if known is None:
            known = self._lacks[on] = tuple(step.missing(self, on) for step in STEPS)
        return known

    @cached_property
    def _lacks(self) -> dict[date, tuple[str | None, ...]]:
        return {}

    # Change

    def with_schedules(self, schedules: dict[str, Schedule]) -> "State":
        """The case with other deadlines known; a notice's period may complete a step."""
        changed = replace(self, schedules=schedules)
        changed.__dict__["_below"] = self._below
        periods = {f"period/{notice.value}" for notice in Notice}
        if all(schedules.get(key) is self.schedules.get(key) for key in periods):
            changed.__dict__["_lacks"] = self._lacks
        return changed

    def with_told(self, told: dict[str, tuple[str, ...]]) -> "State":
        """The case with other rungs told, which changes nothing else."""
        changed = replace(self, told=told)
        changed.__dict__["_below"], changed.__dict__["_lacks"] = self._below, self._lacks
        return changed

    def with_standing(self, changes: Mapping[str, Act], without: frozenset[str]) -> "State":
        """The case with `changes` standing and the keys `without` gone."""
        kept = {key: found for key, found in self.standing.items() if key not in without}
        return replace(self, standing={**kept, **changes})

    @property
    def suspended(self) -> bool:
        return self.status is Status.SUSPENDED

    @property
    def ended(self) -> bool:
        return self.status in {Status.TERMINATED, Status.CLOSED}

    def suspend(self) -> "State":
        return replace(self, status=Status.SUSPENDED)

    def resume(self, day: date) -> "State":
        return replace(self, status=Status.RUNNING, resumed_on=day)

    def terminate(self) -> "State":
        return replace(self, status=Status.TERMINATED)

    def send_back(self, key: str, day: date) -> "State":
        """The fact under `key` is gone and owed again."""
        before = self.sent_back.get(key)
        again = SentBack(times=before.times + 1 if before else 1, day=day)
        gone = self.with_standing({}, frozenset((key,)))
        return replace(gone, sent_back={**self.sent_back, key: again})

    def amend(self, duty: str, day: date, entry: str, made_on: date) -> "State":
        amendment = Amendment(day=day, entry=entry, made_on=made_on)
        amended = {**self.amendments, duty: amendment}
        return replace(self, amendments=amended)

    def counted_anew(self, entry: str, calendar: str, on: date) -> "State":
        """The case once an entry has told it to count by the calendar of this digest."""
        return replace(self, recount=Recounted(entry=entry, calendar=calendar, on=on))

    def acknowledge(self, duty: str, unit: str, role: str) -> "State":
        """Somebody has heard of a duty and its last day as it stands now."""
        last_day = self.schedules[duty].deadline.last_day
        before = self.acknowledged.get(duty, ())
        said = tuple(dict.fromkeys((*before, f"{last_day}|{unit}|{role}")))
        return replace(self, acknowledged={**self.acknowledged, duty: said})

    def acknowledgements(self, duty: str) -> tuple[str, ...]:
        """Who has acknowledged a duty's present last day, each as "unit|role"."""
        schedule = self.schedules.get(duty)
        day = f"{schedule.deadline.last_day}|" if schedule else ""
        said = self.acknowledged.get(duty, ())
        return tuple(each.removeprefix(day) for each in said if day and each.startswith(day))
