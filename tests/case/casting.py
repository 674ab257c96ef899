"""Plays a script of examples/casts on a case in memory, as a rehearsal plays it on a server."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from activities.measuring import measurement
from activities.office.prices import price_table
from case.brief import Brief, brief
from case.commands import COMMAND, COMMANDS, AnyCommand
from case.compensation import redated, statement
from case.duty import Duty
from case.file import load
from case.measurement import Measurement, Measuring
from case.records import Reminder
from case.telling import timers
from desk.cast import Cast, Say, fill, load_cast, variables
from law.deadline import SHANGHAI
from tests.case.driver import CALENDAR, LAUNCHED, PHOTOGRAPH, Driver

EXAMPLES = Path(__file__).parents[2] / "examples"
MOST_DAYS = 700
PRICES = price_table(EXAMPLES / "office")


@dataclass
class Played:
    """A case played to its end: what was told on the way, and which steps were passed when."""

    case: Driver
    cast: Cast
    told: list[Reminder] = field(default_factory=list)
    said: list[AnyCommand] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    mending: list[tuple[date, AnyCommand, Say, Mapping[str, Any]]] = field(default_factory=list)

    @classmethod
    def of(cls, example: str) -> "Played":
        """The example of that name, played day by day."""
        loaded = load(EXAMPLES / f"{example}.yaml")

        def measure(_brief: Brief, asked: Measuring) -> Measurement:
            found = statement(redated(loaded, asked.plan_approved_on), PRICES)
            return measurement(found, asked)

        played = cls(
            Driver(brief(loaded), measure=measure),
            load_cast(EXAMPLES / "casts" / f"{example}.yaml"),
        )
        while not played.case.state.ended:
            played._day()
        return played

    def _day(self) -> None:
        case = self.case
        if CALENDAR.is_working(case.today):
            self.told.extend(case.tell(case.morning()))
            while not case.state.ended and self._act():
                pass
        for timer in timers(case.state, case.owed, case.morning()).values():
            assert timer.at.astimezone(SHANGHAI).date() >= case.today
        assert (case.today - LAUNCHED).days < MOST_DAYS, case.open()
        if not case.state.ended:
            case.go(days=1)

    def _act(self) -> bool:
        """One act that is due; False where nobody has anything to do today."""
        for due, wrong, say, known in self.mending:
            if due <= self.case.today and say.correct:
                self.mending.remove((due, wrong, say, known))
                right = COMMAND.dump_python(wrong) | {"evidence": [PHOTOGRAPH]}
                right |= fill(say.correct.values, known)
                self._take("correct", entry=wrong.id, replacement=right, reason=say.correct.reason)
                return True
        for duty, say, mark in self._turns():
            self.done.add(mark)
            known = variables(
                self.case.state, duty, _village(duty), self.case.today, len(self.said)
            )
            known["sheet"] = "0" * 64
            shared = COMMANDS[say.command or duty.command].__dataclass_fields__
            preset = {key: value for key, value in duty.preset.items() if key in shared}
            values: dict[str, Any] = {"by": {"unit": duty.unit}, **preset}
            values |= fill(say.values, known) | fill(say.wrong, known)
            said = self._take(say.command or duty.command, **values)
            if say.correct:
                noticed = self.case.today + timedelta(days=say.correct.after)
                self.mending.append((noticed, said, say, known))
            return True
        return False

    def _turns(self) -> Iterator[tuple[Duty, Say, str]]:
        for duty in self.case.owed:
            part = self.cast.part(duty.id) if duty.open else None
            for number, say in enumerate(part.says if part else ()):
                mark = f"{duty.id}:{number}"
                days = say.after if say.after is not None or part is None else part.after
                if mark in self.done or self.case.today < duty.opened_on + timedelta(days or 0):
                    continue
                yield duty, say, "" if part and part.again else mark

    def _take(self, name: str, **values: Any) -> AnyCommand:
        said = self.case.do(name, **values)
        self.said.append(said)
        return said


def _village(duty: Duty) -> str | None:
    villages = duty.preset.get("villages", ())
    named = duty.preset.get("village") or next(iter(villages if villages else ()), None)  # type: ignore[arg-type]
    return str(named) if named else None
