"""The workers of the bench: the case's own, and the minimal workflow's with the same settings.

As a program, `python -m bench.working case`, `… bare` or `… minimal PLANS`, it is a worker in a
process of its own, which answers on its output whatever is asked on its input, a line each:
    memory    collect garbage, give freed memory back, and say the resident set's size in bytes
    cpu       say the process's CPU time in seconds
It ends when its input does.
"""

import asyncio
import ctypes
import gc
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import structlog
from pydantic import TypeAdapter
from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.registry import Registry
from bench.bare import Bare
from bench.minimal import Minimal, Plan, learn, settle_nothing, tell_nobody
from deploy.client import connect
from deploy.settings import load
from worker import ACTIVITY_THREADS, PASSED_THROUGH, new_worker

MINIMAL_QUEUE = "bench-minimal"
CACHED = 1000
PLANS: TypeAdapter[dict[str, tuple[Plan, ...]]] = TypeAdapter(dict[str, tuple[Plan, ...]])


def quiet() -> None:
    """Keep what activities log off the screen."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))


def case_runner() -> SandboxedWorkflowRunner:
    """The sandbox that worker.py runs cases in."""
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    )


def minimal_runner() -> SandboxedWorkflowRunner:
    """The same sandbox; the minimal workflow's modules pass through as the case's do."""
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH, "bench")
    )


def minimal_worker(client: Client) -> Worker:
    """A worker for minimal workflows, set up as worker.py sets up the case's."""
    return Worker(
        client,
        task_queue=MINIMAL_QUEUE,
        workflows=[Minimal],
        activities=[settle_nothing, tell_nobody],
        activity_executor=ThreadPoolExecutor(ACTIVITY_THREADS),
        workflow_runner=minimal_runner(),
        max_cached_workflows=CACHED,
    )


def resident() -> int:
    """Bytes of this process in memory, garbage collected and freed memory given back."""
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096


def bare_worker(client: Client, queue: str) -> Worker:
    """A worker for workflows of one timer, with the case's sandbox."""
    return Worker(
        client,
        task_queue=queue,
        workflows=[Bare],
        workflow_runner=minimal_runner(),
        max_cached_workflows=CACHED,
    )


async def _answer() -> None:
    while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
        print(resident() if line == "memory" else time.process_time(), flush=True)


async def _main(which: str) -> None:
    quiet()
    settings = load()
    client = await connect(settings)
    if which == "case":
        with Registry.open(settings.registry_url) as registry:
            async with new_worker(client, settings, registry, cached_cases=CACHED):
                await _answer()
    elif which == "bare":
        async with bare_worker(client, settings.task_queue):
            await _answer()
    else:
        async with minimal_worker(client):
            await _answer()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        for plan_name, found in PLANS.validate_json(Path(sys.argv[2]).read_bytes()).items():
            learn(plan_name, found)
    asyncio.run(_main(sys.argv[1]))
