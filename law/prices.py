"""Composite prices (征地区片综合地价, 第十九条): a dated table by zone and class of land.

A price has two parts: 土地补偿费 and 安置补助费. The table shipped holds what Wenzhou's published
papers could be found to say; the city's office enters the rest, and whatever comes later. A case
without a price is refused in words: no price is ever guessed, and none is nothing.
"""

import dataclasses
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property

from pydantic.dataclasses import dataclass

from law.conditions import price_review_due
from law.order import ZONE_TITLES

FARMLAND = (
    *("耕地", "园地", "林地", "牧草地", "养殖水面"),
    *("设施农用地", "其他农用地"),
)
FARMLAND_EXCEPT_FOREST = tuple(name for name in FARMLAND if name != "林地")
ALL_CLASSES = (*FARMLAND, "建设用地", "未利用地")
"""Every class of land that has a price, in the words of case.land.LandClass."""
GROUPS = {
    "全部地类": ALL_CLASSES,
    "农用地": FARMLAND,
    "农用地（除林地外）": FARMLAND_EXCEPT_FOREST,
}
"""Names for several classes at once, as the city's papers use them."""


class NoPrice(ValueError):  # noqa: N818 - named for what is wrong, as the field would say
    """No price for that zone, class and day; its message is one Chinese sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One composite price as one instrument sets it, in 万元/亩."""

    zone: int
    classes: tuple[str, ...]
    land: Decimal | None
    """土地补偿费; None where only the sum was found."""
    resettlement: Decimal | None
    """安置补助费, which is taken off a house's value for its footprint (政策解读（七）)."""
    composite: Decimal
    instrument: str
    source: str
    """Where it was read."""
    in_force_from: date | None
    """The first day in force; None where that was not found: such an entry is never used."""
    in_force_to: date | None
    """The last day in force; None while no end is set."""
    note: str = ""
    """What is uncertain about it; shown wherever it is used."""
    by_office: bool = False
    """Whether the city's office entered it, and it was not shipped."""

    @property
    def usable(self) -> bool:
        """Whether a case can be computed with it: both parts and the first day are known."""
        return None not in {self.in_force_from, self.land, self.resettlement}

    @property
    def grouped(self) -> str:
        """Its classes in words: 全部地类, or the classes one by one."""
        for name, classes in GROUPS.items():
            if set(classes) == set(self.classes):
                return name
        rest = [name for name in self.classes if name not in FARMLAND_EXCEPT_FOREST]
        if set(FARMLAND_EXCEPT_FOREST) <= set(self.classes):
            return "、".join(["农用地（除林地外）", *rest])
        return "、".join(self.classes)

    def review_due(self, on: date) -> str | None:
        """What the office should check where it has stood for three years on a day (第十九条)."""
        if self.in_force_from is None:
            return None
        if on < price_review_due(self.in_force_from):
            return None
        return (
            f"{self.instrument}自{self.in_force_from}起已满三年，"
            "应已调整或者重新公布（第十九条），请办公室核对"
        )


@dataclasses.dataclass(frozen=True)
class PriceTable:
    """The prices a computation may use. Build it with table()."""

    prices: tuple[Price, ...]

    @cached_property
    def _by_key(self) -> dict[tuple[int, str], list[Price]]:
        found: dict[tuple[int, str], list[Price]] = {}
        for price in self.prices:
            for name in price.classes:
                found.setdefault((price.zone, name), []).append(price)
        return found

    def price(self, zone: int, land_class: str, on: date) -> Price:
        """The price of a class of land in a zone on a day. Raises NoPrice where there is none.

        The entry that began last governs, the office's before one shipped that began on the same
        day; once it has ended, what stood before it does not come back.
        """
        begun = [
            price
            for price in self._by_key.get((zone, land_class), ())
            if price.usable and price.in_force_from is not None and price.in_force_from <= on
        ]
        if begun:
            latest = max(begun, key=lambda price: (price.in_force_from, price.by_office))
            if on <= (latest.in_force_to or date.max):
                return latest
        raise NoPrice(no_price(zone, (land_class,), on))


def no_price(zone: int, classes: Iterable[str], on: date) -> str:
    """One sentence that says for which classes of land there is no price."""
    return (
        f"没有{ZONE_TITLES.get(zone, f'“{zone}”类区片')}{'、'.join(classes)}在{on}的"
        "征地区片综合地价（第十九条），请办公室在价格文件中补录后再测算"
    )


_SEEN = "公开文本摘录"
_DAYS_UNKNOWN = "施行日未查得原文，请办公室核对"
_P18 = "温政发〔2020〕18号"
_P1 = "温政发〔2024〕1号"
_P143 = "温州市人民政府令第143号"
# 27号第一条 divides old standards from new on this day; the first day of 18号 itself was not found.
_P18_FROM, _P18_TO = date(2020, 4, 24), date(2023, 12, 31)


def _shipped(  # noqa: PLR0917 - a table: one row an entry
    zone: int,
    classes: tuple[str, ...],
    land: str,
    resettlement: str,
    instrument: str,
    days: tuple[date, date | None],
    source: str,
) -> Price:
    parts = Decimal(land), Decimal(resettlement)
    return Price(
        zone=zone,
        classes=classes,
        land=parts[0],
        resettlement=parts[1],
        composite=sum(parts, Decimal(0)),
        instrument=instrument,
        source=source,
        in_force_from=days[0],
        in_force_to=days[1],
        note=_DAYS_UNKNOWN,
    )


SHIPPED: tuple[Price, ...] = (
    Price(
        zone=1,
        classes=FARMLAND_EXCEPT_FOREST,
        land=None,
        resettlement=None,
        composite=Decimal("7.2"),
        instrument=_P143,
        source=_SEEN,
        in_force_from=None,
        in_force_to=date(2020, 4, 23),
        note="本办法施行前的“一级”标准（菜地、黄海标高10米以上林地除外），只作留存，不用于测算",
    ),
    _shipped(1, ALL_CLASSES, "3.6", "5.4", _P18, (_P18_FROM, _P18_TO), _SEEN),
    _shipped(
        2,
        (*FARMLAND_EXCEPT_FOREST, "建设用地"),
        "2.2",
        "3.7",
        _P18,
        (_P18_FROM, _P18_TO),
        _SEEN,
    ),
    _shipped(2, ("林地", "未利用地"), "1.4", "2.2", _P18, (_P18_FROM, _P18_TO), _SEEN),
    _shipped(
        1,
        ALL_CLASSES,
        "3.6",
        "5.4",
        _P1,
        (date(2024, 1, 1), None),
        "2025至2026年公告所载",
    ),
)
"""温政发〔2024〕1号's zone 2 was not found, and is not here: the office must enter it."""


def overlaps(prices: Iterable[Price]) -> list[tuple[int, int, str]]:
    """Pairs of entries (by their place, the later one second) that both govern some day.

    Each with a class of land that they share. Only entries of the same zone are held together.
    """
    listed = list(prices)
    found = []
    for second, price in enumerate(listed):
        for first, earlier in enumerate(listed[:second]):
            shared = [name for name in price.classes if name in earlier.classes]
            if shared and price.zone == earlier.zone and _same_days(price, earlier):
                found.append((first, second, shared[0]))
    return found


def _same_days(one: Price, other: Price) -> bool:
    def starts(price: Price) -> date:
        return price.in_force_from or date.min

    def ends(price: Price) -> date:
        return price.in_force_to or date.max

    return starts(one) <= ends(other) and starts(other) <= ends(one)


def table(office: Iterable[Price] = ()) -> PriceTable:
    """The prices shipped, and those that the office has entered.

    Where the office enters a price of the same instrument for the same zone and class, the shipped
    one is not used at all: so the office can correct a first day that was not found.
    """
    entered = tuple(office)
    kept = (_corrected(price, entered) for price in SHIPPED)
    return PriceTable(prices=(*(price for price in kept if price is not None), *entered))


def _corrected(shipped: Price, office: tuple[Price, ...]) -> Price | None:
    """A shipped price without the classes that the office enters anew; None where none is left."""
    anew = {
        name
        for price in office
        if (price.instrument, price.zone) == (shipped.instrument, shipped.zone)
        for name in price.classes
    }
    left = tuple(name for name in shipped.classes if name not in anew)
    if left == shipped.classes:
        return shipped
    return dataclasses.replace(shipped, classes=left) if left else None
