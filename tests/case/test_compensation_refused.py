"""What is not computed, all at once; and what is computed but must be looked at."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from case.compensation import redated, statement
from case.faults import Faults
from case.wording import Fund
from law.prices import SHIPPED, table
from tests.case.costing import computed, file, house, land, line, refused, whole, yuan


def test_without_the_section_nothing_is_computed() -> None:
    bare = whole(1).model_copy(update={"compensation": None})
    (said,) = refused(bare)
    assert "没有补偿测算一节" in said


@pytest.mark.parametrize(
    ("approved", "said"),
    [("2020-12-14", "尚未施行"), ("2030-12-15", "已经失效")],
)
def test_outside_the_orders_ten_years_there_are_no_standards(approved: str, said: str) -> None:
    (fault,) = refused(file(1, land("耕地", "1"), approved=approved))
    assert said in fault


@pytest.mark.parametrize("approved", ["2020-12-15", "2030-12-14"])
def test_the_orders_first_and_last_day_have_standards(approved: str) -> None:
    assert computed(file(1, land("耕地", "1"), approved=approved)).total


def test_a_class_without_a_price_is_refused_and_never_priced_at_nothing() -> None:
    (fault,) = refused(whole(2), on=date(2024, 1, 1))[-1:]
    assert "没有二类区片耕地、林地、设施农用地、建设用地、未利用地在2024-01-01的" in fault


def test_another_approval_day_than_the_valuation_is_refused_for_each_item() -> None:
    faults = refused(whole(1), on=date(2024, 12, 25))
    assert len(faults) == 4
    assert all("应当是征地补偿安置方案批准之日2024-12-25" in fault for fault in faults)


def test_a_house_assessed_below_its_deduction_is_refused() -> None:
    # 120 m² are 0.18 亩; 5.4 万元 each make 9,720 yuan.
    sheet = {"houses": [house("a", "9719.99", 1)]}
    case = file(1, land("建设用地", "1"), houses=(("a", "120"),), sheet=sheet)
    (fault,) = refused(case)
    assert "低于应扣减的房屋基底占地安置补助费 9720.00 元" in fault
    assert (
        computed(
            file(
                1,
                land("建设用地", "1"),
                houses=(("a", "120"),),
                sheet={"houses": [house("a", "9720", 1)]},
            )
        ).funds[Fund.HOUSES]
        == 0
    )


def test_a_house_below_its_deduction_is_refused_where_another_class_has_no_price() -> None:
    """An office that entered construction land only."""
    (built,) = (price for price in SHIPPED if price.usable and price.composite == Decimal("5.9"))
    entered = replace(
        built, classes=("建设用地",), in_force_from=date(2024, 1, 1), in_force_to=None
    )
    case = redated(whole(2), date(2024, 5, 6))
    assert case.compensation is not None
    (sheet,) = case.compensation.villages
    low = sheet.houses[0].model_copy(update={"assessed": Decimal(1)})
    section = case.compensation.model_copy(
        update={
            "villages": (sheet.model_copy(update={"houses": (low, *sheet.houses[1:])}),),
        }
    )
    with pytest.raises(Faults) as raised:
        statement(
            case.model_copy(update={"compensation": section}),
            table([replace(entered, instrument="某文")]),
        )
    said = [str(fault) for fault in raised.value]
    assert len(said) == 2
    assert "没有二类区片耕地、林地、设施农用地、未利用地在2024-05-06的" in said[0]
    assert "低于应扣减" in said[1]


def test_article_20_the_valuation_day_is_for_houses_and_special_items_go_by_it() -> None:
    faults = refused(whole(1), on=date(2024, 12, 25))
    houses = [fault for fault in faults if "房屋“" in fault]
    assert all(fault.endswith("（第二十条）") for fault in houses)
    others = [fault for fault in faults if fault not in houses]
    assert len(others) == len(houses) == 2
    assert all("第二十条是就房屋规定的" in fault for fault in others)


@pytest.mark.parametrize(
    ("use", "industrial", "flagged"),
    [
        ("工业用地", False, True),
        ("商服用地", False, True),
        ("商业用地", False, True),
        ("教育用地", True, True),
        ("教育用地", False, False),
        ("工业用地", True, False),
    ],
)
def test_point_4_a_use_that_contradicts_the_risk_supplement_is_flagged(
    use: str, industrial: bool, flagged: bool
) -> None:
    case = file(1, land("耕地", "1"), industrial=industrial)
    project = case.project.model_copy(update={"use": use})
    flags = computed(case.model_copy(update={"project": project})).flags
    assert any(use in flag and "27号第四条" in flag for flag in flags) is flagged


def test_article_22_flat_rates_on_the_whole_area_are_flagged_where_something_is_not_paid() -> None:
    (flag,) = [flag for flag in computed(whole(1)).flags if "第二十二条" in flag]
    assert "某村列有不予补偿的违建、新棚" in flag
    assert not [flag for flag in computed(file(1, land("耕地", "1"))).flags if "第二十二条" in flag]


@pytest.mark.parametrize(("name", "noted"), [("林地", True), ("建设用地", False)])
def test_graves_where_no_construction_land_is_taken_are_paid_and_noted(
    name: str, noted: bool
) -> None:
    parcel = land(name, "1") | ({"above_10m": True} if name == "林地" else {})
    found = line(computed(file(1, parcel, sheet={"graves": 2})), "坟墓")
    assert found.amount == yuan("27,000")
    assert ("政策解读（九）" in found.note) is noted


def test_all_refusals_come_at_once() -> None:
    case = whole(2)
    assert case.compensation is not None
    faults = refused(case, on=date(2025, 1, 2))
    assert len([fault for fault in faults if "评估时点" in fault]) == 4
    assert len([fault for fault in faults if "没有二类区片" in fault]) == 1
