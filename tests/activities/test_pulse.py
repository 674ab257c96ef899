"""The pulse: beats from when the worker takes an activity until its end, whatever it waits for."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from temporalio.activity import Info
from temporalio.testing import ActivityEnvironment
from temporalio.worker import (
    ActivityInboundInterceptor,
    ActivityOutboundInterceptor,
    ExecuteActivityInput,
)

from activities.pulse import Pulse

SOON = timedelta(milliseconds=1)


class Server(ActivityOutboundInterceptor):
    """Hears the beats; fails to at first, as often as it is told."""

    def __init__(self, deaf: int = 0) -> None:
        self.beats = 0
        self.heard = asyncio.Event()
        self._deaf = deaf

    def info(self) -> Info:
        """Not asked for."""
        raise NotImplementedError

    def heartbeat(self, *details: Any) -> None:
        """One beat."""
        self.beats += 1
        if self.beats <= self._deaf:
            raise TimeoutError("the worker is busy")
        if self.beats >= self._deaf + 3:
            self.heard.set()


class Silent(ActivityInboundInterceptor):
    """An activity that says nothing itself until three beats were heard."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def init(self, outbound: ActivityOutboundInterceptor) -> None:
        """Nothing is passed on."""

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        """End once they are, or fail."""
        async with asyncio.timeout(5):
            await self._server.heard.wait()
        return "done"


def _lived(timeout: timedelta | None, server: Server, activity: ActivityInboundInterceptor) -> Any:
    """What came of the activity, run with such a heartbeat timeout."""
    running = ActivityEnvironment()
    running.info = replace(running.info, heartbeat_timeout=timeout)

    async def work() -> Any:
        beating = Pulse(SOON).intercept_activity(activity)
        beating.init(server)
        asked = ExecuteActivityInput(fn=len, args=(), executor=None, headers={})
        found = await beating.execute_activity(asked)
        before = server.beats
        await asyncio.sleep(0.01)
        assert server.beats == before, "nothing beats after the end"
        return found

    return asyncio.run(running.run(work))


@pytest.mark.parametrize("deaf", [0, 2])
def test_it_beats_while_the_activity_waits_and_no_longer(deaf: int) -> None:
    server = Server(deaf)
    assert _lived(timedelta(seconds=20), server, Silent(server)) == "done"


def test_an_activity_without_a_heartbeat_timeout_has_none() -> None:
    server = Server()
    server.heard.set()
    assert _lived(None, server, Silent(server)) == "done"
    assert server.beats == 0
