"""Measuring a case: what it costs and grants, from the sheet that the bureau registered."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import structlog
from pydantic import ValidationError
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.office.prices import price_table
from activities.registry import Registry, UnknownSheet
from case.compensation import Statement, statement
from case.entries import CaseFile
from case.faults import WHOLE_FILE, Fault, Faults
from case.measurement import Measurement, Measuring, VillageAmounts
from case.wording import BY_THE_BUREAU, Fund

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
            raise _unmeasurable(str(error)) from None
        except Faults as faults:
            # The faults name houses and what they are worth: they stay out of the history. The desk
            # lists them before it sends.
            look = f"starter.py act {asked.case_id} measure-compensation --dry-run"
            raise _unmeasurable(f"测算表有 {len(faults.faults)} 处问题，请用 {look} 查看") from None
        logger.info("measured", case_id=asked.case_id, sheet=asked.sheet, total=str(found.total))
        return found


def sheet_of(registry: Registry, asked: Measuring) -> CaseFile:
    """A registered sheet. Raises UnknownSheet, or Faults where it cannot be read any more."""
    try:
        return CaseFile.model_validate_json(registry.sheet(asked.case_id, asked.sheet))
    except ValidationError:
        raise Faults([_fault("登记的测算表已不合现在的格式，请重新登记")]) from None


def measured(registry: Registry, office: Path, asked: Measuring) -> Measurement:
    """What a registered sheet comes to. Raises UnknownSheet, or Faults with everything wrong."""
    file = sheet_of(registry, asked)
    admitted = json.loads(registry.file(asked.case_id))
    if other := tuple(_other_project(json.loads(file.model_dump_json()), admitted)):
        raise Faults(_fault(sentence) for sentence in other)
    written = file.compensation.plan_approved_on if file.compensation else None
    if written and written != asked.plan_approved_on:
        raise Faults([_fault(_other_day(written, asked.plan_approved_on))])
    found = statement(file, price_table(office), plan_approved_on=asked.plan_approved_on)
    return measurement(found, asked)


def _other_day(written: date, approved: date) -> str:
    return (
        f"测算表写的方案批准之日是{written}，本案登记的是{approved}；价格和估价时点都按批准之日"
        "（第二十条），请更正 plan_approved_on 和各项 valued_on，重新登记"
    )


def _fault(sentence: str) -> Fault:
    return Fault(place=WHOLE_FILE, sentence=sentence)


def _other_project(sheet: dict[str, Any], admitted: dict[str, Any]) -> Iterator[str]:
    """In what a sheet is of another project than the case. Areas, houses and holders may differ:
    the survey finds them (第七条)."""
    if sheet["project"] != admitted["project"]:
        yield "测算表的项目一节与立案时不同"
    its, ours = _places(sheet), _places(admitted)
    for village in dict.fromkeys((*its, *ours)):
        if its.get(village) != ours.get(village):
            said = "、".join(its.get(village) or ["没有"])
            stood = "、".join(ours.get(village) or ["没有"])
            yield f"测算表的村“{village}”（{said}）与立案时（{stood}）不同"


def _places(file: dict[str, Any]) -> dict[str, list[str]]:
    """Each village with what fixes its law: district, township, name, zone, collective."""
    return {
        village["id"]: [
            township["district"],
            township["name"],
            village["name"],
            f"{village['zone']}类区片",
            village["collective"],
        ]
        for township in file["townships"]
        for village in township["villages"]
    }


def measurement(found: Statement, asked: Measuring) -> Measurement:
    """What a case keeps of a statement: no house, no owner, only the amounts."""
    return Measurement(
        entry=asked.entry,
        sheet=asked.sheet,
        plan_approved_on=asked.plan_approved_on,
        total=found.total,
        funds={
            fund.value: found.funds.get(fund, Decimal(0))
            for fund in Fund
            if fund not in BY_THE_BUREAU
        },
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
