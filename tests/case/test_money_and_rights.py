"""Signatures, funds, payment, decisions, hand-over: what each of them waits for."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from case.approval import funds_missing
from case.brief import Brief
from case.measurement import Measurement, Measuring
from case.wording import Fund
from tests.case.bringing import of, of_command, post_everywhere, reach, unsigned_houses
from tests.case.driver import Driver, small_brief, village
from tests.case.usual import measured


def test_exactly_the_share_demanded_is_enough_and_one_fewer_is_not() -> None:
    """Half of six houses in all must sign: three do, two do not."""
    for signed, enough in ((2, False), (3, True)):
        case = unsigned_houses(6 - signed)
        short = case.refused("submit_for_approval")
        assert ("未达到" in short) is not enough
        assert (short == "") is enough


def test_the_unsigned_are_reported_level_by_level_before_submission() -> None:
    case = unsigned_houses(1, reported=False)
    assert "尚未逐级上报" in case.refused("submit_for_approval")
    case.do("report_unsigned", village="xia")
    assert "尚未逐级上报" in case.refused("submit_for_approval")
    wrong = case.refused("forward_unsigned", village="xia", by={"unit": "district:鹿城区"})
    assert "洞头区" in wrong
    case.do("forward_unsigned", village="xia")
    assert not case.refused("submit_for_approval")


@pytest.mark.parametrize(
    ("other", "not_needed"),
    [
        ({"industrial_or_commercial": True}, {"risk"}),
        ({"villages": (village("xia", "hai", 2),)}, {"subsidy", "risk"}),
        (
            {"villages": (village("xi", "shan", 1, houses=0, arable=0),)},
            {"houses", "reclamation", "replacement"},
        ),
        (
            {"villages": (village("xi", "shan", 1, farmland=0, arable=0),)},
            {"insurance", "subsidy", "risk", "reclamation", "replacement"},
        ),
    ],
)
def test_only_the_funds_that_the_land_and_the_use_call_for(
    other: dict[str, Any], not_needed: set[str]
) -> None:
    case = Driver(small_brief(**other)).play(until="submit")
    certified = {key.partition("/")[2] for key in case.state.standing if key.startswith("fund/")}
    every = {"land", "houses", "attachments", "insurance", "subsidy", "risk"}
    assert certified == (every | {"reclamation", "replacement"}) - not_needed
    case = Driver(small_brief(**other)).play(until="funds")
    for fund in not_needed:
        assert "本项目不涉及" in case.refused("certify_funds", fund=fund)


def test_funds_must_be_in_place_in_full_before_submission() -> None:
    case = reach("submit")
    case.do("certify_funds", fund="risk", measured="100.00", in_place="99.99")
    assert "社会保障风险补充资金未足额到位" in case.refused("submit_for_approval")
    case.do("certify_funds", fund="risk", measured="100.00", in_place="100.00")
    case.do("submit_for_approval")
    assert "已经报批" in case.refused("certify_funds", fund="risk")


def _without_attachments(brief: Brief, asked: Measuring) -> Measurement:
    found = measured(brief, asked)
    return replace(found, funds={**found.funds, "attachments": Decimal(0)})


def test_a_fund_that_comes_to_nothing_is_not_asked_for() -> None:
    case = reach("measure")
    case.measure = _without_attachments
    case.do("measure_compensation")
    assert Fund.ATTACHMENTS not in funds_missing(case.state)
    for measured_at in ("0.00", "1.00"):
        amounts = {"measured": measured_at, "in_place": measured_at}
        assert "不涉及" in case.refused("certify_funds", fund="attachments", **amounts)
    nothing = {"measured": "0.00", "in_place": "0.00"}
    assert "大于零" in case.refused("certify_funds", fund="insurance", **nothing)


def test_before_amounts_were_measured_no_attachments_was_an_answer() -> None:
    case = reach("measure")
    case.state = replace(case.state, rule_set=None)
    nothing = {"measured": "0.00", "in_place": "0.00"}
    assert not case.refused("certify_funds", fund="attachments", **nothing)
    assert "大于零" in case.refused("certify_funds", fund="insurance", **nothing)


@pytest.mark.parametrize("unit", ["bureau", "land_user"])
def test_part_payment_leaves_the_village_unpaid(unit: str) -> None:
    case = reach("payment/")
    case.do("confirm_payment", village="xi", paid="99.99", by={"unit": unit})
    assert "payment/xi" in case.open()
    case.play(until="hand_over/xia", unless=of("confirm_payment", "xi"))
    assert "尚未足额到位" in case.refused("hand_over", village="xi")
    assert not case.refused("hand_over", village="xia")
    case.do("confirm_payment", village="xi", by={"unit": unit})
    assert not case.refused("hand_over", village="xi")
    case.do("hand_over", village="xi")
    assert "已足额支付并开始交地" in case.refused("confirm_payment", village="xi")


def test_hand_over_waits_for_the_quota() -> None:
    case = Driver(small_brief()).play(until="hand_over/xia", unless=of("verify_quota", "xi"))
    assert "尚未核定" in case.refused("hand_over", village="xi")


def test_decisions_name_the_unsigned_exactly_and_leave_time_to_vacate() -> None:
    case = unsigned_houses(2)
    case.play(until="propose_decision/")
    assert "为2人，与上报的1人不符" in case.refused("propose_decision", village="xia")
    case.do("propose_decision", village="xia", holders=2)
    case.do("record_agreements", village="xia", kind="house", signed=1)
    assert "为1人，与决定涉及的2人" in case.refused("decide_compensation", village="xia", holders=2)
    today = case.today
    assert "腾退截止日" in case.refused("decide_compensation", village="xia", vacate_by=today)
    case.do("decide_compensation", village="xia", vacate_by=today + timedelta(days=1))
    assert "已作出征地补偿安置决定" in case.refused(
        "record_agreements", village="xia", kind="house", signed=1
    )


def test_no_village_is_handed_over_while_a_decision_is_missing_anywhere() -> None:
    case = unsigned_houses(1)
    undecided = of_command("propose_decision")
    case.play(until="post/acquisition", unless=undecided)
    post_everywhere(case, "acquisition")
    for place in ("xi", "xia"):
        case.do("confirm_payment", village=place)
        case.do("verify_quota", village=place)
    case.go(to=case.last_day("period/acquisition") + timedelta(days=1))
    assert "xia村的未签约者尚未作出征地补偿安置决定" in case.refused("hand_over", village="xi")
    case.do("propose_decision", village="xia")
    case.do("decide_compensation", village="xia")
    assert not case.refused("hand_over", village="xi")


def test_enforcement_comes_after_the_decision_s_last_day_payment_and_the_court() -> None:
    case = unsigned_houses(1)
    case.play(until="vacate/xia")
    last = case.last_day("vacate/xia")
    case.go(to=last)
    assert f"（{last}）未届满" in case.refused("request_enforcement", village="xia")
    case.go(days=1)
    assert "尚未足额到位" in case.refused("request_enforcement", village="xia")
    case.play(until="request_enforcement/")
    assert "人数超过" in case.refused("request_enforcement", village="xia", holders=2)
    case.do("request_enforcement", village="xia")
    assert "尚未向人民法院申请" in case.refused("record_enforcement", village="xia")
    case.do("apply_to_court", village="xia")
    assert "须全部腾退" in case.refused("record_enforcement", village="xia", holders=2)
    case.do("record_enforcement", village="xia")


def test_enforcement_is_complete_only_when_all_whom_it_names_have_gone() -> None:
    case = unsigned_houses(2)
    case.play(until="request_enforcement/", unless=lambda duty: duty.id == "vacate/xia")
    case.do("request_enforcement", village="xia", holders=2)
    case.do("apply_to_court", village="xia")
    assert "2人，须全部腾退" in case.refused("record_enforcement", village="xia", holders=1)
    assert not case.refused("record_enforcement", village="xia", holders=2)


def test_enforcement_may_not_run_ahead_of_the_acquisition_notice() -> None:
    case = unsigned_houses(1)
    case.play(until="post/acquisition", unless=lambda duty: duty.id.startswith("post/acq"))
    stay = of_command("confirm_posting")
    case.play(until="enforce/", unless=stay)
    assert "第12步" in case.refused("record_enforcement", village="xia")
