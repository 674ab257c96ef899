"""The days counted once more, independently of law/: what the code under test must agree with.

Up to the horizon the official papers as the package `holidays` carries them; beyond it, where no
paper is out, every weekday that is no statutory holiday, those typed by hand below.
"""

from datetime import date, datetime, time, timedelta

import holidays

from law.deadline import SHANGHAI

HORIZON = date(2026, 12, 26)
"""The last day that the papers up to 2026 settle; the paper for 2027 may still move later ones."""
STATUTORY = {
    date.fromisoformat(day)
    for day in (
        # 元旦、春节（除夕至初三）、清明、劳动节两日、端午、中秋、国庆三日
        *("2027-01-01", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-04-05"),
        *("2027-05-01", "2027-05-02", "2027-06-09", "2027-09-15"),
        *("2027-10-01", "2027-10-02", "2027-10-03"),
        *("2028-01-01", "2028-01-25", "2028-01-26", "2028-01-27", "2028-01-28", "2028-04-04"),
        *("2028-05-01", "2028-05-02", "2028-05-28"),
        *("2028-10-01", "2028-10-02", "2028-10-03"),  # 中秋也在10月3日
    )
}
LAST = date(2028, 12, 31)
SATURDAY = 5
ONE = timedelta(days=1)
_PAPERS = holidays.country_holidays("CN")


def working(day: date) -> bool:
    """Whether `day` is worked."""
    assert day <= LAST, f"type in the statutory holidays of {day.year}"
    if day <= HORIZON:
        return bool(_PAPERS.is_working_day(day))
    return day.weekday() < SATURDAY and day not in STATUTORY


def working_day_after(day: date, count: int) -> date:
    """The `count`-th working day after `day`, which is not counted."""
    while count:
        day += ONE
        count -= working(day)
    return day


def working_day_before(day: date, count: int) -> date:
    """The `count`-th working day before `day`, which is not counted."""
    while count:
        day -= ONE
        count -= working(day)
    return day


def midnight_after(day: date) -> datetime:
    """24:00 of `day` in Shanghai."""
    return datetime.combine(day + ONE, time(), SHANGHAI)


def half_past_eight(day: date) -> datetime:
    return datetime.combine(day, time(8, 30), SHANGHAI)
