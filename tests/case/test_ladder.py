"""The ladder: rungs in working days, never on a rest day, short duties keep what is left."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case.ladder import OFFICE_LADDER, OPENING, STATUTORY_LADDER, Level, Rung, ladder
from law.deadline import SHANGHAI
from tests.case.driver import CALENDAR, PUNCTUAL

HANDLER = (Level.HANDLER,)
HEAD = (Level.HANDLER, Level.HEAD)
DISTRICT = (*HEAD, Level.DISTRICT)
BUREAU = (*DISTRICT, Level.BUREAU)
CITY = (*BUREAU, Level.CITY)


def rungs(known_on: date, last_day: date, *, statutory: bool) -> list[tuple[str, date]]:
    found = ladder(last_day, known_on, CALENDAR, PUNCTUAL, statutory=statutory)
    return [(rung.name, rung.at.date()) for rung in found]


def test_a_statutory_ladder_over_the_national_day_of_2026() -> None:
    """放假 09-25 to 09-27 and 10-01 to 10-07; Sunday 09-20 and Saturday 10-10 are worked."""
    assert rungs(date(2026, 9, 10), date(2026, 9, 30), statutory=True) == [
        ("open", date(2026, 9, 11)),
        ("-10", date(2026, 9, 16)),
        ("-5", date(2026, 9, 22)),
        ("-2", date(2026, 9, 28)),
        ("-1", date(2026, 9, 29)),
        ("0", date(2026, 9, 30)),
        ("+1", date(2026, 10, 8)),
        ("+3", date(2026, 10, 10)),
        ("+5", date(2026, 10, 13)),
    ]


def test_a_last_day_on_a_rest_day_is_told_before_it() -> None:
    """Due on 10-05 within the holiday: the strict day governs, so the telling comes on 09-30."""
    names = dict(rungs(date(2026, 9, 1), date(2026, 10, 5), statutory=True))
    assert names["0"] == date(2026, 9, 30)
    assert names["-2"] == date(2026, 9, 29)
    assert names["+1"] == date(2026, 10, 8)


def test_an_office_ladder_begins_a_day_before() -> None:
    assert rungs(date(2026, 3, 2), date(2026, 3, 16), statutory=False) == [
        ("open", date(2026, 3, 3)),
        ("-1", date(2026, 3, 13)),
        ("0", date(2026, 3, 16)),
        ("+1", date(2026, 3, 17)),
        ("+3", date(2026, 3, 19)),
        ("+5", date(2026, 3, 23)),
    ]


def test_a_short_duty_keeps_what_is_left_of_its_ladder() -> None:
    assert rungs(date(2026, 3, 2), date(2026, 3, 4), statutory=True)[:3] == [
        ("-1", date(2026, 3, 3)),
        ("0", date(2026, 3, 4)),
        ("+1", date(2026, 3, 5)),
    ]


def test_nothing_is_told_on_the_day_it_opens_nor_on_a_rest_day_after() -> None:
    assert rungs(date(2026, 3, 6), date(2026, 3, 31), statutory=False)[0] == (
        OPENING,
        date(2026, 3, 9),
    )


def test_who_is_told_widens_upwards() -> None:
    assert list(STATUTORY_LADDER.values()) == [
        HANDLER, HANDLER, HANDLER, HEAD, HEAD, DISTRICT, BUREAU, CITY,
    ]  # fmt: skip
    assert list(OFFICE_LADDER.values()) == [HANDLER, HANDLER, HEAD, DISTRICT, BUREAU]
    found = ladder(date(2026, 3, 31), date(2026, 3, 2), CALENDAR, PUNCTUAL, statutory=True)
    assert {rung.name: rung.audience for rung in found} == {
        OPENING: HANDLER,
        **{f"{n:+d}" if n else "0": audience for n, audience in STATUTORY_LADDER.items()},
    }


@pytest.mark.parametrize(
    ("known_on", "audience"),
    [
        (date(2026, 3, 13), HANDLER),
        (date(2026, 3, 17), HEAD),
        (date(2026, 3, 23), BUREAU),
        (date(2026, 5, 20), CITY),
    ],
)
def test_what_is_known_late_is_told_to_all_who_should_know_by_then(
    known_on: date, audience: tuple[Level, ...]
) -> None:
    """Due on 2026-03-17; the first telling is the next working morning."""
    first = ladder(date(2026, 3, 17), known_on, CALENDAR, PUNCTUAL, statutory=True)[0]
    assert first.audience == audience or first.name != OPENING
    assert first.at.date() == CALENDAR.nth_working_day_after(known_on, 1)
    if first.name == OPENING:
        assert first.audience == audience


@given(
    known_on=st.dates(date(2024, 1, 1), date(2027, 6, 30)),
    last_day=st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    statutory=st.booleans(),
)
def test_every_ladder_climbs_on_working_mornings(
    known_on: date, last_day: date, statutory: bool
) -> None:
    found = ladder(last_day, known_on, CALENDAR, PUNCTUAL, statutory=statutory)
    assert found
    assert [rung.at for rung in found] == sorted({rung.at for rung in found})
    assert all(rung.at.timetz() == time(8, 30, tzinfo=SHANGHAI) for rung in found)
    assert all(CALENDAR.is_working(rung.at.date()) for rung in found)
    assert found[0].at.date() == CALENDAR.nth_working_day_after(known_on, 1)
    widths = [len(rung.audience) for rung in found]
    assert widths == sorted(widths)
    for rung in found:
        if rung.name not in {OPENING, "0"}:
            later, sooner = sorted((rung.at.date(), last_day), reverse=True)
            between = CALENDAR.working_days_between(sooner, later)
            worked = CALENDAR.is_working(last_day) or int(rung.name) > 0
            assert between == abs(int(rung.name)) - (0 if worked else 1)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("open", "责任产生"),
        ("-5", "到期前5个工作日"),
        ("0", "到期当日"),
        ("+3", "逾期3个工作日"),
    ],
)
def test_a_rung_says_what_it_is(name: str, title: str) -> None:
    at = datetime(2026, 3, 3, 8, 30, tzinfo=SHANGHAI)
    assert Rung(name=name, at=at, audience=HANDLER).title == title
