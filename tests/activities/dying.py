"""Processes that are killed by SIGKILL at a chosen point of their work in the registry."""

import os
import signal
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event


def die_at(statement: int, engine: Engine) -> None:
    """Kill this process before its n-th statement, or before the commit that follows the last."""
    left = [statement]

    def step(*_: object) -> None:
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1

    event.listen(engine, "before_cursor_execute", step)
    event.listen(engine, "commit", step)


def forked(work: Callable[..., None], *given: Any) -> int:
    """How a forked process ended: 0, or minus the signal. Not from a process with threads."""
    child = os.fork()
    if child == 0:
        try:
            work(*given)
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
