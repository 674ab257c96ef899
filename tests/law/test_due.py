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
        (["2024-09-20", "--days", "0"], "天数必须是正整数"),
        (["2024-09-20", "--days=-3"], "天数必须是正整数"),
        (["2024-09-20", "--days", "十"], "天数必须是正整数"),
        (["2024-09-20", "--days", "9" * 30], "超出"),
        (["2003-12-31", "--days", "10"], "不在日历范围内"),
    ],
)
def test_bad_input_ends_with_two_and_a_chinese_sentence(
    arguments: list[str], sentence: str
) -> None:
    result = CliRunner().invoke(due, arguments)
    assert result.exit_code == 2
    assert sentence in result.output


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
