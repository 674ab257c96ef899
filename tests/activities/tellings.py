"""How the tests tell a batch of reminders: as the worker does, at a moment of the case."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from temporalio.testing import ActivityEnvironment

from activities.channels.channel import Refused, Unavailable
from activities.office.reminder_settings import Office
from activities.registry import Registry
from activities.telling.courier import Courier
from activities.telling.reminders import Reminders
from case.records import Delivered, Reminder
from tests.activities.lines import Board
from tests.activities.samples import DIRECTORY, RUNG, person

NOW = datetime(2026, 11, 30, 0, 31, tzinfo=UTC)
"""08:31 in Wenzhou, on a Monday."""
PENDING = f"d-1/{RUNG}"
NOBODY, DOWN = Refused("查无此人"), Unavailable("不通")

BOTH = [person("township:nanhui", "经办人", "南甲", "email", ("sms",)), *DIRECTORY[:-3]]
MAIL_ONLY = [person("township:nanhui", "经办人", "南甲", "email"), *DIRECTORY[:-3]]


def environment(now: datetime = NOW) -> ActivityEnvironment:
    """Where an activity runs that the server started at `now`."""
    running = ActivityEnvironment()
    running.info = replace(running.info, started_time=now)
    return running


def tell(
    registry: Registry,
    office: Path,
    board: Board,
    *batch: Reminder,
    now: datetime = NOW,
) -> Delivered:
    """Send reminders as the worker does."""
    work = Reminders(registry, Courier(registry, board), Office(office)).send_reminders
    told = environment(now).run(work, list(batch))
    assert isinstance(told, Delivered)
    return told


def people(registry: Registry) -> list[tuple[str, str, str]]:
    """Person, state and channel of every message."""
    found = registry.deliveries()
    return sorted((each.person, each.state, each.channel) for each in found)
