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

from activities.channels.exchange import Exchange
from activities.clock import TakenAt
from activities.measuring import Measures
from activities.moving import Moving
from activities.office.reminder_settings import Office, office_faults
from activities.pulse import Pulse
from activities.registry import Registry
from activities.settling import Settling
from activities.telling.alarm import Alarms
from activities.telling.courier import Courier
from activities.telling.digest import Digests
from activities.telling.feeds import Feeds
from activities.telling.reminders import Reminders
from activities.telling.watchdog import Watching
from deploy.client import connect
from deploy.logs import configure_logging
from deploy.schedules import ensure_schedules
from deploy.settings import Settings, load
from deploy.telemetry import MetricsUnusable, runtime
from desk.cases import office_calendar
from desk.errors import BadInput
from workflows.digest import MorningDigest
from workflows.land_acquisition import LandAcquisition
from workflows.moving_dates import MoveDates
from workflows.watchdog import Watchdog

ACTIVITY_THREADS = 20
ACTIVITIES_AT_ONCE = 16
"""Fewer than there are threads: what counts and records a command beside its workflow task does
not wait for a thread behind a mail server that is slow to answer."""
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

    What the office keeps is read as it stands at each use: papers, reminders, templates.
    """
    office = Office(settings.office)
    courier = Courier(registry, Exchange(office, settings.outbox))
    moving = Moving(client, registry, office)
    watching = Watching(registry, office, client)
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=[LandAcquisition, MoveDates, MorningDigest, Watchdog],
        activities=[
            Settling(registry, office).settle,
            Measures(registry, settings.office).measure,
            Reminders(registry, courier, office).send_reminders,
            moving.dependent_cases,
            moving.move_dates,
            Digests(registry, courier, office).send_digests,
            Feeds(registry, settings.feeds, office).write_feeds,
            watching.find_late_rungs,
            watching.find_stopped_cases,
            watching.wake_late_cases,
            Alarms(courier, office).send_alarm,
        ],
        activity_executor=ThreadPoolExecutor(ACTIVITY_THREADS),
        max_concurrent_activities=ACTIVITIES_AT_ONCE,
        interceptors=[TakenAt(), Pulse()],
        workflow_runner=workflow_runner(),
        max_cached_workflows=cached_cases,
    )


async def main() -> None:
    """Work until asked to stop, then finish what is under way.

    Raises BadInput, before anything is connected or sent, where the office's papers, settings,
    templates or secrets are faulty: with all of it at once.
    """
    configure_logging()
    settings = load()
    office_calendar(settings)
    if faults := office_faults(settings.office):
        raise BadInput.listing(faults)
    try:
        shown = runtime(settings)
    except MetricsUnusable as error:
        raise BadInput(str(error)) from error
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    with Registry.open(settings.registry_url) as registry:
        client = await connect(settings, shown)
        async with new_worker(client, settings, registry):
            await ensure_schedules(client, settings, Office(settings.office).reminders().digest_at)
            await stop.wait()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except BadInput as refused:
        refused.show()
        sys.exit(refused.exit_code)
