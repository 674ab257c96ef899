"""Telling people: each once, in office hours, upward where nobody answers, through kill -9."""

import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
import structlog
from temporalio.exceptions import CancelledError
from temporalio.testing import ActivityEnvironment

from activities.channels.channel import Channel, Refused, Unavailable
from activities.channels.outbox import Outbox
from activities.courier import Courier
from activities.message import Message
from activities.registry import Registry, UnknownCase
from activities.reminder_settings import Office
from activities.reminders import Reminders
from activities.trying import Policy
from case.records import Delivered, Reminder
from law import SHANGHAI
from tests.activities.lines import Board, Letterbox, Line
from tests.activities.samples import CASE, DIRECTORY, RUNG, admit, duty, person, records, reminder

NOW = datetime(2026, 11, 30, 0, 31, tzinfo=UTC)
"""08:31 in Wenzhou, on a Monday."""
PENDING = f"d-1/{RUNG}"
NOBODY, DOWN = Refused("查无此人"), Unavailable("不通")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """The folder of an office that has set nothing: open from 08:30 to 17:00."""
    (tmp_path / "office").mkdir()
    return tmp_path / "office"


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


def test_what_reaches_nobody_is_listed(registry: Registry, office: Path) -> None:
    admit(registry, directory=[])
    told = tell(registry, office, Board(Line()), reminder(), reminder(rung="2026-12-07/0"))
    assert told == Delivered(sent=0, undeliverable=(PENDING, "d-1/2026-12-07/0"))


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
    moment = opens.replace(hour=8, minute=30, tzinfo=SHANGHAI)
    told = tell(registry, office, Board(), reminder(), now=now)
    assert told == Delivered(sent=0, pending=(PENDING,), again_at=moment)
    assert registry.deliveries() == ()
    assert tell(registry, office, Board(Line()), reminder(), now=moment) == Delivered(sent=1)


def test_the_hours_are_the_offices_and_read_anew(registry: Registry, office: Path) -> None:
    admit(registry)
    settings = office / "reminders.yaml"
    settings.write_text(
        'hours: {opens: "13:00", closes: "17:00"}\ntold_at: "13:30"\ndigest_at: "13:00"\n'
    )
    assert tell(registry, office, Board(), reminder()).pending == (PENDING,)
    settings.unlink()
    assert tell(registry, office, Board(Line()), reminder()) == Delivered(sent=1)


# Channels that fail

BOTH = [person("township:nanhui", "经办人", "南甲", "email", ("sms",)), *DIRECTORY[:-3]]
MAIL_ONLY = [person("township:nanhui", "经办人", "南甲", "email"), *DIRECTORY[:-3]]


def test_what_fails_for_now_is_pending_and_the_rest_is_told(
    registry: Registry, office: Path
) -> None:
    admit(registry, directory=[*MAIL_ONLY, DIRECTORY[-2]])
    board = Board(Line(), email=Line(DOWN))
    batch = (reminder(audience=("handler", "head")), reminder(duty_id="d-2", audience=("bureau",)))
    told = tell(registry, office, board, *batch)
    assert (told.sent, told.pending, told.undeliverable, told.troubles) == (2, (PENDING,), (), {})
    assert told.again_at is not None
    assert timedelta(minutes=1) <= told.again_at - NOW < timedelta(minutes=1, seconds=30)
    assert tell(registry, office, board, *batch, now=told.again_at) == Delivered(sent=3)


def test_another_channel_of_the_person_is_said(registry: Registry, office: Path) -> None:
    admit(registry, directory=BOTH)
    board = Board(email=Line(NOBODY), sms=Line())
    expected = Delivered(
        sent=1, troubles={"d-1": "到期前5个工作日的提醒：电子邮件不通，已改送短信"}
    )
    for _ in range(2):
        assert tell(registry, office, board, reminder()) == expected
    assert people(registry) == [("南甲", "sent", "sms")]


def test_the_head_of_the_same_unit_is_told_first(registry: Registry, office: Path) -> None:
    admit(registry, directory=[*MAIL_ONLY, DIRECTORY[-2]])
    board = Board(Line(), email=Line(NOBODY))
    expected = Delivered(
        sent=1,
        troubles={"d-1": "到期前5个工作日的提醒：各渠道均未送达，已改送南汇街道负责人"},
    )
    for _ in range(2):
        assert tell(registry, office, board, reminder()) == expected
    assert people(registry) == [("南乙", "sent", "outbox"), ("南甲", "failed", "email")]
    assert "南汇街道经办人" in registry.deliveries()[-1].text + registry.deliveries()[0].text


def test_the_district_is_told_where_the_township_cannot_be_reached(
    registry: Registry, office: Path
) -> None:
    admit(registry, directory=MAIL_ONLY)
    told = tell(registry, office, Board(Line(), email=Line(NOBODY)), reminder())
    assert told.sent == 1
    assert told.troubles["d-1"].startswith("到期前5个工作日的提醒：各渠道均未送达，已改送鹿城区")
    assert people(registry) == [("南甲", "failed", "email"), ("鹿甲", "sent", "outbox")]


def test_who_is_told_anyway_is_not_told_twice(registry: Registry, office: Path) -> None:
    admit(registry, directory=[*MAIL_ONLY, DIRECTORY[-2]])
    line = Line()
    batch = reminder(audience=("handler", "head"))
    told = tell(registry, office, Board(line, email=Line(NOBODY)), batch)
    assert told.sent == len(line.arrived) == 1


def test_it_goes_up_as_far_as_somebody_can_be_reached(registry: Registry, office: Path) -> None:
    directory = [
        person("township:nanhui", "经办人", "南甲", "email"),
        person("district:鹿城区", "经办人", "鹿甲", "email"),
        person("bureau", "负责人", "局乙", "sms"),
    ]
    admit(registry, directory=directory)
    told = tell(registry, office, Board(email=Line(NOBODY, NOBODY), sms=Line()), reminder())
    assert told.sent == 1
    assert told.troubles == {
        "d-1": "到期前5个工作日的提醒：各渠道均未送达，已改送市自然资源和规划局"
    }


def test_where_nobody_upward_can_be_reached_a_letter_lies_in_the_outbox(
    registry: Registry, office: Path, tmp_path: Path
) -> None:
    directory = [
        person("township:nanhui", "经办人", "南甲", "email"),
        person("bureau", "负责人", "局乙", "email"),
    ]
    admit(registry, directory=directory)
    board = Board(outbox=Outbox(tmp_path / "out"), email=Line(NOBODY, NOBODY))
    expected = Delivered(
        sent=1,
        troubles={"d-1": "到期前5个工作日的提醒：电子邮件不通，已存入发件夹，请人工转告"},
    )
    for _ in range(2):
        assert tell(registry, office, board, reminder()) == expected
    (letter,) = (tmp_path / "out").glob("*.txt")
    assert "南甲" in letter.read_text("utf-8")


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
            time.sleep(0.0005)
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


# Killed between claim and settling


class Deadly:
    """A channel whose process is killed before or after it has delivered."""

    per_minute: int | None = None

    def __init__(self, inner: Channel, *, delivered: bool) -> None:
        self._inner = inner
        self._delivered = delivered

    def deliver(self, message: Message, address: str, *, repeated: bool) -> str:
        """Deliver, perhaps, and die."""
        if self._delivered:
            self._inner.deliver(message, address, repeated=repeated)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("it lives")

    def knows(self, message: Message, address: str) -> bool | None:
        """What the channel inside knows."""
        return self._inner.knows(message, address)


def _channel(kind: str, box: Path) -> Channel:
    return Outbox(box) if kind == "outbox" else Letterbox(box)


def _tell_and_die(url: str, office: Path, kind: str, box: Path, delivered: bool) -> None:
    with Registry.open(url) as registry:
        deadly = Deadly(_channel(kind, box), delivered=delivered)
        tell(registry, office, Board(deadly), reminder())


@pytest.mark.parametrize(
    ("kind", "delivered", "repeated"),
    [
        # The outbox can tell, so nothing is repeated; the letterbox cannot.
        ("outbox", False, False),
        ("outbox", True, False),
        ("letterbox", False, True),
        ("letterbox", True, True),
    ],
)
def test_killed_between_claim_and_settling_it_goes_out_once_or_marked(  # noqa: PLR0917
    url: str, office: Path, tmp_path: Path, kind: str, delivered: bool, repeated: bool
) -> None:
    box = tmp_path / "box"
    with Registry.open(url) as registry:
        admit(registry)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        dying = pool.submit(_tell_and_die, url, office, kind, box, delivered)
        with pytest.raises(BrokenProcessPool):
            dying.result()
    with Registry.open(url) as registry:
        (row,) = registry.deliveries()
        assert (row.state, row.sent_at) == ("claimed", None)
        board = Board(_channel(kind, box))
        told = tell(registry, office, board, reminder())
        assert (told.sent, told.pending) == (0, (PENDING,))
        assert told.again_at is not None
        assert told.again_at - NOW < Policy().in_flight + timedelta(seconds=30)
        assert tell(registry, office, board, reminder(), now=told.again_at) == Delivered(sent=1)
        (row,) = registry.deliveries()
        assert (row.state, row.repeated) == ("sent", repeated)
    if kind == "outbox":
        assert len(list(box.glob("*"))) == 1
    else:
        plain = ["南甲 plain"] if delivered else []
        assert Letterbox(box).arrived() == [*plain, "南甲 marked"]
