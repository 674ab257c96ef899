"""One village to be computed: its land, its zone, its prices, and what was valued there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from case.entries import Village
from case.land import AreaUnit, LandClass, in_mu
from case.valuation import VillageValuation
from law.money import Rate, find, rate
from law.prices import Price

NOT_FOREST = frozenset(
    land for land in LandClass if land.is_farmland and land is not LandClass.FOREST
)
FARMLAND = NOT_FOREST | {LandClass.FOREST}


@dataclass(frozen=True, slots=True)
class Site:
    """One village to be computed: where it lies, what was valued there, what prices it has."""

    village: Village
    zone: int
    on: date
    sheet: VillageValuation
    initiation: date | None
    prices: Mapping[LandClass, Price]
    industrial_or_commercial: bool

    def mu(self, classes: Iterable[LandClass]) -> Decimal:
        """The village's area of these classes in 亩, exact."""
        return self.village.area(classes)

    def rate(self, rate_id: str) -> Rate:
        """The rate for this place and day. Raises law.money.NoRate."""
        return rate(rate_id, self.zone, self.on)

    def rated(self, rate_id: str) -> Rate | None:
        """The rate for this place and day; None where the zone has none."""
        return find(rate_id, self.zone, self.on)


def resettlement_of(site: Site) -> Decimal | None:
    """The resettlement subsidy of construction land in 万元/亩; None without such land."""
    price = site.prices.get(LandClass.CONSTRUCTION)
    return price.resettlement if price else None


def footprint(site: Site, houses: set[str] | None = None) -> Decimal:
    """The footprint of these houses, or of all, in 亩."""
    square_metres = sum(
        (
            house.footprint_m2
            for house in site.village.houses
            if houses is None or house.id in houses
        ),
        Decimal(0),
    )
    return in_mu(square_metres, AreaUnit.SQUARE_METRE)
