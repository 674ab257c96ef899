"""Telling: each rung once, the highest reached, silence once met; and what a case waits for."""

from datetime import date, datetime, time, timedelta

import pytest

from case.ladder import Level
from case.records import Reminder
from case.telling import due_reminders, mark_told, timers
from law.deadline import SHANGHAI
from tests.case.bringing import post_everywhere, reach
from tests.case.driver import CALENDAR, LAUNCHED, Driver, small_brief

DAY = timedelta(days=1)


def morning(day: date) -> datetime:
    return datetime.combine(day, time(8, 30), SHANGHAI)


def told(case: Driver, day: date) -> list[Reminder]:
    case.go(to=day)
    return list(case.tell(morning(day)))


def test_each_rung_is_told_once_and_only_the_highest_reached() -> None:
    """The initiation draft: opened 2026-03-02, five working days, due on 03-09."""
    case = Driver(small_brief())
    assert case.last_day("draft/initiation") == date(2026, 3, 9)
    assert not case.tell(morning(LAUNCHED))
    assert not case.tell(morning(LAUNCHED + DAY) - timedelta(seconds=1))
    (first,) = told(case, LAUNCHED + DAY)
    assert first.rung == "2026-03-09/open"
    assert first.next_telling == "2026-03-06 08:30（到期前1个工作日）告知经办人"
    assert not case.tell(morning(case.today) + timedelta(hours=2))
    (late,) = told(case, date(2026, 3, 12))
    assert late.rung == "2026-03-09/+3", "-1, 0 and +1 are passed over"
    assert late.audience == (Level.HANDLER, Level.HEAD, Level.DISTRICT)
    assert not case.tell(morning(case.today))
    (last,) = told(case, date(2026, 3, 16))
    assert (last.rung, last.next_telling) == ("2026-03-09/+5", "")
    assert not told(case, date(2026, 4, 16))


def test_a_reminder_says_who_owes_what_by_when_and_why() -> None:
    case = reach("survey/")
    found = {each.duty_id: each for each in told(case, case.today + DAY)}
    survey = found["survey/shan"]
    assert (survey.unit_name, survey.township, survey.district) == ("山镇", "山镇", "鹿城区")
    assert (survey.article, survey.statutory, survey.command) == ("第七条", False, "submit_survey")
    assert survey.last_day == case.last_day("survey/shan")
    assert survey.case_name == "试验工程"


def test_silence_once_it_is_met() -> None:
    case = Driver(small_brief())
    case.do("draft_initiation")
    assert [each.duty_id for each in told(case, LAUNCHED + DAY)] == ["approve/initiation"]


@pytest.mark.parametrize("how", ["suspend", "terminate"])
def test_silence_while_suspended_and_once_ended(how: str) -> None:
    case = Driver(small_brief())
    case.do(how)
    assert not told(case, LAUNCHED + 30 * DAY)
    waits = timers(case.state, case.owed, morning(case.today))
    assert "wake" not in waits


def test_after_a_resumption_the_ladder_stands_anew() -> None:
    case = reach("payment/xi")
    told(case, case.today + DAY)
    case.do("suspend")
    case.go(days=1)
    case.do("resume")
    again = {each.duty_id: each.rung for each in told(case, next_working(case))}
    assert again["payment/xi"].endswith(f"/open@{case.state.resumed_on}")


def test_a_moved_day_is_told_anew() -> None:
    case = Driver(small_brief())
    told(case, LAUNCHED + DAY)
    case.do("amend_deadline", duty="draft/initiation", day=date(2026, 3, 20))
    assert not case.tell(morning(case.today) + timedelta(hours=1)), "not on the day itself"
    moved_on = case.today
    (again,) = told(case, next_working(case))
    assert again.rung == f"2026-03-20/moved@{moved_on}"
    assert (again.moved_from, again.rung_title) == (date(2026, 3, 9), "截止日变动")
    assert again.moved_by.startswith("变更期限")
    assert again.next_telling.endswith("（到期前1个工作日）告知经办人")


def test_a_day_moved_while_the_telling_is_under_way_leaves_the_new_ladder_untold() -> None:
    case = Driver(small_brief())
    case.go(to=date(2026, 3, 12))
    under_way = due_reminders(case.state, case.owed, morning(case.today))
    case.do("amend_deadline", duty="draft/initiation", day=date(2026, 3, 12))
    case.state = mark_told(case.state, under_way)
    rungs = case.state.schedules["draft/initiation"].rungs
    heard = case.state.told["draft/initiation"]
    assert not [rung for rung in rungs if f"2026-03-12/{rung.name}" in heard]


def next_working(case: Driver) -> date:
    return CALENDAR.nth_working_day_after(case.today, 1)


# Timers


def test_a_notice_period_has_a_timer_that_ends_with_its_last_day() -> None:
    case = Driver(small_brief(), today=date(2026, 9, 22)).play(until="post/initiation")
    post_everywhere(case, "initiation")
    waits = timers(case.state, case.owed, morning(case.today))
    period = waits["period/initiation"]
    assert case.last_day("period/initiation") == date(2026, 10, 13)
    assert period.at == datetime(2026, 10, 14, tzinfo=SHANGHAI)
    assert period.summary == "土地征收启动公告 不少于10个工作日，至2026-10-13 24:00，第六条"


def test_a_period_beyond_the_calendar_is_marked_provisional() -> None:
    case = Driver(small_brief(), today=date(2026, 12, 18)).play(until="post/initiation")
    post_everywhere(case, "initiation")
    waits = timers(case.state, case.owed, morning(case.today))
    assert "（暂定）" in waits["period/initiation"].summary


def test_statutory_duties_have_a_timer_each_and_all_rungs_share_one() -> None:
    case = reach("payment/xi")
    approved = case.today
    waits = timers(case.state, case.owed, morning(case.today))
    assert set(waits) == {
        "publish/acquisition",
        "payment/xi", "payment/xia", "verify_quota/xi", "verify_quota/xia", "wake",
    }  # fmt: skip
    fifteenth = CALENDAR.nth_working_day_after(approved, 15)
    assert waits["publish/acquisition"].summary == (
        f"土地征收公告发布期限 15个工作日内，至{fifteenth} 24:00，第三十一条"
    )
    due = approved + 30 * DAY
    assert waits["payment/xi"].at == datetime.combine(due + DAY, time(), SHANGHAI)
    assert waits["payment/xi"].summary == (
        f"核定与支付期限（xi村） 30日内，至{due} 24:00，第十六条"
    )
    assert waits["wake"].at == morning(next_working(case))
    assert waits["wake"].summary.startswith("提醒：第12步 责任产生")


def test_the_next_wake_is_the_next_rung_or_the_next_day_that_ends() -> None:
    case = Driver(small_brief())
    now = morning(LAUNCHED)
    seen = []
    for _ in range(7):
        wake = timers(case.state, case.owed, now)["wake"]
        assert wake.at > now
        now = wake.at
        case.go(to=now.astimezone(SHANGHAI).date())
        seen.append((f"{now:%m-%d %H:%M}", wake.summary, len(case.tell(now))))
    assert seen == [
        ("03-03 08:30", "提醒：第1步 责任产生，第六条", 1),
        ("03-06 08:30", "提醒：第1步 到期前1个工作日，第六条", 1),
        ("03-09 08:30", "提醒：第1步 到期当日，第六条", 1),
        ("03-10 00:00", "第1步 2026-03-09 到期", 0),
        ("03-10 08:30", "提醒：第1步 逾期1个工作日，第六条", 1),
        ("03-12 08:30", "提醒：第1步 逾期3个工作日，第六条", 1),
        ("03-16 08:30", "提醒：第1步 逾期5个工作日，第六条", 1),
    ]
    assert not timers(case.state, case.owed, now)


def test_no_timer_and_no_reminder_carries_a_person_s_name() -> None:
    name = "金阿福"
    case = Driver(small_brief())
    while not case.state.ended:
        for duty in case.to_do():
            said = case.command(duty.command, by={"unit": duty.unit, "name": name}, **duty.preset)
            if not case.why(said):
                case.take(said)
                break
        else:
            case.go(days=1)
        now = morning(case.today)
        waits = timers(case.state, case.owed, now)
        assert not [timer for timer in waits.values() if name in timer.summary]
        assert not [each for each in case.tell(now) if name in str(each)]
    assert name not in str(case.state)
