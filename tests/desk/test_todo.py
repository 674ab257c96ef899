"""`todo` answers from the registry alone."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from activities.registry import Registry
from activities.telling.calendar_file import uid
from case.brief import brief, digest
from case.change import Change
from case.file import load
from case.reckoning import Reckoning, reckon_all
from case.recording import records
from case.state import State
from law.calendar import official_calendar
from tests.desk.commandline import EXAMPLE, Office, environment
from tests.desk.test_filling import AT, DAY


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A desk whose registry holds one case, launched on 2026-05-06."""
    folder: Path = tmp_path_factory.mktemp("todo")
    found = environment(folder, TEMPORAL_ADDRESS="127.0.0.1:1")
    file = load(EXAMPLE)
    case = brief(file)
    launched = State(brief=case, launched_on=DAY)
    state, owed, _ = reckon_all(launched, Reckoning(at=AT, calendar=official_calendar()))
    with Registry.open(found["LAND_REGISTRY_URL"]) as registry:
        registry.admit(
            case.case_id,
            case.name,
            file.model_dump_json(),
            digest(file),
            ("鹿城区",),
            ("藤桥镇",),
            f"LA-{case.case_id}",
            AT,
        )
        registry.record(records(Change(state=state, command=None, at=AT), state, owed))
    return Office(found)


def test_the_table_says_who_owes_what_by_when(office: Office) -> None:
    """Five working days after 2026-05-06; Saturday 2026-05-09 is worked."""
    said = office.done("todo", "--on", "2026-05-07")
    for part in ("2026-05-12", "剩 4 个工作日", "WZ-LC-2026-001", "市自然资源和规划局", "内部时限"):
        assert part in said


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ((), 1),
        (("--township", "藤桥镇"), 1),
        (("--unit", "自然资源"), 1),
        (("--unit", "bureau", "--case", "LA-WZ-LC-2026-001"), 1),
        (("--unit", "township:tengqiao"), 0),
        (("--overdue", "--on", "2026-05-12"), 0),
        (("--overdue", "--on", "2026-05-13"), 1),
    ],
)
def test_filters(office: Office, filters: tuple[str, ...], count: int) -> None:
    rows = json.loads(office.done("todo", "--json", "--on", "2026-05-12", *filters))
    assert len(rows) == count
    if count:
        assert rows[0]["duty_id"] == "draft/initiation"
        assert rows[0]["overdue"] == ("--overdue" in filters)
    else:
        assert "没有" in office.done("todo", "--on", "2026-05-12", *filters)


def events(path: Path) -> list[Any]:
    calendar = Calendar.from_ical(path.read_bytes())
    assert isinstance(calendar, Calendar)
    assert not calendar.errors
    return calendar.events


def test_the_list_as_a_calendar_file(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "藤桥镇.ics"
    said = office.done("todo", "--township", "藤桥镇", "--ics", path)
    assert said.startswith(f"已把 1 件待办事项写入日历文件“{path}”")
    (event,) = events(path)
    assert (event.start, event.end) == (date(2026, 5, 12), date(2026, 5, 13))
    assert event["UID"] == uid("WZ-LC-2026-001", "draft/initiation")
    assert event["SUMMARY"].startswith("【内部时限】")
    written = path.read_bytes()
    assert "与原文件相同" in office.done("todo", "--ics", path)
    assert path.read_bytes() == written


def test_the_calendar_file_holds_what_is_listed(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.ics"
    for number, filters in ((0, ("--overdue", "--on", "2026-05-12")), (1, ("--unit", "bureau"))):
        assert f"已把 {number} 件" in office.done("todo", "--ics", path, *filters)
        assert len(events(path)) == number


def test_the_help_says_what_a_calendar_file_cannot(office: Office) -> None:
    """What is met goes away by itself only where the calendar is subscribed to."""
    said = re.sub(r"\s+", "", office.done("todo", "--help"))
    assert "日历程序支持按编号更新的" in said
    assert "已经办结的，再次导入不会消失，要自己删；只有订阅的日历" in said


def test_a_calendar_file_without_a_name_has_the_usual_one(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    office.done("todo", "--ics", "--case", "WZ-LC-2026-001")
    office.done("todo", "--ics")
    assert [path.name for path in tmp_path.iterdir()] == ["待办.ics"]


def test_a_calendar_file_that_cannot_be_written_is_refused(office: Office, tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "a.ics"
    assert f"写不了日历文件“{missing}”" in office.refused(2, "todo", "--ics", missing)
    assert not missing.parent.exists()
    assert "只能选一个" in office.refused(2, "todo", "--json", "--ics", tmp_path / "a.ics")
    assert list(tmp_path.iterdir()) == []
