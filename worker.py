"""The worker: the process that runs the workflows and the activities of all cases."""

if __name__ == "__main__":
    from deploy.interpreter import use_project_interpreter

    use_project_interpreter()

import asyncio
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.measuring import Measures
from activities.office import working_calendar
from activities.outbox import Outbox
from activities.registry import Registry
from activities.reminders import Reminders
from activities.settling import Settling
from deploy.client import connect
from deploy.logs import configure_logging
from deploy.settings import Settings, load
from desk.cases import office_calendar
from desk.errors import BadInput
from workflows.land_acquisition import LandAcquisition

ACTIVITY_THREADS = 20
PASSED_THROUGH = ("case", "law", "pydantic", "pydantic_core", "workflows")
"""Modules without state of their own, shared by all cases: a copy each would cost a megabyte."""


def workflow_runner(*also_passed_through: str) -> SandboxedWorkflowRunner:
    """The sandbox in which cases run, and in which their recorded histories are replayed."""
    modules = (*PASSED_THROUGH, *also_passed_through)
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*modules)
    )


def new_worker(
    client: Client, settings: Settings, registry: Registry, *, cached_cases: int = 1000
) -> Worker:
    """A worker on the settings' task queue; it keeps up to `cached_cases` cases in memory.

    It counts by the papers adopted when it started. Raises CalendarUnusable where one is faulty.
    """
    calendar = working_calendar(settings.office)
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=[LandAcquisition],
        activities=[
            Settling(registry, calendar).settle,
            Measures(registry, settings.office).measure,
            Reminders(registry, Outbox(settings.outbox), calendar).send_reminders,
        ],
        activity_executor=ThreadPoolExecutor(ACTIVITY_THREADS),
        workflow_runner=workflow_runner(),
        max_cached_workflows=cached_cases,
    )


async def main() -> None:
    """Work until asked to stop, then finish what is under way.

    Raises BadInput, before anything is connected, where an adopted holiday paper is faulty.
    """
    configure_logging()
    settings = load()
    office_calendar(settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    with Registry.open(settings.registry_url) as registry:
        async with new_worker(await connect(settings), settings, registry):
            await stop.wait()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except BadInput as refused:
        refused.show()
        sys.exit(refused.exit_code)
