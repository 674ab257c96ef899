"""The commands `reminders` and `show` about messages: who was told what, when, and what is late."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.testing import ActivityEnvironment

from activities.channels.switchboard import Switchboard
from activities.office.reminder_settings import Office as Papers
from activities.registry import Delivery, Registry
from activities.telling.alarm import Alarms
from activities.telling.courier import Courier
from activities.telling.digest import Digests
from activities.telling.message import Address, Message
from activities.telling.trying import Attempt, AttemptState, Later
from activities.telling.watchdog import Watching
from case.records import RungRecord
from case.watching import Alarm, Late, LateRungs
from desk.reminders import UnitNames, counted, course, moments, said_of
from law import SHANGHAI
from tests.activities.samples import CASE, admit, duty, message, records
from tests.desk.commandline import Office, environment

NOW = datetime(2026, 11, 30, 10, 0, tzinfo=SHANGHAI)
"""A Monday."""
LAST = date(2026, 12, 7)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "office").mkdir()
    (tmp_path / "office" / "reminders.yaml").write_text(
        'window_minutes: 0\ndigest_at: "08:30"\n', encoding="utf-8"
    )
    return tmp_path


@pytest.fixture
def registry(folder: Path) -> Iterator[Registry]:
    with Registry.open(f"sqlite:///{folder / 'registry.db'}") as opened:
        admit(opened)
        yield opened


@pytest.fixture
def desk(folder: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A desk at which it is NOW."""
    monkeypatch.setattr("desk.reminders.now", lambda: NOW)
    return Office(environment(folder))


@pytest.fixture
def courier(folder: Path, registry: Registry) -> Courier:
    channels = Papers(folder / "office").reminders().channels
    return Courier(registry, Switchboard.of(channels, folder / "outbox"), stopwatch=lambda: 0.0)


def told(number: int, **changes: Any) -> Message:
    """A message about d-1 whose reader has the outbox."""
    return message(number, **{"addresses": (Address(kind="outbox", address="窗口"),), **changes})


def test_units_go_by_name_whatever_the_message_is_about(
    desk: Office, registry: Registry, courier: Courier, folder: Path
) -> None:
    """A reminder of a case, the digests of all cases, an alarm to those who watch them."""
    registry.record(records(duties=(duty("d-1", last_day=NOW.date()),)))
    courier.send(told(1, rung=f"{NOW.date()}/0", at=at(30, 8, 30)), at(30, 8, 31))
    papers = Papers(folder / "office")
    Digests(registry, courier, papers, lambda: at(30, 8, 30)).send_digests(NOW.date())
    late = Late(
        case_id=CASE,
        workflow_id=CASE,
        duty_id="d-1",
        rung="x",
        at=NOW,
        title="张贴公告",
        unit_name="南汇街道",
    )
    alarm = Alarm(at=NOW, late=LateRungs(count=1, oldest=(late,)))
    ActivityEnvironment().run(Alarms(courier, papers).send_alarm, alarm)
    rows = json.loads(desk.done("reminders", "--json"))
    assert {(row["kind"], row["unit"], row["unit_name"]) for row in rows} == {
        ("reminder", "township:nanhui", "南汇街道"),
        ("digest", "township:鹿城区/南汇街道", "南汇街道"),
        ("alarm", "operators", "系统运行"),
    }
    said = desk.done("reminders")
    assert said.startswith(f"提醒 {len(rows)} 件：已发出 {len(rows)}\n")
    assert "township:" not in said
    assert all(word in said for word in ("应发时间", "送出时间", "2026-11-30 08:30", "08:31"))


def test_a_test_of_a_channel_goes_by_name_too(desk: Office) -> None:
    desk.done("channels", "test", CASE, "瓯甲")
    (row,) = json.loads(desk.done("reminders", "--json"))
    assert (row["unit"], row["unit_name"]) == ("district:瓯海区", "瓯海区人民政府（功能区管委会）")


def test_what_became_of_messages_is_counted_by_state(
    desk: Office, registry: Registry, courier: Courier
) -> None:
    met = duty("d-2", state="met", met_on=date(2026, 11, 23))
    registry.record(records(duties=(duty("d-1"), met)))
    for number in (1, 2):
        courier.send(told(number), NOW)
    courier.send(told(3, duty_id="d-2"), NOW)
    registry.claim(told(4), NOW, lambda attempts, taken: Later(until=NOW + timedelta(minutes=5)))
    said = desk.done("reminders", CASE)
    assert said.startswith("提醒 4 件：已发出 2，不必再发 1，待发 1\n")
    rows = registry.deliveries(CASE)
    assert counted(replace(row, repeated=True) for row in rows[:2]).endswith("其中可能重复 2")
    assert counted([]) == "提醒 0 件："


@pytest.mark.parametrize(
    ("sent_at", "shown"),
    [
        (None, ""),
        (at(30, 8, 31), "08:31"),
        (datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI), "2026-12-01 09:00"),
    ],
)
def test_when_it_fell_due_and_when_it_went_out(
    registry: Registry, courier: Courier, sent_at: datetime | None, shown: str
) -> None:
    registry.record(records())
    courier.send(told(1), NOW)
    (row,) = registry.deliveries()
    assert moments(replace(row, sent_at=sent_at)) == ("2026-11-30 08:30", shown)


def test_what_lies_in_the_outbox_for_want_of_a_channel_is_no_success(
    desk: Office, registry: Registry, courier: Courier
) -> None:
    registry.record(records(duties=(duty("d-1"),)))
    courier.send(message(1, addresses=(Address(kind="dingtalk", address="没有的群"),)), NOW)
    courier.send(told(2), NOW)
    listed = json.loads(desk.done("reminders", CASE, "--troubled", "--json"))
    assert [(row["channel"], row["address"]) for row in listed] == [
        ("outbox", "钉钉机器人 没有的群")
    ]
    (left, sent) = sorted(registry.deliveries(CASE), key=lambda row: row.message_id)
    assert said_of(left) == "渠道没有配置，已存入发件夹"
    assert said_of(sent) == "已发出"


def test_the_course_of_the_attempts_is_told_in_few_words() -> None:
    def tried(number: int, channel: str, state: AttemptState, note: str = "") -> Attempt:
        return Attempt(
            message_id="m",
            number=number,
            channel=channel,
            address="",
            state=state,
            begun_at=NOW,
            ended_at=NOW,
            repeated=False,
            receipt="",
            note=note,
        )

    failed = [tried(n, "email", AttemptState.FAILED, "连不上邮件服务器") for n in (1, 2, 3)]
    sent = tried(4, "sms", AttemptState.SENT)
    assert course([*failed, sent]) == "电子邮件不通3次；短信送达；连不上邮件服务器"
    assert course([sent]) == ""


def test_a_unit_that_no_case_has_keeps_its_id(registry: Registry, courier: Courier) -> None:
    registry.record(records())
    courier.send(told(1, unit="village:gone"), NOW)
    rows: tuple[Delivery, ...] = registry.deliveries()
    assert UnitNames(registry, rows).of(rows[0]) == "village:gone"


def test_no_messages_are_no_messages(desk: Office) -> None:
    assert desk.done("reminders") == "没有这样的提醒。\n"
    assert "登记簿中没有案件 WZ-NONE" in desk.refused(2, "reminders", "WZ-NONE")


# What is late

FIVE_BEFORE = RungRecord(rung=f"{LAST}/-5", at=at(30, 8, 30))
FRIDAY = date(2026, 11, 27)


def planned(registry: Registry, rung: RungRecord = FIVE_BEFORE) -> None:
    """A rung that nobody was told of, of this morning or as given."""
    owed = duty("d-1", opened_on=FRIDAY, rungs=(rung,))
    registry.record(records(entry=None, duties=(owed,)))


def at_the_end_of_friday(registry: Registry) -> None:
    """Twenty minutes before the office closed: little office time has passed since."""
    planned(registry, replace(FIVE_BEFORE, at=at(27, 16, 40)))


def forgotten(registry: Registry) -> None:
    """A duty whose rungs were lost; nobody ever heard of it."""
    registry.record(records(entry=None, duties=(duty("d-1", opened_on=date(2026, 11, 20)),)))


@pytest.mark.parametrize(
    ("stands", "now", "rungs"),
    [
        (planned, NOW, [f"{LAST}/-5"]),
        (planned, at(30, 9), []),
        (at_the_end_of_friday, at(30, 8, 40), []),
        (at_the_end_of_friday, at(30, 8, 41), [f"{LAST}/-5"]),
        (forgotten, NOW, [f"{LAST}/-10"]),
    ],
)
def test_the_desk_finds_late_what_the_watchdog_does(
    folder: Path, stands: Callable[[Registry], None], now: datetime, rungs: list[str]
) -> None:
    with (
        Registry.open(f"sqlite:///{folder / 'registry.db'}") as registry,
        pytest.MonkeyPatch.context() as patch,
    ):
        admit(registry)
        stands(registry)
        watching = Watching(registry, Papers(folder / "office"), Client.__new__(Client))
        found = ActivityEnvironment().run(watching.find_late_rungs, now)
        patch.setattr("desk.reminders.now", lambda: now)
        rows = json.loads(Office(environment(folder)).done("reminders", "--late", "--json"))
    assert [row["rung"] for row in rows] == [each.rung for each in found.oldest] == rungs


def test_the_table_of_what_is_late_says_by_how_much(desk: Office, registry: Registry) -> None:
    planned(registry)
    said = desk.done("reminders", "--late")
    for part in ("应发未发的提醒 1 件", "2026-11-30 08:30", "1小时30分", CASE, "南汇街道", "d-1"):
        assert part in said
    assert "没有应发未发的提醒" in desk.done("reminders", "--late", "--duty", "d-2")
    assert "不能和 --day" in desk.refused(2, "reminders", "--late", "--day", "2026-11-30")


def test_faulty_settings_are_listed(desk: Office, folder: Path) -> None:
    """How long is late, they say."""
    (folder / "office" / "reminders.yaml").write_text("window_minutes: 很久\n", encoding="utf-8")
    assert "window_minutes" in desk.refused(2, "reminders", "--late")
