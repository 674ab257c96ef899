"""The command `verify-notice`: one notice, a file of them, and everything wrong with either."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from desk.verify_notice import verify_notice
from law.calendar import official_calendar
from tests.desk.commandline import Office

EXAMPLE = Path(__file__).parents[2] / "examples" / "notices.csv"
HEADING = "id,kind,posted,start,end\n"
DINGZHOU = ("--kind", "initiation", "--posted", "2024-10-24", "--start", "2024-10-24")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(verify_notice, [str(argument) for argument in arguments])


def found(*arguments: str | Path) -> list[dict[str, Any]]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    answer: list[dict[str, Any]] = json.loads(result.stdout)
    return answer


def file_of(folder: Path, *rows: str, heading: str = HEADING, encoding: str = "utf-8") -> Path:
    path = folder / "notices.csv"
    path.write_text(heading + "".join(f"{row}\n" for row in rows), encoding=encoding)
    return path


def test_dingzhou_is_one_day_short_and_the_other_real_notices_are_lawful() -> None:
    answer = found("--csv", EXAMPLE)
    with EXAMPLE.open(encoding="utf-8") as file:
        assert [each["id"] for each in answer] == [row["id"] for row in csv.DictReader(file)]
    by_place = {each["id"][:2]: each for each in answer}
    assert {place: each["short_by"] for place, each in by_place.items()} == {
        "天津": 0,
        "广东": 0,
        "定州": 1,
    }
    assert {place for place, each in by_place.items() if not each["sufficient"]} == {"定州"}


def test_json_has_the_agreed_keys_for_one_notice_as_for_many() -> None:
    (unnamed,) = found(*DINGZHOU, "--end", "2024-11-06")
    (named,) = found(*DINGZHOU, "--end", "2024-11-06", "--id", "定州")
    assert unnamed["id"] is None
    assert named == {**unnamed, "id": "定州"}
    assert {
        key: unnamed[key]
        for key in (
            "counted_excluding_first_day",
            "counted_including_first_day",
            "sufficient",
            "short_by",
        )
    } == {
        "counted_excluding_first_day": 9,
        "counted_including_first_day": 10,
        "sufficient": False,
        "short_by": 1,
    }
    assert "短1个工作日" in unnamed["reason"]


def test_the_posting_day_may_be_left_out() -> None:
    (written,) = found("--kind", "compensation", "--start", "2026-03-02", "--end", "2026-03-31")
    assert written["posted"] is None
    assert (written["short_by"], written["unit"]) == (1, "日")
    assert "未写张贴日" in written["reason"]


@pytest.mark.skipif(official_calendar().horizon.year > 2026, reason="2027 is arranged by now")
def test_an_unarranged_year_is_flagged() -> None:
    notice = ("--kind", "acquisition", "--start", "2026-12-18", "--end", "2027-01-04")
    (answer,) = found(*notice)
    assert answer["sufficient"] is True
    assert answer["provisional"] is True
    assert (answer["fewest"], answer["most"]) == (8, 12)
    assert answer["undecided"] is True
    assert "未定，足够（暂定）" in run(*notice).stdout


@pytest.mark.skipif(official_calendar().horizon.year > 2026, reason="2027 is arranged by now")
def test_the_undecided_are_summed_apart_as_the_conclusions_say(tmp_path: Path) -> None:
    path = file_of(
        tmp_path,
        "够的,acquisition,,2026-12-18,2027-01-06",
        "未定一,acquisition,,2026-12-18,2027-01-04",
        "未定二,acquisition,,2026-12-18,2026-12-31",
        "短的,acquisition,,2026-12-18,2026-12-30",
    )
    assert [each["undecided"] for each in found("--csv", path)] == [False, True, True, False]
    lines = [" ".join(line.split()) for line in run("--csv", path).stdout.splitlines()]
    ends = {
        name: next(line.split()[-1] for line in lines if line.startswith(name))
        for name in ("够的", "未定一", "未定二", "短的")
    }
    assert ends == {
        "够的": "足够",
        "未定一": "未定，足够（暂定）",
        "未定二": "未定，短1个工作日（暂定）",
        "短的": "短2个工作日",
    }
    assert "合计 4 1 1 2 0 4" in lines


def test_one_notice_is_shown_with_both_counts_and_the_lawful_end() -> None:
    shown = [
        " ".join(line.split()) for line in run(*DINGZHOU, "--end", "2024-11-06").stdout.split("\n")
    ]
    for line in (
        "不计首日（依法） 9",
        "连首日 10",
        "结论 短1个工作日：连首日才够，依法不够",
        "依法应至 2024-11-07",
    ):
        assert line in shown


def test_a_file_is_shown_with_a_summary_and_ends_with_0(tmp_path: Path) -> None:
    result = run(
        "--csv",
        file_of(
            tmp_path,
            "一,initiation,,2024-10-24,2024-11-07",
            "二,compensation,2026-03-02,2026-03-02,2026-03-31",
            "三,compensation,2026-03-02,2026-03-02,2026-03-20",
            "四,initiation,2020-10-12,2020-10-12,2020-10-26",
            "五,initiation,2024-11-01,2024-10-24,2024-11-06",
            "六,initiation,2024-11-08,2024-10-24,2024-11-07",
        ),
    )
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "公告 件数 足够 不够 未定 连首日才够 天数暂定" in lines
    assert "土地征收启动公告 4 2 2 0 0 0" in lines
    assert "征地补偿安置公告 2 0 2 0 1 0" in lines
    assert "合计 6 2 4 0 1 0" in lines
    assert "晚于载明的起始日张贴" in result.stdout
    assert "晚于载明的截止日张贴" in result.stdout
    assert "尚未施行" in result.stdout


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_file_is_read_as_spreadsheets_save_it(tmp_path: Path, encoding: str) -> None:
    path = file_of(
        tmp_path,
        "定州, initiation ,2024/10/24,2024/10/24,2024/11/6,张贴于村口",
        ",,,,,",
        heading="id,kind,posted,start,end,备注\n",
        encoding=encoding,
    )
    (answer,) = found("--csv", path)
    assert (answer["id"], answer["start"], answer["short_by"]) == ("定州", "2024-10-24", 1)


@pytest.mark.parametrize("before", ["", "\n", ",,,,\n\n", "sep=,\n", "\nSEP=,,\n\n"])
def test_what_stands_before_the_headings_and_their_case_do_not_matter(
    tmp_path: Path, before: str
) -> None:
    heading = f"{before}Id, KIND ,posted,Start,END\n"
    path = file_of(tmp_path, "定州,initiation,,2024-10-24,2024-11-06", heading=heading)
    assert [each["short_by"] for each in found("--csv", path)] == [1]
    faulty = file_of(tmp_path, "定州,预公告,,2024-10-24,2024-11-06", heading=heading)
    assert f"第{heading.count(chr(10)) + 1}行（定州）" in run("--csv", faulty).stderr


@pytest.mark.parametrize(
    ("rows", "sentences"),
    [
        (
            (
                "甲,initiation,,2024-10-24,2024-11-07",
                "乙,预公告,,2024-10-24,2024-11-07",
                "丙,initiation,,2024-02-30,",
                "丁,initiation,,2024-10-24,2024-10-01",
                "戊,acquisition,2003-10-24,2024-10-24,2099-11-07",
                ",initiation,,2024-10-24,2024-11-07",
                "庚,initiation,2024-10-24",
                "辛,initiation,,2024-10-24,2024-11-07,多一格",
                "甲,initiation,,2024-10-24,2024-11-07",
                "甲,预公告,,2024-10-24,2024-11-07",
            ),
            (
                "第3行（乙）：没有“预公告”这种公告",
                "第4行（丙）：起始日 start：“2024-02-30”不是日期",
                "第4行（丙）：没有写公告截止日 end",
                "第5行（丁）：公告截止日2024-10-01早于起始日2024-10-24",
                "第6行（戊）：张贴日2003-10-24不在日历范围内",
                "第6行（戊）：截止日2099-11-07不在日历范围内",
                "第7行：没有写编号 id",
                "第8行（庚）：没有写公告起始日 start",
                "第8行（庚）：没有写公告截止日 end",
                "第9行（辛）：有6格，标题行只有5格",
                "第10行（甲）：编号“甲”与第2行重复",
                "第11行（甲）：编号“甲”与第2行重复",
                "第11行（甲）：没有“预公告”这种公告",
            ),
        ),
        (("甲,initiation,,2041-12-30,2041-12-31",), ("第2行（甲）：期间超出日历可推算的范围",)),
        (
            ('甲,"initiation,,2024-10-24,2024-11-07', "乙,initiation,,,"),
            ("第2行：引号或者分隔有误：引号没有写完，直到文件末尾。",),
        ),
        (
            ('甲,"initiation"x,,2024-10-24,2024-11-07', "乙,initiation,,,"),
            ("第2行：引号或者分隔有误：引号后面只能是逗号或者行末，文字里的引号要写两个。",),
        ),
        (("字" * 140_000,), ("第2行：有一格超过131072个字，太长了，也可能是引号没有写完。",)),
        ((), ("只有标题行，没有一件公告",)),
    ],
)
def test_every_fault_of_a_file_is_told_at_once_and_nothing_else(
    tmp_path: Path, rows: tuple[str, ...], sentences: tuple[str, ...]
) -> None:
    path = file_of(tmp_path, *rows)
    for result in (run("--csv", path), run("--csv", path, "--json")):
        assert result.exit_code == 2
        assert result.stdout == ""
        assert [each for each in sentences if each not in result.stderr] == []
        told = [line for line in result.stderr.splitlines() if str(path) in line]
        assert len(told) == len(sentences)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"id,kind,start\n", "缺少 posted、end 列"),
        (b"", "缺少 id、kind、posted、start、end 列"),
        (b"id,kind,posted,start,end,end\n", "end 列写了两次"),
        (b"id;kind;posted;start;end\n", "用分号（;）分隔各列，应当用逗号（,）"),
        (b"id\tkind\tposted\tstart\tend\n", "用制表符（Tab）分隔各列，应当用逗号（,）"),
        (b"sep=;\nid;kind;posted;start;end\n", "用分号（;）分隔各列"),
        (b"sep=\t\nid\tkind\tposted\tstart\tend\n", "用制表符（Tab）分隔各列"),
        (HEADING.encode("utf-16"), "不是 UTF-8 或者 GBK"),
        (b"PK\x03\x04\x00\x00\xff\xff", "不是 UTF-8 或者 GBK"),
    ],
)
def test_a_file_that_is_no_list_of_notices_is_refused(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "notices.csv"
    path.write_bytes(content)
    result = run("--csv", path)
    assert result.exit_code == 2
    assert sentence in result.stderr


@pytest.mark.parametrize(
    ("arguments", "sentences"),
    [
        ((), ("请写明一件公告",)),
        (("--csv", "没有.csv"), ("没有文件 没有.csv",)),
        (("--csv", str(EXAMPLE.parent)), ("读不了文件", "它是文件夹，请写明 CSV 文件")),
        (("--csv", ""), ("--csv 没有写明文件",)),
        (("--csv", str(EXAMPLE), "--kind", "initiation", "--id", "甲"), ("--kind、--id 只用一种",)),
        (("--start", "2024-10-24"), ("没有写公告种类", "没有写公告截止日")),
        (
            (
                "--kind",
                "预公告",
                "--posted",
                "十月",
                "--start",
                "2024-10-24",
                "--end",
                "2024-10-01",
            ),
            ("没有“预公告”", "“十月”不是日期", "早于起始日"),
        ),
    ],
)
def test_every_fault_of_one_notice_is_told_at_once(
    arguments: tuple[str, ...], sentences: tuple[str, ...]
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert [each for each in sentences if each not in result.stderr] == []


def test_it_is_a_command_of_the_desk() -> None:
    said = Office({}).program("verify-notice", "--csv", "examples/notices.csv", "--json")
    assert said.code == 0, said.stderr
    assert len(json.loads(said.stdout)) == 3
    assert said.stderr == ""
