"""Each way of counting by itself, and how day zero comes about."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from law import BadPeriod
from law.arrangement import OpenYears
from law.counting import WAYS, Counting
from law.day_zero import LastOfPostings, Receipt
from law.deadline import reckon
from law.rules import rule
from tests.law.papers import LAST_PAPER, calendar_up_to, nth_working_day, random_completion

CALENDAR = calendar_up_to(LAST_PAPER)
OPEN = OpenYears(LAST_PAPER + 1, 2031)
COUNTED = [counting for counting in Counting if counting is not Counting.PRINTED_DAY]
OVER_WORKING_DAYS = (Counting.AT_LEAST_WORKING_DAYS, Counting.WITHIN_WORKING_DAYS)

WAY = st.sampled_from(COUNTED)
ZERO = st.dates(date(2004, 1, 1), date(2035, 1, 1))
LENGTH = st.integers(1, 90)


def test_every_counting_has_its_own_class() -> None:
    assert set(WAYS) == set(Counting)
    assert len({type(way) for way in WAYS.values()}) == len(Counting)


@pytest.mark.parametrize(
    ("counting", "last_day", "rolled", "phrase"),
    [
        # Posted 2026-09-22; 中秋 from 09-25 to 09-27, 国庆 from 10-01 to 10-07, 10-10 worked.
        (Counting.AT_LEAST_WORKING_DAYS, date(2026, 10, 12), date(2026, 10, 12), "不少于9个工作日"),
        (Counting.WITHIN_WORKING_DAYS, date(2026, 10, 12), date(2026, 10, 12), "9个工作日内"),
        (Counting.AT_LEAST_DAYS, date(2026, 10, 1), date(2026, 10, 8), "不少于9日"),
        (Counting.WITHIN_DAYS, date(2026, 10, 1), date(2026, 10, 8), "9日内"),
        (Counting.PRINTED_DAY, date(2026, 10, 1), date(2026, 10, 8), "文书载明的日期"),
    ],
)
def test_each_way_says_its_days(
    counting: Counting, last_day: date, rolled: date, phrase: str
) -> None:
    zero, way = date(2026, 9, 22), WAYS[counting]
    assert way.last_day(zero, 9, CALENDAR) == last_day
    assert way.rolled_last_day(zero, 9, CALENDAR) == rolled
    assert way.may_proceed_on(last_day) == last_day + timedelta(1)
    assert way.bounds(zero, 9, CALENDAR) == (last_day, last_day)
    assert way.rolled_bounds(zero, 9, CALENDAR) == (rolled, rolled)
    assert way.counted(zero, last_day, CALENDAR) == 9
    assert way.phrase(9) == counting.phrase(9) == phrase
    assert "2026年10月" in way.explain(zero, 9, last_day, "")


def test_a_printed_day_may_be_day_zero_itself() -> None:
    assert WAYS[Counting.PRINTED_DAY].last_day(date(2026, 3, 16), 0, CALENDAR) == date(2026, 3, 16)


@given(WAY, ZERO, LENGTH)
def test_a_period_counted_and_walked_back_is_the_same(
    counting: Counting, zero: date, length: int
) -> None:
    way = WAYS[counting]
    last = way.last_day(zero, length, CALENDAR)
    assert way.counted(zero, last, CALENDAR) == length
    walked = sum(
        way.counts(zero + timedelta(n), CALENDAR) for n in range(1, (last - zero).days + 1)
    )
    assert walked == length
    assert way.counts(last, CALENDAR)
    assert way.counted(zero, last - timedelta(1), CALENDAR) == length - 1


@given(WAY, ZERO, LENGTH)
def test_a_later_day_zero_or_a_longer_period_never_ends_sooner(
    counting: Counting, zero: date, length: int
) -> None:
    way = WAYS[counting]
    last = way.last_day(zero, length, CALENDAR)
    assert last <= way.last_day(zero + timedelta(1), length, CALENDAR)
    assert last < way.last_day(zero, length + 1, CALENDAR)


@given(
    counting=WAY,
    zero=st.dates(date(2026, 9, 1), date(2029, 12, 31)),
    length=st.integers(1, 60),
    span=st.integers(0, 60),
    seed=st.integers(0, 2**32),
)
def test_bounds_hold_every_completion_of_unknown_years(
    counting: Counting, zero: date, length: int, span: int, seed: int
) -> None:
    way, changed = WAYS[counting], random_completion(OPEN.blocks, seed)
    over_working_days = counting in OVER_WORKING_DAYS
    last = (
        nth_working_day(CALENDAR, changed, zero, length)
        if over_working_days
        else zero + timedelta(length)
    )
    rolled = nth_working_day(CALENDAR, changed, last - timedelta(1), 1)
    earliest, latest = way.bounds(zero, length, CALENDAR)
    assert earliest <= last <= latest
    earliest, latest = way.rolled_bounds(zero, length, CALENDAR)
    assert earliest <= rolled <= latest
    until = zero + timedelta(span)
    number = sum(
        changed.get(day, CALENDAR.is_working(day)) if over_working_days else True
        for day in (zero + timedelta(n) for n in range(1, span + 1))
    )
    fewest, most = way.counted_bounds(zero, until, CALENDAR)
    assert fewest <= number <= most


@pytest.mark.parametrize("counting", COUNTED)
@pytest.mark.parametrize(
    ("zero", "length", "sentence"),
    [
        (date(2003, 12, 31), 10, "2003-12-31不在日历范围内（2004-01-01至"),
        (date(2026, 3, 16), 0, "天数必须是正整数，不能是0"),
        (date(2026, 3, 16), -1, "天数必须是正整数，不能是-1"),
        (date(2026, 3, 16), 10**9, "期间超出日历可推算的范围"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    counting: Counting, zero: date, length: int, sentence: str
) -> None:
    way = WAYS[counting]
    for count in (way.last_day, way.rolled_last_day, way.bounds, way.rolled_bounds):
        with pytest.raises(BadPeriod, match=sentence):
            count(zero, length, CALENDAR)


@pytest.mark.parametrize("counting", Counting)
def test_an_end_before_its_start_is_refused(counting: Counting) -> None:
    with pytest.raises(BadPeriod, match="早于起算日2026-03-16"):
        WAYS[counting].counted(date(2026, 3, 16), date(2026, 3, 15), CALENDAR)


def test_a_printed_day_before_day_zero_is_refused() -> None:
    with pytest.raises(BadPeriod, match="早于起算日2026-03-16"):
        WAYS[Counting.PRINTED_DAY].last_day(date(2026, 3, 16), -1, CALENDAR)


def test_an_unknown_way_of_counting_is_refused() -> None:
    with pytest.raises(BadPeriod, match="没有“若干个月内”这种算法，只有不少于若干工作日、"):
        Counting("若干个月内")
    with pytest.raises(ValidationError, match="enum"):
        TypeAdapter(Counting).validate_python("若干个月内")


def test_a_period_starts_on_the_receipt_of_a_document() -> None:
    receipt = Receipt("土地征收批准文件", date(2026, 5, 8))
    deadline = reckon(rule("payment"), receipt, CALENDAR)
    assert deadline.trigger == date(2026, 5, 8)
    assert deadline.last_day == date(2026, 6, 7)
    assert "30日内，收到土地征收批准文件当日（2026年5月8日）不计入，次日起算" in deadline.reason()


@pytest.mark.parametrize(
    ("postings", "governing", "words"),
    [
        (
            {"藤桥镇": date(2026, 3, 16), "石埠溪村": date(2026, 3, 18)},
            ("石埠溪村",),
            "最后张贴的石埠溪村张贴当日（2026年3月18日）",
        ),
        (
            {"乙村": date(2026, 3, 18), "甲镇": date(2026, 3, 16), "丙村": date(2026, 3, 18)},
            ("乙村", "丙村"),
            "最后张贴的乙村、丙村张贴当日（2026年3月18日）",
        ),
        (
            {"甲镇": date(2026, 3, 18), "乙村": date(2026, 3, 18)},
            ("甲镇", "乙村"),
            "甲镇、乙村张贴当日（2026年3月18日）",
        ),
    ],
)
def test_the_last_posting_governs(
    postings: dict[str, date | None], governing: tuple[str, ...], words: str
) -> None:
    last = LastOfPostings(postings)
    assert last.governing == governing
    deadline = reckon(rule("initiation-notice"), last, CALENDAR)
    assert deadline.trigger == date(2026, 3, 18)
    assert deadline.last_day == date(2026, 4, 1)
    assert f"{words}不计入，次日起算" in deadline.reason()


@pytest.mark.parametrize(
    ("postings", "sentence"),
    [
        ({}, "没有写明任何一处的张贴日"),
        (
            {"甲镇": None, "乙村": date(2026, 3, 18), "丙村": None},
            "甲镇、丙村尚无张贴日，各处都张贴以后才能起算",
        ),
        ({"甲镇": date(2003, 3, 18), "乙村": date(2026, 3, 18)}, "甲镇的张贴日早于日历的起点"),
    ],
)
def test_postings_that_start_no_period_are_refused(
    postings: dict[str, date | None], sentence: str
) -> None:
    with pytest.raises(BadPeriod, match=sentence):
        LastOfPostings(postings)
