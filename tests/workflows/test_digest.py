"""The morning digest on a real server: by its schedule, on a rest day, and with a channel down."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from temporalio.client import Client, ScheduleActionExecutionStartWorkflow, WorkflowHandle
from temporalio.testing import TimeSkipper, TimeSkippingConfig
from temporalio.worker import Worker

from activities.clock import case_clock
from activities.office.reminder_settings import Office
from activities.registry import Registry
from activities.telling.courier import Courier
from activities.telling.digest import Digests
from activities.telling.feeds import Feeds
from case.digest import DigestSent
from deploy.client import connect
from deploy.schedules import MORNING_DIGEST, WATCHDOG, ensure_schedules
from deploy.server import LocalServer
from deploy.settings import Settings
from law import SHANGHAI
from law.calendar import official_calendar
from tests.activities.samples import admit, duty, records
from tests.activities.telling.test_digest import Board, Line
from worker import workflow_runner
from workflows.digest import MorningDigest

LOOKS = 500
LOOK_AGAIN_SECONDS = 0.02


@dataclass(frozen=True)
class Morning:
    """An installation with one case, whose bureau's head alone is reached by a robot."""

    settings: Settings
    client: Client
    registry: Registry
    line: Line

    def owes(self, last_day: date) -> None:
        owed = duty(
            "b-1",
            unit="bureau",
            unit_name="市自然资源和规划局",
            township=None,
            last_day=last_day,
        )
        self.registry.record(replace(records(), duties=(owed,)))

    def worker(self, clock: Callable[[], datetime] = case_clock) -> Worker:
        office = Office(self.settings.office)
        courier = Courier(self.registry, Board(self.settings.outbox, dingtalk=self.line))
        return Worker(
            self.client,
            task_queue=self.settings.task_queue,
            workflows=[MorningDigest],
            activities=[
                Digests(self.registry, courier, office, clock).send_digests,
                Feeds(self.registry, self.settings.feeds, office).write_feeds,
            ],
            activity_executor=ThreadPoolExecutor(4),
            workflow_runner=workflow_runner(),
        )

    def letters(self) -> list[str]:
        return sorted(each.name for each in self.settings.outbox.glob("*.txt"))

    def feeds(self) -> list[str]:
        return sorted(each.name for each in self.settings.feeds.glob("*.ics"))

    async def run(self, day: date, clock: Callable[[], datetime]) -> DigestSent:
        async with self.worker(clock):
            return await self.client.execute_workflow(
                MorningDigest.run,
                day,
                id=f"digest-{uuid4().hex}",
                task_queue=self.settings.task_queue,
            )


@pytest_asyncio.fixture
async def morning(server: LocalServer, tmp_path: Path) -> AsyncIterator[Morning]:
    settings = Settings(
        temporal_address=server.address,
        namespace=server.namespace,
        registry_url=f"sqlite:///{tmp_path / 'registry.db'}",
        outbox=tmp_path / "outbox",
        office=tmp_path / "office",
        feeds=tmp_path / "feeds",
        task_queue=f"test-{uuid4().hex[:8]}",
    )
    settings.office.mkdir()
    (settings.office / "reminders.yaml").write_text('digest_at: "08:30"\n', "utf-8")
    with Registry.open(settings.registry_url) as registry:
        admit(registry)
        yield Morning(settings, await connect(settings), registry, Line(settings.outbox))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


async def eventually(holds: Callable[[], bool]) -> None:
    for _ in range(LOOKS):
        if holds():
            return
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    raise AssertionError("it did not come about")


async def test_the_schedule_sends_todays_digest_and_nothing_on_a_rest_day(
    morning: Morning,
) -> None:
    """The run asks for the day on which it starts: what comes of it depends on today."""
    today = datetime.now(SHANGHAI).date()
    morning.owes(today)
    await ensure_schedules(morning.client, morning.settings)
    schedule = morning.client.get_schedule_handle(MORNING_DIGEST)
    try:
        async with morning.worker(lambda: at(today, 8, 30)):
            await schedule.trigger()
            started = await _started(morning.client)
            sent = await started.result()
    finally:
        for id_ in (MORNING_DIGEST, WATCHDOG):
            await morning.client.get_schedule_handle(id_).delete()
    worked = official_calendar().is_working(today)
    number = 2 if worked else 0
    assert sent == DigestSent(day=today, units=number // 2, sent=number)
    assert len(morning.letters()) == number
    assert len(morning.feeds()) == 5


async def _started(client: Client) -> WorkflowHandle[MorningDigest, DigestSent]:
    for _ in range(LOOKS):
        found = await client.get_schedule_handle(MORNING_DIGEST).describe()
        for each in found.info.recent_actions:
            assert isinstance(each.action, ScheduleActionExecutionStartWorkflow)
            return client.get_workflow_handle_for(MorningDigest.run, each.action.workflow_id)
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    raise AssertionError("the schedule started nothing")


@pytest.mark.parametrize(
    ("day", "sent"),
    [(date(2026, 10, 3), 0), (date(2026, 10, 10), 2)],  # 国庆；为它上班的星期六
)
async def test_on_working_days_only(morning: Morning, day: date, sent: int) -> None:
    morning.owes(day)
    found = await morning.run(day, lambda: at(day, 8, 30))
    assert (found.day, found.sent, len(morning.letters())) == (day, sent, sent)
    assert len(morning.feeds()) == 5


async def test_a_second_run_of_the_morning_sends_nothing_twice(morning: Morning) -> None:
    day = date(2026, 11, 24)
    morning.owes(day)
    first = await morning.run(day, lambda: at(day, 8, 30))
    letters = morning.letters()
    assert await morning.run(day, lambda: at(day, 10)) == first
    assert morning.letters() == letters


async def test_it_waits_for_the_morning_and_then_for_a_channel(morning: Morning) -> None:
    """In virtual time: the day is still to come, and its robot is down for the first minutes."""
    calendar = official_calendar()
    day = calendar.nth_working_day_after(datetime.now(SHANGHAI).date(), 2)
    morning.owes(day)
    morning.line.down = True
    skipper = TimeSkipper(
        morning.client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=1000)
    )
    async with asyncio.timeout(60), morning.worker():
        handle = await skipper.client.start_workflow(
            MorningDigest.run,
            day,
            id=f"digest-{uuid4().hex}",
            task_queue=morning.settings.task_queue,
        )
        await _forward(skipper, handle, at(day, 8))
        assert morning.letters() == []
        await _forward(skipper, handle, at(day, 8, 30) + timedelta(seconds=30))
        await eventually(lambda: len(morning.letters()) == 1)
        morning.line.down = False
        await _forward(skipper, handle, at(day, 8, 40))
        sent = await handle.result()
    assert sent == DigestSent(day=day, units=1, sent=2)
    assert len(morning.letters()) == 2
    moments = [each.sent_at for each in morning.registry.deliveries() if each.sent_at]
    assert len(moments) == 2
    assert all(at(day, 8, 30) <= moment < at(day, 8, 40) for moment in moments)


async def _forward(
    skipper: TimeSkipper, handle: WorkflowHandle[MorningDigest, DigestSent], to: datetime
) -> None:
    now = await skipper.get_current_time(handle)
    if to > now:
        await skipper.fast_forward(handle, to - now)
