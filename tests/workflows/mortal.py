"""A worker process that dies (SIGKILL) in the middle of its work, and another that takes over."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

from deploy.guarded import Command, Guarded
from deploy.settings import REPOSITORY
from desk.player import Told
from tests.workflows.playing import Stage, StepwisePlayer


class MortalWorker:
    """One `worker.py` after another; killed in the turns that the seed draws."""

    def __init__(self, *, seed: int, turns: int, deaths: int, longest: float) -> None:
        """`deaths` of the first `turns` turns, each within `longest` seconds of its start."""
        self._random = Random(seed)
        self._fatal = set(self._random.sample(range(turns), deaths))
        self._longest = longest
        self._turn = 0
        self.deaths = 0
        self._worker: Guarded

    @asynccontextmanager
    async def working(self, stage: Stage) -> AsyncIterator[object]:
        """Workers for the whole play."""
        self._start(stage)
        try:
            yield self
        finally:
            await asyncio.to_thread(self._worker.stop)

    async def turn(self, stage: Stage, player: StepwisePlayer, told: Told) -> bool:
        """One turn, in the course of which the worker may die."""
        fatal = self._turn in self._fatal
        self._turn += 1
        dying = asyncio.create_task(self._die(stage)) if fatal else None
        goes_on = await player.turn(told)
        if dying:
            await dying
        return goes_on

    def _start(self, stage: Stage) -> None:
        worker = Command((sys.executable, "worker.py"), REPOSITORY, stage.settings.environment())
        self._worker = Guarded([worker], log=stage.folder / "worker.log", grace=5)

    async def _die(self, stage: Stage) -> None:
        await asyncio.sleep(self._random.uniform(0, self._longest))
        os.killpg(self._worker.group, signal.SIGKILL)
        await asyncio.to_thread(self._worker.wait)
        self.deaths += 1
        self._start(stage)
