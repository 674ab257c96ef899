"""The conduct of a case: sending back, suspending, ending, moving a day, repeating."""

from datetime import date, timedelta

import pytest

from case.commands import COMMAND
from case.procedure import apply, faults, repeated
from case.state import Status
from tests.case.bringing import entry, of, post_everywhere, put_right, reach, unsigned_houses
from tests.case.driver import PHOTOGRAPH, Driver, small_brief

# Sending back


def test_what_is_sent_back_is_owed_again_with_a_ladder_of_its_own() -> None:
    case = reach("draft/compensation")
    case.go(days=4)
    case.do("send_back", item="survey", place="shan")
    assert "survey/shan" not in [duty.id for duty in case.owed]
    again = case.duty("survey/shan#2")
    assert (again.open, again.opened_on) == (True, case.today)
    assert case.last_day("survey/shan#2") > case.today
    assert "第2步" in case.refused("draft_plan")
    case.do("submit_survey")
    assert case.duty("survey/shan#2").met_on == case.today
    case.do("send_back", item="survey", place="shan")
    assert "survey/shan#3" in case.open()


@pytest.mark.parametrize(
    ("stage", "item", "place", "words"),
    [
        ("approve/compensation", "survey", "shan", "之后的步骤已经办理"),
        ("approve/compensation", "risk", "hai", "之后的步骤已经办理"),
        ("approve/plan", "receipt", "xi", "之后的步骤已经办理"),
        ("draft/acquisition", "submission", None, "之后的步骤已经办理"),
        ("draft/compensation", "survey", "xi", "没有可退回的"),
        ("draft/compensation", "submission", None, "没有可退回的报批材料"),
    ],
)
def test_what_later_acts_rest_on_cannot_be_sent_back(
    stage: str, item: str, place: str | None, words: str
) -> None:
    case = reach(stage)
    assert words in case.refused("send_back", item=item, place=place)


def test_a_receipt_is_not_sent_back_from_under_its_hearing_nor_before_it_came() -> None:
    case = reach("receipt/")
    case.do("return_receipt", village="xi", objecting_members=9)
    early = case.today - timedelta(days=1)
    assert "不得早于提交之日" in case.refused(
        "send_back", item="receipt", place="xi", occurred_on=early
    )
    assert not case.refused("send_back", item="receipt", place="xi")
    case.do("hold_hearing", villages=["xi"])
    assert "举行听证会" in case.refused("send_back", item="receipt", place="xi")


def test_a_returned_submission_is_owed_again() -> None:
    case = reach("receive_approval")
    case.do("send_back", item="submission", place=None)
    assert "submit#2" in case.open()
    assert "receive_approval" not in case.open()
    case.do("submit_for_approval")
    assert "receive_approval" in case.open()


# Suspending, resuming, ending


def test_a_suspended_case_takes_nothing_and_tells_nobody() -> None:
    case = reach("survey/")
    case.do("suspend")
    assert "案件已经中止" in case.refused("submit_survey")
    assert "案件已经中止" in case.refused("suspend")
    assert "案件已经中止" in case.refused("send_back")
    case.go(days=90)
    assert not case.tell(case.morning())
    assert "survey/shan" in case.open()


def test_resuming_starts_office_targets_anew_and_moves_no_statutory_day() -> None:
    case = reach("draft/acquisition")
    office = case.last_day("draft/acquisition")
    statutory = case.last_day("payment/xi")
    case.do("suspend")
    case.go(days=20)
    case.do("resume")
    assert case.last_day("draft/acquisition") > office
    assert case.last_day("payment/xi") == statutory
    assert case.duty("draft/acquisition").opened_on < case.today
    assert not case.refused("draft_acquisition")


@pytest.mark.parametrize("how", ["terminate", "closed"])
def test_an_ended_case_takes_nothing_more(how: str) -> None:
    if how == "terminate":
        case = reach("survey/")
        case.do("suspend")
        case.do("terminate")
        assert case.state.status is Status.TERMINATED
        words = "案件已经终止"
    else:
        case = Driver(small_brief()).play()
        words = "案件已经办结"
    for name in ("submit_survey", "resume", "terminate", "hand_over"):
        assert words in case.refused(name)
    assert not case.tell(case.morning() + timedelta(days=1))


def test_only_the_city_ends_a_case_and_every_conduct_has_its_document() -> None:
    case = Driver(small_brief())
    assert "应由市人民政府办理" in case.refused("terminate", by=unit("bureau"))
    for name in ("suspend", "terminate"):
        assert "须注明文号" in case.refused(name, document_number=None)


# Moving a day


def test_a_notice_s_period_can_only_grow_and_not_once_it_was_relied_on() -> None:
    case = reach("post/initiation")
    post_everywhere(case, "initiation")
    posted, last = case.today, case.last_day("period/initiation")
    shorter, longer = last - timedelta(days=1), last + timedelta(days=7)
    move = {"duty": "period/initiation"}
    assert "不得缩短" in case.refused("amend_deadline", day=shorter, **move)
    case.do("amend_deadline", day=longer, **move)
    case.go(to=longer)
    assert "公告期未满" in case.refused("submit_survey")
    case.go(days=1)
    case.do("submit_survey")
    assert "公告期已经届满" in case.refused("amend_deadline", day=longer + timedelta(9), **move)
    backdated = {"occurred_on": posted, "day": longer + timedelta(days=9)}
    assert "将失去依据" in case.refused("amend_deadline", **backdated, **move)


def test_an_amended_period_never_falls_short_of_the_order_after_a_correction() -> None:
    """Posted later than entered, the ten working days outlast the day that was set before."""
    case = reach("post/initiation")
    post_everywhere(case, "initiation")
    last = case.last_day("period/initiation")
    case.do("amend_deadline", duty="period/initiation", day=last + timedelta(days=1))
    case.go(to=last - timedelta(days=1))
    wrong = entry(case, "posting/initiation/portal")
    assert not put_right(case, wrong, occurred_on=case.today, evidence=PROOF)
    assert case.last_day("period/initiation") > last + timedelta(days=10)


def test_printed_days_can_only_grow() -> None:
    case = reach("register/")
    last = case.last_day("register/xi")
    later = last + timedelta(days=10)
    assert "不得缩短" in case.refused("amend_deadline", duty="register/xi", day=last - DAY)
    case.do("amend_deadline", duty="register/xi", day=later)
    assert case.last_day("register/xi") == later
    assert case.last_day("register/xi") != last
    case.play(until="draft/plan", unless=of("register_rights", "xi"))
    case.do("finalise_plan", registration_until=later + DAY, signing_until=later + 30 * DAY)
    assert case.last_day("register/xi") == later + DAY, "the later of the two extensions"


def test_the_later_of_an_extension_and_a_corrected_decision_holds() -> None:
    case = unsigned_houses(1).play(until="vacate/xia")
    last = case.last_day("vacate/xia")
    case.do("amend_deadline", duty="vacate/xia", day=last + DAY)
    decision = entry(case, "decision/xia")
    assert not put_right(case, decision, vacate_by=last + 9 * DAY)
    assert case.last_day("vacate/xia") == last + 9 * DAY


def test_the_payment_period_can_only_shrink() -> None:
    case = reach("payment/")
    last = case.last_day("payment/xi")
    assert "不得延长" in case.refused("amend_deadline", duty="payment/xi", day=last + DAY)
    case.do("amend_deadline", duty="payment/xi", day=last - DAY)
    assert case.last_day("payment/xi") == last - DAY


def test_an_office_target_moves_both_ways_but_not_into_the_past() -> None:
    case = reach("survey/")
    for day in (case.today + 50 * DAY, case.today + 5 * DAY):
        case.do("amend_deadline", duty="survey/shan", day=day)
        assert case.last_day("survey/shan") == day
    assert "不得早于变更之日" in case.refused(
        "amend_deadline", duty="survey/shan", day=case.today - DAY
    )


# Repeating


def test_a_repeat_is_harmless_and_another_content_under_the_same_id_is_a_fault() -> None:
    case = Driver(small_brief())
    first = case.do("draft_initiation")
    assert repeated(case.state, first)
    assert apply(case.state, first) == case.state
    assert not faults(case.state, first)
    other = COMMAND.validate_python(COMMAND.dump_python(first) | {"occurred_on": date(2026, 3, 1)})
    assert not repeated(case.state, other)
    assert faults(case.state, other) == (
        f"登记号{first.id}已用于另一项内容不同的登记，请换一个登记号",
    )
    case.play(until="survey/")
    assert repeated(case.state, first), "known also much later"


DAY = timedelta(days=1)
PROOF = (PHOTOGRAPH,)


def unit(name: str) -> dict[str, str]:
    return {"unit": name}
