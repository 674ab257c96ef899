"""The templates: the usual ones are sound, the office's replace them, faults come all at once."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.office.templates import (
    DEFAULTS,
    FIELDS,
    LONGEST_BRIEF,
    Template,
    shortened,
    templates,
)
from activities.office.unusable import SettingsUnusable
from activities.telling.message import Message, Recipient, render
from case.file import load
from law.calendar import official_calendar
from tests.activities.samples import reminder

BROKEN = Path(__file__).parents[3] / "examples" / "broken-office"
SOUND = """主题：【{截止日}止】{事项}
短信：{截止日}止：{事项}
{收件人}：{责任单位}的{事项}（{案件编号}）截止{截止}。
"""


def office(tmp_path: Path, **texts: str) -> Path:
    """An office whose templates of these kinds read so."""
    folder = tmp_path / "templates"
    folder.mkdir(exist_ok=True)
    for kind, text in texts.items():
        (folder / f"{kind}.txt").write_text(text, encoding="utf-8")
    return tmp_path


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(SettingsUnusable) as raised:
        templates(folder)
    return list(raised.value.faults)


def values(kind: str, **some: str) -> dict[str, str]:
    """A value for each field of a kind: its own name, where none is given."""
    return {name: name for name in FIELDS[kind]} | some


def test_every_kind_has_a_usual_template_that_is_sound(tmp_path: Path) -> None:
    assert {path.stem for path in DEFAULTS.iterdir()} == set(FIELDS)
    assert set(templates(tmp_path).by_kind) == set(FIELDS)


@pytest.mark.parametrize("kind", FIELDS)
def test_the_usual_templates_use_every_field_of_their_kind(kind: str, tmp_path: Path) -> None:
    # Ids and articles alone are for the office's own wording; what is overdue is settled.
    spare = {"责任编号", "条款", *(("暂定", "暂定标记") if kind == "overdue" else ())}
    written = (DEFAULTS / f"{kind}.txt").read_text(encoding="utf-8")
    assert {name for name in FIELDS[kind] if f"{{{name}}}" not in written} <= spare
    told = templates(tmp_path).render(kind, values(kind))
    assert "{" not in told.subject + told.brief + told.text


def test_the_offices_template_takes_the_place_of_the_usual_one_alone(tmp_path: Path) -> None:
    usual = templates(tmp_path)
    own = templates(office(tmp_path, reminder=SOUND))
    told = own.render("reminder", values("reminder", 事项="张贴公告", 截止日="2026-12-07"))
    assert told.subject == "【2026-12-07止】张贴公告"
    assert told.text == "收件人：责任单位的张贴公告（案件编号）截止截止。\n"
    assert own.by_kind["overdue"] == usual.by_kind["overdue"]


def test_a_line_of_empty_fields_is_left_out_with_its_heading_and_its_gap() -> None:
    lines = (
        *("{甲} {乙}：", "", "无字段的一行", "列表：", "{丙}", "", "{丁}项：", "{丙}"),
        *("", "{丙}与{丁}", "", "{丙}"),
    )
    told = Template("{甲}", "{甲}", lines).written({"甲": "子", "乙": "", "丙": "", "丁": "0"})
    assert told.text == "子 ：\n\n无字段的一行\n\n与0\n"


def test_values_are_never_read_as_fields() -> None:
    template = Template("{甲}", "{甲}", ("{甲}", "{乙}"))
    told = template.written({"甲": "{乙}", "乙": "一\n二\n"})
    assert (told.subject, told.text) == ("{乙}", "{乙}\n一\n二\n")


def test_subject_and_brief_stay_one_line_whatever_the_values() -> None:
    told = Template("【{甲}】", "{甲}", ("{甲}",)).written({"甲": "一\r\n抄送：二"})
    assert (told.subject, told.brief) == ("【一 抄送：二】", "一 抄送：二")


def test_a_field_without_a_value_is_the_writers_fault(tmp_path: Path) -> None:
    given_values = values("test")
    del given_values["时间"]
    with pytest.raises(ValueError, match="时间"):
        templates(tmp_path).render("test", given_values)


FAULTS = {
    "template-faults": [
        ("alarm.txt", "第3行 {项目}：没有这个字段；"),
        ("overdue.txt", "第2行 短信：第2行应当以“短信：”开头"),
        ("overdue.txt", "正文：没有正文"),
        ("reminder.txt", "第1行 主题：第1行应当以“主题：”开头"),
        ("reminder.txt", "第2行 短信：不能为空"),
        ("reminder.txt", "第3行 {项目名称}：没有这个字段，是否应为“{项目}”"),
        ("reminder.txt", "第3行 花括号：花括号没有配对"),
        ("reminder.txt", "{事项}：正文没有用到这个字段"),
        ("reminder.txt", "{截止}：正文没有用到这个字段"),
    ],
    "several-faults": [("reminder.txt", "第1行 {截至日}：没有这个字段，是否应为“{截止日}”")],
    "strange-template": [("remnder.txt", "不认识")],
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_names_its_template_and_field_and_all_come_at_once(name: str) -> None:
    faults = faults_of(BROKEN / name)
    assert len(faults) == len(FAULTS[name])
    for fault, (file, said) in zip(faults, FAULTS[name], strict=True):
        assert file in fault
        assert said in fault


def test_every_broken_office_with_templates_is_in_the_table() -> None:
    assert {path.parent.name for path in BROKEN.glob("*/templates")} == set(FAULTS)


def test_an_unreadable_file_does_not_hide_the_faults_of_the_others(tmp_path: Path) -> None:
    folder = office(tmp_path, reminder=SOUND.replace("{事项}", "{事}")) / "templates"
    (folder / "moved.txt").write_bytes("主题：变动".encode("gb18030"))
    (folder / ".DS_Store").touch()
    faults = faults_of(tmp_path)
    assert "不是 UTF-8 编码" in faults[0]
    assert sum("{事}" in fault for fault in faults) == 3


def test_a_changed_file_counts_at_once(tmp_path: Path) -> None:
    first = templates(office(tmp_path, reminder=SOUND))
    assert templates(tmp_path) is first
    changed = templates(office(tmp_path, reminder=SOUND.replace("止】", "到期】")))
    assert changed.by_kind["reminder"].subject == "【{截止日}到期】{事项}"


@pytest.mark.parametrize(
    ("text", "longest", "short"),
    [
        ("张贴公告。", 5, "张贴公告。"),
        ("2026-12-07止，今日到期：南汇街道 张贴公告", 20, "2026-12-07止，今日到期…"),
        ("南汇街道张贴公告并报送照片", 8, "南汇街道张贴公…"),
        # A stop too early would lose more than half.
        ("止，南汇街道张贴公告并报送照片", 10, "止，南汇街道张贴公…"),
    ],
)
def test_a_brief_is_cut_where_a_clause_ends(text: str, longest: int, short: str) -> None:
    assert shortened(text, longest) == short


@given(st.text(max_size=200))
def test_a_brief_is_never_too_long_and_begins_as_written(text: str) -> None:
    short = shortened(text)
    assert len(short) <= LONGEST_BRIEF
    assert text.startswith(short.removesuffix("…") if short != text else text)


RECIPIENT = Recipient(
    unit="township:nanhui", unit_name="南汇街道", role="经办人", person="南甲", addresses=()
)
DAY_OF_SENDING = {
    "reminder": date(2026, 11, 2),
    "overdue": date(2027, 4, 7),
    "moved": date(2026, 11, 2),
}
"""Long before and long after the last day, when the days are told in the most characters."""


def told(kind: str, **changes: Any) -> Message:
    """A message of this kind about a duty that is due on 2026-12-07."""
    moved = (
        {"moved_from": date(2026, 12, 4), "moved_by": "按新的放假安排"} if kind == "moved" else {}
    )
    usual = templates(Path("an office without templates of its own"))
    return render(
        reminder(**moved, **changes),
        RECIPIENT,
        official_calendar(),
        usual,
        today=DAY_OF_SENDING[kind],
    )


def test_the_days_of_sending_are_those_of_their_kinds() -> None:
    assert {told(kind).kind for kind in DAY_OF_SENDING} == set(DAY_OF_SENDING)


def _words(longest: int) -> st.SearchStrategy[str]:
    return st.text("征地补偿安置公告《》2026（）", min_size=1, max_size=longest)


@pytest.mark.parametrize("kind", DAY_OF_SENDING)
@given(
    case_id=st.text("WZLC0123456789-", min_size=3, max_size=40),
    title=_words(40),
    unit_name=_words(30),
    case_name=_words(200),
    statutory=st.booleans(),
)
def test_a_brief_always_says_which_duty_of_which_case_is_due_when(
    kind: str, case_id: str, title: str, unit_name: str, case_name: str, *, statutory: bool
) -> None:
    brief = told(
        kind,
        case_id=case_id,
        title=title,
        unit_name=unit_name,
        case_name=case_name,
        statutory=statutory,
    ).brief
    assert len(brief) <= LONGEST_BRIEF
    assert brief.startswith(case_id)
    assert f" {title}。" in brief
    assert "2026-12-07" in brief
    assert "个工作日" in brief
    whole = f"{unit_name} {title}。{case_name}"
    assert brief.endswith(whole) or brief.endswith("…"), "only what is too long is shortened"
    assert unit_name in brief or brief.endswith(f"… {title}。…"), "the project gives way first"


@pytest.mark.parametrize("kind", DAY_OF_SENDING)
@pytest.mark.parametrize("name", ["one-village", "three-villages"])
@pytest.mark.parametrize("unit", ["鹿城区人民政府（功能区管委会）", "市自然资源和规划局"])
def test_of_the_examples_nothing_but_the_project_is_ever_shortened(
    kind: str, name: str, unit: str
) -> None:
    project = load(BROKEN.parent / f"{name}.yaml").project
    brief = told(
        kind, case_id=project.number, case_name=project.name, title="项" * 40, unit_name=unit
    ).brief
    assert f"：{unit} {'项' * 40}。{project.name[:8]}" in brief


@pytest.mark.parametrize("kind", ["digest", "alarm", "test"])
def test_the_briefs_of_the_other_kinds_say_when_and_how_much_whatever_the_unit(
    kind: str, tmp_path: Path
) -> None:
    said = {
        "日期": "2026-12-07",
        "时间": "2026-12-07 08:30",
        "收件单位": "单" * 200,
        "渠道": "邮件",
    }
    brief = templates(tmp_path).render(kind, values(kind) | said).brief
    assert len(brief) <= LONGEST_BRIEF
    assert "2026-12-07" in brief
    assert all(name in brief for name in FIELDS[kind] if name.endswith("数"))


@pytest.mark.parametrize("kind", DAY_OF_SENDING)
def test_an_office_target_is_marked_in_subject_and_brief(kind: str, tmp_path: Path) -> None:
    usual = templates(tmp_path)
    marked = usual.render(kind, values(kind, 内部标记="·内部时限"))
    assert "·内部时限】" in marked.subject
    assert "·内部时限，" in marked.brief
    statutory = {name: name for name in FIELDS[kind] if name != "内部标记"}
    unmarked = usual.render(kind, statutory)
    assert "内部" not in unmarked.subject + unmarked.brief


@pytest.mark.parametrize("kind", DAY_OF_SENDING)
def test_where_nobody_owes_anything_nobody_is_asked_to_answer(kind: str, tmp_path: Path) -> None:
    owed = templates(tmp_path).render(kind, values(kind)).text
    assert "报送方式：报送方式\n" in owed
    assert "上报：\n收到方式\n" in owed
    nobody = templates(tmp_path).render(kind, values(kind, 收到方式="", 报送方式="", 报送网址=""))
    assert not any(word in nobody.text for word in ("收到", "报送", "上报", "催办"))
    assert "\n\n\n" not in nobody.text
    assert "本次提醒：" in nobody.text


_PIECES = st.sampled_from(["{截止日}", "{事项}", "{截至日}", "{", "}", "{}", "主题：", "字", "\n"])


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_any_text_is_either_a_template_or_refused_in_chinese(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = office(tmp_path_factory.mktemp("office"), reminder=SOUND + text)
    try:
        found = templates(folder)
    except SettingsUnusable as unusable:
        assert {"{截至日}", "{", "}", "{}"} & set(_tokens(text))
        assert all("reminder.txt" in fault for fault in unusable.faults)
    else:
        assert "{" not in found.render("reminder", values("reminder")).text


def _tokens(text: str) -> list[str]:
    for known in ("{截止日}", "{事项}"):
        text = text.replace(known, "")
    return ["{截至日}"] if "{截至日}" in text else list(text)
