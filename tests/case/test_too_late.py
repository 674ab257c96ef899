"""What is refused because its time is past, or because it names what the case has not."""

from datetime import date, timedelta
from typing import Any

import pytest

from case.rights import registration_until
from case.wording import Notice
from tests.case.bringing import of_command, reach, without
from tests.case.driver import Driver, small_brief


@pytest.mark.parametrize(
    ("stage", "name", "values", "words"),
    [
        ("approve/compensation", "submit_survey", {}, "方案已经编制"),
        ("approve/compensation", "file_risk_assessment", {}, "方案已经编制"),
        ("approve/plan", "return_receipt", {}, "方案已完善上报"),
        ("approve/plan", "record_objections", {}, "方案已完善上报"),
        ("approve/plan", "order_hearing", {}, "方案已完善上报"),
        ("approve/plan", "hold_hearing", {}, "方案已完善上报"),
    ],
)
def test_what_comes_too_late_is_refused(
    stage: str, name: str, values: dict[str, Any], words: str
) -> None:
    case = reach(stage)
    fresh = without(case, "survey/", "risk/", "receipt/")
    assert words in fresh.refused(name, **values)


def test_queries_are_answered_before_the_survey_and_not_asked_after_it() -> None:
    case = reach("survey/")
    case.do("request_information", departments=["公安", "税务"])
    case.do("answer_information", departments=["税务"])
    assert "公安部门尚未答复" in case.refused("submit_survey")
    case.do("answer_information", departments=["公安"])
    case.do("submit_survey")
    assert "成果已经提交" in case.refused("request_information", departments=["农业农村"])


def test_the_plan_waits_for_the_freeze_though_the_survey_is_done() -> None:
    case = Driver(small_brief())
    untold = of_command("notify_departments")
    case.play(until="draft/compensation", unless=untold)
    assert "第1步" in case.refused("draft_plan")
    assert "暂停办理" in case.refused("draft_plan")
    case.do("notify_departments")
    assert not case.refused("draft_plan")


def test_the_plan_waits_for_every_township_s_risk_assessment() -> None:
    case = reach("survey/")
    case.do("submit_survey", township="shan")
    case.do("submit_survey", township="hai")
    case.do("file_risk_assessment", township="shan")
    refused = case.refused("draft_plan")
    assert "第3步" in refused
    assert "海镇的社会稳定风险评估未备案" in refused
    case.do("file_risk_assessment", township="hai")
    assert not case.refused("draft_plan")


def test_a_combined_risk_assessment_may_be_older_than_the_notice() -> None:
    case = reach("post/")
    old = date(2025, 6, 1)
    case.do("file_risk_assessment", combined_with="立项审批", occurred_on=old)
    assert case.state.day("risk/shan") == old


def test_a_notice_that_hangs_too_late_has_its_printed_days_put_right_first() -> None:
    case = reach("post/compensation")
    late = {"notice": "compensation", "places": ["portal"]}
    printed = registration_until(case.state, "xi")
    assert printed
    case.go(to=printed - timedelta(days=1))
    assert not case.refused("confirm_posting", **late)
    case.go(to=printed)
    assert "须先更正公告载明的登记期限" in case.refused("confirm_posting", **late)
    case.play(until="receipt/")
    assert case.state.posted_on(Notice.COMPENSATION)


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("return_receipt", {"village": "dong"}, "没有村“dong”（应为xi、xia）"),
        ("hold_hearing", {"villages": ["xi", "dong"]}, "没有村“dong”"),
        ("submit_survey", {"township": "xi"}, "没有乡镇（街道）“xi”（应为shan、hai）"),
        ("notify_departments", {"departments": ["公安", "消防"]}, "消防不是所列部门"),
    ],
)
def test_what_the_case_does_not_have_is_named(
    name: str, values: dict[str, Any], words: str
) -> None:
    case = Driver(small_brief())
    assert words in case.refused(name, by={"unit": "bureau"}, **values)


def test_done_is_done() -> None:
    case = Driver(small_brief())
    first = case.do("draft_initiation")
    assert f"已经办理（登记号{first.id}）" in case.refused("draft_initiation")


def test_a_department_answers_for_itself_alone() -> None:
    case = reach("survey/")
    case.do("request_information", departments=["公安", "税务"])
    both = {"departments": ["公安", "税务"]}
    police = {"unit": "department:公安"}
    assert "应由山镇办理" in case.refused("answer_information", by=police, **both)
    assert not case.refused("answer_information", by={"unit": "township:shan"}, **both)
    assert not case.refused("answer_information", by=police)
    case = reach("acknowledge")
    assert "应由市自然资源和规划局办理" in case.refused("acknowledge_freeze", by=police, **both)
    assert not case.refused("acknowledge_freeze", by=police)
