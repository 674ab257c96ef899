"""A worker that is kept running beside a local server: started again whenever it ends."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from deploy.guarded import Command, Guarded

GRACE_SECONDS = 5.0
LONGEST_PAUSE = 30.0

Ended = Callable[[int, float], None]
"""Told of each end: the exit code, and the seconds until the next start."""


async def keep_working(command: Command, log: Path, ended: Ended, *, first_pause: float) -> None:
    """Run the worker; start it again, each time a little later, whenever it ends."""
    pause = first_pause
    loop = asyncio.get_running_loop()
    while True:
        begun = loop.time()
        worker = Guarded([command], log=log, grace=GRACE_SECONDS)
        try:
            code = await asyncio.to_thread(worker.wait)
        finally:
            worker.stop()
        if loop.time() - begun > LONGEST_PAUSE:
            pause = first_pause
        ended(code, pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
