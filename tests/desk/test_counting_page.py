"""docs/counting.md says what the commands say: its examples are run, its figures recomputed."""

import csv
import re
import shlex
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from deploy.settings import REPOSITORY
from law.calendar import official_calendar
from law.counting import Counting
from law.deadline import proof, reckon, weekday
from law.published import PublishedNotice, examine
from law.rules import RULES, rule
from tests.desk.commandline import Office

PAGE = (REPOSITORY / "docs" / "counting.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n\$ starter\.py (.+)\n((?:.*\n)*?)```$", PAGE, re.MULTILINE)
PROSE = re.sub(
    r"^```console\n(?:.*\n)*?```$|`[^`\n]*`|〔\d{4}〕\d+号", "", PAGE, flags=re.MULTILINE
)
DAY = r"\d{4}-\d{2}-\d{2}"
CALENDAR = official_calendar()


def rows(heading: str) -> Iterator[list[str]]:
    """The rows of the table whose first column is headed so."""
    (table,) = re.findall(rf"^\| {heading} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    for line in table.splitlines():
        yield [cell.strip() for cell in line.strip("|").split("|")]


def published(place: str) -> PublishedNotice:
    """The real notice of examples/notices.csv whose id begins so."""
    with (REPOSITORY / "examples" / "notices.csv").open(encoding="utf-8") as file:
        (row,) = (row for row in csv.DictReader(file) if row["id"].startswith(place))
    posted, start, end = (date.fromisoformat(row[name]) for name in ("posted", "start", "end"))
    return PublishedNotice(kind=row["kind"], posted=posted, start=start, end=end)


@pytest.mark.parametrize(("arguments", "printed"), BLOCKS, ids=[block[0] for block in BLOCKS])
def test_each_example_prints_what_the_page_says(arguments: str, printed: str) -> None:
    said = Office({}).run(*shlex.split(arguments))
    lines = [line.rstrip() for line in (said.stdout + said.stderr).rstrip().splitlines()]
    assert lines == printed.splitlines()


def test_every_kind_of_answer_is_among_the_examples() -> None:
    assert PAGE.count("```console") == len(BLOCKS) == 12
    commands = " ".join(arguments for arguments, _ in BLOCKS)
    for option in ("--working", "--within", "--receipt", "--posted", "--proof", "--csv", "--kind"):
        assert option in commands


def test_the_periods_are_those_of_the_rules() -> None:
    counted = [
        (
            rule.title.removesuffix("期限"),
            rule.article,
            rule.counting.phrase(rule.length),
            "工作日" if "工作日" in rule.counting else "每一日",
            "次日起方可进入下一步" if rule.counting.at_least else "以前必须办完",
        )
        for rule in RULES
        if rule.length is not None
    ]
    told = [
        (*row[:4], row[4].removeprefix("末日的").removeprefix("末日二十四时"))
        for row in rows("期限")
    ]
    assert told == counted
    printed = [rule.article for rule in RULES if rule.counting is Counting.PRINTED_DAY]
    assert f"（{'、'.join(printed)}）" in PROSE


def test_the_make_up_days_are_those_of_the_calendar() -> None:
    (year,) = set(re.findall(r"(\d{4}) 年调休上班的是", PROSE))
    days = (date(int(year), 1, 1) + timedelta(n) for n in range(365))
    expected = [
        [str(day), weekday(day)] for day in days if CALENDAR.is_working(day) and day.weekday() >= 5
    ]
    assert list(rows("调休上班")) == expected


def test_every_day_and_figure_in_the_text_stands_in_an_example() -> None:
    shown = "".join(arguments + printed for arguments, printed in BLOCKS)
    days = set(re.findall(DAY, shown)) | {day for day, _ in rows("调休上班")}
    assert [day for day in re.findall(DAY, PROSE) if day not in days] == []
    figures = set(re.findall(r"\d+", shown))
    assert [
        each for each in re.findall(r"\d+", re.sub(DAY, "", PROSE)) if each not in figures
    ] == []


def test_the_weekdays_in_the_text_are_right() -> None:
    after = re.findall(rf"({DAY}) 是(?:放假的)?(星期.)", PROSE)
    before = [(day, name) for name, day in re.findall(rf"(星期.) ({DAY})", PROSE)]
    assert len(after + before) >= 5
    assert [(d, n) for d, n in after + before if weekday(date.fromisoformat(d)) != n] == []


def test_what_is_said_of_the_real_notices() -> None:
    told = re.search(rf"广东多祝镇的公告：({DAY}) 张贴，载明公告到 ({DAY})，正好够", PROSE)
    duozhu = published("广东多祝镇")
    assert told and told.groups() == (str(duozhu.posted), str(duozhu.end))
    assert examine(duozhu, CALENDAR).deadline.last_day == duozhu.end

    told = re.search(rf"天津 ({DAY}) 张贴的公告，载明 ({DAY}) 至 ({DAY})，十个工作日", PROSE)
    tianjin = published("天津")
    assert told
    assert told.groups() == (str(tianjin.posted), str(tianjin.start), str(tianjin.end))
    assert examine(tianjin, CALENDAR).counted_excluding_first_day == 10

    told = re.search(rf"才有 (\d+) 个，依法只有 (\d+) 个，短 (\d+) 个，应当公告到 ({DAY})。", PROSE)
    dingzhou = examine(published("定州"), CALENDAR)
    assert told and told.groups() == (
        str(dingzhou.counted_including_first_day),
        str(dingzhou.counted_excluding_first_day),
        str(dingzhou.short_by),
        str(dingzhou.deadline.last_day),
    )


def test_what_is_said_of_the_make_up_saturday_after_the_national_day() -> None:
    told = re.search(
        rf"({DAY}) 是星期六，调休上班，是第 (\d+) 日；不数它，就会错成晚一个工作日", PROSE
    )
    assert told
    deadline = reckon(rule("initiation-notice"), date(2026, 10, 3), CALENDAR)
    by_day = {str(row.day): row for row in proof(deadline, CALENDAR)}
    assert (str(by_day[told[1]].number), by_day[told[1]].reason) == (told[2], "调休上班")
    without = [day for day in _worked(date(2026, 10, 3), 11) if str(day) != told[1]]
    assert without[9] == _worked(deadline.last_day, 1)[0]


def _worked(after: date, number: int) -> list[date]:
    days = (after + timedelta(n) for n in range(1, 60))
    return [day for day in days if CALENDAR.is_working(day)][:number]
