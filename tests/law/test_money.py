"""The money table of the order and of 27号, row by row as the texts have it."""

from datetime import date
from decimal import Decimal

import pytest

from law.entry import ORDER, TRANSITION
from law.money import INTERPRETATION, RATES, NoRate, find, rate

DAY = date(2026, 1, 1)
TABLE = [
    # id, zone 1, zone 2, unit, article cited
    ("house", "评估", "评估", "评估", "第二十条"),
    ("footprint", "评估", "评估", "万元/亩", "政策解读（七）"),
    ("construction-attachments", "10", "0", "万元/亩", "第二十条"),
    ("special", "评估", "评估", "评估", "第二十条"),
    ("grave", "1.35", "1.35", "万元/穴", "第二十条第（三）项"),
    ("farmland-attachments", "1", "1", "万元/亩", "第二十一条"),
    ("farmland-crops", "1.5", "1.5", "万元/亩", "第二十一条"),
    ("forest", "", "1.4", "万元/亩", "第二十一条第（二）项"),
    ("facility", "评估", "评估", "评估", "第二十一条第（三）项"),
    ("removal", "评估", "评估", "按实计算", "第二十一条第（四）项"),
    ("uncompensated", "0", "0", "元", "第二十二条"),
    ("site-handling", "0.3", "0.1", "万元/亩", "第二十三条"),
    ("housing-quota", "60", "", "平方米/亩", "第二十四条"),
    ("retained-farmland", "", "9.6", "万元/亩", "第二十四条"),
    ("retained-forest", "", "5.6", "万元/亩", "第二十四条"),
    ("retained-construction", "", "8", "万元/亩", "第二十四条"),
    ("retained-unused", "", "6", "万元/亩", "第二十四条"),
    ("insurance-places", "2.4", "2.4", "人/亩", "第二十七条"),
    ("insurance-fee", "7.5", "7.5", "万元/人", "第二十八条"),
    ("subsidy", "3.3", "", "万元/亩", "27号第四条"),
    ("risk", "7.5", "", "万元/亩", "27号第四条"),
]


@pytest.mark.parametrize(("rate_id", "one", "two", "unit", "article"), TABLE)
def test_rates_are_the_orders(rate_id: str, one: str, two: str, unit: str, article: str) -> None:
    for zone, written in ((1, one), (2, two)):
        entry = find(rate_id, zone, DAY)
        if not written:
            assert entry is None
            continue
        assert entry is not None
        assert entry.value == (None if written == "评估" else Decimal(written))
        assert entry.unit == unit
        assert entry.cited.startswith(article)


def test_no_rate_is_left_unlisted() -> None:
    assert list(dict.fromkeys(entry.id for entry in RATES)) == [row[0] for row in TABLE]


def test_no_two_entries_govern_one_zone_on_one_day() -> None:
    for zone in (1, 2):
        governing = [entry.id for entry in RATES if entry.covers(zone, DAY)]
        assert len(governing) == len(set(governing))


@pytest.mark.parametrize("rate_id", ["grave", "subsidy"])
def test_rates_begin_with_the_order(rate_id: str) -> None:
    assert rate(rate_id, 1, date(2020, 12, 15)).in_force_from == date(2020, 12, 15)
    with pytest.raises(NoRate, match="没有施行中的"):
        rate(rate_id, 1, date(2020, 12, 14))


def test_the_orders_rates_end_with_it() -> None:
    assert rate("grave", 1, date(2030, 12, 14)).value == Decimal("1.35")
    with pytest.raises(NoRate, match="2030-12-15一类区片没有施行中的“坟墓”标准"):
        rate("grave", 1, date(2030, 12, 15))


def test_unknown_rate_and_zone_are_refused_in_words() -> None:
    with pytest.raises(NoRate, match="没有名为“x”的标准"):
        rate("x", 1, DAY)
    with pytest.raises(NoRate, match="二类区片没有施行中的“住宅用房安置指标”标准"):
        rate("housing-quota", 2, DAY)


def test_each_rate_names_its_instrument() -> None:
    instruments = {entry.instrument for entry in RATES}
    assert instruments == {ORDER, TRANSITION, INTERPRETATION}
    assert rate("risk", 1, DAY).source == "温政发〔2020〕27号第四条"
