"""Composite prices: what is shipped, what governs a day, and that none is ever guessed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from law.prices import ALL_CLASSES, SHIPPED, NoPrice, Price, overlaps, table

FIRST = date(2024, 1, 1)


def entered(first: date, last: date | None = None, *, zone: int = 2, land: str = "耕地") -> Price:
    return Price(
        zone=zone,
        classes=(land,),
        land=Decimal("2.5"),
        resettlement=Decimal("4.0"),
        composite=Decimal("6.5"),
        instrument="某文",
        source="办公室",
        in_force_from=first,
        in_force_to=last,
        by_office=True,
    )


PUBLISHED = [
    # zone, class, day, 土地补偿费 + 安置补助费, instrument
    (1, "耕地", date(2020, 12, 15), "3.6 + 5.4", "温政发〔2020〕18号"),
    (1, "林地", date(2023, 12, 31), "3.6 + 5.4", "温政发〔2020〕18号"),
    (1, "建设用地", FIRST, "3.6 + 5.4", "温政发〔2024〕1号"),
    (1, "未利用地", date(2026, 7, 1), "3.6 + 5.4", "温政发〔2024〕1号"),
    (2, "园地", date(2023, 12, 31), "2.2 + 3.7", "温政发〔2020〕18号"),
    (2, "建设用地", date(2021, 6, 1), "2.2 + 3.7", "温政发〔2020〕18号"),
    (2, "林地", date(2021, 6, 1), "1.4 + 2.2", "温政发〔2020〕18号"),
    (2, "未利用地", date(2021, 6, 1), "1.4 + 2.2", "温政发〔2020〕18号"),
]


@pytest.mark.parametrize(("zone", "land", "on", "parts", "instrument"), PUBLISHED)
def test_published_prices(zone: int, land: str, on: date, parts: str, instrument: str) -> None:
    price = table().price(zone, land, on)
    own, resettlement = map(Decimal, parts.split(" + "))
    assert (price.land, price.resettlement) == (own, resettlement)
    assert price.composite == own + resettlement
    assert price.instrument == instrument


@pytest.mark.parametrize("land", ALL_CLASSES)
def test_zone_2_has_no_price_from_2024_until_the_office_enters_it(land: str) -> None:
    with pytest.raises(NoPrice, match=f"没有二类区片{land}在2024-01-01的征地区片综合地价"):
        table().price(2, land, FIRST)


def test_the_price_before_the_order_is_kept_and_never_used() -> None:
    (old,) = [price for price in SHIPPED if "143" in price.instrument]
    assert (old.composite, old.usable) == (Decimal("7.2"), False)
    with pytest.raises(NoPrice):
        table().price(1, "耕地", date(2020, 4, 23))


def test_every_shipped_price_says_what_is_uncertain() -> None:
    assert all(price.note and price.source for price in SHIPPED)


OFFICE = [
    # office entries, zone, day, the price of 耕地 (None: refused)
    ([entered(FIRST)], 2, date(2023, 12, 31), "5.9"),
    ([entered(FIRST)], 2, FIRST, "6.5"),
    ([entered(date(2025, 3, 1), zone=1)], 1, date(2025, 2, 28), "9.0"),
    ([entered(date(2025, 3, 1), zone=1)], 1, date(2025, 3, 1), "6.5"),
    ([entered(FIRST, zone=1)], 1, FIRST, "6.5"),
    # Once the office's entry has ended, what it took the place of does not come back.
    ([entered(date(2025, 3, 1), date(2026, 2, 28), zone=1)], 1, date(2026, 3, 1), None),
    # An entry that began before the shipped one governs until that one begins.
    ([entered(date(2022, 1, 1), zone=1)], 1, date(2023, 12, 31), "6.5"),
    ([entered(date(2022, 1, 1), zone=1)], 1, FIRST, "9.0"),
    ([entered(FIRST, land="林地")], 2, FIRST, None),
]


@pytest.mark.parametrize(("office", "zone", "on", "composite"), OFFICE)
def test_the_entry_that_began_last_governs(
    office: list[Price], zone: int, on: date, composite: str | None
) -> None:
    prices = table(office)
    if composite is None:
        with pytest.raises(NoPrice):
            prices.price(zone, "耕地", on)
    else:
        assert prices.price(zone, "耕地", on).composite == Decimal(composite)


CORRECTED = [
    # first day and classes as the office corrects 2024 1号, class, day, the price (None: refused)
    (date(2024, 2, 1), ALL_CLASSES, "耕地", date(2024, 1, 31), None),
    (date(2024, 2, 1), ALL_CLASSES, "耕地", date(2024, 2, 1), "6.5"),
    (date(2023, 12, 1), ALL_CLASSES, "耕地", date(2023, 12, 1), "6.5"),
    (date(2024, 2, 1), ("耕地",), "园地", date(2024, 1, 31), "9.0"),
]


@pytest.mark.parametrize(("first", "classes", "land", "on", "composite"), CORRECTED)
def test_an_entry_of_the_same_instrument_takes_the_place_of_the_shipped_one(
    first: date, classes: tuple[str, ...], land: str, on: date, composite: str | None
) -> None:
    office = replace(entered(first, zone=1), classes=classes, instrument="温政发〔2024〕1号")
    prices = table([office])
    if composite is None:
        with pytest.raises(NoPrice):
            prices.price(1, land, on)
    else:
        assert prices.price(1, land, on).composite == Decimal(composite)


@pytest.mark.parametrize(
    ("second", "overlapping"),
    [
        (entered(FIRST), True),
        (entered(date(2023, 1, 1), date(2024, 1, 1)), True),
        (entered(date(2023, 1, 1), date(2023, 12, 31)), False),
        (entered(FIRST, zone=1), False),
        (entered(FIRST, land="林地"), False),
    ],
)
def test_overlaps_are_of_one_zone_class_and_day(second: Price, overlapping: bool) -> None:
    found = overlaps([entered(FIRST, date(2026, 12, 31)), second])
    assert found == ([(0, 1, "耕地")] if overlapping else [])


@pytest.mark.parametrize(
    ("first", "on", "due"),
    [
        (FIRST, date(2026, 12, 31), False),
        (FIRST, date(2027, 1, 1), True),
        (date(2024, 2, 29), date(2027, 2, 27), False),
        (date(2024, 2, 29), date(2027, 3, 1), True),
    ],
)
def test_a_price_is_flagged_when_it_has_stood_three_years(first: date, on: date, due: bool) -> None:
    assert (entered(first).review_due(on) is not None) == due


def test_groups_are_named_as_the_papers_name_them() -> None:
    named = [price.grouped for price in SHIPPED]
    assert named == [
        "农用地（除林地外）",
        "全部地类",
        "农用地（除林地外）、建设用地",
        "林地、未利用地",
        "全部地类",
    ]
    assert replace(SHIPPED[1], classes=("耕地",)).grouped == "耕地"
