"""Workflows that differ from LandAcquisition on purpose: what the golden histories must catch."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from temporalio import workflow

from case.commands import AnyCommand
from case.state import State
from case.telling import Timer
from tests.workflows.replaying import TimekeepingAcquisition
from workflows.accepted import Outcome
from workflows.land_acquisition import LandAcquisition


@workflow.defn(name="LandAcquisition")
class OneTimerMore(LandAcquisition):
    """Waits for something nobody waited for."""

    @workflow.init
    def __init__(self, state: State) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, state: State) -> Outcome:
        asyncio.create_task(workflow.sleep(timedelta(days=1)))  # noqa: RUF006
        return await super().run(state)


@workflow.defn(name="LandAcquisition")
class ShowsLast(LandAcquisition):
    """Shows a change after its timers have begun, instead of before."""

    @workflow.init
    def __init__(self, state: State) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, state: State) -> Outcome:
        return await super().run(state)

    def _show(self, now: datetime) -> None:
        asyncio.create_task(self._show_later(now))  # noqa: RUF006

    async def _show_later(self, now: datetime) -> None:
        await asyncio.sleep(0)
        super()._show(now)


@workflow.defn(name="LandAcquisition")
class TellsNobody(LandAcquisition):
    """Sends no reminders."""

    @workflow.init
    def __init__(self, state: State) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, state: State) -> Outcome:
        return await super().run(state)

    def _tell(self, *, looking_again: bool = False) -> None:
        pass


@workflow.defn(name="LandAcquisition")
class RecordsNothing(LandAcquisition):
    """Accepts every command and lets nothing follow from it."""

    @workflow.init
    def __init__(self, state: State) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, state: State) -> Outcome:
        return await super().run(state)

    async def _follow(self, command: AnyCommand | None) -> None:
        pass


@workflow.defn(name="LandAcquisition")
class AnotherAltogether:
    """Another workflow under the same name."""

    @workflow.run
    async def run(self, state: State) -> None:
        await workflow.sleep(timedelta(days=365), summary=state.brief.name)


DIVERGING: tuple[type, ...] = (
    AnotherAltogether,
    OneTimerMore,
    ShowsLast,
    TellsNobody,
    RecordsNothing,
)
"""Each must fail to replay."""


@workflow.defn(name="LandAcquisition")
class WeekLate(TimekeepingAcquisition):
    """Every notice hangs a week longer than it must: the kind and order of events stay the same."""

    @workflow.init
    def __init__(self, state: State) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, state: State) -> object:  # type: ignore[override]
        return await super().run(state)

    async def _await_timer(self, key: str, timer: Timer) -> None:
        at: datetime = timer.at
        if key.startswith("period/"):
            at += timedelta(weeks=1)
        await super()._await_timer(key, replace(timer, at=at))
