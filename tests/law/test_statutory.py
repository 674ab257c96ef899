"""全国年节及纪念日放假办法 against two independent prints of it."""

from datetime import date

import holidays
import pytest
from chinese_calendar import constants

from law import BadPeriod
from law.statutory import revision_for, statutory_days, statutory_holidays
from tests.law.papers import FIRST_PAPER, LAST_PAPER, is_worked

NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
}


@pytest.mark.parametrize("year", range(FIRST_PAPER, LAST_PAPER + 1))
def test_every_statutory_day_rests_under_its_name_in_the_papers(year: int) -> None:
    for day, name in statutory_days(year).items():
        assert not is_worked(day)
        # Left out of that print, being a Saturday: 2012-06-23.
        if day in constants.holidays:
            assert NAMES[constants.holidays[day]] in name, day


@pytest.mark.parametrize("year", range(2008, 2031))
def test_the_days_are_those_of_an_independent_table(year: int) -> None:
    listed = holidays.country_holidays("CN", years=year, language="zh_CN")
    arranged = ("补假", "调休", "周年", "延长")
    expected = {day for day, name in listed.items() if not any(word in name for word in arranged)}
    assert set(statutory_days(year)) == expected


@pytest.mark.parametrize(
    ("year", "days"), [(2004, 10), (2007, 10), (2008, 11), (2013, 11), (2024, 11), (2025, 13)]
)
def test_how_many_days_the_regulation_gives(year: int, days: int) -> None:
    assert sum(len(holiday.days) for holiday in statutory_holidays(year)) == days


@pytest.mark.parametrize(
    ("eve", "is_holiday", "instrument"),
    [
        (date(2007, 2, 17), False, "国务院令第270号"),
        (date(2013, 2, 9), True, "国务院令第513号"),
        (date(2014, 1, 30), False, "国务院令第644号"),
        (date(2024, 2, 9), False, "国务院令第644号"),
        (date(2025, 1, 28), True, "国务院令第795号"),
    ],
)
def test_new_years_eve_came_and_went(eve: date, is_holiday: bool, instrument: str) -> None:
    assert (eve in statutory_days(eve.year)) is is_holiday
    assert revision_for(eve.year).instrument == instrument


def test_two_holidays_on_one_day_keep_both_names() -> None:
    assert statutory_days(2020)[date(2020, 10, 1)] == "国庆节、中秋节"


@pytest.mark.parametrize(
    ("year", "first"),
    [(2033, date(2033, 1, 30)), (2034, date(2034, 2, 18)), (2100, date(2100, 2, 8))],
)
def test_far_years_and_the_leap_month_of_2033(year: int, first: date) -> None:
    spring = next(holiday for holiday in statutory_holidays(year) if holiday.name == "春节")
    assert spring.days[0] == first
    assert len(spring.days) == 4


@pytest.mark.parametrize("year", [2003, 2101])
def test_other_years_are_refused(year: int) -> None:
    with pytest.raises(BadPeriod, match="只能推算"):
        statutory_holidays(year)
