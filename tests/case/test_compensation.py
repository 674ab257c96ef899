"""What a case costs: the published computation, every row of the money table by hand, refusals."""

import hashlib
import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case.brief import digest
from case.compensation import redated, statement
from case.entries import CaseFile
from case.file import load
from case.land import LandClass, written
from case.statement import Due, Line, Payer, to_yuan
from case.wording import Fund
from law.prices import table
from tests.case.costing import computed, file, house, land, line, whole, yuan

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_articles_19_23_the_published_computation_of_yanghe_village_is_reproduced() -> None:
    """垟河村, 三垟街道, published 2024-12-24: 36.6757 公顷 of farmland, 6491.5990 万元 in all."""
    found = computed(file(1, land("耕地", "36.6757", "公顷")))
    published = {
        "征地区片综合地价": "49,512,195",
        "青苗包干费": "8,252,033",
        "农用地其他地上附着物": "5,501,355",
        "征地现场处理包干费": "1,650,407",
    }
    assert {item: line(found, item).amount for item in published} == {
        item: yuan(amount) for item, amount in published.items()
    }
    (village,) = found.villages
    assert village.payable == yuan("64,915,990")
    assert village.housing_quota == Decimal("33008.13")
    assert village.insurance_places == Decimal("1320.3252")
    assert village.places == Decimal("1320.3")


HAND: dict[int, list[tuple[str, str, str, str]]] = {
    # item, base × rate by hand, article, yuan
    1: [
        ("征地区片综合地价（全部地类）", "7.5 × 9", "第十九条", "675,000"),
        ("房屋 a", "500000.5 × 1", "第二十条", "500,001"),
        ("房屋 b", "300000 × 1", "第二十条", "300,000"),
        ("扣减房屋基底占地安置补助费（货币补偿）", "0.18 × -5.4", "政策解读（七）", "-9,720"),
        ("扣减房屋基底占地安置补助费（产权调换）", "0.12 × -5.4", "政策解读（七）", "-6,480"),
        ("建设用地其他地上附着物包干费", "2.7 × 10", "第二十条第（一）项", "270,000"),
        ("坟墓", "3 × 1.35", "第二十条第（三）项", "40,500"),
        ("农用地其他地上附着物包干费", "3.5 × 1", "第二十一条第（一）项", "35,000"),
        ("青苗包干费", "3.5 × 1.5", "第二十一条第（一）项", "52,500"),
        ("特殊附着物 桥", "100001 × 0.65", "第二十条第（一）项", "65,001"),
        ("特殊附着物 棚", "100001 × 0.65", "第二十一条第（三）项", "65,001"),
        ("迁移费用 苗", "1234.5 × 1", "第二十一条第（四）项", "1,235"),
        ("迁移费用 猪", "800 × 1", "第二十一条第（四）项", "800"),
        ("不予补偿 违建", "1 × 0", "第二十二条", "0"),
        ("不予补偿 新棚", "1 × 0", "第二十二条", "0"),
        ("征地现场处理包干费", "7.5 × 0.3", "第二十三条", "22,500"),
        ("被征地农民社会保障费用", "8.4 × 7.5", "第二十八条", "630,000"),
        ("政府补贴社保资金", "3.5 × 3.3", "27号第四条", "115,500"),
        ("社会保障风险补充资金", "3.5 × 7.5", "27号第四条", "262,500"),
    ],
    2: [
        ("征地区片综合地价（农用地（除林地外）、建设用地）", "5 × 5.9", "第十九条", "295,000"),
        ("征地区片综合地价（林地、未利用地）", "2.5 × 3.6", "第十九条", "90,000"),
        ("房屋 a", "500000.5 × 1", "第二十条", "500,001"),
        ("房屋 b", "300000 × 1", "第二十条", "300,000"),
        ("扣减房屋基底占地安置补助费（货币补偿）", "0.18 × -3.7", "政策解读（七）", "-6,660"),
        ("扣减房屋基底占地安置补助费（产权调换）", "0.12 × -3.7", "政策解读（七）", "-4,440"),
        ("建设用地其他地上附着物", "2.7 × 0", "第二十条第（二）项", "0"),
        ("坟墓", "3 × 1.35", "第二十条第（三）项", "40,500"),
        ("农用地其他地上附着物包干费", "2 × 1", "第二十一条第（二）项", "20,000"),
        ("青苗包干费", "2 × 1.5", "第二十一条第（二）项", "30,000"),
        ("林地包干费", "1.5 × 1.4", "第二十一条第（二）项", "21,000"),
        ("特殊附着物 桥", "100001 × 0.65", "第二十条第（二）项", "65,001"),
        ("特殊附着物 棚", "100001 × 0.65", "第二十一条第（三）项", "65,001"),
        ("迁移费用 苗", "1234.5 × 1", "第二十一条第（四）项", "1,235"),
        ("迁移费用 猪", "800 × 1", "第二十一条第（四）项", "800"),
        ("不予补偿 违建", "1 × 0", "第二十二条", "0"),
        ("不予补偿 新棚", "1 × 0", "第二十二条", "0"),
        ("征地现场处理包干费", "7.5 × 0.1", "第二十三条", "7,500"),
        ("留地补助（农用地，林地除外）", "2 × 9.6", "第二十四条", "192,000"),
        ("留地补助（林地）", "1.5 × 5.6", "第二十四条", "84,000"),
        ("留地补助（建设用地）", "3 × 8", "第二十四条", "240,000"),
        ("留地补助（未利用地）", "1 × 6", "第二十四条", "60,000"),
        ("被征地农民社会保障费用", "8.4 × 7.5", "第二十八条", "630,000"),
    ],
}


@pytest.mark.parametrize("zone", [1, 2])
def test_articles_20_21_23_24_27_28_every_row_of_the_money_table_by_hand(zone: int) -> None:
    found = computed(whole(zone))
    items = [item for item, *_ in HAND[zone]]
    assert [each.item[: len(item)] for each, item in zip(found.lines, items, strict=True)] == items
    assert [(product(each), each.article, each.amount) for each in found.lines] == [
        (by_hand, article, yuan(amount)) for _, by_hand, article, amount in HAND[zone]
    ]
    assert found.total == sum(yuan(amount) for *_, amount in HAND[zone])


def product(of: Line) -> str:
    base = str(of.base) if of.unit == "元" else written(of.base)
    return f"{base} × {written(of.rate)}"


def test_zone_1_is_granted_a_housing_quota_and_zone_2_retained_land() -> None:
    (one,), (two,) = computed(whole(1)).villages, computed(whole(2)).villages
    # 3.5 亩 of farmland less 1 亩 of forest above ten metres, 60 m² each
    assert (one.housing_quota, one.retained_land_subsidy) == (Decimal(150), None)
    assert (two.housing_quota, two.retained_land_subsidy) == (None, yuan("576,000"))
    assert one.insurance_places == two.insurance_places == Decimal("8.4")


def test_forest_in_zone_1_is_paid_as_other_farmland() -> None:
    found = computed(file(1, land("林地", "2", above_10m=True)))
    assert line(found, "青苗").amount == yuan("30,000")
    assert line(found, "农用地其他").amount == yuan("20,000")
    assert found.villages[0].housing_quota == 0


def test_industry_and_commerce_pay_no_risk_supplement_and_the_line_says_why() -> None:
    found = computed(whole(1, industrial=True))
    risk = line(found, "社会保障风险补充资金")
    assert (risk.base, risk.amount) == (Decimal("3.5"), Decimal(0))
    assert "工业、商服" in risk.note
    assert line(found, "政府补贴社保资金").amount == yuan("115,500")
    assert found.funds[Fund.RISK] == 0


def test_point_4_subsidy_and_risk_supplement_are_for_zone_1_only() -> None:
    assert not {Fund.SUBSIDY, Fund.RISK} & set(computed(whole(2)).funds)


FUNDS = {
    1: {
        Fund.LAND: "675,000",
        Fund.HOUSES: "783,801",
        Fund.ATTACHMENTS: "552,537",
        Fund.INSURANCE: "630,000",
        Fund.SUBSIDY: "115,500",
        Fund.RISK: "262,500",
    },
    2: {
        Fund.LAND: "385,000",
        Fund.HOUSES: "788,901",
        Fund.ATTACHMENTS: "251,037",
        Fund.INSURANCE: "630,000",
    },
}


EXCHANGED = {1: "293,520", 2: "295,560"}
"""House b less the deduction for its footprint, 0.12 亩."""


@pytest.mark.parametrize("zone", [1, 2])
def test_point_5_funds_hold_what_must_be_in_place_before_submission(zone: int) -> None:
    found = computed(whole(zone))
    assert found.funds == {fund: yuan(amount) for fund, amount in FUNDS[zone].items()}
    assert found.unmeasured == (Fund.RECLAMATION, Fund.REPLACEMENT)


@pytest.mark.parametrize("zone", [1, 2])
def test_the_land_user_owes_the_village_land_houses_attachments_and_crops(zone: int) -> None:
    found = computed(whole(zone))
    owed = sum(yuan(FUNDS[zone][fund]) for fund in (Fund.LAND, Fund.HOUSES, Fund.ATTACHMENTS))
    owed -= yuan(EXCHANGED[zone])
    assert found.villages[0].payable == owed
    assert found.payments[Payer.LAND_USER, Due.AFTER_APPROVAL] == owed
    assert sum(found.payments.values()) == found.total


@pytest.mark.parametrize("zone", [1, 2])
def test_article_20_a_house_exchanged_for_another_is_no_cash_due_in_thirty_days(zone: int) -> None:
    found = computed(whole(zone))
    by_agreement = [each for each in found.lines if each.due is Due.BY_AGREEMENT]
    assert [each.item for each in by_agreement] == [
        "房屋 b（产权调换）",
        "扣减房屋基底占地安置补助费（产权调换）",
    ]
    assert {each.fund for each in by_agreement} == {Fund.HOUSES}
    assert found.payments[Payer.LAND_USER, Due.BY_AGREEMENT] == yuan(EXCHANGED[zone])


def test_article_16_names_no_day_for_retained_land_subsidy() -> None:
    retained = [each for each in computed(whole(2)).lines if each.article == "第二十四条"]
    assert {(each.payer, each.due) for each in retained} == {(Payer.UNNAMED, Due.UNNAMED)}


def test_each_line_is_rounded_half_up_to_the_yuan() -> None:
    halves = {"0.5": "1", "1.5": "2", "2.4999": "2", "-0.5": "-1", "-2.4": "-2"}
    assert {text: to_yuan(Decimal(text)) for text in halves} == {
        text: Decimal(rounded) for text, rounded in halves.items()
    }


def test_areas_of_classes_with_one_price_are_added_before_they_are_priced() -> None:
    # 0.00005 亩 × 9 万元 is 4.5 yuan: twice rounded it would be 10, once it is 9.
    found = computed(file(1, land("耕地", "0.00005"), land("园地", "0.00005")))
    assert line(found, "征地区片综合地价").amount == 9


@pytest.mark.parametrize(
    ("mu", "kept"),
    [("1", "2.4"), ("0.1", "0.2"), ("0.020833", "0"), ("0.020834", "0.1"), ("3.52197", "8.5")],
)
def test_places_are_kept_to_one_decimal_as_the_interpretation_allows(mu: str, kept: str) -> None:
    (village,) = computed(file(1, land("耕地", mu))).villages
    assert village.insurance_places == Decimal(mu) * Decimal("2.4")
    assert village.places == Decimal(kept)


@pytest.mark.parametrize(
    ("mu", "granted"), [("49.9275", "120"), ("3.522", "9"), ("550.1355", "1320")]
)
def test_places_as_published_are_granted_by_the_bureau(mu: str, granted: str) -> None:
    """119.826 → 120, 8.4528 → 9, 1320.3252 → 1320: not one rounding, so the grant is entered."""
    sheet = {"insurance_places": granted, "insurance_rule": "按公布的名额"}
    found = computed(file(1, land("耕地", mu), sheet=sheet))
    assert line(found, "被征地农民社会保障费用").amount == Decimal(granted) * 75_000
    assert "按公布的名额" in found.villages[0].places_rule


def test_article_22_an_unlawful_house_is_listed_at_nothing_and_nothing_deducted() -> None:
    sheet = {
        "houses": [house("a", "400000", 1)],
        "uncompensated": [{"item": "违建房", "ground": "违法", "house": "b"}],
    }
    found = computed(
        file(1, land("建设用地", "1"), houses=(("a", "120"), ("b", "80")), sheet=sheet)
    )
    assert line(found, "扣减").base == Decimal("0.18")
    # What lies under either house is no ground for the flat rate.
    assert line(found, "建设用地其他").base == Decimal("0.7")
    assert line(found, "不予补偿 违建房（房屋 b）").amount == 0


def test_redated_file_is_computed_on_its_new_day() -> None:
    moved = redated(whole(1), date(2026, 9, 1))
    found = statement(moved, table())
    assert found.plan_approved_on == date(2026, 9, 1)
    assert found.total == computed(whole(1)).total


def test_articles_6_11_redated_keeps_the_initiation_notice_before_that_day() -> None:
    posted = date(2020, 10, 12)
    for on, kept in (
        (posted, date(2020, 10, 11)),
        (date(2020, 10, 13), posted),
        (date(2026, 9, 1), posted),
    ):
        section = redated(whole(1), on).compensation
        assert section is not None
        assert section.initiation_posted_on == kept


def test_section_survives_the_registry() -> None:
    """As stored: by alias, as JSON."""
    stored = load(EXAMPLES / "three-villages.yaml").model_dump_json(by_alias=True)
    assert statement(CaseFile.model_validate_json(stored), table()).total == yuan("63,810,049")


@pytest.mark.parametrize(
    ("name", "total"), [("one-village", "58,912,929"), ("three-villages", "63,810,049")]
)
def test_examples_are_computed_without_a_name(name: str, total: str) -> None:
    case = load(EXAMPLES / f"{name}.yaml")
    found = statement(case, table())
    assert found.total == yuan(total)
    told = str(asdict(found))
    for _, village in case.villages:
        names = [each.owner for each in village.houses] + [each.title for each in village.houses]
        assert not [each for each in names if each in told]


def test_a_file_without_what_came_later_digests_as_before() -> None:
    bare = whole(1).model_copy(update={"compensation": None})
    said = bare.model_dump(mode="json", by_alias=True, exclude={"compensation"})
    for person in said["directory"]:
        assert not person.pop("fallback")
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert digest(bare) == hashlib.sha256(text.encode()).hexdigest()


_AREAS = st.decimals(min_value="0.0001", max_value="999", places=4)


@given(_AREAS, _AREAS, st.sampled_from(["亩", "公顷", "平方米"]), st.sampled_from([1, 2]))
def test_article_18_the_total_is_the_sum_of_whole_yuan_and_land_is_paid_once(
    first: Decimal, second: Decimal, unit: str, zone: int
) -> None:
    case = file(zone, land("耕地", str(first), unit), land("未利用地", str(second), unit))
    found = computed(case)
    assert found.total == sum(each.amount for each in found.lines)
    assert all(each.amount == to_yuan(each.amount) for each in found.lines)
    priced = [each.base for each in found.lines if each.article == "第十九条"]
    assert sum(priced) == case.townships[0].villages[0].area(LandClass)
