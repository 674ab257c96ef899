"""What a paper moves, and a year as an official reads it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from law import BadPeriod
from law.annual import annual
from law.calendar import WorkingCalendar
from law.difference import Difference, MovedPeriod, difference
from law.papers import package_papers
from law.statutory import statutory_days
from tests.law.overlays import content, sound, with_holiday
from tests.law.papers import LAST_PAPER, calendar_up_to, days

BEFORE = WorkingCalendar.of(replace(package_papers(), last_year=LAST_PAPER))


def laid(*papers: dict[str, object]) -> WorkingCalendar:
    return WorkingCalendar.of(BEFORE.papers.adopting(sound(each) for each in papers))


NEW_YEAR_BRIDGED = with_holiday("元旦", first="2026-12-31", make_up_days=["2026-12-27"])
AFTER = laid(NEW_YEAR_BRIDGED)
FOUND = difference(BEFORE, AFTER)


def test_days_that_moved_are_told_with_what_they_were_and_are() -> None:
    told = [
        (
            moved.day,
            moved.before.kind,
            moved.before.official,
            moved.after.kind,
            moved.after.official,
        )
        for moved in FOUND.days
    ]
    assert told == [
        (date(2026, 12, 27), "休息日", False, "调休上班", True),
        (date(2026, 12, 31), "工作日", False, "放假调休", True),
    ]
    assert (FOUND.before.horizon, FOUND.after.horizon) == (date(2026, 12, 26), date(2027, 12, 26))


Question = Callable[[WorkingCalendar, date], tuple[date, ...]]


def working_days(n: int) -> Question:
    return lambda calendar, start: (
        calendar.nth_working_day_after(start, n),
        *calendar.bounds_after(start, n),
    )


def rolled_days(n: int) -> Question:
    def ask(calendar: WorkingCalendar, start: date) -> tuple[date, ...]:
        last = start + timedelta(n)
        return (calendar.first_working_day_from(last), *calendar.bounds_from(last))

    return ask


def listed_for(found: Difference, unit: str, length: int) -> tuple[MovedPeriod, ...]:
    (listed,) = (
        each.periods for each in found.lengths if (each.way.unit, each.length) == (unit, length)
    )
    return listed


def test_every_length_that_the_law_sets_is_compared() -> None:
    """第六条、第十五条; 实施条例第三十一条; 第十条、第十六条; the 60 days of the province."""
    assert [each.way.amount(each.length) for each in FOUND.lengths] == [
        "10个工作日",
        "15个工作日",
        "30日",
        "60日",
    ]


@pytest.mark.parametrize(
    ("ask", "listed"),
    [
        (working_days(10), listed_for(FOUND, "工作日", 10)),
        (working_days(15), listed_for(FOUND, "工作日", 15)),
        (rolled_days(30), listed_for(FOUND, "日", 30)),
        (rolled_days(60), listed_for(FOUND, "日", 60)),
    ],
    ids=["10-working", "15-working", "30", "60"],
)
def test_every_period_that_is_answered_otherwise_is_listed(
    ask: Question, listed: tuple[MovedPeriod, ...]
) -> None:
    """Asked of the calendars themselves, from each day on both sides of what moved."""
    span = days(date(2026, 6, 1), date(2028, 12, 31))
    differing = [start for start in span if ask(BEFORE, start) != ask(AFTER, start)]
    assert [period.start for period in listed] == differing
    assert len(differing) > 50
    for period in listed:
        for ending, calendar in ((period.before, BEFORE), (period.after, AFTER)):
            said = (ending.last_day, ending.earliest, ending.latest)
            assert said == ask(calendar, period.start)


def test_a_paper_of_the_statutory_days_alone_moves_no_last_day_but_settles_them() -> None:
    found = difference(BEFORE, laid(content()))
    assert found.days == ()
    ten = listed_for(found, "工作日", 10)
    assert {period.moved for period in ten} == {False}
    inside = [each for each in ten if each.after.last_day <= date(2027, 12, 26)]
    assert {each.before.provisional for each in inside} == {True}
    assert {each.after.provisional for each in inside} == {False}


def test_the_same_calendar_differs_in_nothing() -> None:
    same = difference(BEFORE, BEFORE)
    assert (same.before, same.after, same.days) == (BEFORE, BEFORE, ())
    assert {each.periods for each in same.lengths} == {()}
    assert difference(BEFORE, BEFORE).empty
    assert not FOUND.empty


def test_a_settled_year_is_listed_as_printed() -> None:
    """Written down by hand from the paper for 2026."""
    shown = annual(calendar_up_to(2026), 2026)
    assert shown.official
    assert shown.open_blocks == ()
    assert shown.open_from == date(2026, 12, 27)
    assert [(each.name, each.first, each.last, each.make_up_days) for each in shown.holidays] == [
        ("元旦", date(2026, 1, 1), date(2026, 1, 3), (date(2026, 1, 4),)),
        ("春节", date(2026, 2, 15), date(2026, 2, 23), (date(2026, 2, 14), date(2026, 2, 28))),
        ("清明节", date(2026, 4, 4), date(2026, 4, 6), ()),
        ("劳动节", date(2026, 5, 1), date(2026, 5, 5), (date(2026, 5, 9),)),
        ("端午节", date(2026, 6, 19), date(2026, 6, 21), ()),
        ("中秋节", date(2026, 9, 25), date(2026, 9, 27), ()),
        ("国庆节", date(2026, 10, 1), date(2026, 10, 7), (date(2026, 9, 20), date(2026, 10, 10))),
    ]


def test_holidays_in_one_run_are_one_entry() -> None:
    last = annual(calendar_up_to(2026), 2025).holidays[-1]
    assert (last.name, last.length) == ("国庆节、中秋节", 8)
    once = [each for each in annual(calendar_up_to(2026), 2015).holidays if not each.statutory]
    assert [(each.name, each.first) for each in once] == [
        ("抗战胜利70周年纪念日", date(2015, 9, 3))
    ]


def test_an_open_year_holds_its_thirteen_statutory_days_and_nothing_else() -> None:
    shown = annual(BEFORE, 2027)
    assert not shown.official
    assert [day for each in shown.holidays for day in each.statutory] == sorted(
        statutory_days(2027)
    )
    assert len(statutory_days(2027)) == 13
    named = [name for block in shown.open_blocks for name in block.name.split("、")]
    assert named == [each.name for each in shown.holidays]


def test_a_holiday_names_the_paper_that_arranges_it() -> None:
    change = content(
        number="国办发明电〔2027〕2号",
        published_on="2027-03-01",
        amends="国办发明电〔2026〕7号",
        holidays=[{"name": "劳动节", "first": "2027-05-01", "last": "2027-05-04"}],
    )
    shown = annual(laid(NEW_YEAR_BRIDGED, change), 2027)
    sources = {each.name: [paper.number for paper in each.sources] for each in shown.holidays}
    assert sources["劳动节"] == ["国办发明电〔2027〕2号"]
    assert sources["元旦"] == ["国办发明电〔2026〕7号"]
    assert shown.holidays[0].first == date(2026, 12, 31)
    assert shown.holidays[0].make_up_days == (date(2026, 12, 27),)
    assert annual(BEFORE, 2026).holidays[0].sources == ()


@pytest.mark.parametrize("year", [2003, 2042])
def test_years_outside_the_calendar_are_refused(year: int) -> None:
    with pytest.raises(BadPeriod, match="不在日历范围内（2004年至2041年）"):
        annual(BEFORE, year)
