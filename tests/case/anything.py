"""What the machine of test_any_order plays with: a small case, its units, counts and sums."""

from decimal import Decimal
from typing import Any

from case.brief import GroupBrief
from case.commands import COMMANDS
from law import order
from tests.case.driver import small_brief, village

BRIEF = small_brief(
    villages=(
        village(
            "xi", "shan", 1, members=4, houses=1, contractors=1,
            groups=(GroupBrief(id="g1", name="第一小组"),),
        ),
        village("xia", "hai", 2, members=5, houses=1, contractors=1),
    ),
    ratio_houses=Decimal("0.5"),
)  # fmt: skip
UNITS = {
    "bureau",
    "city",
    "land_user",
    "township:shan",
    "township:hai",
    "district:鹿城区",
    "district:洞头区",
    *(f"department:{name}" for name in order.DEPARTMENTS),
}


def counts(name: str, count: int, values: dict[str, Any]) -> dict[str, Any]:
    """Another count in what the command counts, another sum in what it pays."""
    fields = COMMANDS[name].__dataclass_fields__
    given: dict[str, Any] = {
        key: count for key in ("holders", "signed", "objecting_members") if key in fields
    }
    given |= {key: f"{count * 50}.00" for key in ("in_place", "paid") if key in fields}
    values_only = {key: value for key, value in given.items() if key not in values}
    for key in given.keys() & values.keys():
        values[key] = given[key]
    return values_only
