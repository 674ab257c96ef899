"""The order's rules that are no periods and no rates: shares, limits and what must hold, as dated
entries, and the few questions that are answered from them.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from law.entry import ORDER, ORDER_FROM, ORDER_TO, Condition, NoRule
from law.higher import HIGHER_CONDITIONS


def _of_the_order(
    id_: str, article: str, title: str, *, value: str = "", unit: str = "", note: str = ""
) -> Condition:
    return Condition(
        id=id_,
        article=article,
        instrument=ORDER,
        in_force_from=ORDER_FROM,
        in_force_to=ORDER_TO,
        value=value,
        unit=unit,
        title=title,
        note=note,
    )


CONDITIONS: tuple[Condition, ...] = (
    _of_the_order(
        "hearing-majority",
        "第十一条",
        "成员认为方案不符合规定的，应当组织听证",
        value="1/2",
        unit="成员",
        note="半数以上，不含半数。",
    ),
    _of_the_order(
        "signing-share", "第十三条", "签约比例", note="应当符合上级的规定；由项目文件写明其文号。"
    ),
    _of_the_order(
        "price-review", "第十九条", "区片综合地价的调整或者重新公布", value="3", unit="年"
    ),
    _of_the_order(
        "insured-age", "第二十九条", "可以纳入被征地农民基本生活保障", value="16", unit="周岁"
    ),
    _of_the_order("years-in-force", "第三十五条", "有效期", value="10", unit="年"),
    *HIGHER_CONDITIONS,
)


def condition(condition_id: str, on: date) -> Condition:
    """The entry in force on that day. Raises NoRule for an unknown id or a day without one."""
    for entry in CONDITIONS:
        if entry.id == condition_id and entry.in_force(on):
            return entry
    raise NoRule(f"{on}没有施行中的“{condition_id}”规定。")


MAJORITY = Fraction(next(entry.value for entry in CONDITIONS if entry.id == "hearing-majority"))


def hearing_is_mandatory(objecting: int, members: int) -> bool:
    """第十一条：more than half of the members hold the plan unlawful; half is not enough."""
    return objecting * MAJORITY.denominator > members * MAJORITY.numerator


def price_review_due(published: date) -> date:
    """第十九条：by when composite prices are to be adjusted or published anew, three years on."""
    years = int(condition("price-review", max(published, ORDER_FROM)).value)
    try:
        return published.replace(year=published.year + years)
    except ValueError:  # 29 February
        return date(published.year + years, 2, 28)


STATE_COUNCIL = "国务院"
PROVINCIAL_GOVERNMENT = "浙江省人民政府"
_MU_A_HECTARE = 15


def approving_authority(
    basic_farmland: Decimal, arable: Decimal, total: Decimal, on: date
) -> tuple[str, str]:
    """Who approves the acquisition, and why (土地管理法第四十六条); areas in 亩.

    `arable` includes the permanent basic farmland, `total` includes all land.
    """
    arable_limit, other_limit = condition("arable-limit", on), condition("other-land-limit", on)
    if basic_farmland > 0:
        return STATE_COUNCIL, f"涉及永久基本农田（{condition('basic-farmland', on).source}）"
    if arable > Decimal(arable_limit.value) * _MU_A_HECTARE:
        return STATE_COUNCIL, f"耕地超过{arable_limit.value}公顷（{arable_limit.source}）"
    if total - arable > Decimal(other_limit.value) * _MU_A_HECTARE:
        return STATE_COUNCIL, f"其他土地超过{other_limit.value}公顷（{other_limit.source}）"
    return PROVINCIAL_GOVERNMENT, f"不属于国务院批准的情形（{arable_limit.source}）"
