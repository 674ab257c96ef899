"""What the watchdog does in the world: it looks for silence, and wakes cases that are late.

Seen from outside the cases: from the registry's rows, and from the server's list of what runs.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from temporalio import activity
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities import metrics
from activities.office.reminder_settings import Office, ReminderSettings
from activities.registry import RegisteredCase, Registry
from case.ladder import Ladders
from case.watching import (
    Late,
    LateRungs,
    Stopped,
    known_since,
    late_before,
    maybe_silent,
    patience,
    silent,
)
from law.calendar import WorkingCalendar

logger = structlog.get_logger(__name__)

T = TypeVar("T")

WAKE = "nudge"
"""The signal by which a case is made to look at its reminders at once."""
AT_ONCE = 8
"""Cases asked about, or woken, at the same time."""
LISTED = 500
"""Late reminders carried through a look, the oldest; they are all counted."""
ADMITTED = "admitted"
STARTED_WITHIN = timedelta(hours=1)
"""How long after its admission a case's workflow may be missing; it can be launched again."""

RUNNING = "WorkflowType = 'LandAcquisition' AND ExecutionStatus = 'Running'"
WOKEN = f"{RUNNING} AND ReminderLate = 'true'"

ENDED = {
    WorkflowExecutionStatus.COMPLETED: "流程已经结束，登记簿仍写办理中",
    WorkflowExecutionStatus.FAILED: "流程出错停止",
    WorkflowExecutionStatus.CANCELED: "流程被取消",
    WorkflowExecutionStatus.TERMINATED: "流程被人工终止",
    WorkflowExecutionStatus.TIMED_OUT: "流程超时停止",
}
NOT_THERE = "服务器上没有这个流程"
NEVER_STARTED = "流程从未启动"


class Watching:
    """The activities of the watchdog."""

    def __init__(self, registry: Registry, office: Office, client: Client) -> None:
        self._registry = registry
        self._office = office
        self._client = client

    @activity.defn(name="find_late_rungs")
    def find_late_rungs(self, now: datetime) -> LateRungs:
        """What should have been told before `now`, a decent while ago, and was not; oldest first.

        Also shown as a metric. Raises CalendarUnusable and SettingsUnusable.
        """
        late = late_reminders(
            self._registry, self._office.calendar(), self._office.reminders(), now
        )
        metrics.late_reminders(len(late))
        logger.info("looked for late reminders", late=len(late))
        return LateRungs(count=len(late), oldest=late[:LISTED])

    @activity.defn(name="find_stopped_cases")
    async def find_stopped_cases(self, now: datetime) -> list[Stopped]:
        """Cases that the registry holds to be under way and whose workflow does not run.

        Raises RPCError where the server does not answer.
        """
        under_way = [case for case in await self._cases() if _should_run(case, now)]
        running = {id_ async for id_ in self._listed(RUNNING)} if under_way else set()
        # The list may be some seconds behind, so that each case missing there is asked about.
        missing = [case for case in under_way if case.workflow_id not in running]
        asked = await _bounded(self._became(case) for case in missing)
        gone = {case.case_id: said for case, said in zip(missing, asked, strict=True) if said}
        # One that ended while it was looked for has said so in the registry by now.
        still = {case.case_id for case in await self._cases() if _should_run(case, now)}
        found = [
            Stopped(case_id=case.case_id, workflow_id=case.workflow_id, said=gone[case.case_id])
            for case in missing
            if case.case_id in gone and case.case_id in still
        ]
        metrics.stopped_cases(len(found))
        for each in found:
            logger.error("the workflow of a case does not run", case_id=each.case_id)
        return found

    async def _cases(self) -> tuple[RegisteredCase, ...]:
        return await asyncio.to_thread(self._registry.cases)

    async def _became(self, case: RegisteredCase) -> str | None:
        """What became of a case's workflow, in Chinese; None where it runs."""
        try:
            description = await self._client.get_workflow_handle(case.workflow_id).describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return NEVER_STARTED if case.status == ADMITTED else NOT_THERE
            raise
        return ENDED.get(description.status) if description.status else None

    async def _listed(self, query: str) -> AsyncIterator[str]:
        async for each in self._client.list_workflows(query, page_size=1000):
            yield each.id

    @activity.defn(name="wake_late_cases")
    async def wake_late_cases(self, workflow_ids: list[str]) -> int:
        """Make cases look at their reminders at once; how many were woken.

        One that was woken before and still shows itself as late tries again by itself, and one
        that has ended needs nothing. Raises RPCError where the server does not answer.
        """
        woken = {id_ async for id_ in self._listed(WOKEN)} if workflow_ids else set()
        return sum(
            await _bounded(self._wake(id_) for id_ in workflow_ids if id_ not in woken),
        )

    async def _wake(self, workflow_id: str) -> bool:
        try:
            await self._client.get_workflow_handle(workflow_id).signal(WAKE)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return True


def late_reminders(
    registry: Registry, calendar: WorkingCalendar, settings: ReminderSettings, now: datetime
) -> tuple[Late, ...]:
    """What should have been told before `now`, a decent while ago, and was not; oldest first.

    How long is decent, `case.watching` says, in office time. Raises BadPeriod outside the calendar.
    """
    before = late_before(now, patience(settings.ladders), settings.hours, calendar)
    found = (
        *registry.untold(now, now - before),
        *_silent(registry, now, before, calendar=calendar, ladders=settings.ladders),
    )
    return tuple(sorted(found, key=lambda each: (each.at, each.case_id, each.duty_id, each.rung)))


def _silent(
    registry: Registry,
    now: datetime,
    before: datetime,
    *,
    calendar: WorkingCalendar,
    ladders: Ladders,
) -> Iterator[Late]:
    """Duties that should have been told, whatever the cases planned, and never were."""
    running = {case.case_id: case for case in registry.cases() if case.status == "running"}
    for duty in registry.duties(open_only=True):
        case = running.get(duty.case_id)
        if case is None or not maybe_silent(duty, now, before, calendar):
            continue
        sent = registry.deliveries(duty.case_id, duty.duty_id)
        if any(each.state in {"sent", "withdrawn"} for each in sent):
            continue
        late = silent(
            duty,
            known_since(duty, registry.entries(duty.case_id)),
            case.workflow_id,
            before,
            calendar=calendar,
            ladders=ladders,
        )
        if late:
            yield late


def _should_run(case: RegisteredCase, now: datetime) -> bool:
    if case.status == ADMITTED:
        return case.admitted_at + STARTED_WITHIN < now
    return case.status in {"running", "suspended"}


async def _bounded(asked: Iterable[Awaitable[T]]) -> list[T]:
    """The answers in their order, AT_ONCE asked for at the same time."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(each: Awaitable[T]) -> T:
        async with free:
            return await each

    return list(await asyncio.gather(*map(one, asked)))
