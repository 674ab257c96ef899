"""Reads the compensation section for its checks: from the file's text, and from a sound file."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from pydantic import TypeAdapter

from case.appraisal import (
    SECTION,
    Days,
    Ground,
    Said,
    Sheet,
    appraisal_faults,
    below_deduction,
)
from case.entries import CaseFile, House, Parcel
from case.faults import Fault, place_of
from case.kinds import Day, Slug, Text
from case.land import LandClass
from case.parts import Part, sound
from case.source import Source
from case.valuation import (
    HouseValuation,
    Removal,
    SpecialItem,
    Uncompensated,
    VillageValuation,
)
from law.order import DISTRICTS, zone_of
from law.prices import NoPrice, PriceTable, no_price
from law.rules import out_of_force
from law.streets import unknown_street

T = TypeVar("T")

NO_SECTION = "没有补偿测算一节（compensation），写上以后才能测算，写法见 docs/compensation.md"

_DAY = TypeAdapter[date](Day)
_SLUG = TypeAdapter[str](Slug)
_TEXT = TypeAdapter[str](Text)
_LAND = TypeAdapter(LandClass)
_PARCEL = TypeAdapter(Parcel)
_HOUSE = TypeAdapter(HouseValuation)
_OWNED = TypeAdapter(House)
_SPECIAL = TypeAdapter(SpecialItem)
_REMOVAL = TypeAdapter(Removal)
_UNCOMPENSATED = TypeAdapter(Uncompensated)
_VILLAGE = TypeAdapter(VillageValuation)


def valuation_faults(source: Source, whole: Part) -> Iterator[Fault]:
    """What contradicts in a file's compensation section, as far as the file can be read.

    whole: the file. A file without the section has nothing to contradict.
    """
    written = whole.values.get("compensation")
    if not isinstance(written, dict):
        return
    section = Part(SECTION, written)
    days = Days(section.get("plan_approved_on", _DAY), section.get("initiation_posted_on", _DAY))
    grounds: dict[str, Ground] = {}
    townships = whole.parts("townships")
    complete = bool(townships)
    for township in townships:
        villages = township.parts("villages")
        complete = complete and bool(villages)
        for village in villages:
            id_ = village.get("id", _SLUG)
            if id_ is None:
                complete = False
            else:
                grounds.setdefault(id_, _ground(village, id_))
    sheets = tuple(_sheet(part) for part in section.parts("villages"))
    complete = complete and bool(sheets)
    for path, sentence in appraisal_faults(days, grounds, sheets, complete=complete):
        yield source.fault(path, sentence)


def _ground(village: Part, id_: str) -> Ground:
    houses = [house.get("id", _SLUG) for house in village.parts("houses")]
    parcels = [sound(_PARCEL, parcel.values) for parcel in village.parts("parcels")]
    readable = [parcel for parcel in parcels if parcel is not None]
    return Ground(
        village.get("name", _TEXT) or id_,
        None if None in houses else tuple(house for house in houses if house is not None),
        _areas(tuple(readable)) if readable and len(readable) == len(parcels) else None,
    )


def _areas(parcels: tuple[Parcel, ...]) -> Mapping[LandClass, Decimal]:
    areas: dict[LandClass, Decimal] = {}
    for parcel in parcels:
        areas[parcel.land] = areas.get(parcel.land, Decimal(0)) + parcel.mu
    return areas


def _sheet(part: Part) -> Sheet:
    return Sheet(
        part.path,
        part.get("village", _SLUG),
        _sound(part, "houses", _HOUSE),
        _sound(part, "special_items", _SPECIAL),
        _sound(part, "removals", _REMOVAL),
        _sound(part, "uncompensated", _UNCOMPENSATED),
        sound(_VILLAGE, part.values),
    )


def _sound(part: Part, name: str, kind: TypeAdapter[T]) -> tuple[tuple[int, T], ...]:
    read = ((i, sound(kind, each.values)) for i, each in enumerate(part.parts(name)))
    return tuple((i, each) for i, each in read if each is not None)


def without_section(source: Source) -> Iterator[Fault]:
    """A file without the compensation section cannot be computed."""
    if isinstance(source.content, dict) and source.content.get("compensation") is None:
        yield source.fault(SECTION, NO_SECTION)


def price_faults(prices: PriceTable, source: Source) -> Iterator[Fault]:
    """What only the prices on the day the plan was approved tell, as far as the file can be read.

    Villages with land that has no price, and houses assessed below their deduction. A file without
    the section needs no price.
    """
    if not isinstance(source.content, dict):
        return
    whole = Part((), source.content)
    written = whole.values.get("compensation")
    if not isinstance(written, dict):
        return
    section = Part(SECTION, written)
    on = section.get("plan_approved_on", _DAY)
    if on is None or out_of_force(on):
        return
    sheets = tuple(_sheet(part) for part in section.parts("villages"))
    for township in whole.parts("townships"):
        zone = _zone(township)
        for village in township.parts("villages"):
            lacking = [land for land in _classes(village) if not _priced(prices, zone, land, on)]
            if zone is None:
                continue
            if lacking:
                yield source.fault(village.path, no_price(zone, lacking, on))
            id_ = village.get("id", _SLUG)
            footprints = _footprints(village)
            for sheet in sheets:
                if id_ is not None and sheet.village == id_:
                    for path, said in _too_low(sheet, footprints, prices, zone, on):
                        yield source.fault(path, said)


def _footprints(village: Part) -> dict[str, Decimal]:
    """m² by house, of the houses that can be read."""
    read = [sound(_OWNED, house.values) for house in village.parts("houses")]
    return {house.id: house.footprint_m2 for house in read if house is not None}


def _too_low(
    sheet: Sheet, footprints: Mapping[str, Decimal], prices: PriceTable, zone: int, on: date
) -> Iterator[Said]:
    try:
        resettlement = prices.price(zone, LandClass.CONSTRUCTION, on).resettlement
    except NoPrice:
        return
    if resettlement is not None:
        yield from below_deduction(sheet.path, sheet.houses, footprints, resettlement)


def _zone(township: Part) -> int | None:
    """The zone of a township; None where its district is not the order's, or its street unknown."""
    name, district = township.get("name", _TEXT), township.get("district", _TEXT)
    if name is None or district not in DISTRICTS or unknown_street(district, name):
        return None
    return zone_of(district, name)


def _classes(village: Part) -> list[LandClass]:
    read = {parcel.get("class", _LAND) for parcel in village.parts("parcels")}
    return [land for land in LandClass if land in read]


def _priced(prices: PriceTable, zone: int | None, land: LandClass, on: date) -> bool:
    try:
        return zone is None or bool(prices.price(zone, land, on))
    except NoPrice:
        return False


def faults_on(file: CaseFile, approved: date) -> list[Fault]:
    """What contradicts in a sound file's section, were the plan approved on that day."""
    section = file.compensation
    if section is None:
        return []
    sheets = tuple(
        Sheet(
            (*SECTION, "villages", i),
            sheet.village,
            tuple(enumerate(sheet.houses)),
            tuple(enumerate(sheet.special_items)),
            tuple(enumerate(sheet.removals)),
            tuple(enumerate(sheet.uncompensated)),
            sheet,
        )
        for i, sheet in enumerate(section.villages)
    )
    grounds = {
        village.id: Ground(
            village.name, tuple(house.id for house in village.houses), _areas(village.parcels)
        )
        for _, village in file.villages
    }
    found = appraisal_faults(Days(approved, section.initiation_posted_on), grounds, sheets)
    return [Fault(place=place_of(path), sentence=sentence) for path, sentence in found]
