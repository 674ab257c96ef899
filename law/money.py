"""The money table of 温政令〔2020〕7号 and 27号: every rate as a dated entry, with its article.

Composite prices are in law.prices, since the city republishes them by themselves (第十九条). A rate
that differs by zone has an entry for each; what the order leaves to an appraisal has an entry
without a value, so that every line of a computation can name where it comes from.
"""

from datetime import date
from decimal import Decimal

from pydantic.dataclasses import dataclass

from law.entry import ORDER, ORDER_FROM, ORDER_TO, TRANSITION, Provision
from law.order import ZONE_TITLES

INTERPRETATION = "政策解读"
WAN = "万元"
"""Ten thousand yuan, in which the order states its rates."""
APPRAISED = "评估"
_SHORT = {TRANSITION: "27号", INTERPRETATION: INTERPRETATION}


class NoRate(ValueError):  # noqa: N818 - named for what is wrong, as the field would say
    """No such rate in that zone on that day; its message is one Chinese sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(Provision):
    """One rate as one instrument sets it."""

    in_force_from: date = ORDER_FROM
    in_force_to: date | None = ORDER_TO
    zone: int | None
    """1 or 2 (第十九条); None where both zones have the same."""
    value: Decimal | None
    """In `unit`; None where an appraisal or the cost incurred decides."""
    unit: str

    @property
    def cited(self) -> str:
        """The article as short as it is still clear: 第二十条, 27号第四条, 政策解读（七）."""
        return _SHORT.get(self.instrument, "") + self.article

    def covers(self, zone: int, on: date) -> bool:
        """Whether it governs that zone on that day."""
        return self.zone in {None, zone} and self.in_force(on)


def _rate(  # noqa: PLR0917 - a table: one row an entry
    id_: str,
    article: str,
    zone: int | None,
    value: str | None,
    unit: str,
    title: str,
    note: str = "",
    *,
    instrument: str = ORDER,
    in_force_to: date | None = ORDER_TO,
) -> Rate:
    return Rate(
        id=id_,
        article=article,
        instrument=instrument,
        in_force_to=in_force_to,
        zone=zone,
        value=None if value is None else Decimal(value),
        unit=unit,
        title=title,
        note=note,
    )


_HOUSES = "建设用地房屋（含房屋基底占地）"
_CONSENT = "经区人民政府或者功能区管委会同意后，根据重置价结合成新评估"

RATES: tuple[Rate, ...] = (
    _rate("house", "第二十条", None, None, APPRAISED, _HOUSES, "以方案批准之日为价值评估时点"),
    _rate(
        "footprint",
        "（七）",
        None,
        None,
        "万元/亩",
        "扣减房屋基底占地安置补助费",
        "区片综合地价已包含安置补助费，货币补偿、产权调换均须扣减",
        instrument=INTERPRETATION,
    ),
    _rate(
        "construction-attachments",
        "第二十条第（一）项",
        1,
        "10",
        "万元/亩",
        "建设用地其他地上附着物包干费",
        "房屋基底占地除外",
    ),
    _rate(
        "construction-attachments",
        "第二十条第（二）项",
        2,
        "0",
        "万元/亩",
        "建设用地其他地上附着物",
        "二类区片的建筑物、构筑物已包含在房屋补偿内，不另行补偿（政策解读（九））",
    ),
    _rate("special", "第二十条第（一）项", 1, None, APPRAISED, "建设用地特殊附着物", _CONSENT),
    _rate("special", "第二十条第（二）项", 2, None, APPRAISED, "建设用地特殊附着物", _CONSENT),
    _rate("grave", "第二十条第（三）项", None, "1.35", "万元/穴", "坟墓"),
    _rate(
        "farmland-attachments",
        "第二十一条第（一）项",
        1,
        "1",
        "万元/亩",
        "农用地其他地上附着物包干费",
    ),
    _rate("farmland-crops", "第二十一条第（一）项", 1, "1.5", "万元/亩", "青苗包干费"),
    _rate(
        "farmland-attachments",
        "第二十一条第（二）项",
        2,
        "1",
        "万元/亩",
        "农用地其他地上附着物包干费",
        "林地除外",
    ),
    _rate("farmland-crops", "第二十一条第（二）项", 2, "1.5", "万元/亩", "青苗包干费", "林地除外"),
    _rate(
        "forest",
        "第二十一条第（二）项",
        2,
        "1.4",
        "万元/亩",
        "林地包干费",
        "包括其他地上附着物和青苗",
    ),
    _rate("facility", "第二十一条第（三）项", None, None, APPRAISED, "设施农用地附着物", _CONSENT),
    _rate(
        "removal",
        "第二十一条第（四）项",
        None,
        None,
        "按实计算",
        "林木种苗、畜禽养殖等迁移费用",
        "经区人民政府或者功能区管委会同意后，按实计算",
    ),
    _rate("uncompensated", "第二十二条", None, "0", "元", "不予补偿的地上附着物和青苗"),
    _rate("site-handling", "第二十三条", 1, "0.3", "万元/亩", "征地现场处理包干费"),
    _rate("site-handling", "第二十三条", 2, "0.1", "万元/亩", "征地现场处理包干费"),
    _rate(
        "housing-quota",
        "第二十四条",
        1,
        "60",
        "平方米/亩",
        "住宅用房安置指标",
        "黄海标高10米以上林地除外",
    ),
    _rate("retained-farmland", "第二十四条", 2, "9.6", "万元/亩", "留地补助（农用地，林地除外）"),
    _rate("retained-forest", "第二十四条", 2, "5.6", "万元/亩", "留地补助（林地）"),
    _rate("retained-construction", "第二十四条", 2, "8", "万元/亩", "留地补助（建设用地）"),
    _rate("retained-unused", "第二十四条", 2, "6", "万元/亩", "留地补助（未利用地）"),
    _rate(
        "insurance-places",
        "第二十七条",
        None,
        "2.4",
        "人/亩",
        "被征地农民基本生活保障参保名额",
        "严禁跨村转让（政策解读（十一））",
    ),
    _rate("insurance-fee", "第二十八条", None, "7.5", "万元/人", "被征地农民社会保障费用"),
    _rate(
        "subsidy",
        "第四条",
        1,
        "3.3",
        "万元/亩",
        "政府补贴社保资金",
        "27号第四条只及一类区片",
        instrument=TRANSITION,
        in_force_to=None,
    ),
    _rate(
        "risk",
        "第四条",
        1,
        "7.5",
        "万元/亩",
        "社会保障风险补充资金",
        "征地报批时拟安排工业、商服用地的征地区块除外",
        instrument=TRANSITION,
        in_force_to=None,
    ),
)


def find(rate_id: str, zone: int, on: date) -> Rate | None:
    """The entry `rate_id` that governs zone 1 or 2 on a day; None where there is none."""
    return next((each for each in RATES if each.id == rate_id and each.covers(zone, on)), None)


def rate(rate_id: str, zone: int, on: date) -> Rate:
    """The entry `rate_id` that governs zone 1 or 2 on a day.

    Raises NoRate for an unknown id, a zone that has no such rate, or a day outside its force.
    """
    found = find(rate_id, zone, on)
    if found is not None:
        return found
    entries = [each for each in RATES if each.id == rate_id]
    if not entries:
        raise NoRate(f"没有名为“{rate_id}”的标准。")
    where = ZONE_TITLES.get(zone, f"“{zone}”类区片")
    raise NoRate(f"{on}{where}没有施行中的“{entries[0].title}”标准。")
