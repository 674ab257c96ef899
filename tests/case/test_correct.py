"""Correcting an entry: what gives way, what moves with it, and what must not lose its ground."""

from datetime import date, timedelta
from typing import Any

import pytest

from case.commands import COMMAND
from case.wording import Notice
from tests.case.bringing import entry, post_everywhere, put_right, reach, unsigned_houses
from tests.case.driver import PHOTOGRAPH


def test_a_correction_replaces_the_entry_and_the_period_moves_with_it() -> None:
    case = reach("post/initiation")
    post_everywhere(case, "initiation")
    before = case.last_day("period/initiation")
    case.go(days=3)
    wrong = entry(case, "posting/initiation/portal")
    tomorrow = wrong.occurred_on + timedelta(days=1)
    assert not put_right(case, wrong, occurred_on=tomorrow, evidence=PROOF)
    assert case.state.posted_on(Notice.INITIATION) == wrong.occurred_on + timedelta(days=1)
    assert case.last_day("period/initiation") > before


def test_a_correction_that_takes_the_ground_from_a_later_act_is_refused() -> None:
    case = reach("draft/compensation")
    wrong = entry(case, "posting/initiation/portal")
    why = put_right(case, wrong, occurred_on=wrong.occurred_on + timedelta(days=5), evidence=PROOF)
    assert "提交土地现状调查成果" in why
    assert "将失去依据" in why
    case.do("send_back", item="survey", place="shan")
    case.do("send_back", item="survey", place="hai")
    case.do("send_back", item="risk", place="shan")
    case.do("send_back", item="risk", place="hai")
    assert not put_right(
        case, wrong, occurred_on=wrong.occurred_on + timedelta(days=5), evidence=PROOF
    )


def test_acts_that_had_lost_their_ground_lawfully_before_do_not_stand_in_the_way() -> None:
    """A proposal for two of whom one signed meanwhile says two; other entries stay correctable."""
    case = unsigned_houses(2).play(until="propose_decision/")
    case.do("propose_decision", village="xia", holders=2)
    case.do("record_agreements", village="xia", kind="house", signed=1)
    approval = entry(case, "approval-received")
    assert not put_right(case, approval, document_number="浙土〔2026〕2号")


@pytest.mark.parametrize(
    ("key", "values", "words"),
    [
        ("agreement/xi/contractor", {"signed": 1}, "报批"),
        ("registration/xi/", {"holders": 5}, "补偿登记（含未登记者签字确认）尚未完成"),
        ("fund/land", {"in_place": "1.00"}, "报批"),
        ("receipt/xi", {"objecting_members": 9}, "应当举行听证会"),
        ("freeze/税务", {"departments": ["公安"]}, "将失去依据"),
        ("submission", {"occurred_on": date(2026, 12, 1)}, "晚于今天"),
        ("approval-received", {"by": {"unit": "city"}}, "应由市自然资源和规划局办理"),
        ("posting/initiation/portal", {"evidence": []}, "佐证"),
        ("approval/plan", {"document_number": None}, "须注明文号"),
    ],
)
def test_nothing_that_was_relied_on_is_corrected_away(
    key: str, values: dict[str, Any], words: str
) -> None:
    case = unsigned_houses(2)
    case.play(until="propose_decision/")
    found = next(each for each in case.state.standing if each.startswith(key))
    before = case.state
    assert words in put_right(case, case.state.standing[found], **values)
    assert case.state == before


def test_a_correction_names_an_entry_of_its_own_kind_and_keeps_a_number() -> None:
    case = reach("draft/compensation")
    survey, risk = entry(case, "survey/shan"), entry(case, "risk/shan")
    other = COMMAND.dump_python(risk) | {"id": survey.id}
    assert "种类" in case.refused("correct", entry=survey.id, replacement=other)
    assert "与另一条登记重复" in put_right(case, survey, township="hai", by=unit("township:hai"))
    assert "没有乡镇" in put_right(case, survey, township="none")
    assert "登记号" in put_right(case, survey, id="another")
    right = COMMAND.dump_python(survey) | {"surveyor": "另一测绘院"}
    assert "没有登记号为zzz" in case.refused(
        "correct", entry="zzz", replacement=right | {"id": "zzz"}
    )
    assert not put_right(case, survey, surveyor="另一测绘院")
    assert not put_right(case, survey, surveyor="又一测绘院"), "and again under its number"


def test_a_suspended_case_can_be_put_right() -> None:
    case = reach("draft/compensation")
    case.do("suspend")
    assert not put_right(case, entry(case, "survey/shan"), surveyor="另一测绘院")


def test_an_earlier_approval_moves_the_payment_period_whatever_was_set_before() -> None:
    case = reach("receive_approval")
    case.go(days=10)
    received = case.do("receive_approval")
    due = case.last_day("payment/xi")
    assert due == case.today + timedelta(days=30)
    case.do("amend_deadline", duty="payment/xi", day=due - timedelta(days=2))
    assert case.last_day("payment/xi") == due - timedelta(days=2)
    assert not put_right(case, received, occurred_on=received.occurred_on - timedelta(days=8))
    assert case.last_day("payment/xi") == due - timedelta(days=8)


DAY = timedelta(days=1)
PROOF = (PHOTOGRAPH,)


def unit(name: str) -> dict[str, str]:
    return {"unit": name}
