"""The lines of one village, in the order of the order's articles (第十九至二十四条、第二十八条).

A group of land classes that share a price is one line, its areas added up before it is priced, as
published computations do; so are the flat rates of farmland.
"""

from collections.abc import Iterator
from decimal import Decimal

from case.grants import places_of
from case.land import LandClass, written
from case.site import FARMLAND, NOT_FOREST, Site, footprint, resettlement_of
from case.statement import Due, Kind, Line, Payer, amount_of
from case.valuation import Choice, Ground22, Uncompensated
from case.wording import Fund
from law.money import Rate
from law.prices import Price

_PER_MU = "万元/亩"
_YUAN = "元"
_HOUSE_DUE = {Choice.MONEY: Due.AFTER_APPROVAL, Choice.EXCHANGE: Due.BY_AGREEMENT}
_HOUSE_NOTE = {
    Choice.MONEY: "",
    Choice.EXCHANGE: "产权调换的按评估价值计入，差价另行结算",
}
_GRAVES_ELSEWHERE = "本村征收的土地里没有建设用地；政策解读（九）是就建设用地说的坟墓补偿，请核对"


def lines(site: Site) -> Iterator[Line]:
    """Every line of the village, those at nothing with the reason among them."""
    yield from _land(site)
    yield from _houses(site)
    yield from _construction(site)
    yield from _farmland(site)
    yield from _items(site)
    for left_out in site.sheet.uncompensated:
        yield _left_out(site, left_out)
    yield from _flat(site, "site-handling", site.mu(LandClass), Kind.SITE)
    yield from _retained(site)
    yield from _insurance(site)


def _line(
    site: Site,
    entry: Rate,
    base: Decimal,
    unit: str,
    *,
    kind: Kind = Kind.ATTACHMENT,
    item: str | None = None,
    value: Decimal | None = None,
    rate_unit: str | None = None,
    fund: Fund | None = Fund.ATTACHMENTS,
    due: Due = Due.AFTER_APPROVAL,
    payer: Payer = Payer.LAND_USER,
    note: str | None = None,
) -> Line:
    """A line from a rate, with the rate's own value, title and note unless told otherwise."""
    used = value if value is not None else entry.value
    assert used is not None, entry.id
    used_unit = rate_unit or entry.unit
    return Line(
        kind=kind,
        village=site.village.id,
        collective=site.village.collective,
        item=item or entry.title,
        article=entry.cited,
        source=entry.instrument,
        base=base,
        unit=unit,
        rate=used,
        rate_unit=used_unit,
        amount=amount_of(base, used, used_unit),
        payer=payer,
        fund=fund,
        due=due,
        note=entry.note if note is None else note,
    )


def _flat(site: Site, rate_id: str, base: Decimal, kind: Kind = Kind.ATTACHMENT) -> Iterator[Line]:
    """A flat rate on an area, where there is any and the zone has such a rate."""
    entry = site.rated(rate_id)
    if base and entry:
        yield _line(site, entry, base, "亩", kind=kind)


def _land(site: Site) -> Iterator[Line]:
    """第十九条：the composite price, one line a group of classes with the same price."""
    groups: dict[int, tuple[Price, list[LandClass]]] = {}
    for land, price in site.prices.items():
        groups.setdefault(id(price), (price, []))[1].append(land)
    for price, classes in groups.values():
        listed = "、".join(f"{land}{written(site.mu({land}))}亩" for land in classes)
        yield Line(
            kind=Kind.LAND,
            village=site.village.id,
            collective=site.village.collective,
            item=f"征地区片综合地价（{price.grouped}）",
            article="第十九条",
            source=price.instrument,
            base=site.mu(classes),
            unit="亩",
            rate=price.composite,
            rate_unit=_PER_MU,
            amount=amount_of(site.mu(classes), price.composite, _PER_MU),
            payer=Payer.LAND_USER,
            fund=Fund.LAND,
            due=Due.AFTER_APPROVAL,
            note=f"土地补偿费{price.land}、安置补助费{price.resettlement}；{listed}",
        )


def _houses(site: Site) -> Iterator[Line]:
    """第二十条：each house as assessed, and the footprints' resettlement subsidy taken off.

    By what the owners chose: only money is due within thirty days, so each choice has a deduction
    of its own.
    """
    entry = site.rate("house")
    for valued in site.sheet.houses:
        yield _line(
            site,
            entry,
            valued.assessed,
            _YUAN,
            kind=Kind.HOUSE,
            item=f"房屋 {valued.house}（{valued.choice}）",
            value=Decimal(1),
            rate_unit="按评估价值",
            fund=Fund.HOUSES,
            due=_HOUSE_DUE[valued.choice],
            note=_HOUSE_NOTE[valued.choice],
        )
    resettlement = resettlement_of(site)
    if resettlement is None:
        return
    deduction = site.rate("footprint")
    for choice in Choice:
        taken = footprint(site, {each.house for each in site.sheet.houses if each.choice is choice})
        if taken:
            yield _line(
                site,
                deduction,
                taken,
                "亩",
                kind=Kind.FOOTPRINT,
                item=f"{deduction.title}（{choice}）",
                value=-resettlement,
                fund=Fund.HOUSES,
                due=_HOUSE_DUE[choice],
            )


def _construction(site: Site) -> Iterator[Line]:
    """第二十条：what else stands on construction land, footprints excluded; and graves."""
    outside = site.mu({LandClass.CONSTRUCTION}) - footprint(site)
    if outside > 0:
        yield _line(site, site.rate("construction-attachments"), outside, "亩")
    if site.sheet.graves:
        # Not refused: graves stand on hills too, and only the interpretation says where.
        note = None if site.mu({LandClass.CONSTRUCTION}) else _GRAVES_ELSEWHERE
        yield _line(site, site.rate("grave"), Decimal(site.sheet.graves), "穴", note=note)


def _farmland(site: Site) -> Iterator[Line]:
    """第二十一条：flat rates; forest has one of its own in zone 2, none in zone 1."""
    forest = site.rated("forest")
    flat = site.mu(NOT_FOREST if forest else FARMLAND)
    yield from _flat(site, "farmland-attachments", flat)
    yield from _flat(site, "farmland-crops", flat)
    yield from _flat(site, "forest", site.mu({LandClass.FOREST}))


def _items(site: Site) -> Iterator[Line]:
    """第二十、二十一条：what is appraised or paid as incurred, with the district's consent."""
    for item in site.sheet.special_items:
        on_construction = item.on is LandClass.CONSTRUCTION
        yield _line(
            site,
            site.rate("special" if on_construction else "facility"),
            item.replacement_cost,
            _YUAN,
            item=f"特殊附着物 {item.item}（{item.on}）",
            value=item.newness,
            rate_unit="成新",
            note=f"重置价×成新；同意文号：{item.consent}",
        )
    for removal in site.sheet.removals:
        yield _line(
            site,
            site.rate("removal"),
            removal.amount,
            _YUAN,
            item=f"迁移费用 {removal.item}（{removal.kind}）",
            value=Decimal(1),
            note=f"按实计算；同意文号：{removal.consent}",
        )


def _left_out(site: Site, left_out: Uncompensated) -> Line:
    """第二十二条：listed at nothing, with the reason."""
    named = f"{left_out.item}（房屋 {left_out.house}）" if left_out.house else left_out.item
    if left_out.ground is Ground22.UNLAWFUL:
        reason = "违法的地上附着物，不予补偿"
    else:
        reason = f"启动公告（{site.initiation}）后{left_out.done_on}{left_out.ground}，不予补偿"
    return _line(
        site,
        site.rate("uncompensated"),
        Decimal(1),
        "项",
        kind=Kind.NOTHING,
        item=f"不予补偿 {named}",
        note=reason + (f"（{left_out.basis}）" if left_out.basis else ""),
    )


def _retained(site: Site) -> Iterator[Line]:
    """第二十四条：zone 2's retained-land subsidy by class; zone 1 has a housing quota instead."""
    for rate_id, classes in (
        ("retained-farmland", NOT_FOREST),
        ("retained-forest", {LandClass.FOREST}),
        ("retained-construction", {LandClass.CONSTRUCTION}),
        ("retained-unused", {LandClass.UNUSED}),
    ):
        entry, base = site.rated(rate_id), site.mu(classes)
        if entry and base:
            yield _line(
                site,
                entry,
                base,
                "亩",
                kind=Kind.RETAINED,
                fund=None,
                due=Due.UNNAMED,
                payer=Payer.UNNAMED,
                note="核给农村集体经济组织；办法未写明出资单位和付款时点",
            )


def _insurance(site: Site) -> Iterator[Line]:
    """第二十八条；27号第四条：what secures the landless, before submission."""
    farmland = site.mu(FARMLAND)
    if not farmland:
        return
    places, rule = places_of(site)
    yield _line(
        site,
        site.rate("insurance-fee"),
        places,
        "人",
        kind=Kind.INSURANCE,
        fund=Fund.INSURANCE,
        due=Due.BEFORE_SUBMISSION,
        note=rule,
    )
    subsidy, risk = site.rated("subsidy"), site.rated("risk")
    if subsidy:
        yield _line(
            site,
            subsidy,
            farmland,
            "亩",
            kind=Kind.INSURANCE,
            fund=Fund.SUBSIDY,
            due=Due.BEFORE_SUBMISSION,
        )
    if risk:
        exempt = site.industrial_or_commercial
        yield _line(
            site,
            risk,
            farmland,
            "亩",
            kind=Kind.INSURANCE,
            value=Decimal(0) if exempt else None,
            fund=Fund.RISK,
            due=Due.BEFORE_SUBMISSION,
            note="征地报批时拟安排工业、商服用地，不缴纳" if exempt else None,
        )
