"""What the entries of a case file must be to one another.

Reads the plain values entry by entry, so that a file with a faulty entry still has the rest of it
checked in the same go. Whatever cannot be read itself is left to the entry's own fault.
"""

from collections.abc import Iterator
from decimal import Decimal

from pydantic import TypeAdapter

from case.directory import directory_faults
from case.entries import Contractor, House, Parcel
from case.faults import Fault, Path, place_of
from case.kinds import Slug, Text, Zone
from case.land import AreaUnit, LandClass, in_mu, written
from case.parts import Part, sound
from case.source import Source
from case.valued import valuation_faults
from law.order import DISTRICTS, ZONE_TITLES, zone_of
from law.streets import unknown_street

_TEXT = TypeAdapter[str](Text)
_SLUG = TypeAdapter[str](Slug)
_SQUARE_METRE = AreaUnit.SQUARE_METRE
_ZONE = TypeAdapter[int](Zone)
_PARCEL = TypeAdapter(Parcel)
_HOUSE = TypeAdapter(House)
_CONTRACTOR = TypeAdapter(Contractor)


def cross_faults(source: Source) -> Iterator[Fault]:
    """Every contradiction between sound entries of the file."""
    if not isinstance(source.content, dict):
        return
    whole = Part((), source.content)
    townships = whole.parts("townships")
    villages = [village for township in townships for village in township.parts("villages")]
    yield from _repeated(source, "乡镇（街道）", townships)
    yield from _repeated(source, "村", villages)
    for village in villages:
        for title, name in (("小组", "groups"), ("房屋", "houses"), ("承包人", "contractors")):
            yield from _repeated(source, title, village.parts(name))
    for township in townships:
        yield from _district_and_zones(source, township)
    for village in villages:
        parcels = [sound(_PARCEL, part.values) for part in village.parts("parcels")]
        yield from _parcels(source, village, parcels)
        yield from _contractors(source, village, parcels)
        yield from _houses(source, village, parcels)
    yield from directory_faults(source, whole)
    yield from valuation_faults(source, whole)


def _repeated(source: Source, title: str, parts: list[Part]) -> Iterator[Fault]:
    first: dict[str, Path] = {}
    for part in parts:
        identity = part.get("id", _SLUG)
        if identity is None:
            continue
        path = (*part.path, "id")
        if identity in first:
            earlier = place_of(first[identity])
            yield source.fault(path, f"{title}代号“{identity}”与 {earlier} 重复，应当各不相同")
        first.setdefault(identity, path)


def _district_and_zones(source: Source, township: Part) -> Iterator[Fault]:
    name, district = township.get("name", _TEXT), township.get("district", _TEXT)
    if district is None:
        return
    if district not in DISTRICTS:
        listed = "、".join(DISTRICTS)
        yield source.fault(
            (*township.path, "district"),
            f"“{district}”不在本办法适用范围内，只能是{listed}（第二条）",
        )
        return
    if name is None:
        return
    if unknown := unknown_street(district, name):
        yield source.fault((*township.path, "name"), unknown)
        return
    lawful = zone_of(district, name)
    for village in township.parts("villages"):
        zone = village.get("zone", _ZONE)
        if zone is not None and zone != lawful:
            yield source.fault(
                (*village.path, "zone"),
                f"{district}{name}属于{ZONE_TITLES[lawful]}，这里写的是{ZONE_TITLES[zone]}（第十九条）",
            )


def _parcels(source: Source, village: Part, parcels: list[Parcel | None]) -> Iterator[Fault]:
    zone = village.get("zone", _ZONE)
    for i, parcel in enumerate(parcels):
        if parcel is None:
            continue
        path: Path = (*village.path, "parcels", i)
        if parcel.permanent_basic_farmland and parcel.land is not LandClass.ARABLE:
            yield source.fault(
                (*path, "permanent_basic_farmland"),
                f"永久基本农田只能是耕地，这里是{parcel.land}",
            )
        if parcel.above_10m is not None and parcel.land is not LandClass.FOREST:
            yield source.fault(
                (*path, "above_10m"), f"只有林地要写是否黄海标高10米以上，这里是{parcel.land}"
            )
        if parcel.above_10m is None and parcel.land is LandClass.FOREST and zone == 1:
            yield source.fault(
                (*path, "above_10m"),
                "一类区片的林地应当写明是否黄海标高10米以上：10米以上的不核给住宅用房安置指标（第二十四条）",
            )


def _area(parcels: list[Parcel | None], land: LandClass) -> Decimal | None:
    """The village's area of a class in 亩, or None where a parcel cannot be read."""
    total = Decimal(0)
    for parcel in parcels:
        if parcel is None:
            return None
        total += parcel.mu if parcel.land is land else 0
    return total


def _contractors(source: Source, village: Part, parcels: list[Parcel | None]) -> Iterator[Fault]:
    held: dict[LandClass, Decimal] = {}
    for part in village.parts("contractors"):
        contractor = sound(_CONTRACTOR, part.values)
        if contractor is None:
            continue
        land = contractor.land
        if land.is_contracted:
            held[land] = held.get(land, Decimal(0)) + contractor.mu
        else:
            yield source.fault(
                (*part.path, "class"), f"承包人只能承包耕地、园地、林地，这里是{land}（第十三条）"
            )
    for land, mu in held.items():
        area = _area(parcels, land)
        if area is not None and mu > area:
            yield source.fault(
                (*village.path, "contractors"),
                f"承包人的{land}共 {written(mu)} 亩，多于村里征收的{land} {written(area)} 亩",
            )


def _houses(source: Source, village: Part, parcels: list[Parcel | None]) -> Iterator[Fault]:
    construction = _area(parcels, LandClass.CONSTRUCTION)
    houses = [house for part in village.parts("houses") if (house := sound(_HOUSE, part.values))]
    if construction is None or not houses:
        return
    path = (*village.path, "houses")
    if construction == 0:
        yield source.fault(path, "有房屋，但地块里没有建设用地（第二十条）")
        return
    footprint = in_mu(sum((house.footprint_m2 for house in houses), Decimal(0)), _SQUARE_METRE)
    if footprint > construction:
        yield source.fault(
            path,
            f"房屋基底占地共 {written(footprint)} 亩，"
            f"多于村里征收的建设用地 {written(construction)} 亩",
        )
