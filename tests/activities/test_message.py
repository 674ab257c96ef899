"""What a person reads when told about a duty."""

from datetime import date, datetime
from typing import Any

import pytest

from activities.message import Message, Recipient, identity, render
from law import SHANGHAI
from law.calendar import official_calendar
from tests.activities.samples import reminder

HANDLER = Recipient(
    unit="township:nanhui",
    unit_name="南汇街道",
    role="经办人",
    person="南甲",
    channel="dingtalk",
    address="南甲的号",
)


def _told(**changes: Any) -> Message:
    return render(reminder(**changes), HANDLER, official_calendar())


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, 30, tzinfo=SHANGHAI)


def test_the_subject_begins_with_the_last_day() -> None:
    assert _told().subject == (
        "【2026-12-07止】WZ-LC-2026-001 温州某项目 第1步 张贴公告（南汇街道）"
    )


def test_the_whole_message_reads_so() -> None:
    assert _told().text == (
        "南汇街道 南甲（经办人）：\n"
        "\n"
        "项目：温州某项目（WZ-LC-2026-001）\n"
        "事项：第1步 张贴公告\n"
        "责任单位：南汇街道\n"
        "截止：2026年12月7日（星期一）24时，还剩5个工作日（不含今日）\n"
        "依据：法定期限，第六条\n"
        "办结标准：张贴照片\n"
        "报送方式：starter.py act WZ-LC-2026-001 confirm_posting\n"
        "下一次提醒：12月3日告知经办人\n"
    )


@pytest.mark.parametrize(
    ("today", "last_day", "words"),
    [
        (date(2026, 12, 4), date(2026, 12, 7), "还剩1个工作日"),
        (date(2026, 12, 7), date(2026, 12, 7), "今日到期"),
        (date(2026, 12, 10), date(2026, 12, 7), "已逾期3日（3个工作日）"),
        (date(2026, 12, 14), date(2026, 12, 11), "已逾期3日（1个工作日）"),
        # Sunday 2026-09-20 is a make-up working day.
        (date(2026, 9, 18), date(2026, 9, 21), "还剩2个工作日"),
        # The National Day week, and the make-up Saturday 10-10 after it.
        (date(2026, 9, 30), date(2026, 10, 10), "还剩3个工作日"),
    ],
)
def test_days_left_and_days_late_are_counted_on_the_calendar(
    today: date, last_day: date, words: str
) -> None:
    assert words in _told(at=_at(today), last_day=last_day).text


def test_today_is_the_day_in_shanghai() -> None:
    from_utc = datetime.fromisoformat("2026-12-06T16:30:00+00:00")
    assert "今日到期" in _told(at=from_utc).text


def test_an_office_target_does_not_pass_for_law() -> None:
    text = _told(statutory=False).text
    assert "依据：内部时限（非法定期限；事项依据第六条）" in text
    assert "法定期限，" not in text


def test_a_provisional_day_says_so_and_why() -> None:
    told = _told(provisional=True)
    assert told.subject.startswith("【2026-12-07止·暂定】")
    assert "暂定：" in told.text
    assert "尚未公布放假安排" in told.text
    assert "暂定" not in _told().text


def test_the_rolled_day_is_shown_and_nobody_told_to_wait_for_it() -> None:
    text = _told(last_day=date(2026, 12, 6)).text
    assert "截止：2026年12月6日（星期日）24时" in text
    assert "可顺延至2026年12月7日（星期一）" in text
    assert "不要等到顺延日" in text
    assert "顺延" not in _told().text


def test_the_last_rung_says_that_it_is_the_last() -> None:
    assert "下一次提醒：无，本次为最后一次提醒" in _told(next_telling="").text


def test_who_is_told_in_anothers_place_learns_of_it() -> None:
    stand_in = Recipient(
        unit="bureau",
        unit_name="市自然资源和规划局",
        role="负责人",
        person="局乙",
        channel="outbox",
        address="",
        in_place_of="鹿城区人民政府",
    )
    assert "应送鹿城区人民政府" in render(reminder(), stand_in, official_calendar()).text


@pytest.mark.parametrize(
    "changes",
    [
        {"case_id": "WZ-2"},
        {"duty_id": "d-2"},
        {"rung": "0"},
        {"last_day": date(2026, 12, 8)},
    ],
)
def test_another_rung_duty_or_last_day_is_another_message(changes: dict[str, Any]) -> None:
    assert identity(reminder(**changes), HANDLER) != identity(reminder(), HANDLER)


def test_the_same_rung_told_again_is_the_same_message() -> None:
    again = reminder(at=_at(date(2026, 12, 1)), next_telling="", title="改")
    assert identity(again, HANDLER) == identity(reminder(), HANDLER)
