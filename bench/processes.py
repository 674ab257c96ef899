"""A worker in a process of its own, which can be asked what it costs."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.settings import REPOSITORY, Settings

ANSWER_SECONDS = 60.0


class WorkerProcess:
    """A running `python -m bench.working …`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, question: str) -> float:
        """What it answers to "memory" (bytes) or "cpu" (seconds); raises TimeoutError."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{question}\n".encode())
        async with asyncio.timeout(ANSWER_SECONDS):
            line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("a worker of the bench has ended by itself")
        return float(line)

    async def stop(self) -> None:
        """Let it end, and see that it does."""
        assert self._process.stdin
        self._process.stdin.close()
        try:
            async with asyncio.timeout(20):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def worker_process(
    settings: Settings, which: str, log: Path, plans: Path | None = None
) -> AsyncIterator[WorkerProcess]:
    """A worker for "case", "bare" or "minimal" on the settings' queue, as long as the block."""
    environment = {**os.environ, **settings.environment()}
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bench.working",
            which,
            *((str(plans),) if plans else ()),
            cwd=REPOSITORY,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
        )
    worker = WorkerProcess(process)
    try:
        await worker.ask("cpu")
        yield worker
    finally:
        await worker.stop()
