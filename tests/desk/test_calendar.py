"""The command `calendar`: a year shown, a paper checked, what it moves, and adopting it."""

import asyncio
import io
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from rich.console import Console

import desk.calendar as calendar_command
from case.moving import Moves, NotMoved
from deploy.server import LocalServer
from deploy.settings import REPOSITORY
from desk import calendar_moving
from desk.errors import BadInput
from law import SHANGHAI
from law.calendar import official_calendar
from law.order import INITIATION_NOTICE_CONTENTS
from tests.desk.commandline import EXAMPLE as CASE
from tests.desk.commandline import Office, environment
from tests.workflows.playing import Stage

pytestmark = pytest.mark.skipif(
    official_calendar().horizon.year > 2026, reason="2027 is arranged by now"
)

PAPERS = REPOSITORY / "examples" / "calendars"
PAPER = PAPERS / "2027-example.yaml"
TEN_WORKING_DAYS = ("due", "2026-12-18", "--days", "10", "--working", "--json")


@pytest.fixture(autouse=True)
def _after_the_example_was_published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_command, "now", lambda: datetime(2026, 11, 20, 9, tzinfo=SHANGHAI))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A desk that no server answers."""
    return Office(
        environment(tmp_path, LAND_OFFICE=str(tmp_path / "office"), TEMPORAL_ADDRESS="127.0.0.1:1")
    )


def adopted(tmp_path: Path) -> Path:
    return tmp_path / "office" / "calendars" / "2027-示例〔2026〕1号.yaml"


def answer(office: Office, *arguments: str | Path) -> Any:
    return json.loads(office.done(*arguments))


def test_an_adopted_paper_makes_provisional_answers_certain(office: Office) -> None:
    before = answer(office, *TEN_WORKING_DAYS)
    assert (before["provisional"], before["earliest"], before["latest"]) == (
        True,
        "2026-12-31",
        "2027-01-06",
    )
    office.done("calendar", "adopt", PAPER, "--confirmed")
    after = answer(office, *TEN_WORKING_DAYS)
    assert (after["provisional"], after["last_day"]) == (False, "2027-01-04")
    assert after["earliest"] == after["latest"] == "2027-01-04"
    assert after["calendar"]["version"].endswith("＋示例〔2026〕1号")
    assert after["calendar"]["horizon"] == "2027-12-26"
    assert after["calendar"]["digest"] != before["calendar"]["digest"]


def test_diff_lists_what_moved(office: Office) -> None:
    """By hand: ten after 18 January are the 19th to 22nd, the 25th to 29th, and then Sunday the
    31st, worked for 春节, where it was 1 February; 30 after 6 January roll over all of 春节."""
    told = office.done("calendar", "diff", PAPER)
    for line in (
        "已定至  2026-12-26 → 2027-12-26",
        "变动的日子 16 天",
        "2027-01-31  星期日  休息日（推算）  调休上班（官方）",
        "2027-02-09  星期二  工作日（推算）  放假调休（官方）",
        "2027-01-18                2027-02-01 暂定  2027-01-28 ／ 2027-02-10  2027-01-31",
        "由暂定变为确定：2026-12-14 至 2027-01-02",
        "15个工作日的期限：",
        "30日的期限（末日逢休息日顺延）：",
        "60日的期限（末日逢休息日顺延）：",
    ):
        assert line in told
    found = answer(office, "calendar", "diff", PAPER, "--json")
    assert len(found["days"]) == 16
    by_length = {(each["unit"], each["length"]): each["periods"] for each in found["lengths"]}
    assert set(by_length) == {("工作日", 10), ("工作日", 15), ("日", 30), ("日", 60)}
    (period,) = [each for each in by_length["工作日", 10] if each["start"] == "2026-12-18"]
    assert period == {
        "start": "2026-12-18",
        "moved": False,
        "before": {
            "last_day": "2027-01-04",
            "earliest": "2026-12-31",
            "latest": "2027-01-06",
            "provisional": True,
        },
        "after": {
            "last_day": "2027-01-04",
            "earliest": "2027-01-04",
            "latest": "2027-01-04",
            "provisional": False,
        },
    }
    (rolled,) = [each for each in by_length["日", 30] if each["start"] == "2027-01-06"]
    assert (rolled["before"]["last_day"], rolled["after"]["last_day"]) == (
        "2027-02-09",
        "2027-02-14",
    )


def test_diff_without_a_file_tells_what_the_adopted_papers_move(office: Office) -> None:
    assert "没有采用任何通知" in office.done("calendar", "diff")
    proposed = answer(office, "calendar", "diff", PAPER, "--json")
    office.done("calendar", "adopt", PAPER, "--confirmed")
    assert answer(office, "calendar", "diff", "--json") == proposed
    assert "变动的日子 16 天" in office.done("calendar", "diff")
    assert "不再变动什么" in office.done("calendar", "diff", PAPER)


def test_adopting_says_what_moves_and_that_running_cases_are_still_to_be_counted_anew(
    office: Office, tmp_path: Path
) -> None:
    told = office.done("calendar", "adopt", PAPER, "--confirmed")
    assert f"存入 {adopted(tmp_path)}" in told
    assert "请核对：“示例〔2026〕1号”不是国务院或者国务院办公厅的文号" in told
    assert "变动的日子 16 天" in told
    assert "执行进程（worker）不必重新启动" in told
    assert "在办案件的期限还没有重算，请稍后用 starter.py calendar move 重算" in told
    assert adopted(tmp_path).read_bytes() == PAPER.read_bytes()


def test_a_paper_with_doubts_is_adopted_only_once_its_source_is_confirmed(
    office: Office, tmp_path: Path
) -> None:
    told = office.refused(2, "calendar", "adopt", PAPER)
    assert "请核对：“示例〔2026〕1号”不是国务院或者国务院办公厅的文号" in told
    assert "没有采用：与文件原文核对无误、来源可靠的，采用时加 --confirmed" in told
    assert not adopted(tmp_path).exists()
    plain = tmp_path / "plain.yaml"
    text = PAPER.read_text(encoding="utf-8").replace("示例〔2026〕1号", "国办发明电〔2026〕7号")
    plain.write_text(text, "utf-8")
    assert "没有问题，可以采用" in office.done("calendar", "check", plain)
    assert "已采用“国办发明电〔2026〕7号”" in office.done("calendar", "adopt", plain)


@pytest.mark.parametrize("command", ["check", "diff", "adopt"])
def test_a_paper_of_a_day_to_come_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(calendar_command, "now", lambda: datetime(2026, 11, 9, 12, tzinfo=SHANGHAI))
    told = office.refused(2, "calendar", command, PAPER)
    assert "公布日期2026-11-10还没有到（今天是2026-11-09）" in told


def test_a_paper_is_known_on_the_day_it_is_published(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar_command, "now", lambda: datetime(2026, 11, 10, 0, tzinfo=SHANGHAI))
    assert "处请核对" in office.done("calendar", "check", PAPER)


def test_adopting_again_is_harmless_and_another_content_is_refused(
    office: Office, tmp_path: Path
) -> None:
    office.done("calendar", "adopt", PAPER, "--confirmed")
    assert "此前已经采用，没有变动" in office.done("calendar", "adopt", PAPER)
    other = tmp_path / "other.yaml"
    other.write_text(PAPER.read_text(encoding="utf-8").replace("05-08]", "05-09]"), "utf-8")
    assert "已经采用，内容与" in office.refused(2, "calendar", "adopt", other)
    assert adopted(tmp_path).read_bytes() == PAPER.read_bytes()


def test_a_folder_that_cannot_be_written_to_is_said(office: Office, tmp_path: Path) -> None:
    (tmp_path / "office").write_text("")
    assert "读不了放假安排的文件夹" in office.refused(2, "calendar", "adopt", PAPER)


@pytest.mark.parametrize("path", sorted((PAPERS / "broken").glob("*.yaml")), ids=lambda p: p.stem)
@pytest.mark.parametrize("command", ["check", "adopt", "diff"])
def test_a_broken_paper_exits_2_and_is_not_kept(
    office: Office, tmp_path: Path, path: Path, command: str
) -> None:
    assert "输入有误" in office.refused(2, "calendar", command, path)
    assert not (tmp_path / "office").exists()


def test_check_lists_every_fault_with_its_line(office: Office) -> None:
    told = office.refused(2, "calendar", "check", PAPERS / "broken" / "several-faults.yaml")
    assert "共 10 处" in told
    assert "第13行 holidays[2]：应当是一组“名称: 值”" in told


def test_check_of_a_sound_paper_says_what_it_says(office: Office) -> None:
    told = office.done("calendar", "check", PAPER)
    assert "2027-02-05 至 2027-02-13  9     01-31、02-14" in told
    assert "没有错误，有 1 处请核对" in told
    assert "找不到文件" in office.refused(2, "calendar", "check", "没有.yaml")


def test_show_of_an_official_year(office: Office) -> None:
    told = office.done("calendar", "show", "2026")
    assert "国庆节  2026-10-01 至 2026-10-07  7     10-01至10-03  09-20、10-10" in told
    assert "2026-12-27起至年末，可由下一年度的通知安排" in told
    found = answer(office, "calendar", "show", "2026", "--json")
    assert (found["official"], found["open_blocks"], found["open_from"]) == (True, [], "2026-12-27")
    make_ups = [day for each in found["holidays"] for day in each["make_up_days"]]
    assert sorted(make_ups) == [
        f"2026-{day}" for day in ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
    ]


def test_show_of_an_open_year_tells_the_certain_days_and_what_may_move(office: Office) -> None:
    told = office.done("calendar", "show", "2027")
    for words in (
        "2027年的放假通知尚未采用",
        "02-05至02-08",
        "国务院令第795号",
        "最早日",
        "最迟日",
        "按2008年以来历年安排的幅度（长假已留余地）不变",
        "一次性放假、延长假期、年中调整通知无法预见",
    ):
        assert words in told
    rows = [line.split() for line in told.splitlines()]
    assert ["元旦", "2026-12-30至12-31", "2天", "2026-12-27、01-02至01-03", "2天"] in rows
    found = answer(office, "calendar", "show", "2027", "--json")
    assert not found["official"]
    assert sum(each["days"] for each in found["holidays"]) == 13
    assert found["open_blocks"][0] == {
        "name": "元旦",
        "may_rest": ["2026-12-30", "2026-12-31"],
        "rests_at_most": 2,
        "may_be_worked": ["2026-12-27", "2027-01-02", "2027-01-03"],
        "worked_at_most": 2,
    }


def test_show_of_an_adopted_year_names_its_paper(office: Office) -> None:
    office.done("calendar", "adopt", PAPER, "--confirmed")
    assert "01-31、02-14  示例〔2026〕1号  官方" in office.done("calendar", "show", "2027")
    (source,) = {
        paper["number"]
        for each in answer(office, "calendar", "show", "2027", "--json")["holidays"]
        for paper in each["sources"]
    }
    assert source == "示例〔2026〕1号"


@pytest.mark.parametrize(
    ("year", "said"), [("2003", "不在日历范围内"), ("2999", "不在日历范围内"), ("明年", "四位数字")]
)
def test_a_year_that_cannot_be_shown(office: Office, year: str, said: str) -> None:
    assert said in office.refused(2, "calendar", "show", year)


@pytest.fixture
def spoiled(office: Office, tmp_path: Path) -> str:
    """What is said once an adopted paper has been spoiled."""
    office.done("calendar", "adopt", PAPER, "--confirmed")
    path = adopted(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("05-08]", "05-10]"), "utf-8")
    line = path.read_text(encoding="utf-8").splitlines().index("    make_up_days: [2027-05-10]") + 1
    return (
        f"放假安排“{path}”：第{line}行 holidays[3].make_up_days[0]："
        "2027-05-10是星期一，本来就上班，不是调休上班日"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        TEN_WORKING_DAYS,
        ("verify-notice", "--kind", "initiation", "--start", "2026-03-17", "--end", "2026-03-30"),
        ("todo",),
        ("show", "WZ-LC-2026-001"),
        ("act", "WZ-LC-2026-001", "notify-departments", "--occurred-on", "2026-03-16"),
        ("launch", str(CASE)),
        ("launch", str(CASE), "--dry-run"),
        ("calendar", "show", "2026"),
        ("calendar", "diff"),
        ("calendar", "diff", str(PAPERS / "broken" / "skipped-year.yaml")),
        ("calendar", "adopt", str(PAPERS / "2027-example.yaml")),
    ],
    ids=" ".join,
)
def test_a_faulty_adopted_paper_stops_every_command_that_counts(
    office: Office, spoiled: str, arguments: tuple[str, ...]
) -> None:
    assert spoiled in office.refused(2, *arguments)


def test_a_worker_refuses_to_start_by_a_faulty_paper(office: Office, spoiled: str) -> None:
    ended = subprocess.run(
        [sys.executable, "worker.py"],
        cwd=REPOSITORY,
        env={**os.environ, **office.environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 2
    assert spoiled in ended.stderr


def test_cases_cannot_be_moved_without_a_server(office: Office) -> None:
    assert "127.0.0.1:1 没有应答" in office.refused(4, "calendar", "move")
    assert "127.0.0.1:1 没有应答" in office.refused(4, "calendar", "move", PAPER, "--dry-run")


def test_a_paper_moves_cases_only_once_it_is_adopted(office: Office) -> None:
    told = office.refused(2, "calendar", "move", PAPER)
    assert "只能与 --dry-run 同用；要采用这份通知，请用 calendar adopt" in told


@pytest_asyncio.fixture(loop_scope="session")
async def case(server: LocalServer, tmp_path: Path) -> AsyncIterator[Stage]:
    """A case on a real server, drafted on Monday 2027-02-01 by its own time, a worker beside it.

    The city approves within five working days: 02-02 to 04, then 09 and 10; by the paper 02 to 04,
    Sunday 14, Monday 15.
    """
    stage = await Stage.prepare(server, "one-village", tmp_path)
    await stage.launch()
    async with stage.worker():
        await stage.forward(datetime(2027, 2, 1, 12, tzinfo=SHANGHAI))
        await stage.say("draft_initiation", "bureau", contents=INITIATION_NOTICE_CONTENTS)
        await stage.settled()
    yield stage


def desk_of(case: Stage) -> Office:
    """A desk beside the case: the same server, registry and office."""
    return Office(
        environment(
            case.folder,
            TEMPORAL_ADDRESS=case.settings.temporal_address,
            TEMPORAL_NAMESPACE=case.settings.namespace,
            LAND_TASK_QUEUE=case.settings.task_queue,
        )
    )


@contextmanager
def working(case: Stage) -> Iterator[None]:
    """A worker process for the case."""
    worker = subprocess.Popen(
        [sys.executable, "worker.py"],
        cwd=REPOSITORY,
        env={**os.environ, **desk_of(case).environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(20)


async def test_adopting_moves_the_days_of_running_cases(case: Stage) -> None:
    desk = desk_of(case)
    owed = f"{case.case_id} 批准《土地征收启动公告》 市人民政府"
    row = f"{owed} 2027-02-10 暂定 2027-02-15 示例〔2026〕1号"

    def rows(told: str) -> list[str]:
        return [" ".join(line.split()) for line in told.splitlines()]

    with working(case):
        # The city has heard of the old day in the morning.
        await case.forward(datetime(2027, 2, 2, 12, tzinfo=SHANGHAI))
        trial = await asyncio.to_thread(desk.done, "calendar", "move", PAPER, "--dry-run")
        assert row in rows(trial)
        assert "将变动的期限 1 项" in trial
        assert "这是试算：没有送出，没有登记" in trial
        assert case.registry.moves(case.case_id) == ()

        adopted = await asyncio.to_thread(desk.done, "calendar", "adopt", PAPER, "--confirmed")
        assert "受影响的在办案件 1 件：重算 1 件。" in adopted
        assert row in rows(adopted)
        assert "变动于 2027-02-03 08:30 告知 1 人" in adopted
        assert len(case.registry.moves(case.case_id)) == 1

        again = await asyncio.to_thread(desk.done, "calendar", "move")
        assert "没有需要重算的在办案件" in again
        as_json = json.loads(await asyncio.to_thread(desk.done, "calendar", "move", "--json"))
        assert (as_json["cases"], as_json["standing"], as_json["moved"]) == (0, 0, 0)
        assert (as_json["rows"], as_json["failed"]) == ([], [])


async def test_adopted_while_no_worker_runs_the_days_move_once_one_does(
    case: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of(case)
    with monkeypatch.context() as impatient:
        impatient.setattr(calendar_moving, "ANSWERING", timedelta(seconds=1))
        told = await asyncio.to_thread(desk.done, "calendar", "adopt", PAPER, "--confirmed")
    assert "已采用“示例〔2026〕1号”" in told
    assert "重算已经交给服务器" in told
    assert case.registry.moves(case.case_id) == ()
    with working(case):
        moves = await asyncio.to_thread(desk.done, "calendar", "move")
    # The run that waited is taken for this one, or has ended before it.
    (row,) = case.registry.moves(case.case_id)
    assert (str(row.old_last_day), str(row.new_last_day)) == ("2027-02-10", "2027-02-15")
    assert "受影响的在办案件 1 件" in moves or "没有需要重算的在办案件" in moves


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        (Moves(), ["没有需要重算的在办案件"]),
        (
            Moves(cases=3, counted=1, ended=1, failed=(NotMoved(case_id="C", why="没有应答。"),)),
            ["受影响的在办案件 3 件：重算 1 件，1 件其间办结。", "案件 C 没有重算：没有应答。"],
        ),
    ],
)
def test_what_came_of_it_is_said(moves: Moves, said: list[str]) -> None:
    console = Console(record=True, width=120, file=io.StringIO())
    calendar_moving.print_moves(console, moves, dry_run=False)
    told = console.export_text()
    assert all(sentence in told for sentence in said)


def test_cases_left_to_the_run_of_a_newer_paper_are_no_failure() -> None:
    """Where no paper was adopted meanwhile, the worker has another folder than the desk."""
    moves = Moves(cases=3, counted=1, left=2)
    console = Console(record=True, width=120, file=io.StringIO())
    calendar_moving.print_moves(console, moves, dry_run=False, overtaken=True)
    assert "其余 2 件没有重算：其间又采用了通知" in console.export_text()
    calendar_moving.require_all(moves, overtaken=True)
    calendar_moving.print_moves(console, moves, dry_run=False)
    assert "请核对它的文件夹（LAND_OFFICE）" in console.export_text()
    with pytest.raises(BadInput, match="2 件没有办成"):
        calendar_moving.require_all(moves)


def test_cases_that_were_not_counted_end_the_command_with_2() -> None:
    with pytest.raises(BadInput, match="1 件没有办成"):
        calendar_moving.require_all(Moves(failed=(NotMoved(case_id="C", why="w"),)))
    calendar_moving.require_all(Moves(cases=1, counted=1))
