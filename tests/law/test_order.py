"""The order's own lists and its dated table of periods."""

from datetime import date

import pytest

from law.counting import Counting
from law.order import DEPARTMENTS, FROZEN_MATTERS, GROUNDS, STEPS, is_village_group, zone_of
from law.rules import OFFICE, ORDER, RULES, NoRule, rule

PERIODS = [
    ("initiation-notice", "第六条", Counting.AT_LEAST_WORKING_DAYS, 10),
    ("compensation-notice", "第十条", Counting.AT_LEAST_DAYS, 30),
    ("acquisition-notice", "第十五条", Counting.AT_LEAST_WORKING_DAYS, 10),
    ("payment", "第十六条", Counting.WITHIN_DAYS, 30),
    ("registration-period", "第十二条", Counting.PRINTED_DAY, None),
    ("signing-period", "第九条", Counting.PRINTED_DAY, None),
    ("vacating-period", "第十七条", Counting.PRINTED_DAY, None),
    ("office-target", OFFICE, Counting.WITHIN_WORKING_DAYS, None),
]


@pytest.mark.parametrize(("rule_id", "article", "counting", "length"), PERIODS)
def test_the_periods_of_the_order(
    rule_id: str, article: str, counting: Counting, length: int | None
) -> None:
    entry = rule(rule_id, date(2026, 1, 1))
    assert (entry.article, entry.counting, entry.length) == (article, counting, length)
    assert entry.instrument == (OFFICE if rule_id == "office-target" else ORDER)


def test_no_period_is_left_unlisted() -> None:
    assert [entry.id for entry in RULES] == [row[0] for row in PERIODS]


@pytest.mark.parametrize("day", [date(2020, 12, 15), date(2030, 12, 14)])
def test_the_order_is_in_force_on_its_first_and_last_day(day: date) -> None:
    assert rule("payment", day) is rule("payment")


@pytest.mark.parametrize("day", [date(2020, 12, 14), date(2030, 12, 15)])
def test_outside_its_ten_years_the_order_gives_no_period(day: date) -> None:
    with pytest.raises(NoRule, match="没有施行中的“核定指标、名额并足额支付期限”规定"):
        rule("payment", day)


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(NoRule, match="没有名为“x”的期限规则"):
        rule("x")


@pytest.mark.parametrize(
    ("district", "township", "zone"),
    [
        ("鹿城区", "南汇街道", 1),
        ("龙湾区", "永中街道", 1),
        ("瓯海区", "三垟街道", 1),
        ("洞头区", "灵昆街道", 1),
        ("洞头区", "北岙街道", 2),
        ("洞头区", "大门镇", 2),
    ],
)
def test_only_dongtou_outside_lingkun_is_zone_two(district: str, township: str, zone: int) -> None:
    assert zone_of(district, township) == zone


@pytest.mark.parametrize("district", ["乐清市", "灵昆街道", ""])
def test_elsewhere_the_order_does_not_apply(district: str) -> None:
    with pytest.raises(ValueError, match="不在本办法适用的"):
        zone_of(district, "灵昆街道")


def test_a_village_group_needs_all_three_conditions() -> None:
    assert is_village_group(True, True, True)
    assert not is_village_group(False, True, True)
    assert not is_village_group(True, False, True)
    assert not is_village_group(True, True, False)


def test_the_lists_are_complete() -> None:
    assert len(DEPARTMENTS) == len(FROZEN_MATTERS) == 7
    assert list(GROUNDS) == [1, 2, 3, 4, 5, 6]
    assert [step.number for step in STEPS] == list(range(1, 15))
