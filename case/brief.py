"""The brief: what the procedure needs to know of a case file, and nothing personal.

A case carries its brief for its whole life, and thousands of cases stand in a worker's memory at
once: so it holds counts and areas instead of lists, and names of organisations only.
"""

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic.dataclasses import dataclass

from case.land import LandClass
from case.targets import OfficeTargets

if TYPE_CHECKING:
    from case.entries import CaseFile, Parcel, Township, Village

_FARMLAND = frozenset(land for land in LandClass if land.is_farmland)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupBrief:
    """A village group that is notified itself, because it meets all three conditions."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageBrief:
    """A village of the case. Areas are exact, in 亩."""

    id: str
    name: str
    township: str
    """Id of its township."""
    zone: int
    """1 or 2 (Article 19)."""
    collective: str
    """Name of the collective economic organisation."""
    members: int
    """Members of the collective, of whom more than half can demand a hearing (Article 11)."""
    groups: tuple[GroupBrief, ...]
    """Qualifying village groups only."""
    contractors: int
    houses: int
    total_area: Decimal
    farmland: Decimal
    """All classes of 农用地, forest included."""
    arable: Decimal
    basic_farmland: Decimal
    """Permanent basic farmland (永久基本农田), part of the arable."""
    forest: Decimal
    forest_above_10m: Decimal
    """Part of the forest; it brings no housing quota (Article 24)."""
    construction: Decimal
    unused: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TownshipBrief:
    """A township of the case and the district it lies in."""

    id: str
    name: str
    district: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One acquisition as the procedure sees it."""

    case_id: str
    name: str
    ground: int
    """1 to 6: which ground of 土地管理法 Article 45."""
    use: str
    industrial_or_commercial: bool
    land_user: str
    """The organisation that the land is acquired for."""
    townships: tuple[TownshipBrief, ...]
    villages: tuple[VillageBrief, ...]
    ratio_collectives: Decimal
    ratio_contractors: Decimal
    ratio_houses: Decimal
    ratio_source: str
    """Document number of the superior's rule that sets the three ratios."""
    targets: OfficeTargets
    file_digest: str
    """digest() of the case file."""


def digest(file: "CaseFile") -> str:
    """SHA-256, in hexadecimal, of what the file says, whatever its comments and notation."""
    said = file.model_dump(mode="json", by_alias=True)
    # A file without what came later digests as it did before.
    if said["compensation"] is None:
        del said["compensation"]
    for person in said["directory"]:
        if not person.get("fallback"):
            person.pop("fallback", None)
    text = json.dumps(
        said,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()


def brief(file: "CaseFile") -> Brief:
    """Take the brief from a case file."""
    return Brief(
        case_id=file.project.number,
        name=file.project.name,
        ground=file.project.ground,
        use=file.project.use,
        industrial_or_commercial=file.project.industrial_or_commercial,
        land_user=file.project.land_user,
        townships=tuple(
            TownshipBrief(id=township.id, name=township.name, district=township.district)
            for township in file.townships
        ),
        villages=tuple(_village(township, village) for township, village in file.villages),
        ratio_collectives=file.signing.collectives,
        ratio_contractors=file.signing.contractors,
        ratio_houses=file.signing.houses,
        ratio_source=file.signing.source,
        targets=file.office_targets,
        file_digest=digest(file),
    )


def _village(township: "Township", village: "Village") -> VillageBrief:
    parcels = village.parcels
    return VillageBrief(
        id=village.id,
        name=village.name,
        township=township.id,
        zone=village.zone,
        collective=village.collective,
        members=village.members,
        groups=tuple(
            GroupBrief(id=group.id, name=group.name) for group in village.groups if group.qualifies
        ),
        contractors=len(village.contractors),
        houses=len(village.houses),
        total_area=_mu(parcels),
        farmland=village.area(_FARMLAND),
        arable=village.area({LandClass.ARABLE}),
        basic_farmland=_mu(parcel for parcel in parcels if parcel.permanent_basic_farmland),
        forest=village.area({LandClass.FOREST}),
        forest_above_10m=_mu(parcel for parcel in parcels if parcel.above_10m),
        construction=village.area({LandClass.CONSTRUCTION}),
        unused=village.area({LandClass.UNUSED}),
    )


def _mu(parcels: "Iterable[Parcel]") -> Decimal:
    return sum((parcel.mu for parcel in parcels), Decimal(0))
