"""What was valued and counted for the compensation of a case (补偿测算), by village.

Houses go by their id: who owns them stands with the house, and nowhere in a computation. What these
entries must be to the rest of the file is in case.appraisal.
"""

from enum import StrEnum

from pydantic import Field

from case.kinds import Day, Entry, FreeText, Newness, Places, Slug, Some, Yuan
from case.land import LandClass


class Choice(StrEnum):
    """What the owner of a house chose (第二十条)."""

    MONEY = "货币补偿"
    EXCHANGE = "产权调换"


class HouseValuation(Entry):
    """One house, assessed as of the day the plan was approved (第二十条)."""

    house: Slug = Field(title="房屋代号")
    choice: Choice = Field(title="补偿方式")
    assessed: Yuan = Field(title="评估价值（元）")
    """Before the footprint's resettlement subsidy is taken off."""
    valued_on: Day = Field(title="价值评估时点")


class SpecialItem(Entry):
    """An attachment of high residual value: replacement cost × newness (第二十、二十一条)."""

    item: FreeText = Field(title="名称")
    on: LandClass = Field(title="所在地类")
    replacement_cost: Yuan = Field(title="重置价（元）")
    newness: Newness = Field(title="成新")
    valued_on: Day = Field(title="价值评估时点")
    consent: FreeText | None = Field(default=None, title="区人民政府或者功能区管委会同意的文号")


class RemovalKind(StrEnum):
    """What 第二十一条第（四）项 has moved at cost."""

    SEEDLINGS = "林木种苗"
    LIVESTOCK = "畜禽养殖"


class Removal(Entry):
    """The removal of seedlings or livestock, at the cost incurred (第二十一条)."""

    item: FreeText = Field(title="名称")
    kind: RemovalKind = Field(title="种类")
    amount: Yuan = Field(title="迁移费用（元）")
    consent: FreeText | None = Field(default=None, title="区人民政府或者功能区管委会同意的文号")


class Ground22(StrEnum):
    """Why 第二十二条 gives nothing."""

    UNLAWFUL = "违法"
    RUSHED_CROPS = "抢种"
    RUSHED_TREES = "抢栽"
    RUSHED_BUILDING = "抢建"


class Uncompensated(Entry):
    """What is listed and not paid for: unlawful, or planted or built in a rush (第二十二条)."""

    item: FreeText = Field(title="名称")
    ground: Ground22 = Field(title="不予补偿的原因")
    done_on: Day | None = Field(default=None, title="种植或者建造之日")
    house: Slug | None = Field(default=None, title="房屋代号")
    """Where it is one of the village's houses; such a house is not valued."""
    basis: FreeText | None = Field(default=None, title="认定的文号")


class VillageValuation(Entry):
    """One village's houses, graves and items."""

    village: Slug = Field(title="村代号")
    houses: tuple[HouseValuation, ...] = Field(default=(), title="房屋评估")
    graves: int = Field(default=0, strict=True, ge=0, le=1_000_000, title="坟墓（穴）")
    special_items: tuple[SpecialItem, ...] = Field(default=(), title="特殊附着物")
    removals: tuple[Removal, ...] = Field(default=(), title="迁移费用")
    uncompensated: tuple[Uncompensated, ...] = Field(default=(), title="不予补偿的")
    insurance_places: Places | None = Field(default=None, title="核定的参保名额")
    """As the bureau granted them; without it the computed places, one decimal kept, are used."""
    insurance_rule: FreeText | None = Field(default=None, title="核定参保名额的取整办法")


class Compensation(Entry):
    """The section `compensation` of a case file (补偿测算)."""

    plan_approved_on: Day = Field(title="征地补偿安置方案批准之日")
    """The day of the prices, and the valuation day of every house (第二十条)."""
    initiation_posted_on: Day | None = Field(default=None, title="土地征收启动公告张贴之日")
    """What was planted or built in a rush after it is not paid for (第二十二条)."""
    villages: Some[VillageValuation] = Field(title="村")
