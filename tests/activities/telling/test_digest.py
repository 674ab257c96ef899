"""The morning digest goes out: to clerk and head, once, on working days, in office hours."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from activities.channels.channel import Unavailable
from activities.channels.outbox import Outbox
from activities.channels.settings import ChannelSettings
from activities.channels.switchboard import Switchboard
from activities.office.reminder_settings import Office
from activities.registry import Delivery, Registry
from activities.telling.courier import Courier
from activities.telling.digest import LISTED, Digests, fields
from activities.telling.message import Address, Message
from case.digest import DigestSent, Standing, digests
from case.records import DutyRecord
from law import SHANGHAI
from law.calendar import official_calendar
from tests.activities.samples import (
    AT,
    CASE,
    DISTRICTS,
    TOWNSHIPS,
    admit,
    duty,
    file_json,
    person,
    records,
)

DAY = date(2026, 11, 24)
"""A Tuesday."""
SETTINGS = 'digest_at: "08:30"\n'
STAND_IN = """
stand_ins:
  - unit: township:nanhui
    role: 经办人
    name: 南甲
    from: 2026-11-20
    until: 2026-11-24
    stand_in: {name: 南丙, channel: {kind: outbox, address: desk-3}}
"""


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


class Line:
    """A channel that writes to the outbox, and can be down."""

    per_minute: int | None = None

    def __init__(self, folder: Path) -> None:
        self.down = False
        self._outbox = Outbox(folder)

    def deliver(self, message: Message, address: str, *, repeated: bool) -> str:
        if self.down:
            raise Unavailable("服务器没有应答")
        return self._outbox.deliver(message, address, repeated=repeated)

    def knows(self, message: Message, address: str) -> bool | None:
        return None


class Board:
    """The outbox for everybody, but for those whose kind of channel is named here."""

    def __init__(self, folder: Path, **others: Line) -> None:
        self._outbox, self._others = Outbox(folder), others

    def configured(self, address: Address) -> bool:
        return True

    def channel(self, address: Address) -> Outbox | Line:
        return self._others.get(address.kind, self._outbox)

    def line(self, address: Address) -> tuple[str, str]:
        return address.kind, address.address


class Desk:
    """A registry with one case of two townships, an office, and a clock that is set by hand."""

    def __init__(self, registry: Registry, folder: Path) -> None:
        self.registry, self.folder = registry, folder
        self.office = folder / "office"
        self.office.mkdir()
        self.sets(SETTINGS)
        self.line = Line(folder / "letters")
        self.board: Board | Switchboard = Board(folder / "letters", dingtalk=self.line)
        self.now = at(8, 30)
        admit(registry)

    def sets(self, text: str) -> None:
        """The office's reminders.yaml."""
        (self.office / "reminders.yaml").write_text(text, "utf-8")

    def admits(self, case_id: str, *directory: dict[str, Any]) -> None:
        """A case newer than the first."""
        newer = AT + timedelta(days=1)
        file = file_json(list(directory))
        self.registry.admit(
            case_id, "后来的项目", file, "b" * 64, DISTRICTS, TOWNSHIPS, case_id, newer
        )

    def stops(self, status: str) -> None:
        """The first case runs no more."""
        stopped = records(duties=())
        self.registry.record(replace(stopped, case=replace(stopped.case, status=status)))

    def owes(self, *duties: DutyRecord, case_id: str = CASE, **changes: Any) -> None:
        self.registry.record(replace(records(case_id, duties=duties), **changes))

    def send(self, day: date = DAY) -> DigestSent:
        courier = Courier(self.registry, self.board, stopwatch=lambda: 0.0)
        office = Office(self.office)
        return Digests(self.registry, courier, office, lambda: self.now).send_digests(day)

    def deliveries(self) -> list[Delivery]:
        return [each for each in self.registry.deliveries() if each.kind == "digest"]

    def letters(self) -> dict[str, str]:
        """By person, the letters in the outbox."""
        found = {}
        for each in self.deliveries():
            for path in (self.folder / "letters").glob(f"*{each.message_id[:12]}.txt"):
                found[each.person] = path.read_text("utf-8")
        return found


@pytest.fixture
def desk(registry: Registry, tmp_path: Path) -> Desk:
    return Desk(registry, tmp_path)


def bureaus(**changes: Any) -> DutyRecord:
    return duty("b-1", unit="bureau", unit_name="市自然资源和规划局", township=None, **changes)


def test_clerk_and_head_read_what_their_day_holds(desk: Desk) -> None:
    desk.owes(
        duty("d-1", last_day=DAY),
        duty("d-2", last_day=date(2026, 11, 27), title="登记", statutory=False, provisional=True),
        duty("d-3", last_day=date(2026, 11, 20), title="报送"),
        duty(
            "d-4",
            last_day=date(2026, 12, 1),
            title="签订协议",
            unit="village:nanhui-village",
            unit_name="南汇街道某村",
        ),
    )
    assert desk.send() == DigestSent(day=DAY, units=3, sent=5)
    letters = desk.letters()
    assert set(letters) == {"南甲", "南乙", "鹿甲", "局甲", "局乙"}
    for part in (
        "主题：【2026-11-24】南汇街道 今日事项",
        "南汇街道 南甲（经办人）",
        "1. 2026-11-24（星期二）止，今日到期：张贴公告（南汇街道）；",
        "1. 2026-11-27（星期五）止·暂定，还剩3个工作日（不含今日）：登记（南汇街道）；",
        "第六条（内部时限）",
        "1. 2026-11-20（星期五）止，已逾期4日（2个工作日）：报送（南汇街道）；",
        "1. 2026-12-01（星期二）止，还剩5个工作日（不含今日）：签订协议（南汇街道某村）；",
        f"{CASE} 温州某项目，第1步",
    ):
        assert part in letters["南甲"]
    assert "报送" in letters["局乙"]
    assert "今日到期（" not in letters["鹿甲"]


def test_a_repeat_sends_nothing_twice(desk: Desk) -> None:
    desk.owes(bureaus(last_day=DAY))
    first = desk.send()
    assert first.sent == 2
    before = desk.deliveries()
    desk.now = at(9)
    assert desk.send() == first
    assert desk.deliveries() == before
    assert len(list((desk.folder / "letters").iterdir())) == 2


def test_another_morning_is_another_digest(desk: Desk) -> None:
    desk.owes(bureaus(last_day=date(2026, 11, 27)))
    desk.send()
    desk.now = at(8, 30, date(2026, 11, 25))
    desk.send(date(2026, 11, 25))
    assert len({each.message_id for each in desk.deliveries()}) == len(desk.deliveries()) == 4


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 10, 3), False),  # 国庆
        (date(2026, 10, 10), True),  # Saturday, worked for it
        (date(2026, 10, 11), False),  # Sunday
        (date(2026, 9, 20), True),  # Sunday, worked for it
    ],
)
def test_on_working_days_only(desk: Desk, day: date, worked: bool) -> None:
    desk.owes(bureaus(last_day=day))
    desk.now = at(8, 30, day)
    sent = desk.send(day)
    assert (sent.sent, len(desk.deliveries())) == ((2, 2) if worked else (0, 0))
    assert sent.again_at is None


def test_nobody_is_told_before_the_time_the_office_sets(desk: Desk) -> None:
    desk.sets('digest_at: "08:45"\n')
    desk.owes(bureaus(last_day=DAY))
    desk.now = at(3)
    assert desk.send() == DigestSent(day=DAY, again_at=at(8, 45))
    desk.now = at(8, 45)
    assert desk.send().sent == 2
    assert {each.at for each in desk.deliveries()} == {at(8, 45)}


def test_nobody_is_told_once_the_office_is_closed(desk: Desk) -> None:
    desk.owes(bureaus(last_day=DAY))
    desk.now = at(17)
    sent = desk.send()
    assert (sent.sent, sent.again_at, desk.deliveries()) == (0, None, [])
    assert sent.troubles == ("已过办公时间，当日晨报不再发送",)


def test_nothing_to_say_is_not_said(desk: Desk) -> None:
    desk.owes(
        duty("d-1", last_day=date(2026, 12, 7)),
        duty("d-2", last_day=DAY, unit="department:税务", unit_name="税务部门", township=None),
        duty("d-3", last_day=DAY, state="met", met_on=DAY),
    )
    assert desk.send() == DigestSent(day=DAY)


def test_a_channel_that_is_down_is_tried_again_and_nobody_else_waits(desk: Desk) -> None:
    """The bureau's head has a robot (dingtalk), its clerk the outbox."""
    desk.owes(bureaus(last_day=DAY))
    desk.line.down = True
    first = desk.send()
    assert (first.sent, first.pending, first.again_at) == (1, 1, at(8, 31))
    desk.now = at(8, 31)
    desk.line.down = False
    assert desk.send() == DigestSent(day=DAY, units=1, sent=2)
    assert set(desk.letters()) == {"局甲", "局乙"}


def patiently_sent(desk: Desk) -> DigestSent:
    """What comes of a morning whose every waiting is waited for."""
    sent = desk.send()
    for _ in range(10):
        if sent.again_at is None:
            return sent
        desk.now = sent.again_at
        sent = desk.send()
    raise AssertionError("it waits without end")


def test_whom_no_channel_reaches_has_it_in_the_outbox_and_that_is_said(desk: Desk) -> None:
    desk.owes(bureaus(last_day=DAY))
    desk.line.down = True
    said = ("市自然资源和规划局负责人的晨报各渠道均未送达，已存入发件夹，请人工转告",)
    expected = DigestSent(day=DAY, units=1, sent=2, troubles=said)
    assert patiently_sent(desk) == expected
    assert set(desk.letters()) == {"局甲", "局乙"}
    assert desk.send() == expected, "a repeat answers the same"


def test_for_want_of_a_channel_it_lies_in_the_outbox_and_that_is_said(desk: Desk) -> None:
    desk.owes(bureaus(last_day=DAY))
    desk.board = Switchboard.of(ChannelSettings(), desk.folder / "letters")
    said = ("市自然资源和规划局负责人的晨报渠道没有配置，已存入发件夹，请人工转告",)
    assert desk.send() == DigestSent(day=DAY, units=1, sent=2, troubles=said)
    assert set(desk.letters()) == {"局甲", "局乙"}


def test_a_digest_that_not_even_the_outbox_takes_is_said(desk: Desk) -> None:
    desk.owes(bureaus(last_day=DAY))
    (desk.folder / "letters").touch()
    sent = patiently_sent(desk)
    assert (sent.sent, sent.pending) == (0, 0)
    assert set(sent.troubles) == {
        f"市自然资源和规划局{role}的晨报各渠道均未送达，发件夹也写不进"
        for role in ("经办人", "负责人")
    }


def test_waiting_ends_when_the_office_closes(desk: Desk) -> None:
    desk.owes(bureaus(last_day=DAY))
    desk.line.down = True
    desk.now = at(16, 59) + timedelta(seconds=30)
    sent = desk.send()
    assert (sent.pending, sent.again_at) == (1, None)
    assert sent.troubles == ("至下班仍有1条晨报未送出",)


def test_whoever_stands_in_reads_it(desk: Desk) -> None:
    desk.sets(SETTINGS + STAND_IN)
    desk.owes(duty("d-1", last_day=DAY + timedelta(1)))
    desk.send()
    assert set(desk.letters()) == {"南丙", "南乙"}
    assert "南甲不在岗期间" in desk.letters()["南丙"]
    desk.now = at(8, 30, DAY + timedelta(1))
    desk.send(DAY + timedelta(1))
    assert set(desk.letters()) == {"南丙", "南乙", "南甲"}


def test_one_digest_a_person_over_all_cases_by_the_newest_entry(desk: Desk) -> None:
    """The second case is newer: its entry says how 局甲 is reached; its new head is told too."""
    clerk, head = person("bureau", "经办人", "局甲", "dingtalk"), person("bureau", "负责人", "局丙")
    desk.admits("WZ-LC-2026-002", clerk, head)
    desk.owes(bureaus(last_day=DAY))
    desk.owes(replace(bureaus(last_day=DAY), case_id="WZ-LC-2026-002"), case_id="WZ-LC-2026-002")
    assert desk.send() == DigestSent(day=DAY, units=1, sent=3)
    reached = {each.person: (each.role, each.channel) for each in desk.deliveries()}
    assert reached == {
        "局甲": ("经办人", "dingtalk"),
        "局乙": ("负责人", "dingtalk"),
        "局丙": ("负责人", "outbox"),
    }
    for letter in desk.letters().values():
        assert "今日到期（2项）" in letter
        assert "WZ-LC-2026-001" in letter
        assert "WZ-LC-2026-002" in letter


def test_one_person_in_both_roles_reads_it_once(desk: Desk) -> None:
    where = {"channel": {"kind": "outbox", "address": "one"}}
    desk.admits("B", *(person("bureau", role, "局甲") | where for role in ("经办人", "负责人")))
    desk.stops("closed")
    desk.owes(replace(bureaus(last_day=DAY), case_id="B"), case_id="B")
    assert desk.send() == DigestSent(day=DAY, units=1, sent=1)
    assert [each.role for each in desk.deliveries()] == ["经办人"]


def test_a_unit_that_nobody_answers_for_is_named(desk: Desk) -> None:
    desk.admits("B", person("city", "经办人", "市甲"))
    desk.stops("suspended")
    desk.owes(replace(bureaus(last_day=DAY), case_id="B"), case_id="B")
    assert desk.send() == DigestSent(day=DAY, units=1, unreachable=("bureau",))


def test_a_long_list_is_cut_and_counted() -> None:
    file = '{"townships": [{"id": "nanhui", "name": "南汇街道", "district": "鹿城区"}]}'
    standing = Standing.of(CASE, "温州某项目" * 10, "running", file)
    owed = [duty(f"d-{number:04}", last_day=DAY - timedelta(9)) for number in range(1000)]
    made = digests((standing,), owed, DAY, official_calendar())
    for digest in made:
        found = fields(digest, official_calendar())
        assert found["已逾期数"] == "1000"
        lines = found["已逾期"].splitlines()
        assert len(lines) == LISTED + 1
        assert lines[-1] == "另有970项未列出，用 starter.py todo 查看全部"
        assert len("".join(found.values()).encode()) < 20_000
    assert len(made) == 3
