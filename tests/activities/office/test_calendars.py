"""The office's folder of holiday papers: all of it counts, and one fault stops the counting."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from activities.office import calendars
from activities.office.calendars import (
    CalendarUnusable,
    keep_paper,
    propose,
    read_paper,
    working_calendar,
)
from case.faults import Faults
from deploy.settings import REPOSITORY
from law.calendar import official_calendar

EXAMPLES = REPOSITORY / "examples" / "calendars"
EXAMPLE = EXAMPLES / "2027-example.yaml"
LATER = """\
number: 示例〔2027〕2号
title: 示例：调整2027年劳动节假期安排（非正式文件）
published_on: 2027-03-01
year: 2027
amends: 示例〔2026〕1号
holidays:
  - {name: 劳动节, first: 2027-05-01, last: 2027-05-04}
"""


def put(office: Path, name: str, text: str) -> Path:
    path = office / "calendars" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(office: Path) -> tuple[str, ...]:
    with pytest.raises(CalendarUnusable) as refused:
        working_calendar(office)
    return refused.value.faults


@pytest.mark.parametrize("made", [False, True], ids=["no-folder", "empty-folder"])
def test_an_office_without_papers_counts_by_the_package(tmp_path: Path, made: bool) -> None:
    if made:
        (tmp_path / "calendars").mkdir()
    assert working_calendar(tmp_path) is official_calendar()


def test_every_paper_in_the_folder_counts(tmp_path: Path) -> None:
    keep_paper(tmp_path, read_paper(EXAMPLE), EXAMPLE.read_text(encoding="utf-8"))
    put(tmp_path, "later.yaml", LATER)
    calendar = working_calendar(tmp_path)
    assert calendar.version == f"{official_calendar().version}＋示例〔2026〕1号＋示例〔2027〕2号"
    assert calendar.describe(date(2027, 5, 5)) == "工作日"
    assert calendar.describe(date(2027, 5, 8)) == "休息日"
    assert calendar.describe(date(2027, 2, 12)) == "放假调休"


def test_the_same_content_is_the_same_calendar(tmp_path: Path) -> None:
    kept = keep_paper(tmp_path, read_paper(EXAMPLE), EXAMPLE.read_text(encoding="utf-8"))
    first = working_calendar(tmp_path)
    assert working_calendar(tmp_path) is first
    kept.write_text(kept.read_text(encoding="utf-8").replace("2027-05-08", "2027-05-09"), "utf-8")
    assert working_calendar(tmp_path).digest != first.digest


def test_a_kept_paper_is_named_by_year_and_number_and_nothing_else_is_left(tmp_path: Path) -> None:
    kept = keep_paper(tmp_path, read_paper(EXAMPLE), EXAMPLE.read_text(encoding="utf-8"))
    assert kept.name == "2027-示例〔2026〕1号.yaml"
    assert kept.read_bytes() == EXAMPLE.read_bytes()
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_what_systems_and_other_programs_leave_are_no_papers(tmp_path: Path) -> None:
    for name in (".DS_Store", ".2027.yaml.99", "Thumbs.db", "desktop.ini", "Desktop.ini"):
        put(tmp_path, name, "half")
    assert working_calendar(tmp_path) is official_calendar()


def test_faults_of_all_files_are_said_at_once_with_their_lines(tmp_path: Path) -> None:
    one = put(tmp_path, "1.yaml", EXAMPLE.read_text(encoding="utf-8").replace("05-08]", "05-10]"))
    two = put(tmp_path, "2.yaml", LATER.replace("name: 劳动节", "name: 劳动"))
    first, second = faults_of(tmp_path)
    line = one.read_text(encoding="utf-8").splitlines().index("    make_up_days: [2027-05-10]") + 1
    assert first.startswith(f"放假安排“{one}”：第{line}行 holidays[3].make_up_days[0]：")
    assert second.startswith(f"放假安排“{two}”：第7行 holidays[0].name：")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("2027.yml", "", "只能有 .yaml 文件"),
        ("2027.yaml.txt", "", "只能有 .yaml 文件"),
        ("2027.yaml", "", "文件是空的"),
        ("2027.yaml", "number: [", "不是正确的 YAML"),
        ("2027.yaml", "- 1", "应当是一组"),
        ("2027.yaml", LATER, "但此前公布的2027年的通知没有采用"),
        ("2027.yaml", LATER + "year: 2028\n", "“year”重复"),
    ],
)
def test_a_file_that_cannot_be_used_is_never_left_out_in_silence(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    path = put(tmp_path, name, text)
    found = faults_of(tmp_path)
    assert [fault for fault in found if str(path) not in fault] == []
    assert said in "\n".join(found)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = put(tmp_path, "2027.yaml", "")
    path.write_bytes("number: 示例".encode("gb18030"))
    (said,) = faults_of(tmp_path)
    assert str(path) in said
    assert "不是 UTF-8 编码" in said


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "calendars").write_text("")
    (said,) = faults_of(tmp_path)
    assert "读不了放假安排的文件夹" in said


def test_what_is_kept_is_what_was_checked(tmp_path: Path) -> None:
    """A file that is written anew between the check and the keeping changes nothing of it."""
    path = tmp_path / "2027.yaml"
    path.write_text(EXAMPLE.read_text(encoding="utf-8"), "utf-8")
    proposal = propose(tmp_path, path)
    path.write_text("number: [", "utf-8")
    kept = keep_paper(tmp_path, proposal.overlay, proposal.text)
    assert read_paper(kept) == proposal.overlay


def test_a_whole_year_that_the_package_carries_otherwise_stops_the_counting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Adopted first; then comes a release of the package with a change of mid-year in it."""
    kept = keep_paper(tmp_path, read_paper(EXAMPLE), EXAMPLE.read_text(encoding="utf-8"))
    newer = working_calendar(tmp_path).papers
    changed = {day: name for day, name in newer.off.items() if day != date(2027, 5, 5)}
    for off, fits in ((newer.off, True), (changed, False)):
        carried = replace(newer, off=off, version="chinese-calendar 9.9.9", overlays=())
        monkeypatch.setattr(calendars, "package_papers", lambda carried=carried: carried)
        calendars._calendar.cache_clear()
        if fits:
            assert working_calendar(tmp_path).version.endswith("9.9.9＋示例〔2026〕1号")
        else:
            (said,) = faults_of(tmp_path)
            assert said.startswith(f"放假安排“{kept}”：2027年的放假安排chinese-calendar 9.9.9")
            assert "（2027-05-05），请移走这份文件" in said
    calendars._calendar.cache_clear()


def test_a_proposal_changes_nothing(tmp_path: Path) -> None:
    proposal = propose(tmp_path, EXAMPLE)
    assert not proposal.adopted
    assert proposal.before is official_calendar()
    assert proposal.after.horizon == date(2027, 12, 26)
    assert list(tmp_path.iterdir()) == []


def test_an_adopted_paper_is_known_again_wherever_its_file_lies(tmp_path: Path) -> None:
    kept = keep_paper(tmp_path, read_paper(EXAMPLE), EXAMPLE.read_text(encoding="utf-8"))
    for path in (EXAMPLE, kept):
        proposal = propose(tmp_path, path)
        assert proposal.adopted
        assert proposal.before.stamp == proposal.after.stamp == working_calendar(tmp_path).stamp


def test_another_content_under_an_adopted_number_is_refused(tmp_path: Path) -> None:
    keep_paper(tmp_path, read_paper(EXAMPLE), EXAMPLE.read_text(encoding="utf-8"))
    other = tmp_path / "other.yaml"
    other.write_text(EXAMPLE.read_text(encoding="utf-8").replace("05-08]", "05-09]"), "utf-8")
    with pytest.raises(CalendarUnusable, match="“示例〔2026〕1号”已经采用，内容与"):
        propose(tmp_path, other)


def test_a_faulty_adopted_file_can_still_be_checked_by_itself(tmp_path: Path) -> None:
    path = put(
        tmp_path, "2027.yaml", EXAMPLE.read_text(encoding="utf-8").replace("2027-05-08]", "]")
    )
    assert propose(tmp_path, path).adopted
    path.write_text(EXAMPLE.read_text(encoding="utf-8").replace("05-08]", "05-10]"), "utf-8")
    with pytest.raises(Faults, match="2027-05-10是星期一"):
        propose(tmp_path, path)


BROKEN = {
    "amends-nothing": ["没有采用"],
    "duplicate-key": ["“title”重复", "“端午节”重复", "2027-06-09是端午节的法定放假日"],
    "empty": ["文件是空的"],
    "make-up-on-weekday": ["2027-05-10是星期一"],
    "missing-holiday": ["缺少端午节"],
    "next-years-december": ["2027-12-31由下一年度的通知安排"],
    "off-and-worked": ["2027-02-13已写明属于“春节”放假", "2027-10-02是国庆节的法定放假日"],
    "overlapping-holidays": ["已经属于“中秋节”", "2027-09-26已写明属于“中秋节”放假"],
    "several-faults": [
        "缺少这一项（标题）",
        "不是文号",
        "没有“titel”这一项，是否应为“title”",
        "“公布日期”不是日期",
        "“年份”应当是数字",
        "不能是“2027-1-1”",
        "缺少这一项（放假最后一天）",
        "不能是“2027-02-30”",
        "“调休上班日”应当是一个列表",
        "应当是一组“名称: 值”",
    ],
    "skipped-year": ["年份不能跳过"],
    "statutory-day-worked": ["2027-02-05是春节的法定放假日"],
    "too-far-back": ["2026-11-28不在2027年"],
}


@pytest.mark.parametrize("path", sorted((EXAMPLES / "broken").glob("*.yaml")), ids=lambda p: p.stem)
def test_every_fault_of_a_broken_paper_is_told_and_no_other(path: Path, tmp_path: Path) -> None:
    with pytest.raises((Faults, CalendarUnusable)) as refused:
        propose(tmp_path, path)
    said = str(refused.value).splitlines()
    assert [words for words in BROKEN[path.stem] if not any(words in each for each in said)] == []
    assert len(said) == len(BROKEN[path.stem])
