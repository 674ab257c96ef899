"""Drives one case in memory, as the workflow drives it: a command or a day, then all that follows.

case = Driver(small_brief())
case.play(until="survey")            # every duty is done rightly, up to the first open one so named
case.do("submit_survey", township="shan", ...)
case.refused("draft_plan")           # the sentence, with its article
case.go(days=10)
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from case.brief import Brief, GroupBrief, TownshipBrief, VillageBrief
from case.change import Change
from case.commands import COMMAND, COMMANDS, AnyCommand
from case.duty import Duty
from case.ladder import DEFAULT_LADDERS
from case.measurement import Measurement, Measuring
from case.procedure import apply, close, current_step, faults, measuring, refusal
from case.reckoning import Reckoning, prune, reckon_all
from case.records import Reminder
from case.state import State
from case.targets import OfficeTargets
from case.telling import due_reminders, mark_told
from law.calendar import WorkingCalendar, official_calendar
from law.deadline import SHANGHAI
from tests.case.usual import measured, usual

CALENDAR = official_calendar()
PUNCTUAL = replace(DEFAULT_LADDERS, window_minutes=0)
"""Every case is told at half past eight."""
PHOTOGRAPH = {"kind": "照片", "sha256": "0" * 64, "place": "1.jpg"}
LAUNCHED = date(2026, 3, 2)


def village(id_: str, township: str, zone: int, **other: Any) -> VillageBrief:
    """A village of 10 members, 2 contractors and 3 houses: 6 right-holders with its collective."""
    values: dict[str, Any] = {
        "id": id_,
        "name": f"{id_}村",
        "township": township,
        "zone": zone,
        "collective": f"{id_}村经济合作社",
        "members": 10,
        "groups": (),
        "contractors": 2,
        "houses": 3,
        "total_area": Decimal(20),
        "farmland": Decimal(15),
        "arable": Decimal(10),
        "basic_farmland": Decimal(0),
        "forest": Decimal(0),
        "forest_above_10m": Decimal(0),
        "construction": Decimal(5),
        "unused": Decimal(0),
    }
    return VillageBrief(**{**values, **other})


def small_brief(*, villages: tuple[VillageBrief, ...] | None = None, **other: Any) -> Brief:
    """Two villages, one in either zone, each in a township of its own; half the houses must sign.

    The first has a village group that is notified itself.
    """
    group = GroupBrief(id="g1", name="第一小组")
    values: dict[str, Any] = {
        "case_id": "WZ-T-1",
        "name": "试验工程",
        "ground": 3,
        "use": "教育用地",
        "industrial_or_commercial": False,
        "land_user": "某建设中心",
        "townships": (
            TownshipBrief(id="shan", name="山镇", district="鹿城区"),
            TownshipBrief(id="hai", name="海镇", district="洞头区"),
        ),
        "villages": villages
        or (village("xi", "shan", 1, groups=(group,)), village("xia", "hai", 2)),
        "ratio_collectives": Decimal(1),
        "ratio_contractors": Decimal("0.5"),
        "ratio_houses": Decimal("0.5"),
        "ratio_source": "某文〔2021〕1号",
        "targets": OfficeTargets(),
        "file_digest": "0" * 64,
    }
    return Brief(**{**values, **other})


class Refused(AssertionError):  # noqa: N818 - named for what it is
    """A command that was to be accepted was refused; the message is the refusal."""


@dataclass
class Driver:
    """A case, its present day, and the duties of that day."""

    brief: Brief
    today: date = LAUNCHED
    state: State = field(init=False)
    owed: tuple[Duty, ...] = field(init=False, default=())
    calendar: WorkingCalendar = CALENDAR
    at: time = time(12)
    """The time of day at which people act."""
    count: int = 0
    measure: Callable[[Brief, Measuring], Measurement] = measured
    """Stands where the activity measures a registered sheet."""

    def __post_init__(self) -> None:
        self.state = State.launched(self.brief, self.today)
        self._follow()

    # A command, a day

    def command(self, name: str, **values: Any) -> AnyCommand:
        """The command `name` done rightly today by whoever may do it, but for `values`."""
        self.count += 1
        plain: dict[str, Any] = {
            "command": name,
            "id": f"e{self.count}",
            "occurred_on": self.today,
            "by": {"unit": "city"},
            "document_number": f"温〔2026〕{self.count}号" if COMMANDS[name].numbered else None,
            "evidence": [PHOTOGRAPH] if COMMANDS[name].proven else [],
            **usual(name, self.state, self.today, values),
            **values,
        }
        built = COMMAND.validate_python(plain)
        if "by" not in values:
            plain["by"] = {"unit": built.doers(self.state)[0]}
            built = COMMAND.validate_python(plain)
        return built

    def refused(self, name: str, **values: Any) -> str:
        """Why the command is refused or faulty; empty where it would be accepted."""
        return self.why(self.command(name, **values))

    def why(self, command: AnyCommand) -> str:
        """What stands against `command` today; empty where nothing does."""
        if wrong := faults(self.state, command):
            return "\n".join(wrong)
        found = refusal(self.state, command, self.today)
        return str(found) if found else ""

    def do(self, name: str, **values: Any) -> AnyCommand:
        """Say it; raises Refused."""
        command = self.command(name, **values)
        self.take(command)
        return command

    def take(self, command: AnyCommand) -> None:
        """Let `command` stand with all that follows; raises Refused."""
        if why := self.why(command):
            raise Refused(why)
        asked = measuring(self.state, command)
        amounts = self.measure(self.brief, asked) if asked else None
        self.state = apply(self.state, command, amounts)
        self._follow(command)

    def take_again(self, command: AnyCommand) -> None:
        """Say an accepted command once more, as a sender does who heard no answer."""
        self.state = apply(self.state, command)
        self._follow()

    def go(self, days: int = 0, to: date | None = None) -> None:
        """Let days pass, or go to a day."""
        self.today = to or self.today + timedelta(days=days)
        self._follow()

    def _follow(self, command: AnyCommand | None = None) -> None:
        at = datetime.combine(self.today, self.at, SHANGHAI)
        change = Change(state=self.state, command=command, at=at)
        reckoning = Reckoning(at=at, calendar=self.calendar, ladders=PUNCTUAL, cause=change.cause)
        self.state, self.owed, _ = reckon_all(self.state, reckoning)
        self.state = prune(self.state, self.owed)
        if current_step(self.state, self.today) is None:
            self.state = close(self.state)

    # What is owed and told

    def duty(self, id_: str) -> Duty:
        """The duty `id_`, met or not; fails where there is none."""
        found = [duty for duty in self.owed if duty.id == id_]
        assert found, f"{id_} is not among {[duty.id for duty in self.owed]}"
        return found[0]

    def to_do(self) -> list[Duty]:
        """The open duties that a command of their own meets."""
        return [duty for duty in self.owed if duty.open and duty.command]

    def open(self) -> list[str]:
        """The ids of the open duties."""
        return [duty.id for duty in self.owed if duty.open]

    def last_day(self, id_: str) -> date:
        """The strict last day of an open duty or a notice's period."""
        return self.state.schedules[id_].deadline.last_day

    def tell(self, at: datetime) -> tuple[Reminder, ...]:
        """What is told at a moment of the case's day; each rung only once."""
        found = due_reminders(self.state, self.owed, at)
        self.state = mark_told(self.state, found)
        return found

    def morning(self) -> datetime:
        """Half past eight today."""
        return datetime.combine(self.today, time(8, 30), SHANGHAI)

    # A whole life

    def rightly(self, duty: Duty) -> AnyCommand:
        """The command that meets `duty`, done as the order wants it."""
        return self.command(duty.command, by={"unit": duty.unit}, **duty.preset)

    def play(
        self, until: str | None = None, unless: Callable[[Duty], bool] = lambda duty: False
    ) -> "Driver":
        """Do every duty rightly on the first day it can be done, until one named `until…` is open.

        `unless` names duties that nobody does. Fails where the case can go no further.
        """
        for _ in range(400):
            if self.state.ended:
                assert until is None, f"the case ended without {until}"
                return self
            opened = [duty for duty in self.owed if duty.open]
            if until and any(duty.id.startswith(until) for duty in opened):
                return self
            if not any(self._met(duty) for duty in opened if duty.command and not unless(duty)):
                ends = list(self._ends())
                assert ends, f"a dead end: {self.open()}"
                self.go(to=min(ends))
        raise AssertionError(f"no end in sight: {self.open()}")

    def _met(self, duty: Duty) -> bool:
        command = self.rightly(duty)
        why = self.why(command)
        if "须先更正公告载明的登记期限" in why:
            self._print_later_days()
        elif why:
            return False
        self.take(command)
        return True

    def _print_later_days(self) -> None:
        """The notice hangs too late for the days printed in it: they are put right first."""
        draft = self.state.standing["draft/compensation"]
        later = {
            "registration_until": self.today + timedelta(days=50),
            "signing_until": self.today + timedelta(days=80),
        }
        replacement = COMMAND.dump_python(draft) | later
        self.do("correct", entry=draft.id, replacement=replacement)

    def _ends(self) -> Iterator[date]:
        for schedule in self.state.schedules.values():
            if schedule.deadline.may_proceed_on > self.today:
                yield schedule.deadline.may_proceed_on
