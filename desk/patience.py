"""Asking again: a worker that was stopped and is started again must not end a rehearsal."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError, RPCStatusCode

T = TypeVar("T")

TRIES = 40
PAUSE_SECONDS = 0.5
_PASSING = {
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.UNAVAILABLE,
    RPCStatusCode.CANCELLED,
    RPCStatusCode.FAILED_PRECONDITION,
    RPCStatusCode.RESOURCE_EXHAUSTED,
}


async def patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """What `ask` answers; asked again, a bounded number of times, while nobody is there to answer.

    What is asked must be harmless when repeated: a query, or an update with an id of its own.
    """
    for _ in range(TRIES - 1):
        try:
            return await ask()
        except WorkflowUpdateRPCTimeoutOrCancelledError:
            pass
        except RPCError as error:
            if error.status not in _PASSING:
                raise
        await asyncio.sleep(PAUSE_SECONDS)
    return await ask()
