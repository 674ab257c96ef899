"""What a case costs and grants: the whole statement, from a sound file and the prices in force."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from case.appraisal import below_deduction
from case.entries import CaseFile, Township, Village
from case.faults import Fault, Faults, place_of
from case.grants import exact_places, grants, places_of
from case.land import LandClass
from case.lines import lines
from case.site import Site, resettlement_of
from case.statement import (
    Due,
    Grant,
    Kind,
    Line,
    Payer,
    Statement,
    VillageStatement,
)
from case.valuation import Compensation, VillageValuation
from case.valued import NO_SECTION, faults_on
from case.wording import BY_THE_BUREAU, FUND_TITLES, Fund
from law.order import zone_of
from law.prices import NoPrice, Price, PriceTable, no_price
from law.rules import out_of_force
from law.streets import DOUBTFUL

__all__ = ["Statement", "redated", "statement"]


_INDUSTRY_OR_COMMERCE = ("工业", "商服", "商业")


def statement(
    file: CaseFile, prices: PriceTable, *, plan_approved_on: date | None = None
) -> Statement:
    """Compute a case whose file has a compensation section.

    plan_approved_on: the day the plan was approved, where it is known better than the file has it.
    Raises Faults with everything that stands in the way: no section, a day outside the order's
    force, a class of land without a price, a house valued as of another day, …
    """
    section = file.compensation
    if section is None:
        raise Faults([Fault(place="compensation", sentence=NO_SECTION)])
    on = plan_approved_on or section.plan_approved_on
    faults = faults_on(file, on)
    if out_of_force(on):
        raise Faults(faults)
    sheets = {sheet.village: (i, sheet) for i, sheet in enumerate(section.villages)}
    sites: list[tuple[Township, Site]] = []
    for t, township in enumerate(file.townships):
        for v, village in enumerate(township.villages):
            zone = zone_of(township.district, township.name, on)
            found, lacking = _prices(village, zone, prices, on)
            if lacking:
                place = place_of(("townships", t, "villages", v))
                faults.append(Fault(place=place, sentence=no_price(zone, lacking, on)))
            if village.id not in sheets:
                continue
            number, sheet = sheets[village.id]
            site = Site(
                village,
                zone,
                on,
                sheet,
                section.initiation_posted_on,
                found,
                file.project.industrial_or_commercial,
            )
            faults.extend(_below_deduction(number, site))
            if not lacking:
                sites.append((township, site))
    if faults:
        raise Faults(faults)
    return _stated(file, on, sites)


def _prices(
    village: Village, zone: int, prices: PriceTable, on: date
) -> tuple[dict[LandClass, Price], list[str]]:
    """The price of each class of land that the village has, and the classes that have none."""
    present = {parcel.land for parcel in village.parcels}
    found: dict[LandClass, Price] = {}
    lacking: list[str] = []
    for land in LandClass:
        if land in present:
            try:
                found[land] = prices.price(zone, land, on)
            except NoPrice:
                lacking.append(land)
    return found, lacking


def _below_deduction(number: int, site: Site) -> Iterator[Fault]:
    """Houses assessed below what is taken off for their footprint (政策解读（七）)."""
    resettlement = resettlement_of(site)
    if resettlement is None:
        return
    footprints = {house.id: house.footprint_m2 for house in site.village.houses}
    path = ("compensation", "villages", number)
    valued = enumerate(site.sheet.houses)
    for place, sentence in below_deduction(path, valued, footprints, resettlement):
        yield Fault(place=place_of(place), sentence=sentence)


def _stated(file: CaseFile, on: date, sites: list[tuple[Township, Site]]) -> Statement:
    all_lines: list[Line] = []
    all_grants: list[Grant] = []
    villages: list[VillageStatement] = []
    for township, site in sites:
        own_lines, own_grants = tuple(lines(site)), tuple(grants(site))
        all_lines += own_lines
        all_grants += own_grants
        villages.append(_village(township, site, own_lines, own_grants))
    funds = {
        fund: _sum(all_lines, lambda line, fund=fund: line.fund is fund)  # type: ignore[misc]
        for fund in Fund
        if any(line.fund is fund for line in all_lines)
    }
    arable = any(village.area({LandClass.ARABLE}) for _, village in file.villages)
    used = {id(price): price for _, site in sites for price in site.prices.values()}
    unmeasured = BY_THE_BUREAU if arable else ()
    return Statement(
        case_id=file.project.number,
        project=file.project.name,
        plan_approved_on=on,
        lines=tuple(all_lines),
        grants=tuple(all_grants),
        villages=tuple(villages),
        total=_sum(all_lines),
        funds=funds,
        unmeasured=unmeasured,
        prices=tuple(used.values()),
        flags=tuple(_flags(file, on, tuple(used.values()), unmeasured)),
    )


def _village(
    township: Township, site: Site, own: tuple[Line, ...], granted: tuple[Grant, ...]
) -> VillageStatement:
    village = site.village
    present = {parcel.land for parcel in village.parcels}
    quota = next((grant.exact for grant in granted if grant.granted_unit == "平方米"), Decimal(0))
    places, rule = places_of(site)
    return VillageStatement(
        village=village.id,
        name=village.name,
        collective=village.collective,
        township=township.name,
        district=township.district,
        zone=site.zone,
        areas={land: village.area({land}) for land in LandClass if land in present},
        housing_quota=quota if site.zone == 1 else None,
        retained_land_subsidy=(
            _sum(own, lambda line: line.kind is Kind.RETAINED) if site.zone == 2 else None
        ),
        insurance_places=exact_places(site),
        places=places,
        places_rule=rule,
        payable=_sum(
            own,
            lambda line: line.payer is Payer.LAND_USER and line.due is Due.AFTER_APPROVAL,
        ),
        subtotal=_sum(own),
    )


def _sum(
    found: "tuple[Line, ...] | list[Line]", wanted: Callable[[Line], bool] = lambda line: True
) -> Decimal:
    return sum((line.amount for line in found if wanted(line)), Decimal(0))


def _flags(
    file: CaseFile, on: date, prices: tuple[Price, ...], unmeasured: tuple[Fund, ...]
) -> Iterator[str]:
    """What the office should look at: doubtful prices and zones, and what is not in the sum."""
    said: dict[str, None] = {}
    for price in prices:
        if price.note:
            said[f"{price.instrument}：{price.note}"] = None
        if review := price.review_due(on):
            said[review] = None
    for township in file.townships:
        if doubt := DOUBTFUL.get(township.name):
            said[doubt] = None
    if doubt := _use_doubt(file):
        said[doubt] = None
    for sheet in file.compensation.villages if file.compensation else ():
        if doubt := _whole_area(file, sheet):
            said[doubt] = None
    yield from said
    if unmeasured:
        titles = "、".join(FUND_TITLES[fund] for fund in unmeasured)
        yield f"{titles}：本办法没有标准，另行测算，不在合计内（27号第五条）"


def _use_doubt(file: CaseFile) -> str | None:
    """27号第四条：industry and commerce pay no risk supplement, so the two must agree."""
    use = file.project.use
    named = any(word in use for word in _INDUSTRY_OR_COMMERCE)
    if named is file.project.industrial_or_commercial:
        return None
    written = "true（拟安排工业、商服用地）" if not named else "false（不是工业、商服用地）"
    return (
        f"征地用途是“{use}”，industrial_or_commercial 却写的是 {written}，"
        "关系到是否缴纳社会保障风险补充资金（27号第四条）"
    )


def _whole_area(file: CaseFile, sheet: VillageValuation) -> str | None:
    """第二十二条：what is not paid for has no area in a file, so flat rates are on all of it."""
    items = [each.item for each in sheet.uncompensated if each.house is None]
    if not items:
        return None
    name = next((each.name for _, each in file.villages if each.id == sheet.village), sheet.village)
    return (
        f"{name}列有不予补偿的{'、'.join(items)}：青苗和其他地上附着物的包干费按全部面积计算，"
        "没有扣除它们所占的面积（第二十二条）"
    )


def redated(file: CaseFile, on: date) -> CaseFile:
    """The file as though its plan had been approved, and everything valued, on that day.

    For rehearsals, which play a case on days of their own. The initiation notice is kept, at the
    latest on the day before. A file without the section is returned as it is.
    """
    section = file.compensation
    if section is None:
        return file
    posted = section.initiation_posted_on
    moved: Compensation = section.model_copy(
        update={
            "plan_approved_on": on,
            "initiation_posted_on": None if posted is None else min(posted, on - timedelta(days=1)),
            "villages": tuple(_revalued(sheet, on) for sheet in section.villages),
        }
    )
    return file.model_copy(update={"compensation": moved})


def _revalued(sheet: VillageValuation, on: date) -> VillageValuation:
    day = {"valued_on": on}
    return sheet.model_copy(
        update={
            "houses": tuple(house.model_copy(update=day) for house in sheet.houses),
            "special_items": tuple(item.model_copy(update=day) for item in sheet.special_items),
        }
    )
