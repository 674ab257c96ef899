"""What it costs to compute a case, and how the time grows with its houses.

A case is computed whole: its checks, its prices, every line, the sums. Reading the file is told
apart, since most of that is the reading of YAML. The exponent is that of the least-squares line
through the logarithms: 1 where twice the houses take twice the time.
"""

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from case.compensation import statement
from case.entries import CaseFile, House
from case.file import load
from case.land import AreaUnit, LandClass
from case.valuation import HouseValuation
from law.prices import table

HOUSES = (300, 1_000, 3_000, 10_000)
LARGE = 3_000
"""The houses of the largest case that the bench speaks of by itself."""
ROUNDS = 7
EXAMPLE = Path(__file__).parent.parent / "examples" / "one-village.yaml"


@dataclass(frozen=True, slots=True)
class Computed:
    """Milliseconds to compute a case, the median of the rounds and the extremes, by houses."""

    milliseconds: dict[int, dict[str, float]]
    exponent: float
    """How the time grows with the houses."""
    checking: float
    """Milliseconds to check 3,000 houses' entries once they are read, not computed."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def compute() -> Computed:
    """Compute a case of each size. Fails where the sums do not fit the houses they are of."""
    prices = table()
    example = load(EXAMPLE)
    found: dict[int, dict[str, float]] = {}
    for houses in HOUSES:
        case = with_houses(example, houses)
        stated = statement(case, prices)
        if len(stated.lines) != len(statement(example, prices).lines) - 24 + houses:
            raise AssertionError("每幢房屋应当有一行")
        found[houses] = _spread(
            [_milliseconds(partial(statement, case, prices)) for _ in range(ROUNDS)]
        )
    case = with_houses(example, LARGE)
    dumped = case.model_dump(by_alias=True)
    checking = statistics.median(
        _milliseconds(partial(CaseFile.model_validate, dumped)) for _ in range(ROUNDS)
    )
    return Computed(found, _exponent({n: each["median"] for n, each in found.items()}), checking)


def with_houses(file: CaseFile, count: int) -> CaseFile:
    """The one-village example with so many houses, land enough for them, all of them valued."""
    assert file.compensation is not None
    township = file.townships[0]
    village = township.villages[0]
    houses, section = village.houses, file.compensation
    sheet = section.villages[0]
    more = tuple(_house(houses[n % len(houses)], n) for n in range(count))
    valued = tuple(_valued(sheet.houses[n % len(houses)], n) for n in range(count))
    land = next(parcel for parcel in village.parcels if parcel.land is LandClass.CONSTRUCTION)
    plot = land.model_copy(update={"area": Decimal(count), "unit": AreaUnit.MU})
    village = village.model_copy(update={"houses": more, "parcels": (*village.parcels, plot)})
    sheet = sheet.model_copy(update={"houses": valued})
    return file.model_copy(
        update={
            "townships": (township.model_copy(update={"villages": (village,)}),),
            "compensation": section.model_copy(update={"villages": (sheet,)}),
        }
    )


def _house(like: House, number: int) -> House:
    return like.model_copy(update={"id": f"n{number}"})


def _valued(like: HouseValuation, number: int) -> HouseValuation:
    return like.model_copy(update={"house": f"n{number}"})


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1e3


def _spread(figures: list[float]) -> dict[str, float]:
    return {
        "median": statistics.median(figures),
        "least": min(figures),
        "most": max(figures),
    }


def _exponent(medians: dict[int, float]) -> float:
    logs = [(math.log(n), math.log(each)) for n, each in medians.items()]
    slope, _ = statistics.linear_regression([x for x, _ in logs], [y for _, y in logs])
    return slope
