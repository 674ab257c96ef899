"""What a person reads when told about a duty."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.office.templates import LONGEST_BRIEF, templates
from activities.telling.message import Address, Message, Recipient, circular, identity, render
from case.records import Reminder
from law import SHANGHAI
from law.calendar import official_calendar
from tests.activities.samples import reminder

TEMPLATES = templates(Path("an office without templates of its own"))
HANDLER = Recipient(
    unit="township:nanhui",
    unit_name="南汇街道",
    role="经办人",
    person="南甲",
    addresses=(Address(kind="dingtalk", address="南汇群"),),
)


def _render(
    reminder: Reminder,
    recipient: Recipient = HANDLER,
    link: str = "",
    today: date | None = None,
) -> Message:
    """The message sent on the rung's own day, or on `today`."""
    on = today or reminder.at.astimezone(SHANGHAI).date()
    return render(reminder, recipient, official_calendar(), TEMPLATES, link, today=on)


def _told(**changes: Any) -> Message:
    return _render(reminder(**changes))


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, 30, tzinfo=SHANGHAI)


def test_the_subject_begins_with_the_last_day() -> None:
    assert _told().subject == (
        "【2026-12-07止】WZ-LC-2026-001 温州某项目 第1步 张贴公告（南汇街道）"
    )


def test_the_whole_message_reads_so() -> None:
    told = _told(told="经办人", basis="温政令〔2020〕7号第六条")
    assert told.kind == "reminder"
    assert told.text == (
        "南汇街道 南甲（经办人）：\n"
        "\n"
        "项目：温州某项目（WZ-LC-2026-001）\n"
        "事项：第1步 张贴公告\n"
        "责任单位：南汇街道\n"
        "截止：2026年12月7日（星期一）24时，还剩5个工作日（不含今日）\n"
        "依据：法定期限，温政令〔2020〕7号第六条\n"
        "办结标准：张贴照片\n"
        "报送方式：starter.py act WZ-LC-2026-001 confirm-posting\n"
        "本次提醒：到期前提醒，告知经办人\n"
        "下一次提醒：12月3日告知经办人\n"
        "\n"
        "收到请登记；登记后，到期前不再向您重复提醒，逾期仍未办结的，照常催办并逐级上报：\n"
        "starter.py act WZ-LC-2026-001 acknowledge --duty d-1"
        " --unit township:nanhui --role 经办人\n"
    )
    assert told.brief == (
        "WZ-LC-2026-001 2026-12-07止，还剩5个工作日（不含今日）：南汇街道 张贴公告。温州某项目"
    )


def test_an_overdue_message_says_by_how_much_and_to_whom_it_has_gone() -> None:
    told = _told(
        rung="+3",
        at=_at(date(2026, 12, 10)),
        told="经办人、单位负责人、区人民政府（功能区管委会）",
    )
    assert told.kind == "overdue"
    assert told.subject == (
        "【2026-12-07止·逾期3日】WZ-LC-2026-001 温州某项目 第1步 张贴公告（南汇街道）"
    )
    assert "截止：2026年12月7日（星期一）24时，已逾期3日（3个工作日）" in told.text
    assert "逾期催办，已告知经办人、单位负责人、区人民政府（功能区管委会）" in told.text
    assert "不等于办结" in told.text
    assert "已逾期3日（3个工作日）" in told.brief


def test_a_moved_day_says_from_when_to_when_and_why() -> None:
    told = _told(moved_from=date(2026, 12, 4), moved_by="按新的放假安排重算期限（国办〔2026〕1号）")
    assert told.kind == "moved"
    assert told.subject.startswith("【2026-12-07止】截止日变动：WZ-LC-2026-001")
    assert "原截止：2026年12月4日（星期五）24时\n现截止：2026年12月7日（星期一）24时" in told.text
    assert "变动原因：按新的放假安排重算期限（国办〔2026〕1号）" in told.text
    assert "截止日改为2026-12-07" in told.brief


def test_on_the_last_day_itself_nothing_is_overdue() -> None:
    assert _told(at=_at(date(2026, 12, 7))).kind == "reminder"


def test_subjects_sort_by_the_last_day() -> None:
    days = [date(2026, 12, 7), date(2026, 9, 30), date(2027, 1, 4), date(2026, 12, 11)]
    told = [_told(last_day=day, provisional=day.day > 6) for day in days]
    late = _told(at=_at(date(2026, 10, 12)), last_day=date(2026, 10, 10))
    by_subject = sorted([*told, late], key=lambda message: message.subject)
    assert [message.subject[1:11] for message in by_subject] == [
        "2026-09-30",
        "2026-10-10",
        "2026-12-07",
        "2026-12-11",
        "2027-01-04",
    ]


def test_the_office_says_where_a_duty_is_reported() -> None:
    link = "https://zhengdi.example.gov.cn/case/{案件编号}?from=reminder"
    text = _render(reminder(), link=link).text
    assert "报送网址：https://zhengdi.example.gov.cn/case/WZ-LC-2026-001?from=reminder\n" in text
    assert "报送网址" not in _told().text


def test_a_duty_met_by_others_is_not_reported_by_itself() -> None:
    assert "报送方式：随所列各项办结，不必另行登记" in _told(command="").text


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


@pytest.mark.parametrize(
    ("today", "kind", "words"),
    [
        (date(2026, 12, 4), "reminder", "还剩1个工作日"),
        (date(2026, 12, 7), "reminder", "今日到期"),
        (date(2026, 12, 8), "overdue", "已逾期1日（1个工作日）"),
    ],
)
def test_what_is_sent_late_says_how_it_stands_on_the_day_of_sending(
    today: date, kind: str, words: str
) -> None:
    """The rung fell due on 2026-12-04, before the weekend; a channel was down until `today`."""
    told = _render(reminder(at=_at(date(2026, 12, 4))), today=today)
    assert told.kind == kind
    assert words in told.text
    assert words in told.brief
    assert told.at == _at(date(2026, 12, 4))
    assert told.message_id == _told().message_id


def test_an_office_target_does_not_pass_for_law() -> None:
    told = _told(statutory=False)
    assert "依据：内部时限（非法定期限；事项依据第六条）" in told.text
    assert "法定期限，" not in told.text
    assert told.subject.startswith("【2026-12-07止·内部时限】")
    assert "内部时限" not in _told().subject


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
    said = "下一次提醒：此后不再单独提醒，每个工作日列入晨间摘要，直至办结"
    assert said in _told(next_telling="").text


@pytest.mark.parametrize(
    ("rung", "last_day", "today", "said"),
    [
        ("2026-12-07/open", date(2026, 12, 7), date(2026, 11, 30), "责任产生"),
        ("2026-12-07/-5", date(2026, 12, 7), date(2026, 11, 30), "到期前提醒"),
        # Saturday 12-05 is a rest day: Friday is the last working day before it is over.
        ("2026-12-05/0", date(2026, 12, 5), date(2026, 12, 4), "到期前最后一个工作日提醒"),
        ("2026-12-07/0", date(2026, 12, 7), date(2026, 12, 7), "到期当日提醒"),
        ("2026-12-07/+1", date(2026, 12, 7), date(2026, 12, 8), "逾期催办"),
        # Told late: what counts is the day on which it is sent.
        ("2026-12-07/0", date(2026, 12, 7), date(2026, 12, 9), "逾期催办"),
    ],
)
def test_why_the_reader_hears_of_it_today(
    rung: str, last_day: date, today: date, said: str
) -> None:
    told = _render(reminder(rung=rung, last_day=last_day, rolled_last_day=last_day), today=today)
    assert f"本次提醒：{said}，" in told.text


def test_a_moved_notice_period_asks_for_nothing() -> None:
    """Nobody owes it: there is nothing to report, to acknowledge or to be late with."""
    told = _render(
        reminder(
            duty_id="period/initiation",
            rung="2026-12-07/moved@2026-11-27",
            command="",
            next_telling="",
            moved_from=date(2026, 12, 4),
            moved_by="按新的放假安排重算期限（国办发明电〔2026〕9号）",
            told="经办人",
        ),
        link="https://example.gov.cn/{案件编号}",
    )
    assert told.kind == "moved"
    assert "原截止：2026年12月4日（星期五）24时" in told.text
    assert "国办发明电〔2026〕9号" in told.text
    for word in ("starter.py", "example.gov.cn", "收到", "逐级上报", "下一次提醒", "不必另行登记"):
        assert word not in told.text, told.text


def test_who_is_told_in_anothers_place_learns_of_it() -> None:
    bureau = replace(
        HANDLER, unit="bureau", unit_name="市自然资源和规划局", in_place_of="鹿城区人民政府"
    )
    assert "本消息应送鹿城区人民政府，因无法送达" in _render(reminder(), bureau).text
    assert "无法送达" not in _told().text


def test_a_stand_in_learns_for_whom_and_takes_that_persons_place() -> None:
    stand_in = replace(HANDLER, person="南丁", stands_in_for="南甲")
    told = _render(reminder(), stand_in)
    assert "南甲不在岗期间，本消息由您代收代办。" in told.text
    assert told.person == "南丁"
    assert told.message_id == _told().message_id
    assert "代收" not in _told().text


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


def test_another_person_role_or_unit_is_another_message() -> None:
    others: list[dict[str, Any]] = [{"person": "南丙"}, {"role": "负责人"}, {"unit": "bureau"}]
    # Who is an addressee already is told once more where it is in somebody's place.
    others += [{"in_place_of": "南汇街道"}, {"in_place_of": "南汇街道经办人"}]
    ids = {identity(reminder(), replace(HANDLER, **change)) for change in others}
    assert len({*ids, identity(reminder(), HANDLER)}) == 6


def test_a_circular_belongs_to_no_case_and_has_one_identity_a_day_and_person() -> None:
    fields = {"时间": "2026-11-30 08:10", "渠道": "发件夹"}

    def circulated(about: str, recipient: Recipient = HANDLER) -> Message:
        at = _at(date(2026, 11, 30))
        return circular("test", about, recipient, TEMPLATES, at=at, fields=fields)

    told = circulated("2026-11-30")
    assert (told.kind, told.case_id, told.person) == ("test", None, "南甲")
    assert "南汇街道 南甲（经办人）：" in told.text
    assert circulated("2026-11-30") == told
    assert circulated("2026-12-01").message_id != told.message_id
    assert circulated("2026-11-30", replace(HANDLER, person="南丙")).message_id != told.message_id


_WORDS = st.text(max_size=80)


@given(title=_WORDS, evidence=_WORDS, name=_WORDS, moved_by=_WORDS)
def test_whatever_the_words_a_message_keeps_its_form(
    title: str, evidence: str, name: str, moved_by: str
) -> None:
    given_words = {"title": title, "evidence": evidence, "case_name": name, "moved_by": moved_by}
    for moved in (None, date(2026, 12, 1)):
        told = _told(**given_words, moved_from=moved)
        assert told == _told(**given_words, moved_from=moved)
        assert told.subject.startswith("【2026-12-07止")
        assert len(told.subject.splitlines()) == len(told.brief.splitlines()) == 1
        assert len(told.brief) <= LONGEST_BRIEF
        assert "2026-12-07" in told.brief
        assert told.text.endswith("--role 经办人\n")
