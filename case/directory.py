"""Who must stand in a case's directory (通讯录), and whether everybody does.

Every unit that owes a duty needs a clerk (经办人) to be told; the units that overdue duties are
taken to need a head (负责人) as well.
"""

from collections.abc import Iterator

from pydantic import TypeAdapter

from case.entries import Person, Role
from case.faults import Fault
from case.kinds import Slug, Text
from case.parts import Part, sound
from case.source import Source
from law.order import DEPARTMENTS, DISTRICTS

_TEXT = TypeAdapter[str](Text)
_SLUG = TypeAdapter[str](Slug)
_PERSON = TypeAdapter(Person)

_FIXED = {"bureau": "自然资源和规划局", "city": "市人民政府", "land_user": "用地单位"}
_WITH_HEAD = ("bureau", "district:", "township:")
_OF_A_CASE = ("township", "village")
_FORMS = (
    "bureau、city、land_user、district:区名、township:代号、village:代号、department:部门名 之一"
)


def directory_faults(source: Source, whole: Part) -> Iterator[Fault]:
    """Units in the directory that the case does not have, and units that nobody answers for.

    whole: the file, of which townships, villages and districts are taken as far as they are sound.
    """
    if not isinstance(whole.values.get("directory"), list):
        return
    units, uncertain = _units(whole)
    answered: set[tuple[str, Role]] = set()
    unclear: set[str] = set()
    seen: set[Person] = set()
    for entry in whole.parts("directory"):
        unit = entry.get("unit", _TEXT)
        if unit is None:
            continue
        if unit not in units and not unit.startswith(uncertain):
            yield source.fault((*entry.path, "unit"), _unknown(unit))
        person = sound(_PERSON, entry.values)
        if person is None:
            unclear.add(unit)
            continue
        if person in seen:
            yield source.fault(entry.path, f"“{unit}”的{person.role}在通讯录里写了两遍")
        seen.add(person)
        answered.add((unit, person.role))
    for unit, name in units.items():
        for role in (Role.CLERK, Role.HEAD) if unit.startswith(_WITH_HEAD) else (Role.CLERK,):
            if (unit, role) not in answered and unit not in unclear:
                yield source.fault(("directory",), f"单位“{unit}”（{name}）缺少{role}")


def _units(whole: Part) -> tuple[dict[str, str], tuple[str, ...]]:
    """The units of the case with their names, and the kinds of unit not all of which are known."""
    units = dict(_FIXED) | {f"department:{name}": f"{name}部门" for name in DEPARTMENTS}
    uncertain: set[str] = set()

    def add(kind: str, identity: str | None, name: str | None) -> None:
        if identity is None:
            uncertain.add(kind)
        else:
            units.setdefault(kind + identity, name or identity)

    townships = whole.parts("townships")
    if not townships:
        uncertain.update(("district:", "township:", "village:"))
    for township in townships:
        district = township.get("district", _TEXT)
        # A district outside the order has its own fault; nobody is asked to answer for it.
        add("district:", district if district in DISTRICTS else None, district)
        add("township:", township.get("id", _SLUG), township.get("name", _TEXT))
        villages = township.parts("villages")
        if not villages:
            uncertain.add("village:")
        for village in villages:
            add("village:", village.get("id", _SLUG), village.get("name", _TEXT))
    return units, tuple(uncertain)


def _unknown(unit: str) -> str:
    kind, _, name = unit.partition(":")
    if kind == "department":
        return f"没有部门“{name}”，只能是{'、'.join(DEPARTMENTS)}（第六条）"
    if kind in {"district", "township", "village"}:
        return f"本项目没有单位“{unit}”"
    return f"不认识单位“{unit}”，应当是 {_FORMS}"


def unit_fault(unit: str) -> str | None:
    """What is wrong with a unit's id where no case is at hand; None where some case may have it."""
    kind, _, name = unit.partition(":")
    known = {"district": name in DISTRICTS, "department": name in DEPARTMENTS}
    if unit in _FIXED or known.get(kind) or (kind in _OF_A_CASE and sound(_SLUG, name)):
        return None
    if kind == "district":
        return f"没有“{name}”，区只能是{'、'.join(DISTRICTS)}（第二条）"
    if kind in _OF_A_CASE:
        return f"“{name}”不是乡镇（街道）或者村的代号，应当用小写字母、数字和“-”"
    return _unknown(unit)
