"""Boundary days and numbers: the last day, the day after, exactly half, one more."""

from datetime import date, timedelta

import pytest

from case.wording import Notice
from tests.case.bringing import of, post, post_everywhere, reach
from tests.case.driver import Driver, small_brief, village


@pytest.mark.parametrize(
    ("stage", "period", "command"),
    [
        ("post/initiation", "initiation", "submit_survey"),
        ("post/compensation", "compensation", "return_receipt"),
    ],
)
def test_the_last_day_of_a_notice_is_too_early_and_the_day_after_is_not(
    stage: str, period: str, command: str
) -> None:
    case = reach(stage)
    post_everywhere(case, period)
    case.go(to=case.last_day(f"period/{period}"))
    assert "公告期未满" in case.refused(command)
    case.go(days=1)
    assert not case.refused(command)
    assert "公告期未满" in case.refused(command, occurred_on=case.today - timedelta(days=1))


def test_hand_over_waits_for_the_last_day_of_the_acquisition_notice() -> None:
    case = reach("hand_over/")
    last = case.last_day("period/acquisition")
    assert case.today == last + timedelta(days=1)
    assert f"公告期至{last}届满" in case.refused("hand_over", occurred_on=last)
    assert not case.refused("hand_over")


def test_initiation_of_2026_03_16_runs_to_03_30() -> None:
    """多祝镇, posted on 2026-03-16: ten working days end on 03-30 (facts.md)."""
    case = Driver(small_brief(), today=date(2026, 3, 16)).play(until="post/initiation")
    post_everywhere(case, "initiation")
    assert case.last_day("period/initiation") == date(2026, 3, 30)


def test_the_last_place_governs_and_a_missing_group_holds_the_period_back() -> None:
    case = reach("post/initiation")
    places = case.state.places(Notice.INITIATION)
    assert "group:xi/g1" in places
    for place in places[:-1]:
        post(case, "initiation", place)
    assert case.state.posted_on(Notice.INITIATION) is None
    case.go(days=7)
    post(case, "initiation", places[-1])
    assert case.state.posted_on(Notice.INITIATION) == case.today


def test_exactly_half_need_no_hearing_and_one_more_does() -> None:
    for objecting, wanted in ((5, False), (6, True)):
        case = reach("receipt/")
        case.do("return_receipt", village="xi", objecting_members=objecting)
        case.do("return_receipt", village="xia")
        assert ("hearing/xi" in case.open()) is wanted
        refused = case.refused("finalise_plan")
        assert ("应当举行听证会" in refused) is wanted
        assert (refused == "") is not wanted


def test_the_highest_number_on_record_counts_though_a_later_one_is_lower() -> None:
    case = reach("receipt/")
    case.do("record_objections", village="xi", objecting_members=6)
    case.do("return_receipt", village="xi", objecting_members=2)
    assert "hearing/xi" in case.open()
    case.do("record_objections", village="xi", objecting_members=5)
    assert "hearing/xi" not in case.open(), "a record may take the place of an earlier record"


def test_half_of_an_odd_number_is_between_two_members() -> None:
    brief = small_brief(villages=(village("xi", "shan", 1, members=5), village("xia", "hai", 2)))
    for objecting, wanted in ((2, False), (3, True)):
        case = Driver(brief).play(until="receipt/")
        case.do("return_receipt", village="xi", objecting_members=objecting)
        assert ("hearing/xi" in case.open()) is wanted


def test_a_hearing_held_must_be_answered_in_the_plan_and_an_ordered_one_must_be_held() -> None:
    case = reach("receipt/")
    case.do("order_hearing", villages=["xi"])
    case.play(until="hearing/")
    case.do("return_receipt", village="xia")
    assert "应当举行听证会" in case.refused("finalise_plan")
    case.play(until="draft/plan")
    assert "听证意见的采纳情况" in case.refused("finalise_plan", hearing_outcome=None)
    assert not case.refused("finalise_plan")


def test_one_township_does_not_hold_the_hearing_of_another() -> None:
    case = reach("receipt/")
    case.do("order_hearing", villages=["xi", "xia"])
    case.do("return_receipt", village="xi")
    case.do("return_receipt", village="xia")
    both = {"villages": ["xi", "xia"]}
    assert "应由" in case.refused("hold_hearing", **both, by={"unit": "township:shan"})
    assert not case.refused("hold_hearing", **both, by={"unit": "city"})


def test_registration_on_its_last_day_is_in_time_and_the_day_after_is_not() -> None:
    case = reach("register/")
    assert "尚未在各处张贴" in case.refused("serve_survey_result")
    post_everywhere(case, "compensation")
    last = case.last_day("register/xi")
    case.go(to=last)
    assert not case.refused("register_rights")
    assert "登记期限未届满" in case.refused("serve_survey_result")
    case.go(days=1)
    assert "不在公告的登记期限" in case.refused("register_rights")
    assert not case.refused("register_rights", occurred_on=last), "entered late, done in time"
    assert not case.refused("serve_survey_result")
    assert "未登记人数6" in case.refused("serve_survey_result", holders=7)


def test_registration_begins_on_the_day_printed() -> None:
    case = reach("draft/compensation")
    begins = case.today + timedelta(days=3)
    case.do("draft_plan", registration_from=begins)
    case.play(until="register/")
    assert case.today < begins
    assert "不在公告的登记期限" in case.refused("register_rights")
    case.go(to=begins)
    assert not case.refused("register_rights")


def test_signing_waits_until_the_village_is_on_record_and_the_signing_period_until_its_end() -> (
    None
):
    case = Driver(small_brief()).play(until="draft/plan", unless=of("register_rights", "xi"))
    case.play(until="agreements/xia", unless=of("register_rights", "xi"))
    assert "补偿登记（含未登记者签字确认）尚未完成" in case.refused("record_agreements")
    assert "补偿登记（含未登记者签字确认）尚未完成" in case.refused("report_unsigned")
    case.do("register_rights", holders=6)
    last = case.last_day("agreements/xi")
    case.go(to=last)
    assert "签约期限未届满" in case.refused("report_unsigned")
    case.go(days=1)
    assert not case.refused("report_unsigned")
    assert "无需说明" not in case.refused("report_unsigned")
    case.do("record_agreements", kind="collective", signed=1)
    case.do("record_agreements", kind="contractor", signed=2)
    case.do("record_agreements", kind="house", signed=3)
    assert "无需说明" in case.refused("report_unsigned")
