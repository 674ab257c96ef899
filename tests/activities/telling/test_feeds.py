"""The calendar feeds, read back by the library as a calendar program would."""

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from activities.office.reminder_settings import Office
from activities.registry import RegisteredCase, Registry
from activities.telling.calendar_file import feed, uid, write_whole
from activities.telling.feeds import Feeds, FeedsWritten
from case.records import CaseRecord, DutyRecord, MoveRecord, Records
from law.calendar import official_calendar
from tests.activities.samples import AT, CASE, admit, duty, records

CALENDAR = official_calendar()
FILES = {
    "市自然资源和规划局.ics",
    "鹿城区.ics",
    "瓯海区.ics",
    "鹿城区-南汇街道.ics",
    "瓯海区-郭溪街道.ics",
}
NANHUI = "鹿城区-南汇街道.ics"


def case(status: str = "running", name: str = "温州某项目") -> RegisteredCase:
    return RegisteredCase(
        case_id=CASE,
        name=name,
        number=CASE,
        digest="a" * 64,
        districts=("鹿城区",),
        townships=("南汇街道",),
        workflow_id=CASE,
        stage=1,
        stage_title="",
        status=status,
        admitted_at=AT,
        updated_at=AT,
    )


def move(duty_id: str, old: date, new: date, number: int = 1) -> MoveRecord:
    return MoveRecord(
        case_id=CASE,
        duty_id=duty_id,
        cause_id=f"e-{number}",
        title="张贴公告",
        unit="township:nanhui",
        unit_name="南汇街道",
        old_last_day=old,
        new_last_day=new,
        old_provisional=False,
        new_provisional=False,
        cause="采用新的放假安排",
        document_number="国办发明电〔2026〕7号",
        moved_at=AT + timedelta(days=number),
    )


def made(
    duties: Iterable[DutyRecord],
    moves: Iterable[MoveRecord] = (),
    *,
    status: str = "running",
    name: str = "温州某项目",
) -> bytes:
    return feed("南汇街道", duties, {CASE: case(status, name)}, CALENDAR, moves)


def read(text: bytes) -> Any:
    """The whole calendar. What its properties are, the library's types do not say."""
    calendar = Calendar.from_ical(text)
    assert isinstance(calendar, Calendar)
    assert not calendar.errors
    return calendar


def events(text: bytes) -> Any:
    return read(text).events


def test_an_event_says_all_that_a_reminder_does() -> None:
    last = date(2026, 10, 8)
    text = made([duty("d-1", last_day=last, rolled_last_day=last, earliest=last, latest=last)])
    (event,) = events(text)
    assert event["SUMMARY"] == "【法定】张贴公告（南汇街道）温州某项目"
    assert (event.start, event.end) == (last, date(2026, 10, 9))
    assert type(event.start) is date
    assert (event["STATUS"], event["TRANSP"]) == ("CONFIRMED", "TRANSPARENT")
    for part in ("2026年10月8日（星期四）24时", "法定期限，第六条", "张贴照片", CASE):
        assert part in event["DESCRIPTION"]
    assert f"starter.py act {CASE} confirm-posting" in event["DESCRIPTION"]


def test_the_alarm_rings_on_the_working_day_before_at_half_past_eight() -> None:
    """Before Thursday 2026-10-08 that is Wednesday 2026-09-30, 国庆 lying between."""
    (event,) = events(made([duty("d-1", last_day=date(2026, 10, 8))]))
    (alarm,) = event.walk("VALARM")
    rings = datetime(2026, 10, 8) + alarm["TRIGGER"].dt  # noqa: DTZ001 - local by definition
    assert rings == datetime(2026, 9, 30, 8, 30)  # noqa: DTZ001


def test_office_targets_and_provisional_days_are_marked() -> None:
    (event,) = events(
        made(
            [
                duty(
                    "d-1",
                    statutory=False,
                    provisional=True,
                    earliest=date(2026, 12, 4),
                    latest=date(2026, 12, 9),
                )
            ]
        )
    )
    assert event["SUMMARY"].startswith("【内部时限·暂定】")
    assert event["STATUS"] == "TENTATIVE"
    for part in ("非法定期限", "最早2026-12-04，最晚2026-12-09"):
        assert part in event["DESCRIPTION"]


def test_a_moved_date_moves_the_same_event() -> None:
    first, then = date(2026, 12, 7), date(2026, 12, 9)
    (before,) = events(made([duty("d-1")]))
    moves = [move("d-1", first, then), move("d-2", first, then), move("d-1", then, first, 2)]
    (after,) = events(made([duty("d-1", last_day=then)], moves[:2]))
    (again,) = events(made([duty("d-1")], moves))
    assert before["UID"] == after["UID"] == again["UID"]
    assert [each["SEQUENCE"] for each in (before, after, again)] == [0, 1, 2]
    assert [each.start for each in (before, after, again)] == [first, then, first]
    stamps = [each["LAST-MODIFIED"].dt for each in (before, after, again)]
    assert stamps == sorted(set(stamps))
    assert stamps[1] == AT + timedelta(days=1)


def test_a_met_or_cancelled_duty_vanishes_and_an_overdue_one_stays() -> None:
    duties = [
        duty("d-1", state="met", met_on=date(2026, 11, 23)),
        duty("d-2", state="cancelled"),
        duty("d-3", state="overdue"),
        duty("d-4"),
    ]
    assert [each["UID"] for each in events(made(duties))] == [uid(CASE, "d-3"), uid(CASE, "d-4")]


def test_a_suspended_case_says_so_and_rings_no_bell() -> None:
    (event,) = events(made([duty("d-1")], status="suspended"))
    assert event["SUMMARY"].endswith("（案件已中止）")
    assert not event.walk("VALARM")


def test_a_feed_without_events_is_a_valid_calendar() -> None:
    calendar = read(made([]))
    assert calendar["X-WR-CALNAME"] == "南汇街道"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=6)
    assert [each.name for each in calendar.subcomponents] == ["VTIMEZONE"]


TEXTS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=120
)


@given(TEXTS, TEXTS, st.booleans())
@settings(max_examples=50)
def test_any_wording_comes_back_as_it_was(title: str, name: str, statutory: bool) -> None:
    text = made([duty("d-1", title=title, evidence=name, statutory=statutory)], name=name)
    (event,) = events(text)
    kind = "法定" if statutory else "内部时限"
    assert event["SUMMARY"] == f"【{kind}】{title}（南汇街道）{name}"
    assert f"办结标准：{name}" in event["DESCRIPTION"]
    lines = text.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert read(text).to_ical() == text


@pytest.fixture
def feeds(registry: Registry, tmp_path: Path) -> Feeds:
    admit(registry)
    return Feeds(registry, tmp_path / "feeds", Office(tmp_path))


def record(registry: Registry, *duties: DutyRecord, minutes: int = 0, **changes: object) -> None:
    registry.record(replace(records(minutes=minutes, duties=duties), **changes))  # type: ignore[arg-type]


def titles(folder: Path, name: str) -> list[str]:
    return [str(each["SUMMARY"]) for each in events((folder / name).read_bytes())]


def test_each_unit_has_the_file_of_what_it_sees_to(
    registry: Registry, feeds: Feeds, tmp_path: Path
) -> None:
    record(
        registry,
        duty("d-1"),
        duty("d-2", title="签订协议", unit="village:nanhui-village", unit_name="某村"),
        duty("d-3", title="转报", unit="district:瓯海区", unit_name="瓯海区", township=None),
        duty("d-4", title="停办", unit="department:税务", unit_name="税务部门", township=None),
    )
    assert feeds.write_feeds() == FeedsWritten(files=5, changed=5)
    folder = tmp_path / "feeds"
    assert {path.name for path in folder.iterdir()} == FILES
    both = ["【法定】张贴公告（南汇街道）温州某项目", "【法定】签订协议（某村）温州某项目"]
    assert titles(folder, NANHUI) == titles(folder, "鹿城区.ics") == both
    assert titles(folder, "瓯海区.ics") == ["【法定】转报（瓯海区）温州某项目"]
    assert titles(folder, "市自然资源和规划局.ics") == ["【法定】停办（税务部门）温州某项目"]
    assert titles(folder, "瓯海区-郭溪街道.ics") == []


def test_a_second_writing_changes_no_byte(registry: Registry, feeds: Feeds, tmp_path: Path) -> None:
    record(registry, duty("d-1"))
    feeds.write_feeds()
    before = {
        path: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino)
        for path in (tmp_path / "feeds").iterdir()
    }
    record(registry, duty("d-1"), minutes=5)
    assert feeds.write_feeds() == FeedsWritten(files=5, changed=0)
    assert before == {
        path: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino)
        for path in (tmp_path / "feeds").iterdir()
    }


def test_a_registered_move_updates_the_file_and_a_met_duty_empties_it(
    registry: Registry, feeds: Feeds, tmp_path: Path
) -> None:
    path = tmp_path / "feeds" / NANHUI
    record(registry, duty("d-1"))
    feeds.write_feeds()
    (before,) = events(path.read_bytes())
    moved = duty("d-1", last_day=date(2026, 12, 9))
    record(registry, moved, minutes=5, moves=(move("d-1", date(2026, 12, 7), date(2026, 12, 9)),))
    assert feeds.write_feeds().changed == 2
    (after,) = events(path.read_bytes())
    assert (after["UID"], after.start) == (before["UID"], date(2026, 12, 9))
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    record(registry, replace(moved, state="met", met_on=date(2026, 12, 1)), minutes=10)
    assert feeds.write_feeds() == FeedsWritten(files=5, changed=2)
    assert events(path.read_bytes()) == []


def test_writers_at_the_same_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    """The watchdog's run and the digest's begin at the same minute, on threads of one worker."""
    target = tmp_path / "a.ics"
    texts = [bytes([each]) * 100_000 for each in b"abcdefgh"]
    for _ in range(10):
        with ThreadPoolExecutor(len(texts)) as threads:
            assert list(threads.map(write_whole, [target] * len(texts), texts))
        assert target.read_bytes() in texts
        assert [path.name for path in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize("status", ["suspended", "terminated", "closed"])
def test_the_file_of_a_case_that_does_not_run_stays_and_is_empty(
    registry: Registry, feeds: Feeds, tmp_path: Path, status: str
) -> None:
    record(registry, duty("d-1"))
    feeds.write_feeds()
    stands = CaseRecord(
        case_id=CASE,
        stage=1,
        stage_title="",
        status=status,
        updated_at=AT + timedelta(minutes=5),
    )
    registry.record(Records(case=stands, duties=(duty("d-1"),)))
    feeds.write_feeds()
    assert {path.name for path in (tmp_path / "feeds").iterdir()} == FILES
    assert titles(tmp_path / "feeds", NANHUI) == []


def test_names_from_a_case_file_stay_in_the_folder(registry: Registry, tmp_path: Path) -> None:
    file = (
        '{"townships": [{"id": "x", "name": "../../x/y", "district": "..", "villages": []}],'
        ' "directory": []}'
    )
    registry.admit("B", "项目", file, "b" * 64, ("..",), ("../../x/y",), "B", datetime.now(UTC))
    Feeds(registry, tmp_path / "feeds", Office(tmp_path)).write_feeds()
    assert not [path for path in tmp_path.rglob("*.ics") if path.parent != tmp_path / "feeds"]
    names = {path.name for path in (tmp_path / "feeds").iterdir()}
    assert len(names) == 3
    assert all(re.fullmatch(r"[\w.-]+\.ics", name) for name in names)
