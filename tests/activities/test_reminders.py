"""Telling people: each once, through failures, repeats and kill -9."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest
import structlog
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.message import Message
from activities.outbox import Channel, Outbox
from activities.registry import Registry, UnknownCase
from activities.reminders import Reminders
from case.records import Delivered, Reminder
from law.calendar import official_calendar
from tests.activities.samples import CASE, admit, reminder

NOW = datetime(2026, 11, 30, 0, 31, tzinfo=UTC)


def _reminders(registry: Registry, channel: Channel) -> Reminders:
    return Reminders(registry, channel, official_calendar(), clock=lambda: NOW)


def _tell(registry: Registry, channel: Channel, *batch: Reminder) -> Delivered:
    work = _reminders(registry, channel).send_reminders
    told = ActivityEnvironment().run(work, list(batch))
    assert isinstance(told, Delivered)
    return told


class Refusing(Outbox):
    """An outbox that cannot write to one person."""

    def __init__(self, folder: Path, person: str) -> None:
        super().__init__(folder)
        self._person = person

    def deliver(self, message: Message) -> None:
        if message.person == self._person:
            raise TimeoutError(f"{message.person} does not answer")
        super().deliver(message)


class Dying(Outbox):
    """An outbox whose process is killed before or after it has written."""

    def __init__(self, folder: Path, *, written: bool) -> None:
        super().__init__(folder)
        self._written = written

    def deliver(self, message: Message) -> None:
        if self._written:
            super().deliver(message)
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_rung_is_told_recorded_and_written(registry: Registry, tmp_path: Path) -> None:
    admit(registry)
    told = _tell(registry, Outbox(tmp_path / "out"), reminder(audience=("handler", "bureau")))
    assert told == Delivered(sent=2)
    rows = {row.person: row for row in registry.deliveries(CASE, "d-1")}
    assert set(rows) == {"南甲", "局乙"}
    assert {row.state for row in rows.values()} == {"sent"}
    assert {row.sent_at for row in rows.values()} == {NOW}
    assert {row.at for row in rows.values()} == {reminder().at}
    assert (rows["南甲"].channel, rows["局乙"].channel) == ("outbox", "dingtalk")
    files = [path.read_text("utf-8") for path in (tmp_path / "out").iterdir()]
    assert all(any(row.text in file for file in files) for row in rows.values())
    assert len(files) == 2


def test_a_repeat_sends_nothing_and_answers_the_same(registry: Registry, tmp_path: Path) -> None:
    admit(registry)
    batch = (reminder(), reminder(duty_id="d-2", audience=("head", "city")))
    assert _tell(registry, Outbox(tmp_path / "out"), *batch) == Delivered(sent=3)
    before = registry.deliveries()
    assert _tell(registry, Outbox(tmp_path / "again"), *batch) == Delivered(sent=3)
    assert registry.deliveries() == before
    assert not (tmp_path / "again").exists()


def test_a_moved_last_day_is_told_again(registry: Registry, tmp_path: Path) -> None:
    admit(registry)
    first = reminder()
    moved = replace(first, last_day=first.last_day.replace(day=9))
    for batch in (first, moved):
        assert _tell(registry, Outbox(tmp_path), batch) == Delivered(sent=1)
    assert len(registry.deliveries()) == 2


def test_what_reaches_nobody_is_listed(registry: Registry, tmp_path: Path) -> None:
    admit(registry, directory=[])
    told = _tell(registry, Outbox(tmp_path), reminder(), reminder(rung="0"))
    assert told == Delivered(sent=0, undeliverable=("d-1/-5", "d-1/0"))


def test_one_channel_failing_does_not_silence_the_rest(registry: Registry, tmp_path: Path) -> None:
    admit(registry)
    batch = (reminder(audience=("handler", "head")), reminder(rung="0"))
    with pytest.raises(ApplicationError, match="2条") as refused:
        _tell(registry, Refusing(tmp_path, "南甲"), *batch)
    assert not refused.value.non_retryable
    rows = registry.deliveries()
    assert sorted((row.person, row.state, row.note) for row in rows) == [
        ("南乙", "sent", ""),
        ("南甲", "failed", "TimeoutError"),
        ("南甲", "failed", "TimeoutError"),
    ]
    assert _tell(registry, Refusing(tmp_path, "南乙"), *batch) == Delivered(sent=3)
    assert {row.state for row in registry.deliveries()} == {"sent"}
    assert len(list(tmp_path.glob("*.txt"))) == 3


def test_nobody_is_named_in_the_log(registry: Registry, tmp_path: Path) -> None:
    admit(registry)
    with structlog.testing.capture_logs() as logged, pytest.raises(ApplicationError):
        _tell(registry, Refusing(tmp_path, "南甲"), reminder(audience=("handler", "head")))
    assert logged
    assert {name for line in logged for name in line} == {
        "event",
        "log_level",
        "case_id",
        "duty_id",
        "rung",
        "count",
        "error",
    }
    assert not any(name in str(logged) for name in ("南甲", "南乙", "township:nanhui"))


def test_an_unknown_case_is_not_swallowed(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(UnknownCase):
        _tell(registry, Outbox(tmp_path), reminder())


def _tell_and_die(url: str, folder: Path, written: bool) -> None:
    with Registry.open(url) as registry:
        _reminders(registry, Dying(folder, written=written)).send_reminders([reminder()])


@pytest.mark.parametrize("written", [False, True])
def test_killed_between_claim_and_settling_it_goes_out_as_one(
    url: str, tmp_path: Path, written: bool
) -> None:
    folder = tmp_path / "out"
    with Registry.open(url) as registry:
        admit(registry)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        dying = pool.submit(_tell_and_die, url, folder, written)
        with pytest.raises(BrokenProcessPool):
            dying.result()
    with Registry.open(url) as registry:
        (row,) = registry.deliveries()
        assert (row.state, row.sent_at) == ("claimed", None)
        assert len(list(folder.glob("*.txt"))) == written
        assert _tell(registry, Outbox(folder), reminder()) == Delivered(sent=1)
        (row,) = registry.deliveries()
        assert (row.state, row.sent_at) == ("sent", NOW)
        assert len(list(folder.glob("*"))) == 1
