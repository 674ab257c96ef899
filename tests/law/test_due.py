"""The command `due` as a person types it."""

import json
import subprocess
import sys
from typing import Any

import pytest
from click.testing import CliRunner

from desk.due import due
from law.calendar import official_calendar


@pytest.mark.parametrize(
    ("day", "last_day"),
    [
        ("2024-09-20", "2024-10-10"),
        ("2026-03-16", "2026-03-30"),
        ("2024-10-24", "2024-11-07"),
        ("2026-10-03", "2026-10-20"),
    ],
)
def test_ten_working_days_of_real_notices(day: str, last_day: str) -> None:
    answer = asked(day, "--days", "10", "--working", "--json")
    assert answer["trigger"] == day
    assert answer["last_day"] == answer["earliest"] == answer["latest"] == last_day
    assert answer["provisional"] is False
    assert answer["may_proceed_on"] > last_day
    calendar = official_calendar()
    assert answer["calendar"] == {
        "version": calendar.version,
        "digest": calendar.digest,
        "horizon": str(calendar.horizon),
    }


@pytest.mark.skipif(official_calendar().horizon.year > 2026, reason="2027 is arranged by now")
def test_a_period_into_an_unarranged_year_shows_its_bounds() -> None:
    answer = asked("2026-12-18", "--days", "10", "--working", "--json")
    assert answer["provisional"] is True
    assert answer["last_day"] == "2027-01-04"
    assert (answer["earliest"], answer["latest"]) == ("2026-12-31", "2027-01-06")
    shown = CliRunner().invoke(due, ["2026-12-18", "--days", "10", "--working"])
    assert "暂定" in shown.output
    assert "2027-01-06" in shown.output


@pytest.mark.parametrize(
    ("options", "last_day", "proceeds", "counting"),
    [
        ([], "2024-09-30", "2024-10-01", "不少于若干日"),
        (["--within"], "2024-09-30", None, "若干日内"),
        (["--working"], "2024-10-10", "2024-10-11", "不少于若干工作日"),
        (["--working", "--within"], "2024-10-10", None, "若干工作日内"),
    ],
)
def test_the_four_ways_of_counting(
    options: list[str], last_day: str, proceeds: str | None, counting: str
) -> None:
    answer = asked("2024-09-20", "--days", "10", "--json", *options)
    assert (answer["last_day"], answer["may_proceed_on"], answer["counting"]) == (
        last_day,
        proceeds,
        counting,
    )


def test_the_proof_is_printed_day_by_day() -> None:
    answer = asked("2024-09-20", "--days", "10", "--working", "--json", "--proof")
    assert [row["number"] for row in answer["proof"] if row["number"]] == list(range(1, 11))
    shown = CliRunner().invoke(due, ["2024-09-20", "--days", "10", "--working", "--proof"])
    assert shown.exit_code == 0
    assert "调休上班" in shown.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "请写明起算日"),
        (["2024-09-20"], "请用 --days 写明天数"),
        (["2024-02-30", "--days", "10"], "不是日期"),
        (["20号", "--days", "10"], "不是日期"),
        (["2024-09-20日", "--days", "10"], "“2024-09-20日”不是日期"),
        (["20240920日", "--days", "10"], "“20240920日”不是日期"),
        (["2024092", "--days", "10"], "“2024092”不是日期"),
        (["2024-09/20", "--days", "10"], "“2024-09/20”不是日期"),
        (["2024-09-20", "--days", "0"], "天数必须是正整数"),
        (["2024-09-20", "--days=-3"], "天数必须是正整数"),
        (["2024-09-20", "--days", "十"], "天数必须是正整数"),
        (["2024-09-20", "--days", "9" * 30], "超出"),
        (["2003-12-31", "--days", "10"], "不在日历范围内"),
        (["2024-09-20", "--days", "1" * 5000], "超出"),
        (["--posted", "藤桥镇", "--days", "10"], "藤桥镇尚无张贴日"),
        (["--posted", "=2026-03-16", "--days", "10"], "没有写明地点"),
        (["--posted", "甲=2026-03-16", "--posted", "甲=2026-03-17", "--days", "10"], "写了两次"),
        (["2026-03-16", "--posted", "甲=2026-03-16", "--days", "10"], "只能写一种"),
        (["2026-03-16", "--receipt", "批准文件", "--days", "10"], "请同时写 --within"),
        (["2026-03-16", "--receipt", " ", "--within", "--days", "10"], "没有写明收到的是什么文件"),
    ],
)
def test_bad_input_ends_with_two_and_a_chinese_sentence(
    arguments: list[str], sentence: str
) -> None:
    result = CliRunner().invoke(due, arguments)
    assert result.exit_code == 2
    assert sentence in result.output


def test_every_fault_is_told_at_once() -> None:
    arguments = ["2024-02-30", "--days", "0", "--receipt", "批准文件"]
    result = CliRunner().invoke(due, arguments)
    assert result.exit_code == 2
    sentences = ("共 3 处", "请同时写 --within", "“2024-02-30”不是日期", "不能是“0”")
    assert [each for each in sentences if each not in result.output] == []
    arguments = ["--posted", "甲=三月", "--posted", "乙=2003-01-01", "--posted", "=", "--days", "x"]
    said = CliRunner().invoke(due, arguments).output
    each_fault = ("共 4 处", "“三月”不是日期", "2003-01-01不在日历范围内", "没有写明地点", "“x”")
    assert [each for each in each_fault if each not in said] == []


def test_the_proof_of_a_national_day_names_every_day() -> None:
    """Posted on 2026-10-03, within 国庆 (10-01 to 10-07); Saturday 10-10 is a make-up day."""
    answer = asked("2026-10-03", "--days", "10", "--working", "--proof", "--json")
    assert answer["last_day"] == "2026-10-20"
    off, worked = "放假调休，不计入", "工作日"
    expected = [
        ("2026-10-03", "星期六", None, "起算日，不计入"),
        ("2026-10-04", "星期日", None, "休息日，不计入"),
        ("2026-10-05", "星期一", None, off),
        ("2026-10-06", "星期二", None, off),
        ("2026-10-07", "星期三", None, off),
        ("2026-10-08", "星期四", 1, worked),
        ("2026-10-09", "星期五", 2, worked),
        ("2026-10-10", "星期六", 3, "调休上班"),
        ("2026-10-11", "星期日", None, "休息日，不计入"),
        ("2026-10-12", "星期一", 4, worked),
        ("2026-10-13", "星期二", 5, worked),
        ("2026-10-14", "星期三", 6, worked),
        ("2026-10-15", "星期四", 7, worked),
        ("2026-10-16", "星期五", 8, worked),
        ("2026-10-17", "星期六", None, "休息日，不计入"),
        ("2026-10-18", "星期日", None, "休息日，不计入"),
        ("2026-10-19", "星期一", 9, worked),
        ("2026-10-20", "星期二", 10, worked),
    ]
    rows = answer["proof"]
    assert [(row["day"], row["weekday"], row["number"], row["reason"]) for row in rows] == expected
    assert {row["basis"] for row in rows} == {"官方安排"}
    shown = CliRunner().invoke(due, ["2026-10-03", "--days", "10", "--working", "--proof"]).output
    lines = [tuple(line.split()) for line in shown.splitlines()]
    for day, weekday, number, reason in expected:
        assert (day, weekday, str(number or "不计"), reason, "官方安排") in lines


@pytest.mark.skipif(official_calendar().horizon.year > 2026, reason="2027 is arranged by now")
def test_thirty_days_into_an_unarranged_year_are_certain_and_say_why() -> None:
    answer = asked("2026-12-18", "--days", "30", "--json")
    assert answer["provisional"] is False
    assert answer["last_day"] == answer["earliest"] == answer["latest"] == "2027-01-17"
    assert answer["rolled_last_day"] == "2027-01-18"
    assert (answer["rolled_earliest"], answer["rolled_latest"]) == ("2027-01-18", "2027-01-18")
    assert "按日连续计算，放假安排不改变截止日，截止日确定" in answer["certainty"]
    assert "历年安排的幅度（长假已留余地），顺延日都是2027-01-18" in answer["certainty"]
    answer = asked("2026-12-02", "--days", "30", "--json")
    assert answer["provisional"] is False
    assert (answer["rolled_earliest"], answer["rolled_latest"]) == ("2027-01-02", "2027-01-04")
    assert "顺延日暂定2027-01-04，最早2027-01-02，最迟2027-01-04" in answer["certainty"]


def test_the_last_of_several_postings_governs_and_is_named() -> None:
    several = ("--posted", "藤桥镇=2026-03-16", "--posted", "石埠溪村=2026年3月18日")
    answer = asked(*several, "--days", "10", "--working", "--json")
    assert (answer["trigger"], answer["last_day"]) == ("2026-03-18", "2026-04-01")
    assert answer["postings"] == {"藤桥镇": "2026-03-16", "石埠溪村": "2026-03-18"}
    assert answer["governed_by"] == ["石埠溪村"]
    shown = CliRunner().invoke(due, [*several, "--days", "10", "--working"]).output
    assert "以最后张贴的石埠溪村为准" in shown


def test_a_period_from_a_receipt_names_what_was_received() -> None:
    within = ("--days", "30", "--within", "--json")
    plain = asked("2026-05-08", *within)
    received = asked("2026-05-08", *within, "--receipt", "土地征收批准文件")
    assert received["last_day"] == plain["last_day"] == "2026-06-07"
    assert "收到土地征收批准文件当日（2026年5月8日）不计入" in received["reason"]


@pytest.mark.parametrize(
    "day", ["2024-09-20", "2024/9/20", "2024.9.20", "2024年9月20日", "20240920"]
)
def test_a_day_may_be_written_as_offices_write_it(day: str) -> None:
    assert asked(day, "--days", "10", "--working", "--json")["trigger"] == "2024-09-20"


def test_help_is_chinese_with_examples() -> None:
    shown = CliRunner().invoke(due, ["--help"]).output
    assert "starter.py due 2024-09-20 --days 10 --working" in shown
    assert "不少于10个工作日" in shown


def test_counting_needs_no_server() -> None:
    script = "import desk.due, sys; sys.exit('temporalio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def asked(*arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(due, list(arguments))
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.output)
    return answer
