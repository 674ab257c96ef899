"""Every article of the order is kept somewhere and tried by a test of its name; see docs/law.md.

The articles that no other file tries have their tests here.
"""

from datetime import date, timedelta

import pytest

from case.entries import CaseFile
from case.ledger import Kind
from case.wording import Notice
from law import order
from law.conditions import condition
from law.entry import ORDER, Layer
from law.order import STEPS
from law.rules import RULES
from tests.articles import ARTICLES, DOCUMENT, LAST_ARTICLE, POINTS, document, place, untested
from tests.case.bringing import post_everywhere, reach
from tests.case.costing import DAYS, computed, file, land
from tests.case.driver import CALENDAR


def test_every_article_and_point_is_in_the_map() -> None:
    assert list(ARTICLES) == list(range(1, LAST_ARTICLE + 1))
    assert list(POINTS) == [1, 2, 3, 4, 5]


def test_no_article_is_without_a_test_of_its_name() -> None:
    assert untested() == []


@pytest.mark.parametrize(
    "name", sorted({name for kept in (*ARTICLES.values(), *POINTS.values()) for name in kept.names})
)
def test_what_keeps_an_article_is_there(name: str) -> None:
    assert place(name).endswith(".py")


def test_the_document_is_what_the_code_says() -> None:
    written = DOCUMENT.read_text(encoding="utf-8")
    assert written == document(), "python -m tests.articles writes it anew"


def test_a_name_that_leads_nowhere_is_found() -> None:
    with pytest.raises(AttributeError):
        place("law.order:NO_SUCH_TABLE")


# The articles


def test_article_1_the_periods_of_the_first_layer_are_the_orders_own() -> None:
    instruments = {entry.instrument for entry in RULES if entry.layer is Layer.ORDER}
    assert instruments == {ORDER, "内部时限"}


@pytest.mark.parametrize("district", ["鹿城区", "龙湾区", "瓯海区", "洞头区", "乐清市"])
def test_article_2_the_order_applies_in_four_districts(district: str) -> None:
    assert (district in order.DISTRICTS) is (district != "乐清市")


def test_article_3_townships_carry_out_what_the_city_organises() -> None:
    case = reach("survey/")
    assert {duty.unit for duty in case.owed if duty.id.startswith(("survey/", "risk/"))} == {
        "township:shan",
        "township:hai",
    }
    assert "应由山镇办理" in case.refused("submit_survey", by={"unit": "township:hai"})


def test_article_4_each_department_is_named_as_the_order_names_it() -> None:
    for name in ("农业农村", "住房和城乡建设", "公安", "市场监督管理", "税务", "发展和改革"):
        assert name in order.DEPARTMENTS


@pytest.mark.parametrize("choice", ["货币补偿", "产权调换"])
def test_article_5_the_owner_of_a_house_takes_money_or_another_house(choice: str) -> None:
    house = {"house": "h1", "choice": choice, "assessed": "100000", "valued_on": DAYS[1]}
    found = computed(
        file(1, land("建设用地", "1"), houses=(("h1", "100"),), sheet={"houses": [house]})
    )
    (line,) = [each for each in found.lines if each.item.startswith("房屋")]
    assert line.amount == 100_000
    assert choice in f"{line.item}{line.note}"


def test_article_6_the_notice_hangs_ten_working_days_everywhere() -> None:
    case = reach("post/initiation")
    post_everywhere(case, "initiation")
    period = case.state.period(Notice.INITIATION)
    assert period
    assert period.last_day == CALENDAR.nth_working_day_after(case.today, 10)
    case.go(to=period.last_day)
    assert "公告期未满" in case.refused("submit_survey")
    case.go(days=1)
    assert case.refused("submit_survey") == ""


@pytest.mark.parametrize("missing", order.INITIATION_NOTICE_CONTENTS)
def test_article_6_the_notice_has_all_its_contents(missing: str) -> None:
    contents = [each for each in order.INITIATION_NOTICE_CONTENTS if each != missing]
    assert missing in reach("draft/").refused("draft_initiation", contents=contents)


@pytest.mark.parametrize("missing", order.SURVEY_CONTENTS)
def test_article_7_the_survey_has_all_its_contents(missing: str) -> None:
    contents = [each for each in order.SURVEY_CONTENTS if each != missing]
    assert missing in reach("survey/").refused("submit_survey", contents=contents)


def test_article_8_the_risk_assessment_is_filed_before_the_plan() -> None:
    case = reach("risk/")
    case.do("submit_survey", township="shan")
    case.do("submit_survey", township="hai", by={"unit": "township:hai"})
    assert "社会稳定风险评估" in case.refused("draft_plan")


@pytest.mark.parametrize("missing", order.PLAN_CONTENTS)
def test_article_9_the_plan_has_all_its_contents(missing: str) -> None:
    contents = [each for each in order.PLAN_CONTENTS if each != missing]
    assert missing in reach("draft/compensation").refused("draft_plan", plan_contents=contents)


def test_article_10_the_compensation_notice_hangs_thirty_days_then_receipts() -> None:
    case = reach("post/compensation")
    post_everywhere(case, "compensation")
    last = case.today + timedelta(days=30)
    case.go(to=last)
    assert "公告期未满" in case.refused("return_receipt")
    case.go(days=1)
    assert case.refused("return_receipt") == ""


def test_article_12_who_does_not_register_is_served_the_survey() -> None:
    case = reach("post/compensation")
    post_everywhere(case, "compensation")
    case.do("register_rights", village="xi", holders=5)
    until = case.last_day("register/xi")
    case.go(to=until)
    assert "serve/xi" not in case.open()
    assert case.refused("serve_survey_result", village="xi", holders=1)
    case.go(days=1)
    assert "serve/xi" in case.open()
    assert case.refused("serve_survey_result", village="xi", holders=1) == ""


def test_article_13_the_share_signed_meets_the_superiors_rule() -> None:
    case = reach("measure")
    assert "第9步" in case.refused("submit_for_approval")


@pytest.mark.parametrize("missing", order.ACQUISITION_NOTICE_CONTENTS)
def test_article_15_the_acquisition_notice_has_all_its_contents(missing: str) -> None:
    contents = [each for each in order.ACQUISITION_NOTICE_CONTENTS if each != missing]
    assert missing in reach("draft/acquisition").refused("draft_acquisition", contents=contents)


def test_article_16_quota_and_payment_are_due_thirty_days_after_the_approval() -> None:
    case = reach("payment/xi")
    approved = case.state.day("approval-received")
    assert approved
    for duty in ("payment/xi", "verify_quota/xi"):
        assert case.last_day(duty) == approved + timedelta(days=30)


def test_article_17_no_land_is_handed_over_before_it_is_paid_in_full() -> None:
    assert "尚未足额到位" in reach("payment/xi").refused("hand_over")


def test_article_29_people_of_sixteen_and_over_may_be_insured_and_places_are_not_traded() -> None:
    assert condition("insured-age", date(2026, 1, 1)).value == "16"
    assert {kind.name for kind in Kind} == {"QUOTA", "SUBSIDY"}, "no account of insurance places"


def test_article_30_employment_is_none_of_the_fourteen_steps() -> None:
    assert len(STEPS) == 14
    assert not [step for step in STEPS if "就业" in step.title]


@pytest.mark.parametrize(
    "reason",
    ["涉嫌挪用征地补偿费（第三十一条）", "阻挠征收（第三十二条）", "涉嫌徇私舞弊（第三十三条）"],
)
def test_articles_31_32_33_a_case_is_suspended_with_the_article_named(reason: str) -> None:
    case = reach("survey/")
    said = case.do("suspend", reason=reason)
    assert getattr(said, "reason", "") == reason
    assert case.state.suspended
    assert "已经中止" in case.refused("submit_survey")


def test_article_34_land_of_a_state_farm_is_reckoned_by_the_same_standards() -> None:
    village = file(1, land("林地", "10", above_10m=True))
    plain = village.model_dump(mode="json", by_alias=True)
    plain["townships"][0]["villages"][0]["collective"] = "温州市国有某林场"
    farm = computed(CaseFile.model_validate(plain))
    assert farm.total == computed(village).total
    assert {line.collective for line in farm.lines} == {"温州市国有某林场"}


def test_article_35_the_order_took_force_on_its_first_day() -> None:
    starts = {entry.in_force_from for entry in RULES if entry.instrument == ORDER}
    ends = {entry.in_force_to for entry in RULES if entry.instrument == ORDER}
    assert (starts, ends) == ({date(2020, 12, 15)}, {date(2030, 12, 14)})
