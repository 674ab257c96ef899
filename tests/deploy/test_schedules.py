"""The schedules on a real server: made once, changed where the office's time changes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta
from itertools import pairwise

import pytest_asyncio
from temporalio.client import Client, Schedule, ScheduleActionStartWorkflow
from temporalio.service import RPCError

from activities.office.reminder_file import ReminderSettings
from deploy.client import connect
from deploy.schedules import MORNING_DIGEST, WATCHDOG, ensure_schedules
from deploy.server import LocalServer
from deploy.settings import Settings
from law import SHANGHAI

BOTH = {MORNING_DIGEST, WATCHDOG}


@pytest_asyncio.fixture
async def client(server: LocalServer) -> AsyncIterator[Client]:
    """A client of a server that has neither schedule, before and after."""
    connected = await connect(_settings(server))
    await _away(connected)
    yield connected
    await _away(connected)


async def _away(client: Client) -> None:
    for id_ in BOTH:
        try:
            await client.get_schedule_handle(id_).delete()
        except RPCError as error:
            assert error.status.name == "NOT_FOUND"


def _settings(server: LocalServer, queue: str = "test-schedules") -> Settings:
    return Settings(temporal_address=server.address, namespace=server.namespace, task_queue=queue)


async def _standing(client: Client, id_: str) -> tuple[Schedule, list[datetime]]:
    found = await client.get_schedule_handle(id_).describe()
    times = [at.astimezone(SHANGHAI) for at in found.info.next_action_times]
    return found.schedule, times


async def test_the_digest_is_due_every_morning_and_the_watch_all_day(
    server: LocalServer, client: Client
) -> None:
    """At the time that the office's settings have where nothing is said."""
    assert set(await ensure_schedules(client, _settings(server))) == BOTH
    schedule, mornings = await _standing(client, MORNING_DIGEST)
    assert {at.time() for at in mornings} == {ReminderSettings().digest_at} == {time(8, 30)}
    assert {b - a for a, b in pairwise(mornings)} == {timedelta(days=1)}
    action = schedule.action
    assert isinstance(action, ScheduleActionStartWorkflow)
    assert (action.workflow, action.task_queue) == ("MorningDigest", "test-schedules")
    _, watches = await _standing(client, WATCHDOG)
    assert {b - a for a, b in pairwise(watches)} == {timedelta(minutes=10)}
    assert all(at.minute % 10 == 0 for at in watches)


async def test_a_second_time_changes_nothing(server: LocalServer, client: Client) -> None:
    settings = _settings(server)
    await ensure_schedules(client, settings)
    before = [await _standing(client, id_) for id_ in sorted(BOTH)]
    assert await ensure_schedules(client, settings) == ()
    assert [await _standing(client, id_) for id_ in sorted(BOTH)] == before


async def test_workers_that_start_at_once_make_each_once(
    server: LocalServer, client: Client
) -> None:
    made = await asyncio.gather(*(ensure_schedules(client, _settings(server)) for _ in range(5)))
    assert sorted(id_ for each in made for id_ in each) == sorted(BOTH)


async def test_another_time_and_another_queue_are_taken_over(
    server: LocalServer, client: Client
) -> None:
    await ensure_schedules(client, _settings(server), time(8, 10))
    assert await ensure_schedules(client, _settings(server), time(7, 45)) == (MORNING_DIGEST,)
    _, mornings = await _standing(client, MORNING_DIGEST)
    assert {at.time() for at in mornings} == {time(7, 45)}
    moved = _settings(server, "test-other")
    assert set(await ensure_schedules(client, moved, time(7, 45))) == BOTH


async def test_what_an_operator_paused_stays_paused(server: LocalServer, client: Client) -> None:
    await ensure_schedules(client, _settings(server), time(8, 10))
    await client.get_schedule_handle(MORNING_DIGEST).pause(note="放假")
    await ensure_schedules(client, _settings(server), time(8, 20))
    schedule, mornings = await _standing(client, MORNING_DIGEST)
    assert (schedule.state.paused, schedule.state.note) == (True, "放假")
    assert {at.time() for at in mornings} == {time(8, 20)}
