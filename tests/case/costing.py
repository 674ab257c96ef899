"""Small cases to compute: one village, its land and what was valued, written as plain values."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from case.compensation import statement
from case.entries import CaseFile
from case.statement import Line, Statement
from law.prices import PriceTable, table

PLACES = {1: ("瓯海区", "三垟街道"), 2: ("洞头区", "北岙街道")}
DAYS = {1: "2024-12-24", 2: "2023-06-30"}
"""Days on which the shipped table has the zone's price."""


def file(
    zone: int,
    *parcels: dict[str, Any],
    houses: tuple[tuple[str, str], ...] = (),
    industrial: bool = False,
    approved: str | None = None,
    sheet: Mapping[str, Any] | None = None,
) -> CaseFile:
    """A sound case of one village. houses: id and footprint in m²; sheet: the village's section."""
    district, township = PLACES[zone]
    return CaseFile.model_validate(
        {
            "project": {
                "name": "某工程",
                "number": "WZ-TEST-001",
                "ground": 3,
                "use": "教育用地",
                "industrial_or_commercial": industrial,
                "land_user": "某单位",
            },
            "townships": [
                {
                    "id": "t",
                    "name": township,
                    "district": district,
                    "villages": [
                        {
                            "id": "v",
                            "name": "某村",
                            "zone": zone,
                            "collective": "某村股份经济合作社",
                            "members": 100,
                            "parcels": list(parcels),
                            "houses": [
                                {
                                    "id": id_,
                                    "owner": "房主某",
                                    "area_m2": footprint,
                                    "footprint_m2": footprint,
                                    "title": "无",
                                }
                                for id_, footprint in houses
                            ],
                        }
                    ],
                }
            ],
            "signing": {"collectives": 1, "contractors": 1, "houses": 1, "source": "某文"},
            "directory": [
                {
                    "unit": "bureau",
                    "role": "经办人",
                    "name": "某",
                    "channel": {"kind": "outbox", "address": "bureau"},
                }
            ],
            "compensation": {
                "plan_approved_on": approved or DAYS[zone],
                "initiation_posted_on": "2020-10-12",
                "villages": [{"village": "v", **(sheet or {})}],
            },
        }
    )


def land(name: str, area: str, unit: str = "亩", **more: Any) -> dict[str, Any]:
    """A parcel."""
    return {"class": name, "area": area, "unit": unit} | more


def house(id_: str, assessed: str, zone: int, choice: str = "货币补偿") -> dict[str, Any]:
    """A house valued on the day of the zone's plan."""
    return {"house": id_, "choice": choice, "assessed": assessed, "valued_on": DAYS[zone]}


def computed(case: CaseFile, prices: PriceTable | None = None) -> Statement:
    """Its statement at the prices shipped, or at others."""
    return statement(case, prices or table())


def line(found: Statement, item: str) -> Line:
    """The one line whose item begins so."""
    (only,) = [each for each in found.lines if each.item.startswith(item)]
    return only


def yuan(text: str) -> Decimal:
    """An amount written as people write it: "64,915,990"."""
    return Decimal(text.replace(",", ""))
