"""What a cached case weighs in a worker's memory at three moments, and a minimal workflow."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from typing import Any

from pydantic import TypeAdapter
from temporalio.client import WorkflowHandle

from activities.registry import Registry
from bench.minimal import Doing, Minimal, Plan, argument
from bench.playing import Bench, Played, numbered
from bench.processes import WorkerProcess, worker_process
from bench.script import ANY_QUERY, Say, drive
from bench.together import some_together
from bench.working import MINIMAL_QUEUE, PLANS
from case.brief import brief, digest
from case.commands import COMMAND, AnyCommand
from case.state import State
from desk.launching import workflow_id
from desk.patience import patiently
from law.deadline import SHANGHAI
from workflows.land_acquisition import LandAcquisition

FEW, MANY = 100, 1000
BUSY_FEW, BUSY_MANY = 20, 120
"""As many as take a morning's commands each; a command costs more than a launch."""
PLAIN_FEW, PLAIN_MANY = 100, 400
"""Minimal workflows are all alike: fewer tell as much."""
TOGETHER = 16
"""How many cases are started at a time."""
FIRST_MORNING = {
    "draft_initiation",
    "approve",
    "confirm_posting",
    "notify_departments",
    "acknowledge_freeze",
}
"""Commands of step 1, all of which can happen on the day of the launch."""
_DAY = re.compile(rb"\d{4}-\d{2}-\d{2}(?=[\"T])")
_STATE: TypeAdapter[State] = TypeAdapter(State)
_Start = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Weight:
    """Resident bytes of a worker with `few` and with `many` workflows cached."""

    stage: str
    """launch, morning, posted, or minimal."""
    few: int
    many: int
    before: float
    after: float
    taken: int
    """Bytes of the input that each was started with."""
    commands: int = 0
    """Commands that each took afterwards."""

    @property
    def each(self) -> float:
        """Bytes of one."""
        return (self.after - self.before) / (self.many - self.few)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "each": self.each}


async def weigh(bench: Bench, played: Played) -> tuple[Weight, ...]:
    """Weigh cases at launch, after a morning's commands, and in the middle of their life.

    Beside them stands a minimal workflow that was started with as long an input, made its one local
    activity and waits: what a cached workflow weighs that knows nothing.
    """
    launched = State.launched(brief(played.file), _today())
    posted = await _compensation_posted(bench, played)
    morning = _first_morning(played)
    return (
        await _weigh(bench, played, "launch", launched),
        await _weigh(bench, played, "morning", launched, morning),
        await _weigh(bench, played, "posted", posted),
        await _weigh_minimal(bench, len(_STATE.dump_json(launched))),
        await _weigh_minimal(bench, len(_STATE.dump_json(posted))),
    )


def _first_morning(played: Played) -> tuple[AnyCommand, ...]:
    """The commands before the first that must wait, all dated today."""
    says = [move for move in played.moves if isinstance(move, Say)]
    first = takewhile(lambda say: say.name in FIRST_MORNING, says)
    return tuple(replace(COMMAND.validate_json(say.content), occurred_on=_today()) for say in first)


def _today() -> date:
    return datetime.now(SHANGHAI).date()


async def _compensation_posted(bench: Bench, played: Played) -> State:
    """The state of a case driven as far as that, its days moved so that it stands there today."""
    file = numbered(played.file, f"{played.file.project.number}-M")
    last = max(
        place
        for place, move in enumerate(played.moves)
        if isinstance(move, Say)
        and move.name == "confirm_posting"
        and json.loads(move.content)["notice"] == "compensation"
    )
    log = bench.folder / "workers.log"
    with Registry.open(bench.settings.registry_url) as registry:
        async with worker_process(bench.settings, "case", log):
            started = await bench.launch(file, registry)
            handle: WorkflowHandle[LandAcquisition, Any]
            handle = bench.client.get_workflow_handle(started.id)
            await drive(handle, bench.skipper, played.moves[: last + 1])
            state = await handle.query(LandAcquisition.state)
            now = await bench.skipper.get_current_time(handle)
            await handle.terminate()
    return _moved(state, _today() - now.astimezone(SHANGHAI).date())


def _moved(state: State, by: timedelta) -> State:
    """The state with every day in it moved."""
    text = _DAY.sub(
        lambda day: str(date.fromisoformat(day.group().decode()) + by).encode(),
        _STATE.dump_json(state),
    )
    return _STATE.validate_json(text)


async def _weigh(
    bench: Bench,
    played: Played,
    stage: str,
    state: State,
    commands: tuple[AnyCommand, ...] = (),
) -> Weight:
    settings = bench.settings.model_copy(update={"task_queue": f"bench-{stage}"})
    few, many = (BUSY_FEW, BUSY_MANY) if commands else (FEW, MANY)
    with Registry.open(settings.registry_url) as registry:

        async def start(number: int) -> None:
            case = numbered(played.file, f"{played.file.project.number}-{stage.upper()}-{number}")
            own = replace(state.brief, case_id=case.project.number, file_digest=digest(case))
            registry.admit(
                own.case_id,
                own.name,
                case.model_dump_json(),
                own.file_digest,
                tuple(dict.fromkeys(township.district for township in own.townships)),
                tuple(township.name for township in own.townships),
                workflow_id(own.case_id),
                datetime.now(UTC),
            )
            handle = await bench.client.start_workflow(
                LandAcquisition.run,
                replace(state, brief=own),
                id=workflow_id(own.case_id),
                task_queue=settings.task_queue,
            )
            for command in commands:
                await patiently(
                    lambda command=command: handle.execute_update(  # type: ignore[misc]
                        command.command, command, id=command.id
                    )
                )
            await _at_rest(handle)

        async with worker_process(settings, "case", bench.folder / "workers.log") as worker:
            before, after = await _grow(worker, start, few, many)
    size = len(_STATE.dump_json(state))
    return Weight(stage, few, many, before, after, size, len(commands))


async def _weigh_minimal(bench: Bench, taken: int) -> Weight:
    name = f"waiting-{taken}"
    plan = Plan(doings={"begin": (Doing(what="local", answered=300),)}, taken=taken)
    plans = bench.folder / f"{name}.json"
    plans.write_bytes(PLANS.dump_json({name: (plan,)}))

    async def start(number: int) -> None:
        handle = await bench.client.start_workflow(
            Minimal.run,
            argument(name, 0, taken),
            id=f"{name}-{number}",
            task_queue=MINIMAL_QUEUE,
        )
        await patiently(lambda: handle.query(ANY_QUERY))

    log = bench.folder / "workers.log"
    async with worker_process(bench.settings, "minimal", log, plans) as worker:
        before, after = await _grow(worker, start, PLAIN_FEW, PLAIN_MANY)
    return Weight("minimal", PLAIN_FEW, PLAIN_MANY, before, after, taken)


async def _grow(worker: WorkerProcess, start: _Start, few: int, many: int) -> tuple[float, float]:
    await some_together(start, range(few), TOGETHER)
    before = await worker.ask("memory")
    await some_together(start, range(few, many), TOGETHER)
    return before, await worker.ask("memory")


async def _at_rest(handle: WorkflowHandle[LandAcquisition, Any]) -> None:
    async with asyncio.timeout(60):
        while True:
            view = await patiently(lambda: handle.query(LandAcquisition.view))
            if view.settled:
                return
            await asyncio.sleep(0.05)
