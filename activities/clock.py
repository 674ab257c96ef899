"""The case's clock inside an activity: the server's time of its start, and what has passed since.

The machine's own clock will not do: where a rehearsal skips a month in a second, the server's time
of the case does too, and that is the time by which hours, pauses and throttles are counted.
"""

import time
from contextvars import ContextVar
from datetime import datetime, timedelta

from temporalio import activity

_begun: ContextVar[tuple[activity.Info, float] | None] = ContextVar("begun", default=None)


def case_clock() -> datetime:
    """The case's time now; only inside an activity.

    What has passed is counted from the first call, so an activity calls it as it begins.
    """
    info = activity.info()
    begun = _begun.get()
    if begun is None or begun[0] is not info:
        # A thread is used again by other activities: what an earlier one left is not ours.
        begun = (info, time.monotonic())
        _begun.set(begun)
    return info.started_time + timedelta(seconds=time.monotonic() - begun[1])
