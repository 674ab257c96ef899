"""Who owes what: when each duty opens, what meets it, when it lapses, and how its day moves."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from case.ladder import OPENING
from law.order import DEPARTMENTS
from tests.case.bringing import of, of_command, post_everywhere, reach, unsigned_houses
from tests.case.driver import Driver, small_brief, village

DAY = timedelta(days=1)

OWNERS = {
    "draft/initiation": ("bureau", "第六条", 1),
    "approve/initiation": ("city", "第六条", 1),
    "post/initiation/bureau": ("bureau", "第六条", 1),
    "post/initiation/township:shan": ("township:shan", "第六条", 1),
    "notify_departments": ("bureau", "第六条", 1),
    "acknowledge_freeze/公安": ("department:公安", "第六条", 1),
    "survey/shan": ("township:shan", "第七条", 2),
    "risk/hai": ("township:hai", "第八条", 3),
    "draft/compensation": ("bureau", "第九条、第十条", 4),
    "receipt/xi": ("township:shan", "第十条", 5),
    "draft/plan": ("bureau", "第十一条", 7),
    "register/xia": ("township:hai", "第十二条", 8),
    "agreements/xia": ("township:hai", "第十三条", 9),
    "measure": ("bureau", "第十四条", 10),
    "funds": ("bureau", "第十四条", 10),
    "submit": ("bureau", "第十四条", 11),
    "receive_approval": ("bureau", "第十五条", 11),
    "draft/acquisition": ("bureau", "第十五条", 12),
    "publish/acquisition": ("bureau", "《土地管理法实施条例》第三十一条", 12),
    "verify_quota/xi": ("bureau", "第十六条", 13),
    "payment/xi": ("land_user", "第十六条", 13),
    "hand_over/xi": ("township:shan", "第十七条", 14),
}


@pytest.mark.parametrize("id_", OWNERS)
def test_every_duty_has_its_owner_and_article(id_: str) -> None:
    case = reach(id_)
    duty = case.duty(id_)
    assert (duty.unit, duty.article, duty.step) == OWNERS[id_]
    assert duty.opened_on <= case.today
    assert duty.evidence
    assert duty.statutory is (duty.step in {8, 9, 13} or id_ == "publish/acquisition")


def test_a_duty_is_met_by_its_command_and_opens_the_next() -> None:
    case = Driver(small_brief())
    assert case.open() == ["draft/initiation"]
    assert case.duty("draft/initiation").opened_on == case.state.launched_on
    case.go(days=2)
    case.do("draft_initiation")
    assert case.duty("draft/initiation").met_on == case.today
    assert case.open() == ["approve/initiation"]
    assert case.duty("approve/initiation").opened_on == case.today


def test_posting_is_owed_by_place_and_met_by_the_last_of_a_poster_s_places() -> None:
    case = reach("post/")
    shan = case.duty("post/initiation/township:shan")
    assert shan.preset["places"] == ("township:shan", "village:xi", "group:xi/g1")
    case.do("confirm_posting", places=["village:xi"])
    case.go(days=1)
    left = case.duty("post/initiation/township:shan")
    assert left.preset["places"] == ("township:shan", "group:xi/g1")
    case.do("confirm_posting", places=["township:shan", "group:xi/g1"])
    assert case.duty("post/initiation/township:shan").met_on == case.today


def test_each_department_owes_its_own_acknowledgement_and_no_step_waits_for_it() -> None:
    case = reach("acknowledge")
    assert [f"acknowledge_freeze/{name}" for name in DEPARTMENTS] == [
        id_ for id_ in case.open() if id_.startswith("acknowledge")
    ]
    silent = Driver(small_brief()).play(unless=of_command("acknowledge_freeze"))
    assert silent.state.ended


def test_survey_and_risk_open_on_the_day_after_the_notice_s_period() -> None:
    case = reach("post/")
    post_everywhere(case, "initiation")
    last = case.last_day("period/initiation")
    case.go(to=last)
    assert "survey/shan" not in case.open()
    case.go(days=1)
    assert case.duty("survey/shan").opened_on == last + DAY
    assert case.duty("risk/hai").opened_on == last + DAY


def test_a_query_opens_an_answer_for_the_department() -> None:
    case = reach("survey/")
    case.do("request_information", departments=["公安"])
    assert case.duty("answer/shan/公安").unit == "department:公安"
    case.do("answer_information", departments=["公安"])
    assert "answer/shan/公安" not in case.open()


def test_registration_is_due_on_the_day_printed_and_then_lapses_into_serving() -> None:
    case = reach("register/")
    post_everywhere(case, "compensation")
    case.do("register_rights", village="xi", holders=4)
    assert "未登记2户" in case.duty("register/xi").title
    last = case.last_day("register/xi")
    case.go(to=last)
    assert "register/xi" in case.open()
    case.go(days=1)
    assert case.duty("register/xi").lapsed
    assert "register/xi" not in case.open()
    serving = case.duty("serve/xi")
    assert (serving.opened_on, serving.preset["holders"]) == (last + DAY, 2)
    case.do("serve_survey_result", village="xi", holders=1)
    assert case.duty("serve/xi").preset["holders"] == 1
    case.do("serve_survey_result", village="xi", holders=1)
    assert case.duty("serve/xi").met_on == case.today


def test_what_was_served_is_not_owed_again_though_the_plan_prints_a_later_day() -> None:
    case = Driver(small_brief()).play(until="draft/plan", unless=of("register_rights", "xi"))
    case.play(until="serve/xi", unless=lambda duty: duty.id in {"register/xi", "draft/plan"})
    case.do("serve_survey_result", holders=6)
    later = case.today + 30 * DAY
    case.do("finalise_plan", registration_until=later, signing_until=later)
    assert "register/xi" not in case.open()
    assert "serve/xi" not in case.open()


def test_signing_lapses_with_its_period_where_the_share_is_reached_and_is_reported() -> None:
    case = unsigned_houses(2, reported=False)
    assert case.duty("agreements/xia").lapsed
    assert "report_unsigned/xia" in case.open()
    case.do("report_unsigned", village="xia")
    assert case.duty("forward_unsigned/xia").unit == "district:洞头区"
    case.do("record_agreements", village="xia", kind="house", signed=2)
    assert not [id_ for id_ in case.open() if id_.endswith("/xia")], "all signed after all"


def test_signing_stays_owed_after_its_period_while_the_share_falls_short() -> None:
    case = unsigned_houses(4)
    assert not case.duty("agreements/xia").lapsed
    assert "agreements/xia" in case.open()


def test_the_hearing_is_owed_by_the_township_since_the_receipt() -> None:
    case = reach("receipt/")
    case.go(days=2)
    case.do("return_receipt", village="xi", objecting_members=6)
    hearing = case.duty("hearing/xi")
    assert (hearing.unit, hearing.opened_on) == ("township:shan", case.today)
    case.do("hold_hearing", villages=["xi"])
    assert case.duty("hearing/xi").met_on == case.today


def test_an_unrevised_plan_hangs_on_the_portal_and_a_revised_one_everywhere() -> None:
    for revised, posters in ((False, 1), (True, 3)):
        case = reach("draft/plan")
        case.do("finalise_plan", revised=revised)
        case.do("approve", notice="plan")
        assert len([id_ for id_ in case.open() if id_.startswith("post/plan")]) == posters


def test_late_acknowledgements_move_no_day_of_the_submission() -> None:
    case = Driver(small_brief()).play(until="submit", unless=of_command("acknowledge_freeze"))
    due = case.last_day("submit")
    case.go(days=3)
    case.do("acknowledge_freeze", departments=["税务"])
    assert case.last_day("submit") == due


def test_payment_and_quota_are_due_on_the_strict_thirtieth_day() -> None:
    case = reach("receive_approval")
    case.go(to=date(2026, 9, 3))
    case.do("receive_approval")
    for id_ in ("payment/xi", "verify_quota/xia"):
        deadline = case.state.schedules[id_].deadline
        assert deadline.last_day == date(2026, 10, 3)
        assert deadline.rolled_last_day == date(2026, 10, 8)
        assert deadline.article == "第十六条"


def test_hand_over_opens_when_notice_payment_and_quota_are_there() -> None:
    case = reach("hand_over/")
    assert case.duty("hand_over/xi").opened_on == case.today
    assert case.today == case.last_day("period/acquisition") + DAY


def test_those_under_a_decision_are_pursued_and_the_others_hand_over() -> None:
    case = unsigned_houses(1).play(until="hand_over/xia")
    assert case.duty("hand_over/xia").preset["holders"] == 5
    assert case.duty("vacate/xia").preset["holders"] == 1
    assert case.duty("vacate/xia").statutory
    case.do("hand_over", village="xia", holders=5)
    assert case.duty("hand_over/xia").met_on == case.today
    case.go(to=case.last_day("vacate/xia") + DAY)
    assert case.duty("vacate/xia").lapsed
    asked = case.duty("request_enforcement/xia")
    assert (asked.unit, asked.opened_on) == ("township:hai", case.today)
    case.do("request_enforcement", village="xia")
    assert case.duty("apply_to_court/xia").unit == "city"
    case.do("apply_to_court", village="xia")
    assert case.duty("enforce/xia").unit == "township:hai"
    case.do("hand_over", village="xia", holders=1)
    assert not [id_ for id_ in case.open() if id_.endswith("/xia")], "vacated before the court"


def test_whom_the_township_does_not_name_for_enforcement_still_has_to_hand_over() -> None:
    case = unsigned_houses(2).play(until="hand_over/xia")
    case.do("hand_over", village="xia", holders=4)
    assert "hand_over/xia" not in case.open()
    case.go(to=case.last_day("vacate/xia") + DAY)
    case.do("request_enforcement", village="xia", holders=1)
    assert case.duty("hand_over/xia").preset["holders"] == 1
    assert "hand_over/xia" in case.open()
    case.play()


def test_a_village_in_which_nobody_signed_owes_no_willing_hand_over() -> None:
    case = Driver(small_brief(ratio_collectives=Decimal("0.5")))
    case.play(until="report_unsigned/xia", unless=of("record_agreements", "xia"))
    case.play(until="hand_over/xi", unless=of("record_agreements", "xia"))
    assert "hand_over/xia" not in case.open()
    assert case.duty("vacate/xia").preset["holders"] == 6
    case.play(until="enforce/xia", unless=lambda duty: duty.id == "vacate/xia")
    case.play()


def test_enforcement_is_owed_from_payment_where_the_land_user_pays_late() -> None:
    case = unsigned_houses(1).play(until="vacate/xia")
    unpaid = of("confirm_payment", "xia")
    case.play(until="hand_over/xi", unless=unpaid)
    case.go(to=case.last_day("vacate/xia") + 40 * DAY)
    assert "request_enforcement/xia" not in case.open()
    case.do("confirm_payment", village="xia")
    assert case.duty("request_enforcement/xia").opened_on == case.today


def test_a_village_s_duties_are_its_own_though_its_name_begins_another_s() -> None:
    """ "xi" and "xia": what one village did must not count for the other."""
    brief = small_brief(villages=(village("xi", "shan", 1), village("xia", "shan", 1)))
    case = Driver(brief).play(until="payment/xi")
    case.do("confirm_payment", village="xi")
    case.do("verify_quota", village="xi")
    case.play(until="hand_over/xi", unless=of("confirm_payment", "xia"))
    opened = case.duty("hand_over/xi").opened_on
    case.go(days=3)
    case.do("confirm_payment", village="xia")
    assert case.duty("hand_over/xi").opened_on == opened


def test_a_duty_entered_late_is_told_on_the_next_working_morning() -> None:
    case = reach("receive_approval")
    received = case.today
    case.go(to=received + 50 * DAY)
    case.do("receive_approval", occurred_on=received)
    schedule = case.state.schedules["payment/xi"]
    assert schedule.deadline.last_day == received + 30 * DAY
    assert [rung.name for rung in schedule.rungs] == [OPENING]
    assert len(schedule.rungs[0].audience) == 5
    assert schedule.rungs[0].at.date() > case.today


def test_nothing_is_dated_before_what_it_rests_on() -> None:
    """In a life with a day between any two acts, a hearing, a decision and an enforcement."""
    case = reach("receipt/")
    case.do("order_hearing", villages=["xi"])
    _one_by_one(case, until="agreements/")
    case = unsigned_houses(1)
    tried = _one_by_one(case, until=None)
    assert {"submit", "payment/xi", "decide_compensation/xia", "vacate/xia", "enforce/xia"} <= tried
    assert {"approve/initiation", "survey/shan", "draft/compensation"} <= _one_by_one(
        Driver(small_brief()), until="register/"
    )


def _one_by_one(case: Driver, until: str | None) -> set[str]:
    """Play on with a day between any two acts, trying each a day before its duty opened."""
    tried = set()
    while not case.state.ended:
        opened = [duty for duty in case.to_do() if duty.command != "draft_initiation"]
        if until and any(duty.id.startswith(until) for duty in opened):
            break
        for duty in opened:
            early = case.rightly(duty)
            early = replace(early, occurred_on=duty.opened_on - DAY)
            assert case.why(early), f"{duty.id} was accepted on {early.occurred_on}"
            tried.add(duty.id)
        ready = [duty for duty in case.to_do() if not case.why(case.rightly(duty))]
        # Whoever is bound by the decision stays until the court comes.
        ready = [duty for duty in ready if not duty.id.startswith("vacate/")]
        if ready:
            case.take(case.rightly(ready[0]))
        case.go(days=1)
    return tried
