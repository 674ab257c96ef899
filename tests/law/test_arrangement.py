"""The model of years without a paper, measured on the papers of 2008–2026 and proved exact."""

from collections import Counter
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import chain, combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import law.arrangement as model
from law import BadPeriod
from law.arrangement import (
    EXTRAORDINARY,
    LONG,
    LONG_MEASURED,
    SHORT,
    Block,
    OpenYears,
    Reach,
    blocks,
    distance,
    settled_until,
)
from law.calendar import WorkingCalendar
from law.overlay import Overlay
from law.papers import package_papers, paper_year
from law.statutory import LABOUR, NATIONAL, SPRING, statutory_holidays
from tests.law.overlays import random_paper
from tests.law.papers import (
    FIRST_PAPER,
    LAST_PAPER,
    arranged,
    calendar_up_to,
    days,
    is_worked,
    nth_working_day,
    random_completion,
)
from tests.law.plausible import COURSES, ORDINARY_2027

ARRANGED = arranged()
PAPERS = package_papers()


def unexplained() -> set[date]:
    """Days of the papers that the model's limits do not allow, and all days of a block they
    overdraw."""
    all_blocks = [block for year in range(FIRST_PAPER, LAST_PAPER + 2) for block in blocks(year)]
    may_rest = {day: block for block in all_blocks for day in block.bridges}
    may_work = {day: block for block in all_blocks for day in block.make_ups}
    drawn: Counter[tuple[Block, bool]] = Counter()
    left_over: set[date] = set()
    for day, worked in ARRANGED.items():
        block = (may_work if worked else may_rest).get(day)
        if day in EXTRAORDINARY:
            continue
        if block is None:
            left_over.add(day)
            continue
        drawn[block, worked] += 1
        if drawn[block, worked] > (block.works if worked else block.rests):
            left_over.add(day)
    return left_over


def test_every_paper_since_2008_is_a_completion() -> None:
    assert len(ARRANGED) > 200
    assert unexplained() == set()


def test_statutory_days_rest_in_every_paper() -> None:
    statutory = {
        day
        for year in range(FIRST_PAPER, LAST_PAPER + 1)
        for holiday in statutory_holidays(year)
        for day in holiday.days
    }
    assert not [day for day in statutory if is_worked(day)]


def test_the_named_exceptions_are_in_the_papers() -> None:
    assert set(EXTRAORDINARY) <= set(ARRANGED)


LONG_HOLIDAYS = (SPRING, LABOUR, NATIONAL)


def measured(*, long: bool) -> Reach:
    """How far and how often the papers moved a day for a holiday, by the name that they give it."""
    farthest: dict[bool, int] = {True: 0, False: 0}
    number: Counter[tuple[int, str, bool]] = Counter()
    for day, worked in ARRANGED.items():
        if day in EXTRAORDINARY:
            continue
        name = (PAPERS.worked if worked else PAPERS.off)[day]
        if (name in LONG_HOLIDAYS) is not long:
            continue
        year = paper_year(day, name)
        (holiday,) = (each for each in statutory_holidays(year) if each.name == name)
        farthest[worked] = max(farthest[worked], distance(holiday, day))
        number[year, name, worked] += 1
    most = {
        kind: max(count for (*_, worked), count in number.items() if worked is kind)
        for kind in (True, False)
    }
    return Reach(
        bridge=farthest[False], make_up=farthest[True], rests=most[False], works=most[True]
    )


def test_the_stated_measures_are_those_of_the_papers() -> None:
    """Each day by its own holiday: 2026-09-20 is worked for 国庆, eleven days before it."""
    assert PAPERS.worked[date(2026, 9, 20)] == NATIONAL
    assert measured(long=True) == LONG_MEASURED
    assert measured(long=False) == SHORT


def test_the_long_holidays_leave_the_stated_margin() -> None:
    margin = {
        field.name: getattr(LONG, field.name) - getattr(LONG_MEASURED, field.name)
        for field in fields(Reach)
    }
    assert margin == {"bridge": 2, "make_up": 3, "rests": 1, "works": 1}


LENGTHS = (5, 10, 15, 22, 30, 45, 60)


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
@pytest.mark.parametrize("known", range(4), ids=lambda known: f"known-to-{2026 + known}")
def test_papers_written_by_hand_leave_every_answer_within_the_bounds_given_before(
    course: tuple[Overlay, ...], known: int
) -> None:
    """What was certain stays, and what was provisional falls between its bounds."""
    package = replace(package_papers(), last_year=LAST_PAPER)
    before = WorkingCalendar.of(package.adopting(course[:known]))
    after = WorkingCalendar.of(package.adopting(course))
    wrong = []
    for day in days(date(2026, 9, 1), date(2030, 8, 31)):
        for n in LENGTHS:
            earliest, latest = before.bounds_after(day, n)
            if not earliest <= after.nth_working_day_after(day, n) <= latest:
                wrong.append((day, n))
        earliest, latest = before.bounds_from(day)
        if not earliest <= after.first_working_day_from(day) <= latest:
            wrong.append((day, 0))
    assert wrong == []


def test_an_ordinary_spring_festival_of_2027_does_not_end_a_certain_period_sooner() -> None:
    """15 after 2027-02-18, with Saturday 02-20 worked: one day sooner than by the week."""
    before = calendar_up_to(LAST_PAPER)
    after = WorkingCalendar.of(before.papers.adopting([ORDINARY_2027]))
    asked = date(2027, 2, 18), 15
    assert after.nth_working_day_after(*asked) == date(2027, 3, 10)
    assert before.nth_working_day_after(*asked) == date(2027, 3, 11)
    assert before.bounds_after(*asked)[0] <= date(2027, 3, 10)


def test_what_the_next_paper_did_to_december() -> None:
    """Measured: three days back (2007-12-29, 2018-12-29 worked). The horizon keeps five."""
    december = {day for day in ARRANGED if day.month == 12}
    assert december >= {date(2007, 12, 29), date(2018, 12, 29), date(2018, 12, 31)}
    assert max((date(day.year, 12, 31) - day).days + 1 for day in december) == 3
    assert all(day > settled_until(day.year) for day in december)
    assert settled_until(2026) == date(2026, 12, 26)


def test_national_day_and_mid_autumn_share_their_days_when_close() -> None:
    names = [block.name for block in blocks(2025)]
    assert names[-1] == "国庆节、中秋节"
    # 中秋 2033 falls on 8 September, as early as it can.
    assert [block.name for block in blocks(2033)][-2:] == ["中秋节", "国庆节"]


@pytest.mark.parametrize("last_paper", range(FIRST_PAPER - 1, LAST_PAPER))
def test_the_real_year_fell_within_the_bounds_given_before_its_paper(last_paper: int) -> None:
    before, now = calendar_up_to(last_paper), calendar_up_to(LAST_PAPER)
    for start, n in product(range(0, 380, 3), (1, 3, 10, 22)):
        day = before.horizon - timedelta(15) + timedelta(start)
        real = now.nth_working_day_after(day, n)
        if real > now.horizon or any(day < odd <= real for odd in EXTRAORDINARY):
            continue
        earliest, latest = before.bounds_after(day, n)
        assert earliest <= real <= latest, (day, n)


def every_choice(choices: tuple[date, ...], at_most: int) -> list[tuple[date, ...]]:
    return list(chain.from_iterable(combinations(choices, k) for k in range(at_most + 1)))


@pytest.mark.parametrize("name", ["元旦", "春节", "劳动节", "端午节"])
def test_the_bounds_are_reached_and_never_passed(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Every completion around one holiday of 2027, tried one by one, in a model whose long holidays
    reach so far only that they can all be tried."""
    monkeypatch.setattr(model, "LONG", Reach(bridge=5, make_up=10, rests=4, works=2))
    calendar = WorkingCalendar.of(calendar_up_to(LAST_PAPER).papers)
    block = next(block for block in blocks(2027) if block.name == name)
    first = min(block.bridges + block.make_ups)
    starts = [first - timedelta(2) + timedelta(n) for n in range(0, 14, 3)]
    completions = [
        dict.fromkeys(rests, False) | dict.fromkeys(works, True)
        for rests in every_choice(block.bridges, block.rests)
        for works in every_choice(block.make_ups, block.works)
    ]
    for day, n in product(starts, (1, 2, 5, 8, 12)):
        found = {nth_working_day(calendar, changed, day, n) for changed in completions}
        assert calendar.bounds_after(day, n) == (min(found), max(found)), (day, n)


def test_days_settled_by_a_paper_are_counted_as_it_says() -> None:
    """From before 国庆 2026 past the horizon: only what lies beyond the horizon is open."""
    calendar = calendar_up_to(LAST_PAPER)
    settled = calendar.working_days_between(date(2026, 9, 1), calendar.horizon)
    assert calendar.bounds_after(date(2026, 9, 1), settled + 5) == calendar.bounds_after(
        calendar.horizon, 5
    )


@given(
    seed=st.integers(0, 2**32),
    day=st.dates(date(2026, 9, 1), date(2030, 1, 31)),
    n=st.integers(1, 120),
)
def test_bounds_hold_every_completion_of_unknown_years(seed: int, day: date, n: int) -> None:
    calendar = calendar_up_to(LAST_PAPER)
    changed = random_completion(OPEN.blocks, seed)
    earliest, latest = calendar.bounds_after(day, n)
    assert earliest <= nth_working_day(calendar, changed, day, n) <= latest
    assert earliest <= calendar.nth_working_day_after(day, n) <= latest
    rolled_earliest, rolled_latest = calendar.bounds_from(day)
    rolled = nth_working_day(calendar, changed, day - timedelta(1), 1)
    assert rolled_earliest <= rolled <= rolled_latest


@given(
    seed=st.integers(0, 2**32),
    day=st.dates(date(2026, 11, 1), date(2027, 12, 31)),
    n=st.integers(1, 60),
)
def test_the_bounds_hold_what_a_paper_then_makes_of_it(seed: int, day: date, n: int) -> None:
    """A paper for 2027 of any kind that the model allows, laid on: the answers lie where the
    calendar before it said, and are certain now."""
    before = calendar_up_to(LAST_PAPER)
    laid = replace(package_papers(), last_year=LAST_PAPER).adopting([random_paper(seed)])
    after = WorkingCalendar.of(laid)
    assert after.horizon == settled_until(2027)

    def counted(calendar: WorkingCalendar) -> tuple[date, date, date]:
        return (calendar.nth_working_day_after(day, n), *calendar.bounds_after(day, n))

    def rolled(calendar: WorkingCalendar) -> tuple[date, date, date]:
        return (calendar.first_working_day_from(day), *calendar.bounds_from(day))

    for answer in (counted, rolled):
        _, earliest, latest = answer(before)
        now, now_earliest, now_latest = answer(after)
        assert earliest <= now_earliest <= now <= now_latest <= latest
        assert now > after.horizon or now_earliest == now_latest


def test_no_two_windows_meet() -> None:
    """What counting by look-up rests on: inside a block only its own limits are drawn on."""
    taken = [day for block in OpenYears(2005, 2099).blocks for day in block.window]
    assert len(taken) == len(set(taken))


def walked(day: date, n: int, *, gains: bool) -> date:
    """The extreme by walking: the first days after `day` that each block may change are changed."""
    used: Counter[Block] = Counter()
    changeable = {
        each: block
        for block in OPEN.blocks
        for each in (block.make_ups if gains else block.bridges)
    }
    while n:
        day += timedelta(1)
        block = changeable.get(day)
        worked = OPEN.is_working(day)
        if block and used[block] < (block.works if gains else block.rests):
            used[block] += 1
            worked = gains
        n -= worked
    return day


@given(day=st.dates(date(2026, 12, 26), date(2030, 6, 30)), n=st.integers(1, 120))
def test_the_extremes_looked_up_are_those_walked_to(day: date, n: int) -> None:
    assert OPEN.earliest(day, n) == walked(day, n, gains=True)
    assert OPEN.latest(day, n) == walked(day, n, gains=False)


OPEN = OpenYears(LAST_PAPER + 1, 2031)


@pytest.mark.parametrize("extreme", [OPEN.earliest, OPEN.latest])
def test_counting_beyond_the_open_years_is_refused(extreme: Callable[[date, int], date]) -> None:
    with pytest.raises(BadPeriod, match="超出"):
        extreme(date(2031, 12, 30), 10)
