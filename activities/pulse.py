"""The pulse of an activity: the server hears that it lives, however long a channel takes.

It beats from when the worker takes the activity, also while that waits for a thread. So a worker
that died is noticed within seconds, and one that is busy is not taken for dead.
"""

import asyncio
from datetime import timedelta
from typing import Any

import structlog
from temporalio import activity
from temporalio.worker import (
    ActivityInboundInterceptor,
    ActivityOutboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

logger = structlog.get_logger(__name__)

EVERY = timedelta(seconds=4)
"""A few beats may be lost before a heartbeat timeout of twenty seconds."""


class Pulse(Interceptor):
    """Beats for every activity that is given a heartbeat timeout."""

    def __init__(self, every: timedelta = EVERY) -> None:
        self._every = every

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """As temporalio calls it, once for every activity."""
        return _Beating(next, self._every)


class _Beating(ActivityInboundInterceptor):
    def __init__(self, next: ActivityInboundInterceptor, every: timedelta) -> None:
        super().__init__(next)
        self._every = every.total_seconds()
        self._outbound: ActivityOutboundInterceptor | None = None

    def init(self, outbound: ActivityOutboundInterceptor) -> None:
        """The way to the server; the activity's own is made for its thread."""
        self._outbound = outbound
        super().init(outbound)

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        if activity.info().heartbeat_timeout is None:
            return await super().execute_activity(input)
        beating = asyncio.create_task(self._beat())
        try:
            return await super().execute_activity(input)
        finally:
            beating.cancel()

    async def _beat(self) -> None:
        assert self._outbound is not None
        while True:
            try:
                self._outbound.heartbeat()
            except Exception as error:
                # The next beat may be heard; without any the server takes the activity for dead.
                logger.warning("a heartbeat failed", error=type(error).__name__)
            await asyncio.sleep(self._every)
