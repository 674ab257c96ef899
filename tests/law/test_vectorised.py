"""A million periods in one call answer as each of them does alone."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from law import BadPeriod
from law.calendar import FIRST_DAY, official_calendar
from law.vectorised import nth_working_days_after

CALENDAR = official_calendar()


def array(*days: date | str) -> Any:
    return np.array(days, dtype="datetime64[D]")


@pytest.mark.parametrize("n", [1, 10, 60])
def test_every_day_of_the_calendar_is_counted_from_as_alone(n: int) -> None:
    last = CALENDAR.nth_working_day_before(CALENDAR.last_day, n)
    days = [FIRST_DAY + timedelta(k) for k in range((last - FIRST_DAY).days)]
    found = nth_working_days_after(CALENDAR, array(*days), n)
    assert found.dtype == np.dtype("datetime64[D]")
    assert found.tolist() == [CALENDAR.nth_working_day_after(day, n) for day in days]


@given(
    st.lists(
        st.tuples(st.dates(FIRST_DAY, date(2040, 1, 1)), st.integers(1, 250)),
        min_size=1,
        max_size=30,
    )
)
def test_each_day_with_a_length_of_its_own(asked: list[tuple[date, int]]) -> None:
    days, lengths = zip(*asked, strict=True)
    found = nth_working_days_after(CALENDAR, array(*days), np.array(lengths))
    assert found.tolist() == [CALENDAR.nth_working_day_after(day, n) for day, n in asked]


def test_shapes_are_those_of_numpy() -> None:
    days = array("2026-10-03", "2026-12-18")
    found = nth_working_days_after(CALENDAR, days[:, None], np.array([1, 10]))
    expected = [[CALENDAR.nth_working_day_after(day, n) for n in (1, 10)] for day in days.tolist()]
    assert found.tolist() == expected
    assert nth_working_days_after(CALENDAR, array(), 10).size == 0


@pytest.mark.parametrize("kind", ["uint8", "int8", "uint16", "int16", "uint32", "uint64", "int64"])
def test_lengths_of_any_whole_type_are_counted(kind: str) -> None:
    """Of short types, which cannot hold the size of the calendar, too."""
    most = min(np.iinfo(kind).max, 200)
    found = nth_working_days_after(
        CALENDAR, array("2026-01-05", "2026-01-06"), np.array([most, 10], kind)
    )
    alone = [
        CALENDAR.nth_working_day_after(date(2026, 1, 5), most),
        CALENDAR.nth_working_day_after(date(2026, 1, 6), 10),
    ]
    assert found.tolist() == alone


@pytest.mark.parametrize(
    ("day", "n"),
    [
        (date(2003, 12, 31), 10),
        (date(2101, 1, 1), 10),
        (date(2026, 1, 1), 0),
        (date(2026, 1, 1), -3),
        (date(2026, 1, 1), 10**9),
        (date(2026, 1, 1), 2**62),
        (CALENDAR.last_day, 1),
        (date(1, 1, 1), 10),
        (date(9999, 12, 31), 10),
    ],
)
def test_what_cannot_be_counted_is_refused_in_the_same_words(day: date, n: int) -> None:
    """The first such entry is named, wherever it stands."""
    with pytest.raises(BadPeriod) as alone:
        CALENDAR.nth_working_day_after(day, n)
    with pytest.raises(BadPeriod) as among:
        nth_working_days_after(
            CALENDAR, array("2026-03-02", day, "2003-01-01"), np.array([10, n, 10])
        )
    assert str(among.value) == str(alone.value)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("NaT", "起算日没有填写"),
        ("20000-01-01", "不在日历范围内"),
        ("-0044-03-15", "不在日历范围内"),
    ],
)
def test_days_that_no_date_can_be_are_refused(day: str, sentence: str) -> None:
    with pytest.raises(BadPeriod, match=sentence):
        nth_working_days_after(CALENDAR, array(day), 10)


@pytest.mark.parametrize(
    ("days", "n"),
    [
        (np.array(["2026-01-01T12"], dtype="datetime64[h]"), 10),
        (np.array([20454]), 10),
        (array("2026-01-01"), 10.0),
        (array("2026-01-01"), True),
    ],
)
def test_only_whole_days_and_whole_lengths_are_counted(days: Any, n: Any) -> None:
    with pytest.raises(TypeError):
        nth_working_days_after(CALENDAR, days, n)
