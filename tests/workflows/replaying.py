"""Replaying recorded histories in the workers' own sandbox, and what today's code then asks for.

Replay compares the kind and the order of what a workflow asks, not how long its timers last. So the
moments that it asks for are written down beside it, to be compared with those in the history.
"""

from collections.abc import Iterable
from datetime import datetime

from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from case.state import State
from case.telling import Timer
from law.deadline import SHANGHAI
from worker import workflow_runner
from workflows.land_acquisition import LandAcquisition

Asked = tuple[str, datetime]
"""A timer's summary and the moment it ends."""


async def replay(histories: Iterable[WorkflowHistory], kind: type = LandAcquisition) -> None:
    """Replay every run as `kind`. Raises NondeterminismError at the first that diverges."""
    replayer = Replayer(
        workflows=[kind],
        workflow_runner=workflow_runner("tests"),
        data_converter=pydantic_data_converter,
    )
    for history in histories:
        await replayer.replay_workflow(history)


asked: list[Asked] = []
"""What the last replay of a TimekeepingAcquisition asked for, in order."""


@workflow.defn(name="LandAcquisition")
class TimekeepingAcquisition(LandAcquisition):
    """The workflow as it is, writing down the moment of every timer that it starts."""

    @workflow.init
    def __init__(self, state: State) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, state: State) -> object:  # type: ignore[override]
        return await super().run(state)

    async def _await_timer(self, key: str, timer: Timer) -> None:
        asked.append((timer.summary, timer.at.astimezone(SHANGHAI)))
        await super()._await_timer(key, timer)


async def moments_asked(
    histories: Iterable[WorkflowHistory],
    kind: type[TimekeepingAcquisition] = TimekeepingAcquisition,
) -> list[Asked]:
    """What today's code asks to wait for when it lives through `histories` again."""
    asked.clear()
    await replay(histories, kind)
    return list(asked)
