"""When the office is open, on working days only, with make-up days and holidays right."""

from datetime import UTC, date, datetime, time

import pytest

from case.hours import Hours
from law import SHANGHAI
from law.calendar import official_calendar

HOURS = Hours(opens=time(8, 30), closes=time(17))


def _at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (_at(11, 30, 8, 30), _at(11, 30, 8, 30)),
        (_at(11, 30, 16, 59), _at(11, 30, 16, 59)),
        (_at(11, 30, 8, 29), _at(11, 30, 8, 30)),
        (_at(11, 30, 0), _at(11, 30, 8, 30)),
        (_at(11, 30, 17), _at(12, 1, 8, 30)),
        (_at(11, 28, 10), _at(11, 30, 8, 30)),
        # 国庆 2026: rest until 10-07, the Saturday after it is worked.
        (_at(9, 30, 17), _at(10, 8, 8, 30)),
        (_at(10, 1, 10), _at(10, 8, 8, 30)),
        (_at(10, 9, 20), _at(10, 10, 8, 30)),
        (_at(10, 10, 10), _at(10, 10, 10)),
        (_at(10, 10, 18), _at(10, 12, 8, 30)),
    ],
)
def test_the_next_moment_at_which_the_office_is_open(now: datetime, opens: datetime) -> None:
    assert HOURS.next_open(now, official_calendar()) == opens


def test_the_day_is_that_of_wenzhou() -> None:
    sunday_evening_in_london = datetime(2026, 11, 29, 23, 0, tzinfo=UTC)
    opens = HOURS.next_open(sunday_evening_in_london, official_calendar())
    assert opens.astimezone(SHANGHAI).date() == date(2026, 11, 30)
    assert HOURS.next_open(opens, official_calendar()) == opens
