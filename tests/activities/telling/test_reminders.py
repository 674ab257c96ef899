"""Telling people: each once, in office hours, and what befalls a batch on its way."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import sleep

import pytest
import structlog
from temporalio.exceptions import CancelledError
from temporalio.runtime import MetricBuffer, Runtime, TelemetryConfig
from temporalio.testing import ActivityEnvironment

from activities.channels.outbox import Outbox
from activities.metrics import DELIVERED
from activities.office.reminder_settings import Office
from activities.registry import Registry, UnknownCase
from activities.telling.courier import Courier
from activities.telling.message import Message
from activities.telling.reminders import Reminders
from case.ladder import DEFAULT_LADDERS
from case.records import Delivered
from law import SHANGHAI
from tests.activities.lines import Board, Line
from tests.activities.samples import CASE, RUNG, admit, duty, records, reminder
from tests.activities.tellings import (
    BOTH,
    DOWN,
    MAIL_ONLY,
    NOW,
    PENDING,
    environment,
    people,
    tell,
)


def test_a_rung_is_told_recorded_and_written(
    registry: Registry, office: Path, tmp_path: Path
) -> None:
    admit(registry)
    board = Board(Outbox(tmp_path / "out"))
    assert tell(registry, office, board, reminder(audience=("handler", "bureau"))) == Delivered(
        sent=2
    )
    rows = {row.person: row for row in registry.deliveries(CASE, "d-1")}
    assert set(rows) == {"南甲", "局乙"}
    assert {row.state for row in rows.values()} == {"sent"}
    assert {row.at for row in rows.values()} == {reminder().at}
    for row in rows.values():
        assert row.sent_at is not None
        assert NOW <= row.sent_at < NOW + timedelta(seconds=30)
    assert (rows["南甲"].channel, rows["局乙"].channel) == ("outbox", "dingtalk")
    files = [path.read_text("utf-8") for path in (tmp_path / "out").glob("*.txt")]
    assert all(any(row.text in file for file in files) for row in rows.values())
    assert len(files) == 2


def test_a_repeat_sends_nothing_and_answers_the_same(registry: Registry, office: Path) -> None:
    admit(registry)
    batch = (reminder(), reminder(duty_id="d-2", audience=("head", "city")))
    assert tell(registry, office, Board(Line()), *batch) == Delivered(sent=3)
    before = registry.deliveries(), registry.attempts()
    silent = Line()
    assert tell(registry, office, Board(silent), *batch) == Delivered(sent=3)
    assert silent.arrived == []
    assert (registry.deliveries(), registry.attempts()) == before


def test_a_moved_last_day_is_told_again(registry: Registry, office: Path) -> None:
    admit(registry)
    first = reminder()
    moved = replace(first, last_day=first.last_day.replace(day=9), rung="2026-12-09/-5")
    line = Line()
    for batch in (first, moved):
        assert tell(registry, office, Board(line), batch) == Delivered(sent=1)
    assert len({number for number, _ in line.arrived}) == 2


def test_a_duty_met_is_not_told_of(registry: Registry, office: Path) -> None:
    admit(registry)
    registry.record(records(duties=(duty("d-1", state="met"),)))
    assert tell(registry, office, Board(Line()), reminder()) == Delivered(sent=0)
    assert people(registry) == [("南甲", "withdrawn", "outbox")]


def test_who_has_acknowledged_is_left_in_peace_until_it_is_overdue(
    registry: Registry, office: Path
) -> None:
    admit(registry)
    said = reminder(acknowledged=("township:nanhui|经办人",), audience=("handler", "head"))
    assert tell(registry, office, Board(Line()), said) == Delivered(sent=1)
    assert people(registry) == [("南乙", "sent", "outbox"), ("南甲", "withdrawn", "outbox")]
    overdue = replace(said, rung="2026-12-07/+1", at=datetime(2026, 12, 8, 8, 30, tzinfo=SHANGHAI))
    assert tell(registry, office, Board(Line()), overdue, now=overdue.at).sent == 2
    # What was held up until then is told to everybody too, and says that it is late.
    late = replace(said, rung="2026-12-07/-1")
    assert tell(registry, office, Board(Line()), late, now=overdue.at).sent == 2
    kinds = {each.kind for each in registry.deliveries() if each.rung == late.rung}
    assert kinds == {"overdue"}


def test_what_reaches_nobody_is_listed(registry: Registry, office: Path) -> None:
    admit(registry, directory=[])
    told = tell(registry, office, Board(Line()), reminder(), reminder(rung="2026-12-07/0"))
    assert told == Delivered(
        sent=0,
        undeliverable=(PENDING, "d-1/2026-12-07/0"),
        troubles={"d-1": "到期前5个工作日的提醒：通讯录中没有可以告知的人，请人工转告"},
    )


# Office hours


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (datetime(2026, 11, 30, 8, 29, 59, tzinfo=SHANGHAI), datetime(2026, 11, 30)),  # noqa: DTZ001
        (datetime(2026, 11, 30, 17, 0, tzinfo=SHANGHAI), datetime(2026, 12, 1)),  # noqa: DTZ001
        # From the afternoon before 国庆 to the first working day after it.
        (datetime(2026, 9, 30, 17, 0, tzinfo=SHANGHAI), datetime(2026, 10, 8)),  # noqa: DTZ001
        (datetime(2026, 10, 3, 10, 0, tzinfo=SHANGHAI), datetime(2026, 10, 8)),  # noqa: DTZ001
        # The Saturday after it is worked, the Sunday is not.
        (datetime(2026, 10, 9, 18, 0, tzinfo=SHANGHAI), datetime(2026, 10, 10)),  # noqa: DTZ001
        (datetime(2026, 10, 11, 10, 0, tzinfo=SHANGHAI), datetime(2026, 10, 12)),  # noqa: DTZ001
    ],
)
def test_outside_the_hours_all_waits_for_the_opening(
    registry: Registry, office: Path, now: datetime, opens: datetime
) -> None:
    admit(registry)
    # Not all cases at the very opening: each at its own moment within the window.
    moment = DEFAULT_LADDERS.moment(opens.date(), CASE)
    assert moment.time() > time(8, 30)
    told = tell(registry, office, Board(), reminder(), now=now)
    assert told == Delivered(sent=0, pending=(PENDING,), again_at=moment)
    assert registry.deliveries() == ()
    assert tell(registry, office, Board(Line()), reminder(), now=moment) == Delivered(sent=1)


def test_what_waits_for_a_try_after_hours_waits_for_the_morning(
    registry: Registry, office: Path
) -> None:
    admit(registry, directory=MAIL_ONLY)
    evening = datetime(2026, 11, 30, 16, 59, 30, tzinfo=SHANGHAI)
    told = tell(registry, office, Board(email=Line(DOWN)), reminder(), now=evening)
    assert told.pending == (PENDING,)
    assert told.again_at == DEFAULT_LADDERS.moment(date(2026, 12, 1), CASE)


def test_a_batch_that_outlasts_the_hours_leaves_the_rest_for_the_morning(
    registry: Registry, office: Path
) -> None:
    admit(registry)
    last_second = datetime(2026, 11, 30, 16, 59, 59, 990_000, tzinfo=SHANGHAI)
    board = Board(Slow())
    told = tell(registry, office, board, reminder(), reminder(duty_id="d-2"), now=last_second)
    assert (told.sent, told.pending) == (1, (f"d-2/{RUNG}",))
    assert told.again_at == DEFAULT_LADDERS.moment(date(2026, 12, 1), CASE)


class Slow(Line):
    """A line that takes some hundredths of a second over a message."""

    def deliver(self, message: Message, address: str, *, repeated: bool) -> str:
        """Take it, and then some."""
        sleep(0.03)
        return super().deliver(message, address, repeated=repeated)


def test_the_hours_are_the_offices_and_read_anew(registry: Registry, office: Path) -> None:
    admit(registry)
    settings = office / "reminders.yaml"
    settings.write_text(
        'hours: {opens: "13:00", closes: "17:00"}\ntold_at: "13:30"\ndigest_at: "13:00"\n'
    )
    assert tell(registry, office, Board(), reminder()).pending == (PENDING,)
    settings.unlink()
    assert tell(registry, office, Board(Line()), reminder()) == Delivered(sent=1)


def test_the_batch_says_that_it_lives_and_ends_between_messages(
    registry: Registry, office: Path
) -> None:
    admit(registry)
    beats: list[tuple[object, ...]] = []
    running = environment()

    def beat(*details: object) -> None:
        beats.append(details)
        if len(beats) == 2:
            raise CancelledError("the worker is leaving")

    running.on_heartbeat = beat
    work = Reminders(registry, Courier(registry, Board(Line())), Office(office)).send_reminders
    with pytest.raises(CancelledError):
        running.run(work, [reminder(), reminder(duty_id="d-2"), reminder(duty_id="d-3")])
    assert beats == [(), ()]
    assert [(each.duty_id, each.state) for each in registry.deliveries()] == [("d-1", "sent")]


class Leaving(Line):
    """A line on which the activity is cancelled while a message goes out."""

    def __init__(self, running: ActivityEnvironment) -> None:
        super().__init__()
        self._running = running

    def deliver(self, message: Message, address: str, *, repeated: bool) -> str:
        """Take the message, some moments after the cancellation."""
        self._running.cancel()
        for _ in range(50):
            sleep(0.0005)
        return super().deliver(message, address, repeated=repeated)


def test_a_cancellation_waits_until_the_message_is_settled(
    registry: Registry, office: Path
) -> None:
    admit(registry)
    running = environment()
    board = Board(Leaving(running))
    work = Reminders(registry, Courier(registry, board), Office(office)).send_reminders
    with pytest.raises(CancelledError):
        running.run(work, [reminder(), reminder(duty_id="d-2")])
    assert [(each.duty_id, each.state) for each in registry.deliveries()] == [("d-1", "sent")]


def test_nobody_is_named_in_the_log(registry: Registry, office: Path) -> None:
    admit(registry, directory=BOTH)
    with structlog.testing.capture_logs() as logged:
        tell(
            registry,
            office,
            Board(Line(), email=Line(RuntimeError("南甲")), sms=Line(DOWN)),
            reminder(audience=("handler", "head")),
        )
    assert logged
    assert not any(name in str(logged) for name in ("南甲", "南乙", "township:nanhui-"))


def test_an_unknown_case_is_not_swallowed(registry: Registry, office: Path) -> None:
    with pytest.raises(UnknownCase):
        tell(registry, office, Board(Line()), reminder())


def test_a_batch_of_an_older_history_is_told(registry: Registry, office: Path) -> None:
    admit(registry)
    told = tell(registry, office, Board(Line()), reminder(rung="-5", rung_title=""))
    assert told == Delivered(sent=1)


def test_what_is_put_down_is_counted_like_what_is_sent(registry: Registry, office: Path) -> None:
    """One has said 收到, and one duty is met; the third message goes out."""
    admit(registry)
    registry.record(records(duties=(duty("d-1"), duty("d-2", state="met"))))
    counted = MetricBuffer(1000)
    running = environment()
    running.metric_meter = Runtime(telemetry=TelemetryConfig(metrics=counted)).metric_meter
    work = Reminders(registry, Courier(registry, Board(Line())), Office(office)).send_reminders
    said = reminder(acknowledged=("township:nanhui|经办人",), audience=("handler", "head"))
    running.run(work, [said, reminder(duty_id="d-2")])
    found = Counter(
        str(update.attributes["outcome"])
        for update in counted.retrieve_updates()
        if update.metric.name == DELIVERED
    )
    assert found == {"withdrawn": 2, "sent": 1}
