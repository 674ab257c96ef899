"""The case's clock inside an activity: the server's time of its start, and what has passed since.

The machine's own clock will not do: where a rehearsal skips a month in a second, the server's time
of the case does too, and that is the time by which hours, pauses and throttles are counted.
"""

import time
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

_taken: ContextVar[tuple[activity.Info, float] | None] = ContextVar("taken", default=None)


class TakenAt(Interceptor):
    """Notes for case_clock when the worker takes an activity, before it waits for a thread."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """As temporalio calls it, once for every activity."""
        return _Taking(next)


class _Taking(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        _note(activity.info())
        return await super().execute_activity(input)


def case_clock() -> datetime:
    """The case's time now; only inside an activity.

    What has passed is counted from when the worker took the activity, and from the first call
    where the worker has no TakenAt.
    """
    info = activity.info()
    taken = _taken.get()
    if taken is None or taken[0] is not info:
        # A thread is used again by other activities: what an earlier one left is not ours.
        taken = _note(info)
    return info.started_time + timedelta(seconds=time.monotonic() - taken[1])


def _note(info: activity.Info) -> tuple[activity.Info, float]:
    taken = info, time.monotonic()
    _taken.set(taken)
    return taken
