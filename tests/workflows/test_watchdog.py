"""Silence is noticed: a case that slept over its rung, one that cannot tell, one that was stopped.

The watchdog's own runs pass in real time; the moment they look at is the case's.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from temporalio.client import (
    Schedule,
    ScheduleActionExecutionStartWorkflow,
    ScheduleActionStartWorkflow,
    ScheduleHandle,
    ScheduleOverlapPolicy,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
    WorkflowHandle,
)

from activities.telling.watchdog import WAKE
from case.records import RungRecord
from deploy.server import LocalServer
from law import SHANGHAI
from law.calendar import official_calendar
from tests.activities.samples import admit, duty, records
from tests.workflows.counting import half_past_eight
from tests.workflows.listing import listed
from tests.workflows.playing import Stage, current
from worker import new_worker
from workflows.attributes import LATE_REMINDERS, REMINDER_LATE, YES
from workflows.watchdog import Watchdog, Watched

HOUR = timedelta(hours=1)
TEN_MINUTES = timedelta(minutes=10)
Run = WorkflowHandle[Watchdog, Watched]
LOOKS = 200
LOOK_AGAIN_SECONDS = 0.05


@asynccontextmanager
async def watch(stage: Stage) -> AsyncIterator[str]:
    """The task queue of a worker for watchdogs, apart from the case's own."""
    changed = {"task_queue": f"watch-{uuid4().hex[:8]}", "feeds": feeds(stage)}
    settings = stage.settings.model_copy(update=changed)
    async with new_worker(stage.client, settings, stage.registry):
        yield settings.task_queue


def feeds(stage: Stage) -> Path:
    """The folder of the calendar feeds."""
    return stage.folder / "feeds"


async def look(stage: Stage, queue: str, at: datetime) -> tuple[Watched, Run]:
    """What a run of the watchdog finds as of `at`."""
    handle = await stage.client.start_workflow(
        Watchdog.run, at, id=f"watchdog-{uuid4().hex}", task_queue=queue
    )
    return await handle.result(), handle


def alarms(stage: Stage) -> list[str]:
    """Every alarm that is out."""
    return [sent.text for sent in stage.registry.deliveries() if sent.kind == "alarm"]


async def opened(stage: Stage) -> tuple[datetime, str]:
    """The case played to its first duties of townships; the moment of the next untold rung."""
    await stage.player().play_until(lambda view: current(view) == 2)
    now = await stage.now()
    rungs = [
        (rung.at, rung.rung)
        for row in stage.registry.duties(stage.case_id, open_only=True)
        for rung in row.rungs
        if rung.at > now
    ]
    return min(rungs)


async def test_a_case_that_slept_over_its_rung_is_found_woken_and_clear_again(
    server: LocalServer, tmp_path: Path
) -> None:
    stage = await Stage.prepare(server, "one-village", tmp_path)
    await stage.launch()
    async with stage.worker():
        moment, rung = await opened(stage)
    async with watch(stage) as queue:
        early, handle = await look(stage, queue, moment)
        assert (early.count, early.woken, alarms(stage)) == (0, 0, [])
        assert (await handle.describe()).typed_search_attributes.get(LATE_REMINDERS) == 0

        found, handle = await look(stage, queue, moment + HOUR)
        assert found.count >= 1
        assert found.woken == 1
        assert (await handle.describe()).typed_search_attributes.get(LATE_REMINDERS) == found.count
        (alarm,) = alarms(stage)
        assert stage.case_id in alarm
        again, _ = await look(stage, queue, moment + HOUR + TEN_MINUTES)
        assert (again.count, len(alarms(stage))) == (found.count, 1)

        passing = asyncio.create_task(stage.forward(moment + HOUR))
        async with stage.worker():
            await passing
            sent = [each for each in stage.registry.deliveries(stage.case_id) if each.rung == rung]
            assert sent
            assert {each.state for each in sent} == {"sent"}
            clear, _ = await look(stage, queue, await stage.now())
            assert (clear.count, clear.woken, len(alarms(stage))) == (0, 0, 1)
            attributes = (await stage.handle.describe()).typed_search_attributes
            assert attributes.get(REMINDER_LATE) is None


async def test_a_case_that_cannot_tell_shows_itself_as_late_until_it_has(
    server: LocalServer, tmp_path: Path
) -> None:
    """The outbox is a file in place of a folder: nothing can be written into it."""
    stage = await Stage.prepare(server, "one-village", tmp_path)
    await stage.launch()
    async with stage.worker(), watch(stage) as queue:
        moment, rung = await opened(stage)
        kept = stage.settings.outbox.rename(tmp_path / "kept")
        stage.settings.outbox.touch()
        await stage.forward(moment + timedelta(seconds=30))
        found, _ = await look(stage, queue, moment + HOUR)
        assert (found.woken, found.count >= 1) == (1, True)
        await stage.settled()
        attributes = (await stage.handle.describe()).typed_search_attributes
        assert attributes.get(REMINDER_LATE) == YES
        assert await listed(stage, "ReminderLate = 'true'")
        again, _ = await look(stage, queue, moment + HOUR + TEN_MINUTES)
        assert again.woken == 0, "it tries again by itself"

        stage.settings.outbox.unlink()
        kept.rename(stage.settings.outbox)
        await stage.forward(moment + 2 * HOUR)
        assert any(
            each.rung == rung and each.state == "sent"
            for each in stage.registry.deliveries(stage.case_id)
        )
        attributes = (await stage.handle.describe()).typed_search_attributes
        assert attributes.get(REMINDER_LATE) is None
        clear, _ = await look(stage, queue, await stage.now())
        assert clear.count == 0


async def test_a_suspended_case_is_not_late(server: LocalServer, tmp_path: Path) -> None:
    stage = await Stage.prepare(server, "one-village", tmp_path)
    await stage.launch()
    async with stage.worker(), watch(stage) as queue:
        moment, _ = await opened(stage)
        assert (await look(stage, queue, moment + HOUR))[0].count >= 1
        await stage.say("suspend", "bureau", reason="项目调整")
        assert (await look(stage, queue, moment + HOUR))[0].count == 0


async def test_a_workflow_ended_by_hand_is_found(server: LocalServer, tmp_path: Path) -> None:
    """One was terminated in the Web UI, one was admitted and its workflow never started."""
    stage = await Stage.prepare(server, "one-village", tmp_path)
    await stage.launch()
    async with stage.worker(), watch(stage) as queue:
        await stage.settled()
        await stage.handle.terminate()
        admit(stage.registry, "WZ-NEVER")
        at = half_past_eight(official_calendar().first_working_day_from(stage.launched_on))
        found, _ = await look(stage, queue, at)
        assert (found.count, found.woken) == (2, 0)
        (alarm,) = alarms(stage)
        assert f"案件{stage.case_id}的流程不在运行：流程被人工终止。" in alarm
        assert "案件WZ-NEVER的流程不在运行：流程从未启动。" in alarm


class Often:
    """A schedule that is triggered by hand; each run sees what the one before returned."""

    def __init__(self, handle: ScheduleHandle, stage: Stage) -> None:
        self._handle = handle
        self._stage = stage
        self._seen: set[str] = set()

    async def look_as_of(self, at: datetime) -> Watched:
        """As the schedule's next run, at another moment."""

        def moved(found: ScheduleUpdateInput) -> ScheduleUpdate:
            action = found.description.schedule.action
            assert isinstance(action, ScheduleActionStartWorkflow)
            action.args = [at]
            return ScheduleUpdate(found.description.schedule)

        await self._handle.update(moved)
        return await self.look()

    async def look(self) -> Watched:
        await self._handle.trigger(overlap=ScheduleOverlapPolicy.BUFFER_ONE)
        for _ in range(LOOKS):
            for action in (await self._handle.describe()).info.recent_actions:
                run = action.action
                assert isinstance(run, ScheduleActionExecutionStartWorkflow)
                if run.first_execution_run_id not in self._seen:
                    self._seen.add(run.first_execution_run_id)
                    handle = self._stage.client.get_workflow_handle_for(
                        Watchdog.run, run.workflow_id, run_id=run.first_execution_run_id
                    )
                    return await handle.result()
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        raise AssertionError("the schedule did not start a run")


@asynccontextmanager
async def often(stage: Stage, queue: str, at: datetime) -> AsyncIterator[Often]:
    """The watchdog's schedule, which first looks as of `at`."""
    schedule = await stage.client.create_schedule(
        f"watchdog-{uuid4().hex}",
        Schedule(
            action=ScheduleActionStartWorkflow(
                Watchdog.run, at, id=f"watchdog-{uuid4().hex}", task_queue=queue
            ),
            spec=ScheduleSpec(),
        ),
    )
    yield Often(schedule, stage)
    await schedule.delete()


async def woken(stage: Stage) -> int:
    """How often the case was woken."""
    history = await stage.handle.fetch_history()
    return sum(
        each.workflow_execution_signaled_event_attributes.signal_name == WAKE
        for each in history.events
    )


async def test_a_case_that_stays_late_is_woken_once_an_hour(
    server: LocalServer, tmp_path: Path
) -> None:
    """As one does whose own plan has lost what the registry holds to be due."""
    stage = await Stage.prepare(server, "one-village", tmp_path)
    await stage.launch()
    async with stage.worker():
        moment, _ = await opened(stage)
    at = moment + HOUR
    async with watch(stage) as queue, often(stage, queue, at) as looks:
        first = await looks.look()
        assert (first.count >= 1, first.woken, await woken(stage)) == (True, 1, 1)
        for minutes in (10, 50):
            again = await looks.look_as_of(at + timedelta(minutes=minutes))
            assert (again.count, again.woken) == (first.count, 0)
        assert await woken(stage) == 1
        assert (await looks.look_as_of(at + HOUR)).woken == 1
        assert (await looks.look_as_of(at + HOUR + TEN_MINUTES)).woken == 0
        assert await woken(stage) == 2


async def test_each_look_brings_the_calendar_feeds_up_to_date(
    server: LocalServer, tmp_path: Path
) -> None:
    stage = await Stage.prepare(server, "one-village", tmp_path)
    at = datetime(2026, 11, 30, 10, 0, tzinfo=SHANGHAI)
    admit(stage.registry)
    stage.registry.record(records(entry=None, duties=(duty("d-1"),)))
    feed = feeds(stage) / "鹿城区-南汇街道.ics"
    async with watch(stage) as queue:
        await look(stage, queue, at)
        assert feed.read_text("utf-8").count("BEGIN:VEVENT") == 1
        met = duty("d-1", state="met", met_on=at.date())
        stage.registry.record(records(entry=None, minutes=1, duties=(met,)))
        await look(stage, queue, at + TEN_MINUTES)
        assert feed.read_text("utf-8").count("BEGIN:VEVENT") == 0


async def test_feeds_that_cannot_be_written_stop_no_look(
    server: LocalServer, tmp_path: Path
) -> None:
    """Their folder is a file."""
    stage = await Stage.prepare(server, "one-village", tmp_path)
    admit(stage.registry)
    feeds(stage).touch()
    at = half_past_eight(official_calendar().first_working_day_from(stage.launched_on))
    async with watch(stage) as queue:
        found, handle = await look(stage, queue, at)
        assert (found.count, len(alarms(stage))) == (1, 1), "it was never started"
        failed = [
            event.activity_task_failed_event_attributes.failure.application_failure_info.type
            async for event in handle.fetch_history_events()
            if event.HasField("activity_task_failed_event_attributes")
        ]
    assert failed == ["NotADirectoryError"]


async def test_only_what_is_new_raises_the_alarm_again(server: LocalServer, tmp_path: Path) -> None:
    stage = await Stage.prepare(server, "one-village", tmp_path)
    at = datetime(2026, 11, 30, 10, 0, tzinfo=SHANGHAI)
    rung = RungRecord(rung="2026-12-07/-5", at=at - HOUR)
    rows = [duty(f"d-{i}", rungs=(rung,)) for i in range(3)]
    admit(stage.registry)
    stage.registry.record(records(entry=None, duties=tuple(rows[:2])))
    async with watch(stage) as queue, often(stage, queue, at) as looks:
        first = await looks.look()
        assert (first.count, len(alarms(stage))) == (3, 1)  # 两条迟发，一个流程不在运行
        rows[0] = replace(rows[0], state="met", rungs=())
        stage.registry.record(records(entry=None, minutes=1, duties=tuple(rows[:2])))
        fewer = await looks.look()
        assert (fewer.count, len(alarms(stage))) == (2, 1)
        stage.registry.record(records(entry=None, minutes=2, duties=tuple(rows)))
        more = await looks.look()
        assert (more.count, len(alarms(stage))) == (3, 2)
        assert set(first.alarmed) < set(more.alarmed)
