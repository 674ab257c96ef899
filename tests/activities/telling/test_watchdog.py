"""What the watchdog finds in a registry, and whom it tells: real rows, real letters, no server."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.testing import ActivityEnvironment

from activities.channels.switchboard import Switchboard
from activities.office.reminder_settings import Office
from activities.registry import Registry
from activities.telling.alarm import MOST_LINES, Alarms
from activities.telling.courier import Courier
from activities.telling.message import Address, Message
from activities.telling.watchdog import LISTED, Watching
from case.records import RungRecord
from case.watching import Alarm, Alarmed, Late, LateRungs, Stopped
from law import SHANGHAI
from tests.activities.samples import CASE, admit, duty, entry, records
from tests.receiving.mail import MailServer

MONDAY = date(2026, 11, 30)
LATE_AT = datetime(2026, 11, 30, 10, 0, tzinfo=SHANGHAI)
CLOSED_PORT = 9
"""Nobody listens there (discard)."""
NO_SERVER = Client.__new__(Client)
"""What looks at the registry alone asks no server."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    office = tmp_path / "office"
    office.mkdir()
    (office / "reminders.yaml").write_text("window_minutes: 0\n", encoding="utf-8")
    return office


@pytest.fixture
def find(registry: Registry, folder: Path) -> Callable[[datetime], LateRungs]:
    watching = Watching(registry, Office(folder), NO_SERVER)
    return lambda now: ActivityEnvironment().run(watching.find_late_rungs, now)


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


def courier(registry: Registry, folder: Path, outbox: Path) -> Courier:
    return Courier(registry, Switchboard.of(Office(folder).reminders().channels, outbox))


def rung(name: str, day: date, moment: str = "08:30") -> RungRecord:
    at = datetime.fromisoformat(f"{day}T{moment}").replace(tzinfo=SHANGHAI)
    return RungRecord(rung=f"2026-12-07/{name}", at=at)


FIVE_BEFORE = rung("-5", MONDAY)


def stand(registry: Registry, *, status: str = "running", minutes: int = 0, **d1: Any) -> None:
    """The case with one duty d-1, open since Friday and due on 2026-12-07, whose row says this."""
    row = duty("d-1", **{"opened_on": date(2026, 11, 27), **d1})
    standing = records(minutes=minutes, entry=None, duties=(row,))
    registry.record(replace(standing, case=replace(standing.case, status=status)))


def told(courier: Courier, name: str, now: datetime) -> None:
    """Somebody is told of the rung `name`."""
    courier.send(
        Message(
            message_id=name.ljust(64, "0"),
            kind="reminder",
            case_id=CASE,
            duty_id="d-1",
            rung=f"2026-12-07/{name}",
            unit="township:nanhui",
            role="经办人",
            person="南甲",
            addresses=(Address(kind="outbox", address="南汇"),),
            at=now,
            subject="题",
            text="文",
            brief="短",
        ),
        now,
    )


def test_a_rung_is_late_half_an_hour_of_office_time_after_its_moment(
    registry: Registry, find: Callable[[datetime], LateRungs]
) -> None:
    admit(registry)
    stand(registry, rungs=(FIVE_BEFORE,))
    assert find(LATE_AT.replace(hour=8, minute=40)).count == 0
    assert find(LATE_AT.replace(hour=9, minute=0)).count == 0
    found = find(LATE_AT.replace(hour=9, minute=1))
    assert found == LateRungs(
        count=1,
        oldest=(
            Late(
                case_id=CASE,
                workflow_id=CASE,
                duty_id="d-1",
                rung="2026-12-07/-5",
                at=FIVE_BEFORE.at,
                title="张贴公告",
                unit_name="南汇街道",
            ),
        ),
    )


def test_the_office_window_is_waited_for(
    registry: Registry, folder: Path, find: Callable[[datetime], LateRungs]
) -> None:
    (folder / "reminders.yaml").write_text("window_minutes: 60\n", encoding="utf-8")
    admit(registry)
    stand(registry, rungs=(FIVE_BEFORE,))
    assert find(LATE_AT).count == 0
    assert find(LATE_AT + timedelta(minutes=1)).count == 1


@pytest.mark.parametrize(
    ("status", "state"),
    [("suspended", "open"), ("terminated", "cancelled"), ("running", "met"), ("closed", "met")],
)
def test_what_is_met_or_suspended_is_not_late(
    registry: Registry, find: Callable[[datetime], LateRungs], status: str, state: str
) -> None:
    admit(registry)
    stand(registry, rungs=(FIVE_BEFORE,))
    assert find(LATE_AT).count == 1
    stand(registry, status=status, minutes=1, state=state, rungs=(FIVE_BEFORE,))
    assert find(LATE_AT).count == 0


def test_what_was_told_is_not_late(
    registry: Registry, folder: Path, outbox: Path, find: Callable[[datetime], LateRungs]
) -> None:
    admit(registry)
    later = rung("-2", date(2026, 12, 3))
    stand(registry, rungs=(FIVE_BEFORE, later))
    told(courier(registry, folder, outbox), "-5", LATE_AT)
    assert find(LATE_AT).count == 0
    assert [each.rung for each in find(LATE_AT + timedelta(days=3)).oldest] == ["2026-12-07/-2"]


def test_a_duty_whose_rungs_were_lost_is_found_by_the_ladder(
    registry: Registry, folder: Path, outbox: Path, find: Callable[[datetime], LateRungs]
) -> None:
    """Its row has no rungs, as one written before there were any."""
    admit(registry)
    long = date(2026, 11, 20)
    stand(registry, opened_on=long)
    assert find(datetime(2026, 11, 24, 16, 0, tzinfo=SHANGHAI)).count == 0
    found = find(datetime(2026, 11, 25, 9, 0, tzinfo=SHANGHAI))
    assert [(each.rung, each.at.date()) for each in found.oldest] == [
        ("2026-12-07/-10", date(2026, 11, 23))
    ]
    stand(registry, status="suspended", minutes=1, opened_on=long)
    assert find(LATE_AT).count == 0
    stand(registry, minutes=2, opened_on=long)
    assert find(LATE_AT).count == 1
    told(courier(registry, folder, outbox), "open", LATE_AT)
    assert find(LATE_AT).count == 0


def test_a_duty_entered_in_arrears_is_given_its_morning(
    registry: Registry, find: Callable[[datetime], LateRungs]
) -> None:
    """Posted on 11-20 and entered on Friday 11-27, after hours: told on Monday."""
    admit(registry)
    arrears = replace(entry("e-1"), accepted_at=datetime(2026, 11, 27, 20, 0, tzinfo=SHANGHAI))
    registry.record(records(entry=arrears, duties=(duty("d-1"),)))
    assert find(LATE_AT.replace(hour=8, minute=50)).count == 0
    assert find(LATE_AT).count == 1


def test_of_very_many_the_oldest_are_named_and_all_counted(
    registry: Registry, find: Callable[[datetime], LateRungs]
) -> None:
    admit(registry)
    many = LISTED + 3
    duties = tuple(
        duty(f"d-{i}", rungs=(rung("-5", MONDAY, f"08:{i % 60:02}"),)) for i in range(many)
    )
    registry.record(records(entry=None, duties=duties))
    found = find(LATE_AT)
    assert (found.count, len(found.oldest)) == (many, LISTED)
    assert [each.at for each in found.oldest] == sorted(each.at for each in found.oldest)


# The alarm

LATE = Late(
    case_id=CASE,
    workflow_id="LA-1",
    duty_id="d-1",
    rung="2026-12-07/-5",
    at=FIVE_BEFORE.at,
    title="张贴公告",
    unit_name="南汇街道",
)
STOPPED = Stopped(case_id="WZ-2", workflow_id="LA-2", said="流程被人工终止")
ALARM = Alarm(at=LATE_AT, late=LateRungs(count=1, oldest=(LATE,)), stopped=(STOPPED,))


@pytest.fixture
def alarms(registry: Registry, folder: Path, outbox: Path) -> Alarms:
    return Alarms(courier(registry, folder, outbox), Office(folder))


def raised(alarms: Alarms, alarm: Alarm) -> Alarmed:
    return ActivityEnvironment().run(alarms.send_alarm, alarm)


def letters(outbox: Path) -> list[str]:
    return sorted(path.read_text(encoding="utf-8") for path in outbox.glob("*.txt"))


def test_the_alarm_names_what_is_late_and_what_has_stopped(alarms: Alarms, outbox: Path) -> None:
    assert raised(alarms, ALARM) == Alarmed(told=1, again=False)
    (letter,) = letters(outbox)
    for said in (
        "2026-11-30 10:00",
        "有2",
        f"案件{CASE} 张贴公告（南汇街道）：应在2026-11-30 08:30提醒，已迟1小时30分。",
        "案件WZ-2的流程不在运行：流程被人工终止。",
    ):
        assert said in letter


def test_the_same_is_alarmed_once_a_day(alarms: Alarms, outbox: Path) -> None:
    for minutes in (0, 10, 20):
        raised(alarms, replace(ALARM, at=LATE_AT + timedelta(minutes=minutes)))
    assert len(letters(outbox)) == 1
    raised(alarms, replace(ALARM, at=LATE_AT + timedelta(days=1)))
    assert len(letters(outbox)) == 2
    more = LateRungs(count=2, oldest=(LATE, replace(LATE, duty_id="d-2")))
    raised(alarms, replace(ALARM, at=LATE_AT + timedelta(days=1, minutes=10), late=more))
    assert len(letters(outbox)) == 3


@pytest.mark.parametrize(
    "moment", ["2026-11-30T08:20", "2026-11-30T17:00", "2026-11-29T10:00", "2026-10-05T10:00"]
)
def test_nobody_is_alarmed_outside_office_hours(alarms: Alarms, outbox: Path, moment: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
    assert raised(alarms, replace(ALARM, at=at)) == Alarmed(told=0, again=True)
    assert letters(outbox) == []


def test_every_operator_named_is_told(
    registry: Registry, folder: Path, outbox: Path, alarms: Alarms
) -> None:
    (folder / "reminders.yaml").write_text(
        "alarms:\n"
        "  - {name: 值甲, channel: {kind: outbox, address: 甲}}\n"
        "  - {name: 值乙, channel: {kind: outbox, address: 乙}}\n",
        encoding="utf-8",
    )
    assert raised(alarms, ALARM) == Alarmed(told=2, again=False)
    assert {sent.person for sent in registry.deliveries()} == {"值甲", "值乙"}
    assert {(sent.kind, sent.case_id) for sent in registry.deliveries()} == {("alarm", None)}


def test_an_alarm_that_cannot_go_out_yet_is_to_be_tried_again(
    registry: Registry, folder: Path, outbox: Path
) -> None:
    (folder / "reminders.yaml").write_text(
        f"channels: {{email: {{host: 127.0.0.1, port: {CLOSED_PORT}, security: none, "
        "sender: tixing@example.cn}}\n"
        "alarms: [{name: 值甲, channel: {kind: email, address: zhijia@example.cn}}]\n",
        encoding="utf-8",
    )
    alarms = Alarms(courier(registry, folder, outbox), Office(folder))
    assert raised(alarms, ALARM) == Alarmed(told=0, again=True)


def test_an_alarm_that_none_of_those_named_can_be_told_lies_in_the_outbox(
    registry: Registry, folder: Path, outbox: Path
) -> None:
    """The mail server knows neither any more; while one waits for his channel, nobody else is."""
    with MailServer() as server:
        (folder / "reminders.yaml").write_text(
            f"channels: {{email: {{host: 127.0.0.1, port: {server.port}, security: none, "
            "sender: tixing@example.cn}}\n"
            "alarms:\n"
            "  - {name: 值甲, channel: {kind: email, address: zhijia@example.cn}}\n"
            "  - {name: 值乙, channel: {kind: email, address: zhiyi@example.cn}}\n",
            encoding="utf-8",
        )
        alarms = Alarms(courier(registry, folder, outbox), Office(folder))
        server.unknown.add("zhijia@example.cn")
        server.full.add("zhiyi@example.cn")
        assert raised(alarms, ALARM) == Alarmed(told=0, again=True)
        assert letters(outbox) == []
        server.unknown.add("zhiyi@example.cn")
        later = replace(ALARM, at=LATE_AT + timedelta(minutes=10))
        assert raised(alarms, later) == Alarmed(told=1, again=False)
        (letter,) = letters(outbox)
        assert "值守人员" in letter
        assert server.mailbox == []


def test_an_alarm_that_told_nobody_is_not_taken_for_raised(alarms: Alarms, outbox: Path) -> None:
    """The outbox is a file in place of a folder, and stays one."""
    outbox.touch()
    for minutes in range(0, 100, 10):
        at = LATE_AT + timedelta(minutes=minutes)
        assert raised(alarms, replace(ALARM, at=at)) == Alarmed(told=0, again=True)


def test_a_long_list_is_cut_and_says_so(alarms: Alarms, outbox: Path) -> None:
    oldest = tuple(replace(LATE, duty_id=f"d-{i}") for i in range(LISTED))
    raised(alarms, Alarm(at=LATE_AT, late=LateRungs(count=1200, oldest=oldest)))
    (letter,) = letters(outbox)
    assert letter.count("应在") == MOST_LINES
    assert "另有1150条没有列出。" in letter


def test_marks_tell_one_lateness_from_another() -> None:
    others = [replace(LATE, rung="2026-12-07/-2"), replace(LATE, case_id="WZ-3")]
    assert len({LATE.mark, STOPPED.mark, *(each.mark for each in others)}) == 4
    assert LATE.mark == replace(LATE, title="其他").mark
