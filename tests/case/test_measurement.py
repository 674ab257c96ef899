"""Amounts are measured before they are certified, verified and paid (第十四、十六、二十四条).

A case is bound by the rules of the day it was launched.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from pydantic import TypeAdapter

from case.brief import Brief
from case.commands import COMMAND
from case.measurement import Measurement, Measuring
from case.schedule import Other, Request, reckon_schedule
from case.state import State
from case.view import view
from law.rules import RuleSet
from tests.case.bringing import post_everywhere, reach
from tests.case.driver import CALENDAR, LAUNCHED, small_brief
from tests.case.usual import measured
from tests.law.papers import calendar_up_to


def test_article_14_nothing_is_certified_before_it_is_measured() -> None:
    case = reach("measure")
    assert "funds" not in case.open()
    assert "尚未按登记的测算表测算" in case.refused("certify_funds")
    case.do("measure_compensation")
    assert "measure" not in case.open()
    assert case.duty("funds").preset == {"fund": "land", "measured": "100.00"}
    assert case.refused("certify_funds") == ""


def test_article_14_a_fund_is_certified_at_what_was_measured_for_it() -> None:
    case = reach("funds")
    sentence = case.refused("certify_funds", measured="99.00", in_place="99.00")
    assert "土地补偿费和安置补助费按测算表为100元，与登记的测算金额99元不符" in sentence
    assert sentence.endswith("（第十四条）。")
    # 耕地开垦费 has no rate in the order: the bureau's own figure stands.
    assert case.refused("certify_funds", fund="reclamation", measured="7", in_place="7") == ""


def test_a_new_measurement_reopens_the_funds_that_it_changes() -> None:
    case = reach("submit")
    assert case.duty("funds").met_on

    def dearer(brief: Brief, asked: Measuring) -> Measurement:
        before = measured(brief, asked)
        return replace(before, funds={**before.funds, "houses": Decimal(250)})

    case.measure = dearer
    case.do("measure_compensation", sheet="1" * 64)
    assert case.duty("funds").open
    assert case.duty("funds").preset == {"fund": "houses", "measured": "250"}
    assert "submit" not in case.open()
    case.do("certify_funds", fund="houses", measured="250", in_place="250")
    assert "submit" in case.open()


def test_nothing_is_measured_anew_once_it_is_submitted() -> None:
    case = reach("receive_approval")
    assert "已经报批" in case.refused("measure_compensation")


@pytest.mark.parametrize(
    ("place", "values", "words"),
    [
        ("xi", {"housing_quota": "899.99"}, "住宅用房安置指标按测算表为900.00平方米"),
        ("xi", {"housing_quota": "900.00"}, ""),
        ("xia", {"retained_land_subsidy": "1439999"}, "留地补助按测算表为1,440,000元"),
        ("xi", {"insurance_places": "35.0"}, "参保名额按农用地面积为36个"),
        ("xi", {"insurance_places": "35.1"}, ""),
        ("xi", {"insurance_places": "36.9"}, ""),
        ("xi", {"insurance_places": "37.0"}, "相差不得达到一个"),
    ],
)
def test_articles_24_27_what_is_verified_is_what_was_measured(
    place: str, values: dict[str, str], words: str
) -> None:
    sentence = reach("verify_quota").refused("verify_quota", village=place, **values)
    assert words in sentence
    assert bool(words) is bool(sentence)


def test_article_16_the_land_user_owes_what_was_measured() -> None:
    case = reach("payment")
    assert case.duty("payment/xi").title == "足额支付xi村的征地补偿费100元"
    assert "应付征地补偿费按测算表为100元" in case.refused("confirm_payment", payable="99.99")
    case.do("confirm_payment", paid="60")
    assert case.duty("payment/xi").open, "part of it is paid"
    case.do("confirm_payment", paid="100")
    assert case.duty("payment/xi").met_on == case.today


def test_a_measurement_counts_only_while_its_entry_stands() -> None:
    case = reach("funds")
    before = case.state.measurement
    assert before
    state = case.state.with_standing({}, frozenset({"measurement"}))
    assert state.measurement is None
    read = TypeAdapter(State).validate_json(TypeAdapter(State).dump_json(case.state))
    assert read.measurement == before


def test_the_final_notice_hangs_within_fifteen_working_days_of_the_approval() -> None:
    """实施条例第三十一条, beside the order's own “及时”."""
    case = reach("receive_approval")
    case.do("receive_approval")
    duty = case.duty("publish/acquisition")
    assert (duty.unit, duty.statutory) == ("bureau", True)
    assert "第三十一条" in duty.article
    assert case.last_day(duty.id) == CALENDAR.nth_working_day_after(case.today, 15)
    assert duty.command == "", "met by drafting, approving and posting"
    case.do("draft_acquisition")
    case.do("approve", notice="acquisition")
    assert case.duty(duty.id).open
    post_everywhere(case, "acquisition")
    assert case.duty(duty.id).met_on == case.today


def test_the_higher_laws_day_cannot_be_put_off() -> None:
    case = reach("receive_approval")
    case.do("receive_approval")
    later = case.last_day("publish/acquisition") + timedelta(days=1)
    sentence = case.refused("amend_deadline", duty="publish/acquisition", day=later)
    assert "不得延长" in sentence


def test_of_two_laws_the_stricter_day_is_worked_to_and_both_are_shown() -> None:
    case = reach("payment")
    schedule = case.state.schedules["payment/xi"]
    assert (schedule.deadline.rule, schedule.deadline.length) == ("payment", 30)
    approved = case.state.day("approval-received")
    assert approved
    assert schedule.deadline.last_day == approved + timedelta(days=30)
    case.do("draft_acquisition")
    case.do("approve", notice="acquisition")
    post_everywhere(case, "acquisition")
    schedule = case.state.schedules["payment/xi"]
    (other,) = schedule.others
    assert (other.rule, other.last_day) == ("provincial-payment", case.today + timedelta(days=60))
    assert schedule.deadline.last_day == approved + timedelta(days=30)
    shown = view(case.state, case.owed, case.morning())
    (said,) = {said for duty in shown.duties for said in duty.beside}
    assert "《浙江省土地管理条例》第四十六条" in said
    assert "温政令〔2020〕7号第十六条" in said
    assert "上位法" in shown.rules


@pytest.mark.parametrize(
    ("trigger", "worked_to", "last_day"),
    [
        (date(2026, 3, 2), "payment", date(2026, 4, 1)),
        # Counted from a day a month before the approval, the sixty days end first.
        (date(2026, 1, 30), "provincial-payment", date(2026, 3, 31)),
    ],
)
def test_within_periods_the_first_last_day_is_the_stricter(
    trigger: date, worked_to: str, last_day: date
) -> None:
    found = reckon_schedule(
        Request(
            id="payment/x",
            rule="payment",
            trigger=date(2026, 3, 2),
            opened_on=date(2026, 3, 2),
            known_on=date(2026, 3, 2),
            rules_of=date(2026, 1, 1),
            others=(Other(rule="provincial-payment", trigger=trigger),),
        ),
        CALENDAR,
    )
    assert (found.deadline.rule, found.deadline.last_day) == (worked_to, last_day)
    assert len(found.others) == 1


def test_a_case_from_before_rules_were_fixed_keeps_what_it_had() -> None:
    """Recorded lives of such cases must go on as they began."""
    state = State(brief=small_brief(), launched_on=LAUNCHED)
    old = replace(reach("measure").state, rule_set=None)
    assert state.rules_of is None
    assert not old.bound_by("final-notice-by")
    case = reach("measure")
    case.state = old
    case.go(days=1)
    assert "measure" not in case.open()
    assert case.refused("certify_funds", measured="7", in_place="7") == ""


def test_a_case_is_bound_by_the_rules_of_its_launch() -> None:
    state = State.launched(small_brief(), date(2021, 8, 31))
    assert state.rule_set == RuleSet.of(date(2021, 8, 31))
    assert not state.bound_by("final-notice-by")
    assert State.launched(small_brief(), date(2021, 9, 1)).bound_by("final-notice-by")


def test_a_measurement_is_not_corrected_but_made_anew() -> None:
    case = reach("funds")
    entry = case.state.standing["measurement"]
    right = COMMAND.dump_python(entry) | {"sheet": "1" * 64}
    sentence = case.refused("correct", entry=entry.id, replacement=right)
    assert "重新办理即可" in sentence


def test_a_corrected_approval_day_makes_the_measurement_stale_until_submission() -> None:
    """第二十条：the day the plan was approved is the day of all appraisals."""
    case = reach("measure")
    case.do("measure_compensation")
    case.do("certify_funds")
    entry = case.state.standing["approval/plan"]
    drafted = case.state.day("draft/plan")
    assert drafted
    right = COMMAND.dump_python(entry) | {"document_number": "温〔2026〕改1号"}
    case.do("correct", entry=entry.id, replacement=right)
    assert "measure" not in case.open(), "the day is the same"
    stale = replace(case.state.measured or _never(), plan_approved_on=drafted - timedelta(days=1))
    case.state = replace(case.state, measured=stale)
    case.go(days=1)
    assert "measure" in case.open()
    assert "funds" not in case.open()
    assert "须重新测算" in (case.state.lacks(case.today)[9] or "")
    case.do("measure_compensation")
    assert "funds" in case.open()


def _never() -> Measurement:
    raise AssertionError("the case was measured")


def test_a_case_from_before_rules_were_fixed_measures_nothing() -> None:
    case = reach("measure")
    case.state = replace(case.state, rule_set=None)
    assert "不另测算" in case.refused("measure_compensation")


def test_the_ladder_goes_on_where_only_the_higher_laws_day_moves() -> None:
    """Otherwise a rung due that very morning would be lost, and an old one told again."""
    case = reach("payment")
    case.do("draft_acquisition")
    case.do("approve", notice="acquisition")
    case.go(to=CALENDAR.nth_working_day_after(case.last_day("payment/xi"), 5))
    before = case.state.schedules["payment/xi"]
    assert [rung.name for rung in before.rungs][-1] == "+5"
    assert not before.others
    post_everywhere(case, "acquisition")
    after = case.state.schedules["payment/xi"]
    assert after.others
    assert after.rungs == before.rungs
    assert after.request.known_on == before.request.known_on
    told = {each.duty_id: each for each in case.tell(case.morning())}
    assert told["payment/xi"].rung.endswith("/+5")
    assert "city" in told["payment/xi"].audience


def test_an_amended_day_beyond_the_horizon_stays_provisional() -> None:
    """The law's own day may yet turn out to be an earlier one."""
    found = reckon_schedule(
        Request(
            id="publish/acquisition",
            rule="final-notice-by",
            trigger=date(2026, 12, 14),
            amended=date(2027, 1, 4),
            opened_on=date(2026, 12, 14),
            known_on=date(2026, 12, 14),
        ),
        calendar_up_to(2026),
    ).deadline
    assert (found.last_day, found.latest) == (date(2027, 1, 4), date(2027, 1, 4))
    assert found.earliest < found.last_day
    assert found.provisional


def test_a_rule_added_to_the_tables_later_binds_no_running_case() -> None:
    state = State.launched(small_brief(), date(2026, 1, 1))
    assert state.rule_set
    fewer = replace(state.rule_set, periods=state.rule_set.periods[:-1])
    kept = TypeAdapter(RuleSet).validate_json(TypeAdapter(RuleSet).dump_json(fewer))
    assert not kept.has(state.rule_set.periods[-1])
