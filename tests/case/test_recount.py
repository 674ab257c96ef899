"""Counting anew by an adopted paper: days move with their cause, ladders go on, the past stays.

The paper of these tests lengthens 国庆 2026 by Thursday 10-08, for which Sunday 10-11 is worked.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from case.change import Change
from case.ladder import Level
from case.recording import records
from case.records import Records, Reminder
from case.state import State
from case.telling import due_reminders
from law.calendar import WorkingCalendar
from law.deadline import SHANGHAI
from law.papers import package_papers
from tests.case.bringing import post_everywhere, reach
from tests.case.driver import CALENDAR, Driver, small_brief
from tests.law.overlays import sound

PAPER = "国办发明电〔2026〕9号"
LONGER = WorkingCalendar.of(
    package_papers().adopting(
        [
            sound(
                {
                    "number": PAPER,
                    "title": "国务院办公厅关于调整2026年国庆节放假安排的通知",
                    "published_on": "2026-09-10",
                    "year": 2026,
                    "amends": "国办发明电〔2025〕7号",
                    "holidays": [
                        {
                            "name": "国庆节",
                            "first": "2026-10-01",
                            "last": "2026-10-08",
                            "make_up_days": ["2026-09-20", "2026-10-10", "2026-10-11"],
                        }
                    ],
                }
            )
        ]
    )
)
"""Thursday 10-08 is off as well, and Sunday 10-11 is worked for it."""


def posted(on: date) -> Driver:
    """A case whose initiation notice hangs everywhere on that day."""
    case = Driver(small_brief(), today=on - timedelta(days=1))
    case.play(until="post/initiation")
    case.go(to=on)
    post_everywhere(case, "initiation")
    return case


def recounted(case: Driver) -> Records:
    """Tell the case to count by the longer holiday; what that writes."""
    before = case.state
    case.calendar = LONGER
    said = case.do("recount", calendar=LONGER.digest, document_number=PAPER)
    applied = replace(
        before, standing=case.state.standing, recount=case.state.recount, status=case.state.status
    )
    return records(
        Change(state=applied, command=said, at=datetime.combine(case.today, time(12), SHANGHAI)),
        case.state,
        case.owed,
    )


def test_the_papers_differ_by_one_day_off_and_one_worked() -> None:
    days = [date(2026, 9, 1) + timedelta(days=n) for n in range(60)]
    assert [day for day in days if CALENDAR.is_working(day) != LONGER.is_working(day)] == [
        date(2026, 10, 8), date(2026, 10, 11),
    ]  # fmt: skip


def test_a_running_period_moves_and_says_from_when_and_why() -> None:
    """Posted on Friday 09-18: 20 21 22 23 24, 28 29 30, then 10-08 and 10-09 make ten; without
    10-08 they are 10-09 and the make-up Saturday 10-10."""
    case = posted(date(2026, 9, 18))
    assert case.last_day("period/initiation") == date(2026, 10, 9)
    written = recounted(case)
    (move,) = (move for move in written.moves if move.duty_id == "period/initiation")
    assert (move.old_last_day, move.new_last_day) == (date(2026, 10, 9), date(2026, 10, 10))
    assert case.last_day("period/initiation") == date(2026, 10, 10)
    assert move.document_number == PAPER
    assert move.cause == f"按新的放假安排重算期限（{PAPER}）"
    assert move.title == "《土地征收启动公告》公告期"
    known = {each.duty_id for each in case.tell(case.morning())}
    assert move.duty_id not in known, "not on the day itself"
    case.go(to=date(2026, 9, 20))
    (told,) = (each for each in case.tell(case.morning()) if each.duty_id == move.duty_id)
    assert (told.unit, told.moved_from) == ("bureau", date(2026, 10, 9))
    assert told.last_day == date(2026, 10, 10)
    case.go(to=date(2026, 9, 21))
    assert move.duty_id not in {each.duty_id for each in case.tell(case.morning())}


def test_a_second_recount_moves_nothing() -> None:
    case = posted(date(2026, 9, 18))
    recounted(case)
    assert not recounted(case).moves


def test_a_period_that_has_run_out_keeps_its_day() -> None:
    case = posted(date(2026, 9, 18))
    case.go(to=date(2026, 10, 10))
    recounted(case)
    assert case.last_day("period/initiation") == date(2026, 10, 9)


def test_an_open_duty_moves_and_whoever_heard_the_old_day_hears_the_new_one() -> None:
    """Within five working days of 09-28: 29 30, 08 09 10; without 10-08: 29 30, 09 10 11."""
    case = posted(date(2026, 9, 28))
    case.do("notify_departments")
    duty = "acknowledge_freeze/公安"
    assert case.last_day(duty) == date(2026, 10, 10)
    case.go(to=date(2026, 9, 29))
    case.tell(case.morning())
    written = recounted(case)
    assert case.last_day(duty) == date(2026, 10, 11)
    assert duty in {move.duty_id for move in written.moves}
    case.go(to=date(2026, 9, 30))
    reminder = next(each for each in case.tell(case.morning()) if each.duty_id == duty)
    assert (reminder.moved_from, reminder.last_day) == (date(2026, 10, 10), date(2026, 10, 11))
    assert PAPER in reminder.moved_by
    assert reminder.told == "经办人"


def test_a_rung_that_moves_into_the_past_is_told_on_the_next_morning() -> None:
    """Thirty days from 09-11 stay thirty days, until Sunday 10-11; its rungs shift all the same.

    Five working days before it are 29 30 08 09 10, without 10-08 28 29 30 09 10: told on 09-28 at
    half past eight, which is over when the paper is adopted at noon.
    """
    case = Driver(small_brief(), today=date(2026, 7, 27)).play(until="payment/xi")
    duty = "payment/xi"
    assert (case.today, case.last_day(duty)) == (date(2026, 9, 11), date(2026, 10, 11))

    def rungs() -> dict[str, date]:
        return {rung.name: rung.at.date() for rung in case.state.schedules[duty].rungs}

    for day in ("2026-09-14", "2026-09-21", "2026-09-28"):
        case.go(to=date.fromisoformat(day))
        case.tell(case.morning())
    before = rungs()
    assert not [move for move in recounted(case).moves if move.duty_id == duty]
    assert before["-5"] == date(2026, 9, 29)
    assert rungs() == {
        **before,
        "-10": date(2026, 9, 20),
        "-1": date(2026, 10, 10),
        "0": date(2026, 10, 11),
    }, "-5 on the 29th as before, not on the 28th"
    case.go(to=date(2026, 9, 29))
    told = {each.duty_id: each.rung for each in case.tell(case.morning())}
    assert told[duty] == "2026-10-11/-5"


# What people hear of it


def duties_told(case: Driver, day: date) -> dict[str, Reminder]:
    """What is told on the morning of that day, by duty."""
    case.go(to=day)
    return {each.duty_id: each for each in case.tell(case.morning())}


def surveyed_late() -> tuple[Driver, str]:
    """A survey opened on Monday 2026-03-02 or later, of which its township's head has heard."""
    case = reach("survey/")
    duty = "survey/shan"
    last = case.last_day(duty)
    duties_told(case, CALENDAR.nth_working_day_after(case.today, 1))
    duties_told(case, last)
    late = duties_told(case, CALENDAR.nth_working_day_after(last, 1))[duty]
    assert late.audience == (Level.HANDLER, Level.HEAD)
    return case, duty


def test_whoever_heard_of_the_old_day_hears_that_it_moved_and_nobody_else() -> None:
    case, duty = surveyed_late()
    old, new = case.last_day(duty), CALENDAR.nth_working_day_after(case.today, 20)
    case.do("amend_deadline", duty=duty, day=new)
    told = duties_told(case, CALENDAR.nth_working_day_after(case.today, 1))[duty]
    assert (told.moved_from, told.last_day) == (old, new)
    assert told.audience == (Level.HANDLER, Level.HEAD)


def test_a_suspended_cases_rungs_are_heard_by_nobody() -> None:
    """They passed by while the case stood still: only its clerk had heard of the old day."""
    case = reach("survey/")
    duty = "survey/shan"
    duties_told(case, CALENDAR.nth_working_day_after(case.today, 1))
    case.do("suspend")
    case.go(days=120)
    case.do("resume")
    told = duties_told(case, CALENDAR.nth_working_day_after(case.today, 1))[duty]
    assert told.audience == (Level.HANDLER,)
    assert told.moved_by.startswith("恢复征收")


def test_that_a_day_moved_is_not_passed_over_by_the_next_rung() -> None:
    """The worker is away on the morning on which it was to be told."""
    case, duty = surveyed_late()
    new = CALENDAR.nth_working_day_after(case.today, 2)
    case.do("amend_deadline", duty=duty, day=new)
    told = duties_told(case, new)[duty]
    assert told.rung_title == "截止日变动"
    assert told.audience == (Level.HANDLER, Level.HEAD)
    after = case.tell(case.morning() + timedelta(hours=3))
    assert duty not in {each.duty_id for each in after}, "the rung of the day is taken in"


def test_a_day_that_moved_while_suspended_is_told_as_moved_after_the_resumption() -> None:
    case = posted(date(2026, 9, 28))
    case.do("notify_departments")
    duty = "acknowledge_freeze/公安"
    assert duties_told(case, date(2026, 9, 29))[duty].last_day == date(2026, 10, 10)
    case.do("suspend")
    recounted(case)
    case.go(to=date(2026, 9, 30))
    case.do("resume")
    told = duties_told(case, date(2026, 10, 9))[duty]
    assert told.moved_from == date(2026, 10, 10)


def test_a_duty_that_moves_before_anybody_heard_of_it_is_told_as_new() -> None:
    case = posted(date(2026, 9, 28))
    case.do("notify_departments")
    duty = "acknowledge_freeze/公安"
    case.do("amend_deadline", duty=duty, day=date(2026, 10, 14))
    told = duties_told(case, date(2026, 9, 29))[duty]
    assert (told.rung_title, told.moved_from) == ("责任产生", None)


def test_there_and_back_before_the_morning_loses_no_rung() -> None:
    """The last day is today; it is moved by mistake at seven and put back a minute later."""
    case = reach("survey/")
    duty = "survey/shan"
    last = case.last_day(duty)
    duties_told(case, CALENDAR.nth_working_day_after(case.today, 1))
    duties_told(case, CALENDAR.nth_working_day_before(last, 1))
    case.at = time(7)
    case.go(to=last)
    case.do("amend_deadline", duty=duty, day=CALENDAR.nth_working_day_after(last, 3))
    case.do("amend_deadline", duty=duty, day=last)
    told = {each.duty_id: each for each in case.tell(case.morning())}[duty]
    assert told.rung == f"{last}/0"
    assert told.moved_from is None


def test_who_is_being_told_of_the_old_day_hears_of_the_new_one() -> None:
    """Sent to the head already, still waiting for the clerk's channel: nothing is marked told."""
    case = reach("survey/")
    duty = "survey/shan"
    last = case.last_day(duty)
    duties_told(case, CALENDAR.nth_working_day_after(case.today, 1))
    duties_told(case, last)
    case.go(to=CALENDAR.nth_working_day_after(last, 1))
    under_way = due_reminders(case.state, case.owed, case.morning())
    assert duty in {each.duty_id for each in under_way}
    case.do("amend_deadline", duty=duty, day=CALENDAR.nth_working_day_after(case.today, 9))
    told = duties_told(case, CALENDAR.nth_working_day_after(case.today, 1))[duty]
    assert (told.moved_from, told.audience) == (last, (Level.HANDLER, Level.HEAD))


def test_there_and_back_after_a_move_that_was_told() -> None:
    """A to B is told; at noon to A and back to B: B is not told again, and C is told as a move."""
    case, duty = surveyed_late()
    days = [CALENDAR.nth_working_day_after(case.today, number) for number in (20, 25, 30)]
    case.do("amend_deadline", duty=duty, day=days[0])
    assert duties_told(case, CALENDAR.nth_working_day_after(case.today, 1))[duty].moved_from
    case.do("amend_deadline", duty=duty, day=days[1])
    case.do("amend_deadline", duty=duty, day=days[0])
    assert duty not in duties_told(case, CALENDAR.nth_working_day_after(case.today, 1))
    case.do("amend_deadline", duty=duty, day=days[2])
    told = duties_told(case, CALENDAR.nth_working_day_after(case.today, 1))[duty]
    assert (told.moved_from, told.last_day) == (days[0], days[2])
    assert told.audience == (Level.HANDLER, Level.HEAD)


def test_back_after_a_resumption_is_told_on_a_morning_and_not_at_once() -> None:
    case = reach("survey/")
    duty = "survey/shan"
    duties_told(case, CALENDAR.nth_working_day_after(case.today, 1))
    case.do("suspend")
    case.go(days=10)
    case.do("resume")
    anew = case.last_day(duty)
    case.do("amend_deadline", duty=duty, day=CALENDAR.nth_working_day_after(anew, 3))
    case.do("amend_deadline", duty=duty, day=anew)
    noon = datetime.combine(case.today, time(12), SHANGHAI)
    assert duty not in {each.duty_id for each in case.tell(noon)}


def test_the_same_day_is_no_amendment() -> None:
    case = reach("survey/")
    same = case.last_day("survey/shan")
    assert f"截止日已经是{same}" in case.refused("amend_deadline", duty="survey/shan", day=same)


def test_another_recount_by_papers_that_stood_before_counts_anew() -> None:
    """Adopted, changed again, and changed back: every recount is an entry of its own."""
    case = posted(date(2026, 9, 18))
    recounted(case)
    case.calendar = CALENDAR
    case.do("recount", calendar=CALENDAR.digest, document_number="国办发明电〔2026〕10号")
    assert case.last_day("period/initiation") == date(2026, 10, 9)
    recounted(case)
    assert case.last_day("period/initiation") == date(2026, 10, 10)


def test_a_rung_that_takes_the_openings_place_is_not_followed_by_the_opening() -> None:
    case = Driver(small_brief(), today=date(2026, 9, 27)).play(until="payment/xi")
    duty = "payment/xi"
    first = duties_told(case, CALENDAR.nth_working_day_after(case.today, 1))[duty]
    recounted(case)
    again = duties_told(case, CALENDAR.nth_working_day_after(case.today, 1)).get(duty)
    assert again is None, first


def test_a_suspended_case_is_counted_anew_as_well() -> None:
    case = posted(date(2026, 9, 18))
    case.do("suspend")
    recounted(case)
    assert case.last_day("period/initiation") == date(2026, 10, 10)


@pytest.mark.parametrize("digest", ["", "abc", "Z" * 64])
def test_only_a_calendars_digest_is_taken(digest: str) -> None:
    with pytest.raises(ValueError, match="calendar"):
        Driver(small_brief()).command("recount", calendar=digest)


def test_a_state_from_before_is_read_without_a_recount() -> None:
    assert State.launched(small_brief(), date(2026, 3, 2)).recount is None
