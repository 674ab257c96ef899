"""Each rule of the order refuses what it does not allow yet, in one sentence with its article.

A row is: how far the case has been played (the first duty that is open then), what is said, the
words of the refusal. Every row's command is accepted once the value or the day in question is
right, as the lives in test_lives.py show.
"""

from datetime import date
from typing import Any

import pytest

from case.commands import COMMANDS
from law import order
from tests.case.bringing import reach
from tests.case.driver import Refused

Row = tuple[str, str, dict[str, Any], tuple[str, ...]]

ALL_BUT_FIRST: dict[str, dict[str, Any]] = {
    "draft_initiation": {"contents": order.INITIATION_NOTICE_CONTENTS[1:]},
    "plan": {"plan_contents": order.PLAN_CONTENTS[1:]},
    "notice": {"notice_contents": order.COMPENSATION_NOTICE_CONTENTS[1:]},
    "survey": {"contents": order.SURVEY_CONTENTS[1:]},
    "acquisition": {"contents": order.ACQUISITION_NOTICE_CONTENTS[1:]},
}

ROWS: tuple[Row, ...] = (
    # 第六条
    ("draft/", "draft_initiation", ALL_BUT_FIRST["draft_initiation"], ("征收范围", "第六条")),
    (
        "draft/",
        "draft_initiation",
        {"occurred_on": date(2019, 12, 31)},
        ("2020年1月1日", "27号", "第六条"),
    ),
    ("draft/", "approve", {}, ("启动公告", "尚未拟定", "第六条")),
    ("approve/", "confirm_posting", {}, ("尚未经市人民政府批准", "第六条")),
    ("approve/", "notify_departments", {}, ("尚未经市人民政府批准", "第六条")),
    ("post/", "confirm_posting", {"places": ["village:none"]}, ("不是本公告的张贴地点",)),
    (
        "post/",
        "confirm_posting",
        {"places": ["portal", "village:xi"], "by": {"unit": "bureau"}},
        ("同一张贴单位",),
    ),
    ("post/", "confirm_posting", {"evidence": []}, ("佐证", "第六条")),
    ("notify", "acknowledge_freeze", {}, ("尚未通知公安部门", "第六条")),
    # 第七条
    ("approve/", "request_information", {}, ("尚未经市人民政府批准", "第七条")),
    ("post/", "submit_survey", {}, ("启动公告期未满", "第七条")),
    ("survey/", "answer_information", {}, ("未向公安部门", "第七条")),
    ("survey/", "submit_survey", {"surveyor": None}, ("测绘单位", "第七条")),
    ("survey/", "submit_survey", ALL_BUT_FIRST["survey"], ("土地权属", "第七条")),
    # 第八条
    ("post/", "file_risk_assessment", {}, ("启动公告期未满", "第八条")),
    # 第九、十条
    ("survey/", "draft_plan", {}, ("第2步", "土地现状调查", "第九条、第十条")),
    ("draft/compensation", "draft_plan", ALL_BUT_FIRST["plan"], ("土地征收范围", "第九条")),
    ("draft/compensation", "draft_plan", ALL_BUT_FIRST["notice"], ("拟征收土地范围", "第十条")),
    (
        "draft/compensation",
        "draft_plan",
        {"registration_from": date(2026, 1, 1)},
        ("登记开始日不得早于拟定之日",),
    ),
    (
        "draft/compensation",
        "draft_plan",
        {"registration_until": date(2026, 1, 1)},
        ("截止日不得早于开始日",),
    ),
    (
        "draft/compensation",
        "draft_plan",
        {"signing_until": date(2026, 3, 31)},
        ("签约期限不得早于补偿登记截止日",),
    ),
    ("post/compensation", "return_receipt", {}, ("征地补偿安置公告期未满", "第十条")),
    # 第十一条
    ("post/compensation", "record_objections", {}, ("尚未在该村张贴", "第十一条")),
    ("post/compensation", "order_hearing", {}, ("尚未在该村张贴", "第十一条")),
    ("receipt/", "return_receipt", {"objecting_members": 11}, ("11超过", "成员总数10")),
    ("receipt/", "record_objections", {"objecting_members": 11}, ("11超过", "成员总数10")),
    ("receipt/", "hold_hearing", {}, ("回执函尚未取得", "第十一条")),
    ("draft/plan", "hold_hearing", {}, ("未超过半数", "第十一条")),
    ("receipt/", "finalise_plan", {}, ("第5步", "回执函未取得", "第十一条")),
    (
        "draft/plan",
        "finalise_plan",
        {"registration_until": date(2026, 4, 1)},
        ("登记截止日只能延长", "第十一条"),
    ),
    (
        "draft/plan",
        "finalise_plan",
        {"signing_until": date(2026, 4, 1)},
        ("签约期限只能延长", "第十一条"),
    ),
    (
        "draft/plan",
        "finalise_plan",
        {"registration_until": date(2027, 4, 1)},
        ("签约期限不得早于补偿登记截止日",),
    ),
    # 第十二条
    ("post/compensation", "register_rights", {}, ("尚未在该村张贴", "第十二条")),
    ("register/", "register_rights", {"holders": 7}, ("超过该村权利人总数6", "第十二条")),
    ("register/", "serve_survey_result", {}, ("尚未在各处张贴", "第十二条")),
    # 第十三条
    ("draft/plan", "record_agreements", {}, ("方案尚未批准发布", "第十三条")),
    ("agreements/", "record_agreements", {"kind": "house", "signed": 4}, ("总数3（已签0）",)),
    ("agreements/", "report_unsigned", {}, ("签约期限未届满", "第十三条")),
    ("agreements/", "forward_unsigned", {}, ("尚未上报", "第十三条")),
    # 第十四条
    ("draft/plan", "certify_funds", {}, ("方案尚未批准发布", "第十四条")),
    ("funds", "certify_funds", {"measured": "0.00"}, ("大于零", "第十四条")),
    ("measure", "submit_for_approval", {}, ("第9步", "第十四条")),
    ("submit", "receive_approval", {}, ("尚未报批", "第十五条")),
    # 第十五条
    ("submit", "draft_acquisition", {}, ("尚未收到", "第十五条")),
    ("submit", "propose_decision", {}, ("尚未批准", "第十五条")),
    ("draft/acquisition", "draft_acquisition", ALL_BUT_FIRST["acquisition"], ("批准征地机关",)),
    ("draft/acquisition", "propose_decision", {}, ("未签约权利人为0人",)),
    ("draft/acquisition", "decide_compensation", {}, ("尚未上报", "第十五条")),
    # 第十六条
    ("submit", "verify_quota", {}, ("尚未收到", "第十六条")),
    ("submit", "confirm_payment", {}, ("尚未收到", "第十六条")),
    ("verify_quota/", "verify_quota", {"housing_quota": None}, ("一类区片必须核定", "第十六条")),
    (
        "verify_quota/",
        "verify_quota",
        {"retained_land_subsidy": "1"},
        ("留地补助只适用于二类区片",),
    ),
    ("verify_quota/", "verify_quota", {"village": "xia", "housing_quota": "1"}, ("一类区片",)),
    (
        "verify_quota/",
        "verify_quota",
        {"village": "xia", "retained_land_subsidy": None},
        ("二类区片必须核定",),
    ),
    ("payment/", "confirm_payment", {"payable": "0.00"}, ("大于零", "第十六条")),
    # 第十七条
    ("payment/", "hand_over", {}, ("尚未足额到位", "第十七条")),
    ("payment/", "request_enforcement", {}, ("没有征地补偿安置决定", "第十七条")),
    ("payment/", "apply_to_court", {}, ("尚未提请", "第十七条")),
    ("payment/", "record_enforcement", {}, ("尚未向人民法院申请", "第十七条")),
    ("hand_over/", "hand_over", {"holders": 7}, ("未交付人数6", "第十七条")),
    ("draft/plan", "measure_compensation", {}, ("方案尚未批准发布",)),
    # The conduct of a case
    ("survey/", "resume", {}, ("没有中止",)),
    ("survey/", "send_back", {}, ("没有可退回的土地现状调查成果",)),
    ("survey/", "amend_deadline", {"duty": "x", "day": date(2026, 4, 1)}, ("没有编号为“x”",)),
    ("survey/", "acknowledge", {"duty": "x"}, ("没有编号为“x”的未了责任",)),
    ("draft/compensation", "acknowledge", {"duty": "period/initiation"}, ("未了责任",)),
    # Whose act it is, and its number
    ("draft/", "draft_initiation", {"by": {"unit": "city"}}, ("应由市自然资源和规划局办理",)),
    ("approve/", "approve", {"document_number": None}, ("须注明文号",)),
    ("draft/", "draft_initiation", {"occurred_on": date(2026, 3, 3)}, ("晚于今天2026-03-02",)),
)


@pytest.mark.parametrize(
    "row", ROWS, ids=[f"{row[1]}-at-{row[0]}{number}" for number, row in enumerate(ROWS)]
)
def test_what_is_not_allowed_yet_is_refused_with_its_article(row: Row) -> None:
    until, name, values, words = row
    case = reach(until)
    before = case.state
    sentence = case.refused(name, **values)
    assert sentence.startswith(f"不能{COMMANDS[name].title}：")
    assert sentence.endswith("）。")
    assert sentence.count("。") == 1, "one sentence"
    for word in words:
        assert word in sentence
    assert case.state == before
    with pytest.raises(Refused):
        case.do(name, **values)


def test_every_command_has_its_rule_or_none_to_break() -> None:
    tried = {row[1] for row in ROWS}
    elsewhere = {"correct", "suspend", "terminate", "recount"}  # test_conduct.py, test_recount.py
    assert tried | elsewhere == set(COMMANDS)
