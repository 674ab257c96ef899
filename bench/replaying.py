"""What replaying a case costs, against a minimal workflow with the same events."""

import statistics
import time
from dataclasses import asdict, dataclass
from typing import Any

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from bench.history import Run
from bench.minimal import Minimal
from bench.working import case_runner, minimal_runner
from workflows.land_acquisition import LandAcquisition

ROUNDS = 7
WARM_UPS = 1


@dataclass(frozen=True, slots=True)
class Cost:
    """Process CPU time per event, in microseconds: the median of the rounds, and the extremes."""

    median: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Replayed:
    """Both costs, and their ratio in each round."""

    case: Cost
    minimal: Cost
    ratio: float
    """Median of the rounds' ratios."""
    least: float
    most: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def replayers() -> tuple[Replayer, Replayer]:
    """The case's and the minimal workflow's, each with the sandbox and converter of worker.py."""
    return (
        Replayer(
            workflows=[LandAcquisition],
            workflow_runner=case_runner(),
            data_converter=pydantic_data_converter,
        ),
        Replayer(
            workflows=[Minimal],
            workflow_runner=minimal_runner(),
            data_converter=pydantic_data_converter,
        ),
    )


async def replay_cost(case: tuple[Run, ...], minimal: tuple[Run, ...]) -> Replayed:
    """Replay both in this process; raises what a replay that diverges raises.

    They take turns run by run, within a fraction of a second, so that whatever else the machine
    does bears on both alike.
    """
    for_case, for_minimal = replayers()
    costs: tuple[list[float], list[float]] = ([], [])
    events = [sum(len(run.real) for run in runs) for runs in (case, minimal)]
    for number in range(ROUNDS + WARM_UPS):
        spent = [0.0, 0.0]
        for mine, theirs in zip(case, minimal, strict=True):
            for which, (replayer, run) in enumerate(((for_case, mine), (for_minimal, theirs))):
                begun = time.process_time()
                await replayer.replay_workflow(run.to_replay())
                spent[which] += time.process_time() - begun
        if number >= WARM_UPS:
            for found, seconds, count in zip(costs, spent, events, strict=True):
                found.append(seconds / count * 1e6)
    ratios = [mine / theirs for mine, theirs in zip(*costs, strict=True)]
    return Replayed(
        _cost(costs[0]), _cost(costs[1]), statistics.median(ratios), min(ratios), max(ratios)
    )


def _cost(found: list[float]) -> Cost:
    return Cost(statistics.median(found), min(found), max(found))
