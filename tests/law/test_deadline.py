"""Deadlines as the order and real notices have them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from law import BadPeriod
from law.calendar import official_calendar
from law.counting import Counting
from law.day_zero import Receipt
from law.deadline import Deadline, certainty, proof, reckon
from law.rules import OFFICE, RULES, Rule, rule
from tests.law.papers import calendar_up_to

CALENDAR = calendar_up_to(2026)
INITIATION = rule("initiation-notice")
COMPENSATION = rule("compensation-notice")
PAYMENT = rule("payment")
REGISTRATION = rule("registration-period")
TARGET = rule("office-target")


@pytest.mark.parametrize(
    ("posted", "last_day"),
    [
        # 天津: 09-23 to 10-10, ten working days only if Sunday 09-29 counts.
        (date(2024, 9, 20), date(2024, 10, 10)),
        # 多祝镇: 03-16 to 03-30, the posting day not counted.
        (date(2026, 3, 16), date(2026, 3, 30)),
        # 定州 printed 11-06, one working day short.
        (date(2024, 10, 24), date(2024, 11, 7)),
        # Posted on a rest day: the first counted day is 10-08, and Saturday 10-10 counts.
        (date(2026, 10, 3), date(2026, 10, 20)),
    ],
)
def test_posting_day_is_not_counted(posted: date, last_day: date) -> None:
    deadline = reckon(INITIATION, posted, CALENDAR)
    assert deadline.last_day == last_day == deadline.rolled_last_day
    assert deadline.may_proceed_on == last_day + timedelta(1)
    assert not deadline.provisional
    assert deadline.earliest == deadline.latest == last_day


def test_a_notice_into_an_unarranged_year_is_provisional_with_its_bounds() -> None:
    deadline = reckon(INITIATION, date(2026, 12, 18), CALENDAR)
    assert deadline.provisional
    assert deadline.last_day == date(2027, 1, 4)
    assert (deadline.earliest, deadline.latest) == (date(2026, 12, 31), date(2027, 1, 6))
    assert (deadline.rolled_earliest, deadline.rolled_latest) == (
        deadline.earliest,
        deadline.latest,
    )
    assert "暂定，最早2026年12月31日，最迟2027年1月6日" in deadline.reason()


def test_thirty_days_count_rest_days_and_do_not_wait_for_the_rolled_day() -> None:
    deadline = reckon(COMPENSATION, date(2026, 9, 4), CALENDAR)
    assert deadline.last_day == date(2026, 10, 4)
    assert deadline.rolled_last_day == date(2026, 10, 8)
    assert deadline.may_proceed_on == date(2026, 10, 5)
    assert "民法典第二百零三条顺延则为2026年10月8日" in deadline.reason()


def test_calendar_days_are_certain_though_the_rolled_day_is_not() -> None:
    deadline = reckon(COMPENSATION, date(2026, 12, 2), CALENDAR)
    assert deadline.last_day == deadline.earliest == deadline.latest == date(2027, 1, 1)
    assert not deadline.provisional
    assert deadline.rolled_last_day == date(2027, 1, 4)
    assert (deadline.rolled_earliest, deadline.rolled_latest) == (
        date(2027, 1, 2),
        date(2027, 1, 4),
    )
    assert "仅供参考，放假安排尚未公布，暂定，最早2027年1月2日，最迟2027年1月4日" in (
        deadline.reason()
    )


def test_a_worked_last_day_that_a_paper_may_turn_off_may_still_roll() -> None:
    deadline = reckon(COMPENSATION, date(2026, 12, 1), CALENDAR)
    assert deadline.last_day == deadline.rolled_last_day == date(2026, 12, 31)
    assert not CALENDAR.is_official(deadline.last_day)
    assert deadline.rolled_latest > deadline.rolled_last_day
    assert "要看尚未公布的放假安排" in deadline.reason()


@pytest.mark.parametrize(
    ("entry", "trigger", "said"),
    [
        (INITIATION, date(2026, 10, 3), ("所涉放假安排均已公布（至2026-12-26），截止日确定。",)),
        (
            INITIATION,
            date(2026, 12, 18),
            ("放假安排只公布到2026-12-26", "暂定2027-01-04，最早2026-12-31，最迟2027-01-06"),
        ),
        (COMPENSATION, date(2026, 9, 4), ("按日连续计算，放假安排不改变截止日，截止日确定。",)),
        # Sunday 2027-01-17: nearer to neither 元旦 nor 春节 than any paper reached.
        (
            COMPENSATION,
            date(2026, 12, 18),
            (
                "截止日确定；",
                "按2008年以来历年安排的幅度（长假已留余地），顺延日都是2027-01-18，确定。",
            ),
        ),
        # 2027-01-01: how many days are off around it is not known yet.
        (
            COMPENSATION,
            date(2026, 12, 2),
            ("截止日确定；", "顺延日暂定2027-01-04，最早2027-01-02，最迟2027-01-04。"),
        ),
    ],
)
def test_what_is_certain_is_so_for_a_reason(
    entry: Rule, trigger: date, said: tuple[str, ...]
) -> None:
    line = certainty(reckon(entry, trigger, CALENDAR), CALENDAR)
    assert [part for part in said if part not in line] == []


def test_ten_working_days_beyond_the_horizon_are_certain_where_no_paper_reaches() -> None:
    deadline = reckon(INITIATION, date(2027, 7, 1), CALENDAR)
    assert not deadline.provisional
    line = certainty(deadline, CALENDAR)
    assert "按2008年以来历年安排的幅度（长假已留余地），截止日都是2027-07-15，确定" in line


def test_the_day_of_receiving_the_approval_is_not_counted() -> None:
    deadline = reckon(PAYMENT, date(2026, 5, 8), CALENDAR)
    assert deadline.last_day == date(2026, 6, 7)
    assert deadline.rolled_last_day == date(2026, 6, 8)
    assert deadline.counting is Counting.WITHIN_DAYS
    assert "第十六条：30日内" in deadline.reason()


@pytest.mark.parametrize("after", [0, 1, 45])
def test_a_printed_day_stands_as_printed(after: int) -> None:
    trigger = date(2026, 3, 14)
    deadline = reckon(REGISTRATION, trigger, CALENDAR, printed=trigger + timedelta(after))
    assert deadline.last_day == trigger + timedelta(after)
    assert deadline.length == after
    assert deadline.rolled_last_day == CALENDAR.first_working_day_from(deadline.last_day)


def test_an_office_target_says_that_it_binds_nobody_in_law() -> None:
    deadline = reckon(TARGET, date(2026, 3, 16), CALENDAR, length=5)
    assert deadline.last_day == date(2026, 3, 23)
    assert not deadline.statutory
    assert deadline.reason().startswith(f"{OFFICE}，非法定")


def test_the_last_day_ends_at_midnight_in_shanghai() -> None:
    deadline = reckon(INITIATION, date(2024, 9, 20), CALENDAR)
    assert deadline.ends_at == datetime(2024, 10, 10, 16, tzinfo=UTC)
    assert deadline.ends_at.isoformat() == "2024-10-11T00:00:00+08:00"


def test_the_reason_names_instrument_article_and_both_days() -> None:
    assert reckon(INITIATION, date(2024, 9, 20), CALENDAR).reason() == (
        "温政令〔2020〕7号第六条：不少于10个工作日，公告张贴当日（2024年9月20日）不计入，"
        "次日起算，至2024年10月10日二十四时届满，2024年10月11日起方可进入下一步。"
    )


@pytest.mark.parametrize(
    ("entry", "length", "printed", "sentence"),
    [
        (INITIATION, 9, None, "应为不少于10个工作日，不能是9（第六条）"),
        (COMPENSATION, 29, None, "应为不少于30日"),
        (PAYMENT, 31, None, "应为30日内"),
        (TARGET, None, None, "须写明天数"),
        (TARGET, 0, None, "正整数"),
        (REGISTRATION, None, None, "须写明文书载明的截止日"),
        (REGISTRATION, 10, None, "须写明文书载明的截止日"),
        (REGISTRATION, None, date(2026, 3, 15), "早于起算日"),
        (REGISTRATION, 10, date(2026, 4, 15), "只能写明一个"),
        (REGISTRATION, None, date(2099, 1, 1), "超出"),
        (INITIATION, None, date(2026, 4, 15), "不能另行指定截止日"),
        (COMPENSATION, 10**10, None, "超出"),
        (replace(INITIATION, unit="周"), None, None, "单位应为“工作日”，不能是“周”"),
    ],
)
def test_what_the_article_does_not_allow_is_refused(
    entry: Rule, length: int | None, printed: date | None, sentence: str
) -> None:
    with pytest.raises(BadPeriod, match=sentence):
        reckon(entry, date(2026, 3, 16), CALENDAR, length=length, printed=printed)


def test_a_longer_notice_and_a_shorter_target_are_allowed() -> None:
    assert reckon(INITIATION, date(2026, 3, 16), CALENDAR, length=15).length == 15
    assert reckon(PAYMENT, date(2026, 3, 16), CALENDAR, length=20).length == 20


def test_the_proof_names_every_day() -> None:
    deadline = reckon(INITIATION, date(2024, 9, 20), CALENDAR)
    rows = proof(deadline, CALENDAR)
    assert [row.day for row in rows] == [date(2024, 9, 20) + timedelta(n) for n in range(21)]
    said = {row.day: (row.weekday, row.number, row.reason) for row in rows}
    assert said[date(2024, 9, 20)] == ("星期五", None, "起算日，不计入")
    assert said[date(2024, 9, 22)] == ("星期日", None, "休息日，不计入")
    assert said[date(2024, 9, 29)] == ("星期日", 6, "调休上班")
    assert said[date(2024, 10, 1)] == ("星期二", None, "国庆节（法定节假日），不计入")
    assert said[date(2024, 10, 7)] == ("星期一", None, "放假调休，不计入")
    assert said[date(2024, 10, 10)] == ("星期四", 10, "工作日")
    assert all(row.official for row in rows)


def test_the_proof_shows_rolling_and_where_estimates_begin() -> None:
    rows = proof(reckon(COMPENSATION, date(2026, 12, 2), CALENDAR), CALENDAR)
    by_day = {row.day: row for row in rows}
    assert by_day[date(2027, 1, 1)].number == 30
    assert by_day[date(2026, 12, 26)].basis == "官方安排"
    assert by_day[date(2026, 12, 28)].basis == "推算"
    # 元旦 rests by the statute, whatever its paper will say.
    assert by_day[date(2027, 1, 1)].basis == "法定"
    assert by_day[date(2027, 1, 4)].reason == "顺延，工作日"
    assert next(row.day for row in rows if not row.official) == date(2026, 12, 27)


def test_a_proof_by_another_calendar_is_refused() -> None:
    deadline = reckon(INITIATION, date(2024, 9, 20), calendar_up_to(2025))
    for show in (proof, certainty):
        with pytest.raises(BadPeriod, match="不能用"):
            show(deadline, CALENDAR)


@pytest.mark.parametrize("zero", [date(2026, 12, 18), Receipt("回执函", date(2026, 12, 18))])
def test_a_deadline_survives_being_written_down(zero: date | Receipt) -> None:
    adapter = TypeAdapter(Deadline)
    deadline = reckon(INITIATION, zero, CALENDAR)
    assert adapter.validate_json(adapter.dump_json(deadline)) == deadline


def test_a_deadline_written_down_before_day_zero_had_words_is_read() -> None:
    adapter = TypeAdapter(Deadline)
    deadline = reckon(INITIATION, date(2026, 3, 16), CALENDAR)
    written = adapter.dump_python(deadline, mode="json")
    del written["day_zero"]
    assert adapter.validate_python(written) == deadline
    with pytest.raises(ValidationError):
        adapter.validate_python({**written, "last_day": "三月三十日"})


@given(
    entry=st.sampled_from([entry for entry in RULES if entry.counting != Counting.PRINTED_DAY]),
    trigger=st.dates(date(2020, 12, 15), date(2030, 12, 14)),
    more=st.integers(0, 40),
)
def test_every_deadline_is_consistent(entry: Rule, trigger: date, more: int) -> None:
    calendar = official_calendar()
    base = entry.length or 1
    length = base + more if entry.counting.at_least or entry.length is None else base - more % base
    deadline = reckon(entry, trigger, calendar, length=length)
    assert trigger < deadline.last_day <= deadline.rolled_last_day
    assert calendar.is_working(deadline.rolled_last_day)
    assert deadline.earliest <= deadline.last_day <= deadline.latest
    assert deadline.rolled_earliest <= deadline.rolled_last_day <= deadline.rolled_latest
    assert deadline.provisional is (deadline.earliest != deadline.latest)
    numbered = [row for row in proof(deadline, calendar) if row.number is not None]
    assert [row.number for row in numbered] == list(range(1, length + 1))
    assert numbered[-1].day == deadline.last_day
