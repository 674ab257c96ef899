"""How many whole cases a server and a worker get through, against minimal workflows."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from temporalio.client import WorkflowHandle

from activities.registry import Registry
from bench.playing import Bench, Played, numbered
from bench.processes import WorkerProcess, worker_process
from bench.script import LIFE_SECONDS, drive
from bench.working import PLANS

AT_ONCE = 6
ROUNDS = 2

Start = Callable[[int], Awaitable[WorkflowHandle[Any, Any]]]


@dataclass(frozen=True, slots=True)
class Rate:
    """Whole lives per second, and the worker's CPU seconds a life: medians of the rounds."""

    lives: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Compared:
    """Both rates, and the ratio of lives per second in each round."""

    at_once: int
    case: Rate
    minimal: Rate
    ratio: float
    least: float
    most: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


async def compare(bench: Bench, played: Played) -> Compared:
    """Drive cases and minimal workflows in turn, AT_ONCE together, by the same moves and calls."""
    plans = bench.folder / "plans.json"
    plans.write_bytes(PLANS.dump_json({played.name: played.plans}))
    log = bench.folder / "workers.log"
    found: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    with Registry.open(bench.settings.registry_url) as registry:

        async def case(number: int) -> WorkflowHandle[Any, Any]:
            file = numbered(played.file, f"{played.file.project.number}-T{number}")
            handle = await bench.launch(file, registry)
            case_id, digest = file.project.number, played.sheet[0]
            registry.register_sheet(case_id, digest, played.sheet_for(case_id), datetime.now(UTC))
            return handle

        async def minimal(number: int) -> WorkflowHandle[Any, Any]:
            return await bench.start_minimal(played.name, f"minimal-{played.name}-T{number}")

        async with (
            worker_process(bench.settings, "case", log) as for_case,
            worker_process(bench.settings, "minimal", log, plans) as for_minimal,
        ):
            for turn in range(ROUNDS):
                numbers = range(turn * AT_ONCE, (turn + 1) * AT_ONCE)
                found[0].append(await _lives(bench, played, for_case, case, numbers))
                found[1].append(
                    await _lives(bench, played, for_minimal, minimal, numbers, as_minimal=True)
                )
    ratios = [mine[0] / theirs[0] for mine, theirs in zip(*found, strict=True)]
    return Compared(
        AT_ONCE,
        _rate(found[0]),
        _rate(found[1]),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
    )


async def _lives(
    bench: Bench,
    played: Played,
    worker: WorkerProcess,
    start: Start,
    numbers: range,
    *,
    as_minimal: bool = False,
) -> tuple[float, float]:
    """Lives per second and the worker's CPU seconds a life."""

    async def live(number: int) -> None:
        started = await start(number)
        handle: WorkflowHandle[Any, Any] = bench.client.get_workflow_handle(started.id)
        await drive(handle, bench.skipper, played.moves, as_minimal=as_minimal)
        async with asyncio.timeout(LIFE_SECONDS):
            await handle.result()

    cpu = await worker.ask("cpu")
    begun = time.perf_counter()
    await asyncio.gather(*(live(number) for number in numbers))
    spent = time.perf_counter() - begun
    return len(numbers) / spent, (await worker.ask("cpu") - cpu) / len(numbers)


def _rate(found: list[tuple[float, float]]) -> Rate:
    return Rate(
        statistics.median(lives for lives, _ in found), statistics.median(cpu for _, cpu in found)
    )
