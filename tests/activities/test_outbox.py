"""The outbox: one readable file a message, whole or not at all, named without the person."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from activities.message import Message
from activities.outbox import Outbox, file_name
from tests.activities.samples import reminder

MESSAGE = Message(
    message_id="0123456789abcdef" * 4,
    case_id="WZ-LC-2026-001",
    duty_id="posting:initiation/1:township:nanhui",
    rung="+3",
    unit="department:公安",
    role="经办人",
    person="张某某",
    channel="dingtalk",
    address="zhang-no-1",
    at=reminder().at,
    subject="【2026-12-07止】某",
    text="南汇街道 张某某（经办人）：\n",
)


def test_the_file_is_named_by_day_case_unit_duty_and_rung() -> None:
    assert file_name(MESSAGE) == (
        "2026-11-30_WZ-LC-2026-001_department-公安"
        "_posting-initiation-1-township-nanhui_+3_0123456789ab.txt"
    )


def test_the_name_holds_neither_person_nor_address() -> None:
    assert "张" not in file_name(MESSAGE)
    assert "zhang" not in file_name(MESSAGE)


def test_long_and_hostile_names_stay_in_the_folder(tmp_path: Path) -> None:
    hostile = replace(MESSAGE, duty_id="责任" * 200, unit="../../etc/passwd\0", rung="..")
    Outbox(tmp_path / "out").deliver(hostile)
    (written,) = tmp_path.rglob("*.txt")
    assert written.parent == tmp_path / "out"
    assert len(written.name.encode()) < 255


def test_it_reads_as_a_letter(tmp_path: Path) -> None:
    Outbox(tmp_path).deliver(MESSAGE)
    (written,) = tmp_path.iterdir()
    assert written.read_text("utf-8") == (
        "主题：【2026-12-07止】某\n"
        "时间：2026-11-30 08:30\n"
        "渠道：dingtalk zhang-no-1\n"
        "\n"
        "南汇街道 张某某（经办人）：\n"
    )


def test_written_often_and_at_once_it_is_one_whole_file(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(outbox.deliver, [MESSAGE] * 32))
    (written,) = tmp_path.iterdir()
    assert written.read_text("utf-8").endswith("：\n")


def test_what_cannot_be_written_leaves_nothing_half_done(tmp_path: Path) -> None:
    (tmp_path / file_name(MESSAGE)).mkdir()
    with pytest.raises(OSError, match="directory"):
        Outbox(tmp_path).deliver(MESSAGE)
    assert [found.name for found in tmp_path.iterdir()] == [file_name(MESSAGE)]
