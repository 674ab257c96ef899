"""Measuring a case: what it costs and grants, from the sheet that the bureau registered."""

from pathlib import Path

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.prices import price_table
from activities.registry import Registry, UnknownSheet
from case.compensation import Statement, statement
from case.entries import CaseFile
from case.faults import Fault, Faults
from case.measurement import Measurement, Measuring, VillageAmounts

logger = structlog.get_logger(__name__)

UNMEASURABLE = "Unmeasurable"
"""Type of the error for a sheet that is not there or cannot be measured: no retry mends it."""


class Measures:
    """The activity that measures a registered sheet by the law's rates and the office's prices."""

    def __init__(self, registry: Registry, office: Path) -> None:
        self._registry = registry
        self._office = office

    @activity.defn(name="measure")
    def measure(self, asked: Measuring) -> Measurement:
        """Measure one sheet as of the day the plan was approved; every fault at once in Chinese."""
        try:
            found = measured(self._registry, self._office, asked)
        except UnknownSheet as error:
            raise _unmeasurable(str(error)) from error
        except Faults as faults:
            raise _unmeasurable("\n".join(str(fault) for fault in faults)) from faults
        logger.info("measured", case_id=asked.case_id, sheet=asked.sheet, total=str(found.total))
        return found


def measured(registry: Registry, office: Path, asked: Measuring) -> Measurement:
    """What a registered sheet comes to. Raises UnknownSheet, or Faults with everything wrong."""
    file = CaseFile.model_validate_json(registry.sheet(asked.case_id, asked.sheet))
    villages = [village.id for _, village in file.villages]
    if set(villages) != set(asked.villages):
        sentence = (
            f"测算表的村（{'、'.join(villages)}）与本案的村（{'、'.join(asked.villages)}）不一致"
        )
        raise Faults([Fault(place="townships", sentence=sentence)])
    found = statement(file, price_table(office), plan_approved_on=asked.plan_approved_on)
    return measurement(found, asked)


def measurement(found: Statement, asked: Measuring) -> Measurement:
    """What a case keeps of a statement: no house, no owner, only the amounts."""
    return Measurement(
        entry=asked.entry,
        sheet=asked.sheet,
        plan_approved_on=asked.plan_approved_on,
        total=found.total,
        funds={fund.value: amount for fund, amount in found.funds.items()},
        villages=tuple(
            VillageAmounts(
                village=village.village,
                payable=village.payable,
                insurance_places=village.insurance_places,
                housing_quota=village.housing_quota,
                retained_land_subsidy=village.retained_land_subsidy,
            )
            for village in found.villages
        ),
    )


def _unmeasurable(said: str) -> ApplicationError:
    return ApplicationError(said, type=UNMEASURABLE, non_retryable=True)
