"""What a case costs and grants, as measured from a registered sheet (第十四条、第十六条).

The sheet (补偿测算表) holds houses, owners and appraisals and stays in the registry. An activity
measures it, and the case keeps the amounts as they were measured: a later change of prices or rates
does not move them.
"""

from datetime import date
from decimal import Decimal

from pydantic.dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measuring:
    """What an activity is asked to measure: a sheet, as of the day the plan was approved."""

    case_id: str
    entry: str
    """Id of the entry that asks for it."""
    sheet: str
    """SHA-256 of the sheet in the registry, hexadecimal."""
    plan_approved_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageAmounts:
    """What one village is owed and granted."""

    village: str
    payable: Decimal
    """Yuan that the land user pays it within 第十六条's thirty days."""
    insurance_places: Decimal
    """The exact product of 第二十七条; the bureau grants within one place of it."""
    housing_quota: Decimal | None
    """m² of floor, zone 1 (第二十四条)."""
    retained_land_subsidy: Decimal | None
    """Yuan, zone 2 (第二十四条)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """The amounts of one case in yuan: by the name of the fund, and of every line of the sheet."""

    entry: str
    sheet: str
    plan_approved_on: date
    total: Decimal
    funds: dict[str, Decimal]
    villages: tuple[VillageAmounts, ...]

    def of(self, village: str) -> VillageAmounts | None:
        """A village's amounts; None for a village that the sheet does not have."""
        return next((each for each in self.villages if each.village == village), None)


def grouped(amount: Decimal) -> str:
    """An amount as it is read: 64,915,990."""
    return f"{amount.normalize():,f}"
