"""Plays a case: goes forward on its own clock to the next act of the script, and says it."""

import asyncio
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.testing import TimeSkipper

from activities.registry import Registry
from case.commands import COMMAND, COMMANDS, AnyCommand
from case.compensation import redated
from case.entries import CaseFile
from case.state import State
from case.view import CaseView, DutyView
from desk.cast import Cast, Correction, Say, fill, variables
from desk.patience import patiently
from desk.sheets import register_sheet
from law.calendar import WorkingCalendar
from law.deadline import SHANGHAI
from workflows.land_acquisition import LandAcquisition

ACTS_AT = time(10, 0)
"""When people act: after the morning's reminders."""
AFTER_MIDNIGHT = time(9, 0)
"""When a day on which a period ran out is looked at."""
LOOK_AGAIN_SECONDS = 0.02
MOST_LOOKS = 3000
MOST_TURNS = 2000
"""A script that goes on for longer goes on for ever."""

Told = Callable[[CaseView, str], None]


class Stuck(Exception):  # noqa: N818 - the script's end without the case's
    """Nobody in the script acts any more, and the case is not closed; the message says where."""


@dataclass(frozen=True, order=True)
class _Turn:
    """One act to come: when, in which order on that day, about which duty, saying what."""

    at: datetime
    order: int
    duty: DutyView = field(compare=False)
    say: Say = field(compare=False)
    mark: str = field(compare=False)
    village: str | None = field(compare=False)


@dataclass(frozen=True, order=True)
class _Mending:
    """A correction to come."""

    at: datetime
    entry: AnyCommand = field(compare=False)
    correction: Correction = field(compare=False)
    values: dict[str, Any] = field(compare=False)
    known: dict[str, Any] = field(compare=False)


class Player:
    """Plays `cast` on one running case."""

    def __init__(
        self,
        handle: WorkflowHandle[LandAcquisition, Any],
        skipper: TimeSkipper,
        *,
        cast: Cast,
        file: CaseFile,
        calendar: WorkingCalendar,
        proofs: Path,
        registry: Registry,
    ) -> None:
        """`handle` must carry no run id; `proofs` is the folder that the proofs are written to.

        Into `registry` goes the sheet of what was appraised, which the case then has measured.
        """
        self._handle = handle
        self._skipper = skipper
        self._cast = cast
        self._people = {(person.unit, person.role.value): person.name for person in file.directory}
        self._calendar = calendar
        self._proofs = proofs
        self._registry = registry
        self._file = file
        self._played: set[str] = set()
        self._mendings: list[_Mending] = []
        self._count = 0

    async def play(self, told: Told) -> None:
        """Play until the case is closed; `told` hears of every act. Raises Stuck."""
        for _ in range(MOST_TURNS):
            if await self._closed():
                return
            await self._turn(told)
        raise Stuck(f"演练超过{MOST_TURNS}步仍未办结")

    async def _closed(self) -> bool:
        description = await patiently(self._handle.describe)
        return description.status is not WorkflowExecutionStatus.RUNNING

    async def _turn(self, told: Told) -> None:
        view = await self._settled()
        state: State = await patiently(lambda: self._handle.query(LandAcquisition.state))
        now = await self._skipper.get_current_time(self._handle)
        turn = min(self._turns(view, state), default=None)
        mending = min(self._mendings, default=None)
        due = [each.at for each in (turn, mending) if each]
        boundary = self._boundary(view, now)
        goal = min((*due, *boundary), default=None)
        if goal is None:
            if await self._closed():
                return  # its last run closed it while we looked
            open_ = "；".join(duty.title for duty in view.duties) or "没有未了责任"
            raise Stuck(f"脚本中没有人再办理：{open_}")
        if goal > now:
            await patiently(lambda: self._forward(goal))
        if mending and mending.at == goal:
            self._mendings.remove(mending)
            await self._mend(mending, view, told)
        elif turn and turn.at == goal:
            await self._say(turn, view, state, told)
        else:
            told(view, "")

    async def _forward(self, goal: datetime) -> None:
        now = await self._skipper.get_current_time(self._handle)
        if goal > now:
            await self._skipper.fast_forward(self._handle, goal - now)

    async def _settled(self) -> CaseView:
        """The case once nothing is under way in it."""
        for _ in range(MOST_LOOKS):
            view: CaseView = await patiently(lambda: self._handle.query(LandAcquisition.view))
            if view.settled:
                return view
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        raise Stuck("案件长时间没有处理完毕，请查看执行进程的日志")

    def _turns(self, view: CaseView, state: State) -> Iterator[_Turn]:
        order = 0
        for duty in view.duties:
            part = self._cast.part(duty.id)
            for number, say in enumerate(part.says if part else ()):
                order += 1
                mark = f"{duty.id}:{number}"
                if mark in self._played or part is None:
                    continue
                village = duty.preset.get("village") or next(
                    iter(_listed(duty.preset.get("villages"))), None
                )
                days = part.after if say.after is None else say.after
                yield _Turn(
                    at=self._morning(duty.opened_on + timedelta(days=days)),
                    order=order,
                    duty=duty,
                    say=say,
                    mark="" if part.again else mark,
                    village=str(village) if village else None,
                )

    def _morning(self, day: date) -> datetime:
        working = self._calendar.first_working_day_from(day)
        return datetime.combine(working, ACTS_AT, SHANGHAI)

    def _boundary(self, view: CaseView, now: datetime) -> list[datetime]:
        """The mornings after periods and statutory days end: new duties may open there."""
        days = {duty.last_day for duty in (*view.periods, *view.duties) if duty.statutory}
        mornings = [
            datetime.combine(day + timedelta(days=1), AFTER_MIDNIGHT, SHANGHAI) for day in days
        ]
        return [morning for morning in mornings if morning > now]

    async def _say(self, turn: _Turn, view: CaseView, state: State, told: Told) -> None:
        if turn.mark:
            self._played.add(turn.mark)
        self._count += 1
        today = (await self._today()).date()
        known = variables(state, turn.duty, turn.village, today, self._count)
        approved = state.day("approval/plan")
        if approved and turn.duty.command == "measure_compensation":
            known["sheet"] = self._appraised(approved)
        own = turn.say.command is None
        values = {
            **(turn.duty.preset if own else _shared(turn.duty, turn.say)),
            **fill(turn.say.values, known),
        }
        right = self._command(turn.say.command or turn.duty.command, turn.duty, values, known)
        if turn.say.wrong and turn.say.correct:
            wrong = COMMAND.validate_python(
                {**COMMAND.dump_python(right), **fill(turn.say.wrong, known)}
            )
            at = self._morning(today + timedelta(days=turn.say.correct.after))
            self._mendings.append(_Mending(at, wrong, turn.say.correct, values, known))
            await self._send(wrong, view, told)
        else:
            await self._send(right, view, told)

    async def _mend(self, mending: _Mending, view: CaseView, told: Told) -> None:
        self._count += 1
        today = (await self._today()).date()
        replacement = {
            **COMMAND.dump_python(mending.entry),
            **fill(mending.correction.values, mending.known),
            "id": f"r{self._count:04}",
        }
        command = COMMAND.validate_python(
            {
                "command": "correct",
                "id": f"r{self._count:04}",
                "occurred_on": today,
                "by": {"unit": "bureau", "name": self._people.get(("bureau", "经办人"), "")},
                "document_number": self._number(today),
                "entry": mending.entry.id,
                "replacement": replacement,
                "reason": mending.correction.reason,
            }
        )
        await self._send(command, view, told)

    def _command(
        self, name: str, duty: DutyView, values: dict[str, Any], known: dict[str, Any]
    ) -> AnyCommand:
        kind = COMMANDS[name]
        today: date = known["today"]
        proof = self._proof(name, duty, today) if kind.proven else []
        return COMMAND.validate_python(
            {
                "command": name,
                "id": f"r{self._count:04}",
                "occurred_on": today,
                "by": {
                    "unit": duty.unit,
                    "role": "经办人",
                    "name": self._people.get((duty.unit, "经办人"), ""),
                },
                "document_number": self._number(today) if kind.numbered else None,
                "evidence": proof,
                **values,
            }
        )

    def _appraised(self, approved: date) -> str:
        """The sheet appraised as of the day the plan was approved (第二十条): its digest."""
        at = datetime.combine(approved, ACTS_AT, SHANGHAI)
        return register_sheet(self._registry, redated(self._file, approved), at)

    def _number(self, today: date) -> str:
        return self._cast.document_number.format(year=today.year, n=self._count)

    def _proof(self, name: str, duty: DutyView, today: date) -> list[dict[str, str]]:
        """A proof on disk: the rehearsal's stand-in for the photograph of a posting."""
        self._proofs.mkdir(parents=True, exist_ok=True)
        path = self._proofs / f"{self._count:04}-{name}.txt"
        path.write_text(f"演练佐证\n{duty.title}\n{today}\n", encoding="utf-8")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return [{"kind": "演练佐证", "sha256": digest, "place": path.name}]

    async def _send(self, command: AnyCommand, view: CaseView, told: Told) -> None:
        await patiently(
            lambda: self._handle.execute_update(command.command, command, id=command.id)
        )
        told(view, command.title)

    async def _today(self) -> datetime:
        now: datetime = await self._skipper.get_current_time(self._handle)
        return now.astimezone(SHANGHAI)


def _listed(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list | tuple) else ()


def _shared(duty: DutyView, say: Say) -> dict[str, Any]:
    """Of a duty's preset, what another command about the same place has as well."""
    assert say.command is not None
    named = COMMANDS[say.command].__dataclass_fields__
    return {name: value for name, value in duty.preset.items() if name in named}
