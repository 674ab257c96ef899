"""docs/reminders.md says what is: its tables are those of the code, its examples are taken."""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from itertools import accumulate
from typing import get_args

import pytest
from pydantic import BaseModel

from activities.channels.settings import ChannelSettings, Remote
from activities.channels.titles import CHANNEL_TITLES
from activities.office.reminder_file import LONGEST_WINDOW, ReminderSettings, checked
from activities.office.templates import DEFAULTS, FIELDS, LONGEST_BRIEF, NEEDED
from activities.telling.trying import Policy
from case.entries import Channel
from case.ladder import DEFAULT_LADDERS, Level, Steps
from case.reading import bare
from deploy.schedules import DIGEST_AT
from deploy.settings import REPOSITORY

PAGE = (REPOSITORY / "docs" / "reminders.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n((?:.*\n)*?)```$", PAGE, re.MULTILINE)
USUAL = ReminderSettings()
CASE_FILE = "directory:"
LEVELS = {
    "经办人": Level.HANDLER,
    "单位负责人": Level.HEAD,
    "区": Level.DISTRICT,
    "局": Level.BUREAU,
    "市": Level.CITY,
}
KINDS = {
    "提醒": "reminder",
    "催办": "overdue",
    "变动": "moved",
    "晨报": "digest",
    "告警": "alarm",
    "测试": "test",
}


def rows(heading: str) -> Iterator[list[str]]:
    """The rows of the table whose first column is headed so."""
    (table,) = re.findall(
        rf"^\| {heading} \|.*\n\|[-|]+\|\n((?:\|.*(?:\n|\Z))+)", PAGE, re.MULTILINE
    )
    for line in table.splitlines():
        yield [cell.strip() for cell in line.strip("|").split("|")]


def quoted(cell: str) -> list[str]:
    """The single words in a cell that stand in backquotes."""
    return re.findall(r"`\{?(\w+)\}?`", cell)


def offsets(said: str) -> list[int]:
    """Working days from the last day: 到期前10、5个工作日 is -10 and -5."""
    sign = -1 if said.startswith("到期前") else 1
    return [0] if said == "到期当日" else [sign * int(day) for day in re.findall(r"\d+", said)]


@pytest.mark.parametrize(
    ("column", "steps"), [(1, DEFAULT_LADDERS.statutory), (2, DEFAULT_LADDERS.office)]
)
def test_the_ladders_are_the_usual_ones(column: int, steps: Steps) -> None:
    opening, *told = rows("时间")
    assert opening[column] == "经办人"
    assert {
        day: tuple(LEVELS[name] for name in row[column].split("、"))
        for row in told
        for day in offsets(row[0])
        if row[column]
    } == steps


def test_the_templates_fields_are_those_of_their_kinds() -> None:
    told: dict[str, list[str]] = {kind: [] for kind in FIELDS}
    for names, _, kinds in rows("字段"):
        for kind in kinds.split("、"):
            told[KINDS[kind]] += quoted(names)
    assert all(len(names) == len(set(names)) for names in told.values())
    assert {kind: set(names) for kind, names in told.items()} == {
        kind: set(names) for kind, names in FIELDS.items()
    }


def test_what_a_template_must_say_is_asked_of_it() -> None:
    files = {path.name for path in DEFAULTS.iterdir()}
    told = {name.strip("`"): (what, tuple(quoted(asked))) for name, what, asked in rows("文件")}
    assert set(told) == files
    assert {name.removesuffix(".txt"): asked for name, (_, asked) in told.items()} == NEEDED
    for name, (what, _) in told.items():
        assert KINDS[what[:2]] == name.removesuffix(".txt")


def test_the_items_of_the_file_are_those_of_the_settings() -> None:
    names = [field.alias or name for name, field in ReminderSettings.model_fields.items()]
    assert [quoted(name) for name, *_ in rows("项")] == [[name] for name in names]


def test_what_holds_where_an_item_is_left_out() -> None:
    said = {quoted(name)[0]: usual for name, usual, _ in rows("项")}

    def clock(moment: time) -> str:
        return f"{moment.hour}:{moment:%M}"

    assert said["hours"] == f"{clock(USUAL.hours.opens)} 至 {clock(USUAL.hours.closes)}"
    assert said["told_at"] == clock(USUAL.told_at)
    assert said["digest_at"] == clock(USUAL.digest_at) == clock(DIGEST_AT)
    assert f"工作日早上 {said['digest_at']}，" in PAGE
    assert said["window_minutes"] == str(USUAL.window_minutes)
    assert f"0 至 {LONGEST_WINDOW}；" in PAGE
    assert f"从上午 {said['told_at']} 起，各案在 {USUAL.window_minutes} 分钟内错开" in PAGE


SECTIONS = {
    name: (get_args(bare(field.annotation)) or (bare(field.annotation),))[-1]
    for name, field in ChannelSettings.model_fields.items()
}
"""The model of each section, or of what stands under each of its names."""


def test_each_section_of_the_channels_takes_what_the_page_says() -> None:
    known = {name for model in SECTIONS.values() for name in model.model_fields}
    told = {quoted(row[0])[0]: row[1:] for row in rows("在 `channels` 下")}
    assert list(told) == list(SECTIONS)
    for section, (must, may) in told.items():
        fields = SECTIONS[section].model_fields
        required = {name for name, field in fields.items() if field.is_required()}
        assert set(quoted(must)) & known == required, section
        common = set(Remote.model_fields)
        assert (set(quoted(may)) & known) - common == set(fields) - required - common, section


def test_what_all_channels_take_is_said_once_and_true() -> None:
    (sentence,) = re.findall(r"^除 `apprise` 以外，都可以写(.*)", PAGE, re.MULTILINE)
    assert set(quoted(sentence)) == set(Remote.model_fields)
    for section, model in SECTIONS.items():
        assert issubclass(model, BaseModel)
        assert issubclass(model, Remote) == (section != "apprise")


def test_the_kinds_of_channel_are_those_that_a_person_may_have() -> None:
    told = {quoted(row[0])[0]: row[0].split(" ")[1] for row in rows("`kind`")}
    assert set(told) == set(get_args(Channel.model_fields["kind"].annotation))
    assert told | {"apprise": "通知服务"} == CHANNEL_TITLES


def test_a_channel_is_tried_as_often_as_the_page_says() -> None:
    policy = Policy()
    pauses = [policy.back_off[min(n, len(policy.back_off) - 1)] for n in range(policy.tries - 1)]
    minutes = [moment // timedelta(minutes=1) for moment in accumulate(pauses)]
    listed = "、".join(map(str, minutes))
    assert f"试 {policy.tries} 次：到时一次，其后第 {listed} 分钟各一次" in PAGE


def test_the_longest_short_message_is_as_the_page_says() -> None:
    assert set(re.findall(r"至多(\d+)字", PAGE)) == {str(LONGEST_BRIEF)}


def test_the_examples_together_are_a_file_without_a_fault() -> None:
    of_the_file = [text for text in EXAMPLES if not text.startswith(CASE_FILE)]
    assert len(of_the_file) == len(EXAMPLES) - 1 == 3
    found = checked("".join(of_the_file))
    assert found.faults == ()
    assert found.settings is not None
    assert found.settings != USUAL
