"""Counting working days: against an independent calendar, against itself, and at the edges."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from itertools import accumulate

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from law import BadPeriod
from law.calendar import FIRST_DAY, WorkingCalendar, official_calendar
from tests.law.papers import calendar_up_to, days

CALENDAR = official_calendar()
ANY_DAY = st.dates(date(2004, 6, 1), date(2040, 6, 1))
LENGTH = st.integers(1, 90)


def test_every_count_of_2018_to_2026_agrees_with_an_independent_calendar() -> None:
    """Each start day, 1 to 60 working days; counted there by walking, here by lookup."""
    independent = holidays.country_holidays("CN", years=range(2018, 2028))
    span = list(days(date(2018, 1, 1), date(2026, 12, 31)))
    worked = [independent.is_working_day(day) for day in span]
    compared = 0
    for index, start in enumerate(span):
        number = 0
        for day, counts in zip(span[index + 1 :], worked[index + 1 :], strict=True):
            number += counts
            if counts:
                assert CALENDAR.nth_working_day_after(start, number) == day
                compared += 1
            if number == 60:
                break
    assert compared > 190_000


def test_a_count_between_two_days_agrees_with_an_independent_calendar() -> None:
    independent = holidays.country_holidays("CN", years=range(2018, 2028))
    span = list(days(date(2018, 1, 2), date(2026, 12, 31)))
    running = accumulate(independent.is_working_day(day) for day in span)
    for day, number in zip(span, running, strict=True):
        assert CALENDAR.working_days_between(date(2018, 1, 1), day) == number


@given(ANY_DAY, LENGTH)
def test_later_starts_and_longer_periods_never_end_sooner(day: date, n: int) -> None:
    end = CALENDAR.nth_working_day_after(day, n)
    assert end <= CALENDAR.nth_working_day_after(day + timedelta(1), n)
    assert end < CALENDAR.nth_working_day_after(day, n + 1)
    earliest, latest = CALENDAR.bounds_after(day, n)
    next_earliest, next_latest = CALENDAR.bounds_after(day, n + 1)
    assert earliest < next_earliest
    assert latest < next_latest


@given(ANY_DAY, LENGTH)
def test_counting_forward_and_back_are_inverse(day: date, n: int) -> None:
    end = CALENDAR.nth_working_day_after(day, n)
    assert CALENDAR.is_working(end)
    assert CALENDAR.working_days_between(day, end) == n
    first = CALENDAR.nth_working_day_before(end, n)
    assert first <= day
    assert CALENDAR.nth_working_day_after(first, n) == end
    if CALENDAR.is_working(day):
        assert first == day


@given(ANY_DAY)
def test_rolling_never_goes_back_and_never_ends_on_a_rest_day(day: date) -> None:
    rolled = CALENDAR.first_working_day_from(day)
    assert rolled >= day
    assert CALENDAR.is_working(rolled)
    assert (rolled == day) is CALENDAR.is_working(day)


@given(ANY_DAY, LENGTH)
def test_bounds_meet_where_the_count_ends_within_the_horizon(day: date, n: int) -> None:
    end = CALENDAR.nth_working_day_after(day, n)
    if end <= CALENDAR.horizon:
        assert CALENDAR.bounds_after(day, n) == (end, end)
    if CALENDAR.first_working_day_from(day) <= CALENDAR.horizon:
        assert len(set(CALENDAR.bounds_from(day))) == 1


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2024, 9, 29), "调休上班"),
        (date(2024, 9, 28), "休息日"),
        (date(2024, 10, 1), "国庆节（法定节假日）"),
        (date(2024, 10, 7), "放假调休"),
        (date(2024, 10, 8), "工作日"),
        (date(2020, 10, 1), "国庆节、中秋节（法定节假日）"),
        (date(2015, 9, 3), "抗战胜利70周年纪念日放假（一次性）"),
        (date(2028, 10, 3), "国庆节、中秋节（法定节假日）"),
    ],
)
def test_what_kind_of_day_it_is(day: date, words: str) -> None:
    assert CALENDAR.describe(day) == words


def test_the_papers_settle_days_only_up_to_the_horizon() -> None:
    calendar = calendar_up_to(2026)
    assert calendar.horizon == date(2026, 12, 26)
    assert calendar.is_official(date(2026, 12, 26))
    assert not calendar.is_official(date(2026, 12, 27))
    assert not calendar.is_official(date(2027, 1, 1))


def test_a_december_day_that_the_next_paper_took_is_not_held_certain() -> None:
    """Known at the end of 2018's paper only: 2018-12-31 was a Monday; 2019's paper made it rest."""
    before, after = calendar_up_to(2018), calendar_up_to(2019)
    assert before.nth_working_day_after(date(2018, 12, 28), 1) == date(2018, 12, 31)
    assert after.nth_working_day_after(date(2018, 12, 28), 1) == date(2018, 12, 29)
    assert before.bounds_after(date(2018, 12, 28), 1) == (date(2018, 12, 29), date(2019, 1, 3))


def test_the_digest_tells_calendars_apart() -> None:
    assert calendar_up_to(2025).digest != calendar_up_to(2026).digest
    assert calendar_up_to(2026).digest == CALENDAR.digest or CALENDAR.horizon.year > 2026
    assert CALENDAR.stamp == f"{CALENDAR.version}·{CALENDAR.digest[:12]}·{CALENDAR.horizon}"
    assert official_calendar() is CALENDAR


def test_a_calendar_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        CALENDAR.horizon = date(2030, 1, 1)  # type: ignore[misc]


Question = Callable[[WorkingCalendar], object]


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda c: c.is_working(date(2003, 12, 31)), "不在日历范围内"),
        (lambda c: c.is_working(date(2101, 1, 1)), "不在日历范围内"),
        (lambda c: c.nth_working_day_after(date(2003, 12, 31), 1), "不在日历范围内"),
        (lambda c: c.nth_working_day_after(date(2024, 1, 1), 0), "正整数"),
        (lambda c: c.nth_working_day_after(date(2024, 1, 1), -3), "正整数"),
        (lambda c: c.nth_working_day_after(date(2024, 1, 1), 10**9), "超出"),
        (lambda c: c.bounds_after(date(2024, 1, 1), 10**9), "超出"),
        (lambda c: c.nth_working_day_before(FIRST_DAY, 1), "早于日历的起点"),
        (lambda c: c.nth_working_day_before(date(2024, 1, 1), 0), "正整数"),
        (lambda c: c.working_days_between(date(2024, 1, 2), date(2024, 1, 1)), "早于起算日"),
        (lambda c: c.first_working_day_from(c.last_day + timedelta(1)), "不在日历范围内"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_chinese(ask: Question, sentence: str) -> None:
    with pytest.raises(BadPeriod, match=sentence):
        ask(CALENDAR)
