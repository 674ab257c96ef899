"""Spending from the village ledger: what is asked, what is refused, what is entered.

第二十五条 names the ways; 第二十六条 wants them accounted for. `faults` are of what was written
(all of them at once), `refusal` is of the order.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from case.ledger import (
    CENT,
    SPENDING,
    Account,
    Kind,
    LedgerEntry,
    Place,
    Way,
    available,
    holding,
    written,
)
from law.order import DISTRICTS, zone_of
from law.streets import unknown_street

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}\Z", re.ASCII)
INTO = "/in"
"""What the receiving side of a merging adds to the entry's id."""

_LARGEST = Decimal(10) ** 12
_PERSONAL_NUMBER = re.compile(r"\d{11}")
"""Eleven digits in a row are a telephone number or part of an identity number."""
_ON_A_SITE = (Way.SALE, Way.BUILDING, Way.MERGE)
"""The ways that build somewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What a village spends. amount: positive, m² of floor or yuan by the way.

    to: the village that a merging joins. consent: number of the document by which the district
    consented to cross townships. site: the project's township; None for the village's own.
    """

    id: str
    place: Place
    way: Way
    amount: Decimal
    occurred_on: date
    document_number: str
    unit: str
    role: str
    person: str = ""
    to: Place | None = None
    consent: str | None = None
    project: str | None = None
    site: str | None = None
    note: str = ""

    @property
    def account(self) -> Account:
        """The account it draws on."""
        return Account(self.place, self.way.kind)


def faults(spending: Spending, today: date) -> tuple[str, ...]:
    """Everything in a spending that cannot be written down, in Chinese sentences without a stop."""
    return (*carried_faults(spending, today), *way_faults(spending))


def carried_faults(spending: Spending, today: date) -> tuple[str, ...]:
    """What is wrong with what every spending carries, whatever its way."""
    found = [*id_faults(spending.id), *amount_faults(spending.amount)]
    if spending.occurred_on > today:
        found.append(f"发生日{spending.occurred_on}晚于今天{today}")
    if not spending.document_number:
        found.append("缺少文号")
    for place in (spending.place, spending.to):
        if place is not None and place.district not in DISTRICTS:
            found.append(f"“{place.district}”不在本办法适用的{'、'.join(DISTRICTS)}之内（第二条）")
    found += _street_faults(spending)
    found += personal_faults(备注=spending.note, 建设项目=spending.project or "")
    return tuple(found)


def _street_faults(spending: Spending) -> list[str]:
    """Townships that are not where they are said to be.

    A site lies in the village's own district: 第二十五条末款 lets the district consent to crossing
    townships and nobody to crossing districts.
    """
    place, to, site = spending.place, spending.to, spending.site
    found = []
    if to is not None and (wrong := unknown_street(to.district, to.township)):
        found.append(f"并入的村（社区）：{wrong}")
    # The village's own township is the case's to vouch for.
    if site is not None and site != place.township:
        wrong = unknown_street(place.district, site)
        found += [f"选址：{wrong}，项目须在本区内（第二十五条末款）"] if wrong else []
    return found


def personal_faults(**texts: str) -> list[str]:
    """Texts, each by its Chinese name, in which the number of a person seems to stand."""
    return [
        f"{name}不得含有身份证号、手机号等个人信息（连续11位以上数字）"
        for name, text in texts.items()
        if _PERSONAL_NUMBER.search(text)
    ]


def way_faults(spending: Spending) -> tuple[str, ...]:
    """What the way of spending wants and is missing, or does not know."""
    way, found = spending.way, []
    if way not in SPENDING:
        found.append(f"“{way.label}”不是支出方式")
    if way is Way.MERGE and spending.to is None:
        found.append("合并使用须写明并入哪个村（社区）")
    if way is not Way.MERGE and spending.to is not None:
        found.append(f"只有合并使用才写并入的村（社区），{way.label}不写")
    if spending.to == spending.place:
        found.append(f"{spending.place.village}不能并入本村")
    if way is Way.BUILDING and not spending.project:
        found.append("自行建设须写明建设项目")
    if spending.site is not None and way not in _ON_A_SITE:
        found.append(f"{way.label}没有建设项目，不写选址的乡镇（街道）")
    return tuple(found)


def amount_faults(amount: Decimal) -> tuple[str, ...]:
    """What is wrong with an amount to be spent whatever the account holds; see also too_fine."""
    if not amount.is_finite() or amount <= 0:
        return ("数量应当大于零",)
    if amount >= _LARGEST:
        return ("数量太大，整数部分不得超过12位",)
    return ()


def too_fine(spending: Spending, entries: tuple[LedgerEntry, ...]) -> str | None:
    """The fault of more than two decimals, in an amount without `amount_faults`; None if none.

    A quota is granted as an exact product, so whoever takes all that is left takes its decimals
    too: else they would stand in the account for ever. entries: of the account it draws on.
    """
    amount = spending.amount
    if amount == amount.quantize(CENT):
        return None
    free = available(entries, spending.occurred_on)
    if amount == free:
        return None
    return f"数量的小数不得超过两位，全部用完的除外（可用{written(free)}{spending.way.kind.unit}）"


def id_faults(id_: str) -> list[str]:
    """What is wrong with an id that a person gives."""
    if IDENTIFIER.match(id_):
        return []
    return ["登记号只能用字母、数字、点、横线和下划线，以字母或数字开头，不超过80个字符"]


def refusal(spending: Spending, entries: tuple[LedgerEntry, ...]) -> str | None:
    """Why the order does not allow a spending without `faults`: one sentence, or None.

    entries: of the account it draws on.
    """
    if refused := _unlawful(spending) or _short(spending, entries):
        return refused
    fine = too_fine(spending, entries)
    return f"{fine}。" if fine else None


def _unlawful(spending: Spending) -> str | None:
    place, way, to = spending.place, spending.way, spending.to
    if way.kind is Kind.QUOTA and zone_of(place.district, place.township) == 2:
        return (
            f"{place.village}在二类区片，只有留地补助，留地补助只能拨付，不能{way.label}"
            "（第二十四条、第二十五条）。"
        )
    if way.kind is Kind.SUBSIDY and zone_of(place.district, place.township) == 1:
        return (
            f"{place.village}在一类区片，核给的是住宅用房安置指标，没有可拨付的留地补助"
            "（第二十四条）。"
        )
    if to is not None and to.district != place.district:
        return (
            f"{to.village}在{to.district}，本办法只规定在本区内合并使用，不能跨区并入"
            f"（{way.article}）。"
        )
    if to is not None and zone_of(to.district, to.township) == 2:
        return f"{to.village}在二类区片，没有住宅用房安置指标，不能并入（第二十四条）。"
    across = sorted(
        {other for other in (to.township if to else None, spending.site) if other}
        - {place.township}
    )
    if across and not spending.consent:
        return (
            f"{way.label}涉及{'、'.join(across)}，跨乡镇（街道）须经区人民政府或者功能区管委会审定，"
            "缺少审定文号（第二十五条末款）。"
        )
    return None


def _short(spending: Spending, entries: tuple[LedgerEntry, ...]) -> str | None:
    on, kind = spending.occurred_on, spending.way.kind
    if spending.amount <= available(entries, on):
        return None
    if not any(entry.amount > 0 and entry.occurred_on <= on for entry in entries):
        return (
            f"{spending.place.village}截至{on}没有核给的{kind.label}，结余0.00{kind.unit}，"
            f"不能{spending.way.label}{written(spending.amount)}{kind.unit}"
            "（第二十四条、第二十六条）。"
        )
    return (
        f"{holding(spending.account, entries, on)}，"
        f"不足{spending.way.label}{written(spending.amount)}{kind.unit}（第二十六条）。"
    )


def spent(spending: Spending, at: datetime) -> tuple[LedgerEntry, ...]:
    """The entries of a spending: one, or one on either side of a merging."""
    out = LedgerEntry(
        entry_id=spending.id,
        account=spending.account,
        way=spending.way,
        occurred_on=spending.occurred_on,
        amount=-spending.amount,
        document_number=spending.document_number,
        consent=spending.consent,
        unit=spending.unit,
        role=spending.role,
        person=spending.person,
        other=spending.to,
        project=spending.project,
        site=spending.site,
        note=spending.note,
        registered_at=at,
    )
    if spending.to is None:
        return (out,)
    into = replace(
        out,
        entry_id=spending.id + INTO,
        account=Account(spending.to, Kind.QUOTA),
        amount=spending.amount,
        other=spending.place,
    )
    return (out, into)
