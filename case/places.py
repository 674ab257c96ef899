"""Where notices hang and how the units of a case are called."""

from case.brief import Brief
from law.order import DEPARTMENTS

PORTAL = "portal"

UNIT_NAMES = {"bureau": "市自然资源和规划局", "city": "市人民政府"}
"""The units that every case has, by id."""

_FIXED = {PORTAL: "市人民政府门户网站", **UNIT_NAMES}


def places_of(brief: Brief, *, portal_only: bool = False) -> tuple[str, ...]:
    """The places of a notice: portal, townships, villages, qualifying groups (第六条；解读五)."""
    if portal_only:
        return (PORTAL,)
    townships = tuple(f"township:{township.id}" for township in brief.townships)
    villages = tuple(f"village:{village.id}" for village in brief.villages)
    groups = tuple(
        f"group:{village.id}/{group.id}" for village in brief.villages for group in village.groups
    )
    return (PORTAL, *townships, *villages, *groups)


def poster_of(brief: Brief, place: str) -> str:
    """The unit that posts at `place`: the bureau on the portal, else the township there."""
    kind, _, rest = place.partition(":")
    if kind == "township":
        return place
    village_id = rest.partition("/")[0]
    for village in brief.villages:
        if village.id == village_id:
            return f"township:{village.township}"
    return "bureau"


def units_of(brief: Brief) -> tuple[str, ...]:
    """Every unit of a case, by id: whoever can owe something in it, or be told of it."""
    return (
        "bureau",
        "city",
        "land_user",
        *dict.fromkeys(f"district:{township.district}" for township in brief.townships),
        *(f"township:{township.id}" for township in brief.townships),
        *(f"village:{village.id}" for village in brief.villages),
        *(f"department:{name}" for name in DEPARTMENTS),
    )


def district_name(district: str) -> str:
    """The government of a district, or the committee of a functional zone."""
    return f"{district}人民政府（功能区管委会）"


def place_name(brief: Brief, unit: str) -> str:
    """The Chinese name of a unit or place id; the id itself if the case has no such unit."""
    if unit in _FIXED:
        return _FIXED[unit]
    kind, _, rest = unit.partition(":")
    match kind:
        case "land_user":
            return f"用地单位（{brief.land_user}）"
        case "department":
            return f"{rest}部门"
        case "district":
            return district_name(rest)
        case "township":
            return next((found.name for found in brief.townships if found.id == rest), unit)
        case "village" | "group":
            village_id, _, group_id = rest.partition("/")
            for village in brief.villages:
                if village.id == village_id:
                    group = next((g.name for g in village.groups if g.id == group_id), "")
                    return f"{village.name}{group}"
    return unit
