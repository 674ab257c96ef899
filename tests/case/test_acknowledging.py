"""收到：who has said so is told no more of a duty, until its last day is over or has moved."""

from datetime import date, datetime, time, timedelta

from case.records import Reminder
from law.deadline import SHANGHAI
from tests.case.driver import LAUNCHED, Driver, small_brief

DUTY = "draft/initiation"


def told(case: Driver, day: date) -> Reminder:
    case.go(to=day)
    (reminder,) = case.tell(datetime.combine(day, time(8, 30), SHANGHAI))
    return reminder


def test_who_acknowledged_is_known_to_the_reminders_until_the_day_is_over() -> None:
    """Due on Monday 2026-03-09; the rungs go on, so that others are told and lateness travels."""
    case = Driver(small_brief())
    assert not told(case, LAUNCHED + timedelta(days=1)).acknowledged
    case.do("acknowledge", duty=DUTY, by={"unit": "bureau", "role": "经办人"})
    due = told(case, date(2026, 3, 9))
    assert due.acknowledged == ("bureau|经办人",)
    assert not due.overdue_on(date(2026, 3, 9))
    case.do("acknowledge", duty=DUTY, by={"unit": "bureau", "role": "负责人"})
    late = told(case, date(2026, 3, 10))
    assert late.acknowledged == ("bureau|经办人", "bureau|负责人")
    assert late.overdue_on(date(2026, 3, 10)), "everybody is told again"


def test_a_moved_day_has_not_been_acknowledged() -> None:
    case = Driver(small_brief())
    told(case, LAUNCHED + timedelta(days=1))
    case.do("acknowledge", duty=DUTY, by={"unit": "bureau"})
    case.do("amend_deadline", duty=DUTY, day=date(2026, 3, 20))
    assert not told(case, date(2026, 3, 4)).acknowledged


def test_nothing_is_kept_of_a_duty_that_is_met() -> None:
    case = Driver(small_brief())
    case.do("acknowledge", duty=DUTY, by={"unit": "bureau"})
    assert set(case.state.acknowledged) == {DUTY}
    case.do("draft_initiation")
    assert not case.state.acknowledged


def test_a_suspended_case_can_be_acknowledged_and_a_strangers_word_does_not_count() -> None:
    case = Driver(small_brief())
    case.do("suspend")
    assert not case.refused("acknowledge", duty=DUTY, by={"unit": "township:shan"})
    assert "应由" in case.refused("acknowledge", duty=DUTY, by={"unit": "township:elsewhere"})
