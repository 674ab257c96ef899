"""What the order and the law around it demand besides periods and rates."""

from datetime import date
from decimal import Decimal

import pytest

from law.conditions import (
    CONDITIONS,
    PROVINCIAL_GOVERNMENT,
    STATE_COUNCIL,
    approving_authority,
    condition,
    hearing_is_mandatory,
    price_review_due,
)
from law.entry import Layer, NoRule
from law.higher import COMPARED, HIGHER_PERIODS
from law.rules import ALL_PERIODS, RULES, RuleSet, out_of_force, rule


@pytest.mark.parametrize(
    ("objecting", "members", "mandatory"),
    [(0, 1, False), (1, 2, False), (2, 3, True), (268, 536, False), (269, 536, True), (1, 1, True)],
)
def test_article_11_exactly_half_is_not_enough(
    objecting: int, members: int, mandatory: bool
) -> None:
    assert hearing_is_mandatory(objecting, members) is mandatory


@pytest.mark.parametrize(
    ("published", "due"),
    [(date(2021, 1, 1), date(2024, 1, 1)), (date(2024, 2, 29), date(2027, 2, 28))],
)
def test_article_19_prices_are_reviewed_every_three_years(published: date, due: date) -> None:
    assert price_review_due(published) == due


@pytest.mark.parametrize(
    ("basic", "arable", "total", "authority"),
    [
        ("0", "525", "525", PROVINCIAL_GOVERNMENT),
        ("0", "525.0001", "525.0001", STATE_COUNCIL),
        ("0.01", "1", "1", STATE_COUNCIL),
        ("0", "0", "1050", PROVINCIAL_GOVERNMENT),
        ("0", "0", "1050.0001", STATE_COUNCIL),
        ("0", "525", "1575", PROVINCIAL_GOVERNMENT),
    ],
)
def test_land_law_46_who_approves(basic: str, arable: str, total: str, authority: str) -> None:
    found, reason = approving_authority(
        Decimal(basic), Decimal(arable), Decimal(total), date(2026, 1, 1)
    )
    assert found == authority
    assert "第四十六条" in reason


def test_a_condition_not_in_force_or_unknown_is_refused_in_words() -> None:
    with pytest.raises(NoRule, match="没有施行中的"):
        condition("hearing-majority", date(2020, 12, 14))
    with pytest.raises(NoRule):
        condition("no-such", date(2026, 1, 1))
    assert condition("insured-age", date(2026, 1, 1)).value == "16"


def test_every_entry_says_where_it_comes_from() -> None:
    ids = [entry.id for entry in (*ALL_PERIODS, *CONDITIONS)]
    assert len(set(ids)) == len(ids)
    assert all(entry.instrument and entry.title for entry in (*ALL_PERIODS, *CONDITIONS))
    assert {entry.layer for entry in HIGHER_PERIODS} == {Layer.HIGHER}
    assert {entry.layer for entry in RULES} == {Layer.ORDER}
    # What was not read in full may be shown, but there is no period that would be worked with.
    assert {entry.id for entry in CONDITIONS if not entry.confirmed} == {
        "hearing-notice",
        "enforcement-application",
    }


@pytest.mark.parametrize(
    ("rule_id", "source", "length", "in_force_from"),
    [
        (
            "national-initiation-notice",
            "《中华人民共和国土地管理法实施条例》第二十六条",
            10,
            "2021-09-01",
        ),
        (
            "national-compensation-notice",
            "《中华人民共和国土地管理法》第四十七条",
            30,
            "2020-01-01",
        ),
        ("final-notice-by", "《中华人民共和国土地管理法实施条例》第三十一条", 15, "2021-09-01"),
        ("provincial-acquisition-notice", "《浙江省土地管理条例》第四十五条", 10, "2021-11-01"),
        ("provincial-payment", "《浙江省土地管理条例》第四十六条", 60, "2021-11-01"),
        ("reconsideration", "《中华人民共和国行政复议法》第二十条", 60, "2024-01-01"),
    ],
)
def test_the_periods_of_the_higher_law(
    rule_id: str, source: str, length: int, in_force_from: str
) -> None:
    entry = rule(rule_id, date(2026, 1, 1))
    assert (entry.source, entry.length) == (source, length)
    assert entry.in_force_from == date.fromisoformat(in_force_from)


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("2020-12-14", "尚未施行"),
        ("2020-12-15", None),
        ("2030-12-14", None),
        ("2030-12-15", "已经失效"),
    ],
)
def test_article_35_the_order_is_in_force_for_ten_years(on: str, words: str | None) -> None:
    found = out_of_force(date.fromisoformat(on))
    assert (found is None) is (words is None)
    assert words is None or words in str(found)


def test_a_case_keeps_the_rules_of_the_day_they_were_fixed() -> None:
    before, after = RuleSet.of(date(2021, 8, 31)), RuleSet.of(date(2021, 9, 1))
    assert not before.has("final-notice-by")
    assert after.has("final-notice-by")
    assert RuleSet.of(date(2021, 10, 31)).compared("payment") == ()
    assert RuleSet.of(date(2021, 11, 1)).compared("payment") == COMPARED["payment"]
    order_only = RuleSet.of(date(2026, 1, 1), (Layer.ORDER,))
    assert set(order_only.periods) == {entry.id for entry in RULES}
    assert "实施条例" in after.said()
    assert "上位法" not in order_only.said()
