"""The case's clock: the server's time, and what has passed since the worker took the activity."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from activities.clock import TakenAt, case_clock

STARTED = datetime(2027, 2, 1, 0, 30, tzinfo=UTC)


def _twice() -> tuple[datetime, datetime]:
    first = case_clock()
    time.sleep(0.05)
    return first, case_clock()


def _started(at: datetime) -> ActivityEnvironment:
    running = ActivityEnvironment()
    running.info = replace(running.info, started_time=at)
    return running


def test_time_passes_from_the_servers_time_of_the_start() -> None:
    for started in (STARTED, STARTED - timedelta(days=40), STARTED):
        first, second = _started(started).run(_twice)
        assert first - started < timedelta(milliseconds=40)
        assert timedelta(milliseconds=50) <= second - first < timedelta(seconds=5)


class Queue(ActivityInboundInterceptor):
    """What the worker does with an activity: it waits for a thread, and runs there."""

    def __init__(self) -> None:
        """There is nothing further inside."""

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        """Run the function late, in a thread, in a copy of the context."""
        await asyncio.sleep(0.05)
        context = copy_context()
        with ThreadPoolExecutor(1) as pool:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(pool, context.run, input.fn)


def test_what_an_activity_waits_for_a_thread_has_passed_too() -> None:
    async def work() -> datetime:
        noting = TakenAt().intercept_activity(Queue())
        asked = ExecuteActivityInput(fn=case_clock, args=(), executor=None, headers={})
        found: datetime = await noting.execute_activity(asked)
        return found

    for started in (STARTED, STARTED - timedelta(days=40)):
        found = asyncio.run(_started(started).run(work))
        assert timedelta(milliseconds=50) <= found - started < timedelta(seconds=5)
