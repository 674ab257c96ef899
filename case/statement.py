"""The statement of compensation (征地补偿测算): what a case costs and grants, line by line.

Only the shape; how it is computed is in case.compensation. Amounts are whole yuan; bases and
products are exact. Nothing in it names a person: a house goes by its id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from case.land import LandClass
from case.wording import Fund
from law.money import WAN
from law.prices import Price

YUAN_A_WAN = Decimal(10_000)


def to_yuan(amount: Decimal) -> Decimal:
    """Round to the whole yuan, half up, as published computations do."""
    return amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)


class Payer(StrEnum):
    """Who pays."""

    LAND_USER = "用地单位"
    UNNAMED = "办法未写明"


class Due(StrEnum):
    """When it must be paid."""

    AFTER_APPROVAL = "报批前足额到位（第十四条），收到批准文件之日起30日内支付（第十六条）"
    BEFORE_SUBMISSION = "方案公布后、用地报批前缴纳（27号第五条）"
    BY_AGREEMENT = "产权调换，按补偿安置协议结算（第二十条）"
    """No cash: the owner is given another house, and the difference is settled."""
    UNNAMED = "办法未写明"


class Kind(StrEnum):
    """What a line pays for, so that a table can gather lines that belong together."""

    LAND = "土地"
    HOUSE = "房屋"
    FOOTPRINT = "扣减"
    ATTACHMENT = "附着物"
    NOTHING = "不予补偿"
    SITE = "现场处理"
    RETAINED = "留地补助"
    INSURANCE = "社会保障"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: base × rate, rounded half up to the yuan."""

    kind: Kind
    village: str
    """Id of the village."""
    collective: str
    item: str
    article: str
    source: str
    """The instrument of the rate or the price."""
    base: Decimal
    unit: str
    rate: Decimal
    rate_unit: str
    amount: Decimal
    """Whole yuan; below nothing for a deduction."""
    payer: Payer
    fund: Fund | None
    """None for what no fund holds before submission: the retained-land subsidy."""
    due: Due
    note: str = ""

    @property
    def in_wan(self) -> bool:
        """Whether base × rate is in 万元 and not in yuan."""
        return self.rate_unit.startswith(WAN)


def amount_of(base: Decimal, rate: Decimal, rate_unit: str) -> Decimal:
    """What a line comes to, in whole yuan."""
    product = base * rate
    return to_yuan(product * YUAN_A_WAN if rate_unit.startswith(WAN) else product)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What is granted in kind and is no money (第二十四、二十七条)."""

    village: str
    collective: str
    item: str
    article: str
    source: str
    base: Decimal
    unit: str
    rate: Decimal
    rate_unit: str
    exact: Decimal
    """base × rate, not rounded."""
    granted: Decimal
    """What counts: as the bureau granted it, or by `rule`."""
    granted_unit: str
    rule: str
    """How `granted` came from `exact`."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageStatement:
    """One village's part of a statement."""

    village: str
    name: str
    collective: str
    township: str
    district: str
    zone: int
    areas: Mapping[LandClass, Decimal]
    """Exact, in 亩."""
    housing_quota: Decimal | None
    """m² of floor, the exact product; None in zone 2 (第二十四条)."""
    retained_land_subsidy: Decimal | None
    """Yuan; None in zone 1 (第二十四条)."""
    insurance_places: Decimal
    """The exact product of 第二十七条."""
    places: Decimal
    """The places the insurance fee was computed with: granted, or one decimal kept."""
    places_rule: str
    payable: Decimal
    """Yuan that the land user pays within 第十六条's thirty days: to the collective and the
    contractors for land and resettlement, attachments and crops, to the owners for houses, with
    the site handling that published totals hold. A house exchanged for another (产权调换) is not
    in it: its agreement says how it is settled."""
    subtotal: Decimal
    """Yuan, of all lines of the village."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The whole case."""

    case_id: str
    project: str
    plan_approved_on: date
    lines: tuple[Line, ...]
    grants: tuple[Grant, ...]
    villages: tuple[VillageStatement, ...]
    total: Decimal
    """Yuan, the sum of the lines."""
    funds: Mapping[Fund, Decimal]
    """Yuan by fund, of the funds that the case's lines belong to."""
    unmeasured: tuple[Fund, ...]
    """Funds that the case needs and the order has no rate for: measured elsewhere."""
    prices: tuple[Price, ...]
    """The prices used."""
    flags: tuple[str, ...]
    """What the office should look at before relying on the statement."""

    def of(self, village: str) -> tuple[Line, ...]:
        """The lines of one village."""
        return tuple(line for line in self.lines if line.village == village)

    @property
    def payments(self) -> Mapping[tuple[Payer, Due], Decimal]:
        """Yuan by who pays and when."""
        found: dict[tuple[Payer, Due], Decimal] = {}
        for line in self.lines:
            key = (line.payer, line.due)
            found[key] = found.get(key, Decimal(0)) + line.amount
        return found
