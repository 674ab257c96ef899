"""Land by class and exact area, as a case file states it and the money articles ask for it."""

from decimal import Decimal
from enum import StrEnum


class LandClass(StrEnum):
    """Classes of land that the order treats differently, or names in Articles 13 and 20 to 24."""

    ARABLE = "耕地"
    ORCHARD = "园地"
    FOREST = "林地"
    PASTURE = "牧草地"
    FISH_POND = "养殖水面"
    FACILITY = "设施农用地"
    OTHER_FARMLAND = "其他农用地"
    CONSTRUCTION = "建设用地"
    UNUSED = "未利用地"

    @property
    def is_farmland(self) -> bool:
        """Whether it counts as 农用地, forest included."""
        return self not in {LandClass.CONSTRUCTION, LandClass.UNUSED}

    @property
    def is_contracted(self) -> bool:
        """Whether its contractors or users sign an agreement of their own (Article 13)."""
        return self in {LandClass.ARABLE, LandClass.ORCHARD, LandClass.FOREST}


class AreaUnit(StrEnum):
    """Units in which a survey may state an area."""

    MU = "亩"
    HECTARE = "公顷"
    SQUARE_METRE = "平方米"


_MU = {
    AreaUnit.MU: Decimal(1),
    AreaUnit.HECTARE: Decimal(15),
    AreaUnit.SQUARE_METRE: Decimal("0.0015"),
}


def in_mu(area: Decimal, unit: AreaUnit) -> Decimal:
    """Convert an area to 亩, exactly: 1 公顷 is 15 亩, 1 平方米 is 3/2000 亩."""
    return area * _MU[unit]


def written(mu: Decimal) -> str:
    """An area as people write it, without needless zeros: "77.687"."""
    return format(mu.normalize(), "f")
