"""Small cases to compute: one village, its land and what was valued, written as plain values."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from case.compensation import statement
from case.entries import CaseFile
from case.faults import Faults
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


CONSENT = "某政函〔2023〕1号"


def whole(zone: int, *, industrial: bool = False) -> CaseFile:
    """2 亩 arable, 1.5 forest of which 1 is above ten metres, 3 built on, 1 unused; two houses of
    0.3 亩 together; one item of each kind that is valued.
    """
    valued_on = DAYS[zone]
    item = {"replacement_cost": "100001", "newness": "0.65", "valued_on": valued_on}
    return file(
        zone,
        land("耕地", "1"),
        land("设施农用地", "1"),
        land("林地", "1", above_10m=True),
        land("林地", "0.5", above_10m=False),
        land("建设用地", "2000", "平方米"),
        land("未利用地", "1"),
        houses=(("a", "120"), ("b", "80")),
        industrial=industrial,
        sheet={
            "houses": [
                house("a", "500000.50", zone),
                house("b", "300000", zone, choice="产权调换"),
            ],
            "graves": 3,
            "special_items": [
                {"item": "桥", "on": "建设用地", "consent": CONSENT} | item,
                {"item": "棚", "on": "设施农用地", "consent": CONSENT} | item,
            ],
            "removals": [
                {"item": "苗", "kind": "林木种苗", "amount": "1234.5", "consent": CONSENT},
                {"item": "猪", "kind": "畜禽养殖", "amount": "800", "consent": CONSENT},
            ],
            "uncompensated": [
                {"item": "违建", "ground": "违法"},
                {"item": "新棚", "ground": "抢建", "done_on": "2022-01-05"},
            ],
        },
    )


def refused(case: CaseFile, on: date | None = None) -> list[str]:
    """What stands in the way of computing it, at the prices shipped."""
    with pytest.raises(Faults) as raised:
        statement(case, table(), plan_approved_on=on)
    return [str(fault) for fault in raised.value]
