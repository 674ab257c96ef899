"""What the compensation section (补偿测算) must be to the rest of the case file, and to the order.

Asked twice: of a file as it is read, as far as it can be read, and of a sound file before it is
computed, since the plan may have been approved on another day than the file says.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from case.faults import Path, place_of
from case.land import AreaUnit, LandClass, in_mu, written
from case.statement import YUAN_A_WAN
from case.valuation import (
    Ground22,
    HouseValuation,
    Removal,
    RemovalKind,
    SpecialItem,
    Uncompensated,
    VillageValuation,
)
from law.money import rate
from law.rules import out_of_force

Said = tuple[Path, str]
"""Where something is wrong, and the sentence that says what."""

SECTION: Path = ("compensation",)
_SPECIAL_ON = (LandClass.CONSTRUCTION, LandClass.FACILITY)
_MOVED_FROM = {
    RemovalKind.SEEDLINGS: LandClass.FOREST,
    RemovalKind.LIVESTOCK: LandClass.FACILITY,
}
_MOST_NAMED = 5
_MOST_COMPARED = 200
"""Names among which a near one is looked for: more would take longer than it helps."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A village of the file as the checks need it; None for what cannot be read there."""

    name: str
    houses: tuple[str, ...] | None
    areas: Mapping[LandClass, Decimal] | None
    """Exact, in 亩, by class of land."""

    @property
    def farmland(self) -> Decimal | None:
        """The area of all farmland in 亩."""
        if self.areas is None:
            return None
        return sum((mu for land, mu in self.areas.items() if land.is_farmland), Decimal(0))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One village's valuations as far as they can be read, each with its place in its list."""

    path: Path
    village: str | None
    houses: tuple[tuple[int, HouseValuation], ...]
    special_items: tuple[tuple[int, SpecialItem], ...]
    removals: tuple[tuple[int, Removal], ...]
    uncompensated: tuple[tuple[int, Uncompensated], ...]
    whole: VillageValuation | None
    """The entry itself, where all of it can be read."""


@dataclass(frozen=True, slots=True)
class Days:
    """The two days everything is held against; None for one that is not written or not readable."""

    approved: date | None
    initiation: date | None


def appraisal_faults(
    days: Days, grounds: Mapping[str, Ground], sheets: tuple[Sheet, ...], *, complete: bool = True
) -> Iterator[Said]:
    """Everything in the section that contradicts the file or the order.

    grounds: the file's villages by id. complete: whether all of them could be read, so that a name
    which is not among them is known to be wrong.
    """
    yield from _days(days)
    first: dict[str, Path] = {}
    for sheet in sheets:
        if sheet.village is None:
            continue
        path = (*sheet.path, "village")
        if sheet.village in first:
            yield path, f"村“{sheet.village}”与 {place_of(first[sheet.village])} 重复，应当合在一起"
        first.setdefault(sheet.village, path)
        ground = grounds.get(sheet.village)
        if ground is None:
            if complete:
                yield path, f"本项目没有村“{sheet.village}”{_near(sheet.village, tuple(grounds))}"
            continue
        yield from _sheet(days, ground, sheet)
    if complete and all(sheet.village is not None for sheet in sheets):
        for id_, ground in grounds.items():
            if id_ not in first:
                yield (
                    (*SECTION, "villages"),
                    f"缺少村“{id_}”（{ground.name}）；没有房屋、坟墓的也应当写上村代号",
                )


def _days(days: Days) -> Iterator[Said]:
    if days.approved is None:
        return
    outside = out_of_force(days.approved)
    if outside:
        yield (*SECTION, "plan_approved_on"), outside
    if days.initiation is not None and days.initiation >= days.approved:
        yield (
            (*SECTION, "initiation_posted_on"),
            f"土地征收启动公告（{days.initiation}）应当在方案批准之日（{days.approved}）以前"
            "，不能是同一天（第六条、第十一条）",
        )


def _sheet(days: Days, ground: Ground, sheet: Sheet) -> Iterator[Said]:
    yield from _houses(days, ground, sheet)
    for i, item in sheet.special_items:
        yield from _special(days, ground, (*sheet.path, "special_items", i), item)
    for i, removal in sheet.removals:
        yield from _removal(ground, (*sheet.path, "removals", i), removal)
    for i, left_out in sheet.uncompensated:
        yield from _uncompensated(days, (*sheet.path, "uncompensated", i), left_out)
    if sheet.whole is not None:
        yield from _places(days, ground, sheet.path, sheet.whole)


def _houses(days: Days, ground: Ground, sheet: Sheet) -> Iterator[Said]:
    first: dict[str, Path] = {}
    named: list[tuple[Path, str]] = [
        ((*sheet.path, "houses", i, "house"), valued.house) for i, valued in sheet.houses
    ]
    named += [
        ((*sheet.path, "uncompensated", i, "house"), left_out.house)
        for i, left_out in sheet.uncompensated
        if left_out.house is not None
    ]
    known = frozenset(ground.houses or ())
    for path, house in named:
        if ground.houses is not None and house not in known:
            yield path, f"{ground.name}没有房屋“{house}”{_near(house, ground.houses)}"
        if house in first:
            yield path, f"房屋“{house}”与 {place_of(first[house])} 重复，每幢只能列一次"
        first.setdefault(house, path)
    for i, valued in sheet.houses:
        yield from _valued_on(
            days, (*sheet.path, "houses", i), valued.valued_on, f"房屋“{valued.house}”"
        )
    if ground.houses is None or sheet.whole is None:
        return
    left = [house for house in ground.houses if house not in first]
    if left:
        shown = "、".join(left[:_MOST_NAMED]) + ("等" if len(left) > _MOST_NAMED else "")
        yield (
            (*sheet.path, "houses"),
            f"{ground.name}有 {len(left)} 幢房屋没有评估（{shown}）：每幢都应当评估，"
            "或者列入不予补偿（第二十条、第二十二条）",
        )


def below_deduction(
    path: Path,
    valued: Iterable[tuple[int, HouseValuation]],
    footprints: Mapping[str, Decimal],
    resettlement: Decimal,
) -> Iterator[Said]:
    """Houses assessed below what is taken off for their footprint: an assessment gone wrong.

    path: the village's place in the section. footprints: m² by house. resettlement: 万元/亩, of
    construction land on the day the plan was approved (政策解读（七）).
    """
    for i, house in valued:
        taken = in_mu(footprints.get(house.house, Decimal(0)), AreaUnit.SQUARE_METRE)
        deducted = taken * resettlement * YUAN_A_WAN
        if house.assessed < deducted:
            yield (
                (*path, "houses", i, "assessed"),
                f"房屋“{house.house}”的评估价值 {house.assessed} 元，低于应扣减的房屋基底占地"
                f"安置补助费 {deducted:.2f} 元（政策解读（七））",
            )


def _valued_on(
    days: Days, path: Path, valued_on: date, what: str, article: str = "第二十条"
) -> Iterator[Said]:
    if days.approved is not None and valued_on != days.approved:
        yield (
            (*path, "valued_on"),
            f"{what}的价值评估时点是{valued_on}，应当是征地补偿安置方案批准之日{days.approved}"
            f"（{article}）",
        )


def _special(days: Days, ground: Ground, path: Path, item: SpecialItem) -> Iterator[Said]:
    article = _special_article(item.on)
    if item.on not in _SPECIAL_ON:
        yield (
            (*path, "on"),
            f"特殊附着物只评估补偿建设用地和设施农用地上的，这里是{item.on}（{article}）",
        )
    else:
        yield from _present(ground, (*path, "on"), item.on)
    # 第二十条 sets that day for houses; a computation has one day for all that is appraised.
    by_likeness = "第二十条是就房屋规定的，特殊附着物参照，测算以方案批准之日为准"
    yield from _valued_on(days, path, item.valued_on, f"“{item.item}”", by_likeness)
    if item.consent is None:
        yield _without_consent(path, item.item, article)


def _special_article(land: LandClass) -> str:
    if land is LandClass.CONSTRUCTION:
        return "第二十条第（一）、（二）项"
    if land is LandClass.FACILITY:
        return "第二十一条第（三）项"
    return "第二十条、第二十一条"


def _removal(ground: Ground, path: Path, removal: Removal) -> Iterator[Said]:
    yield from _present(ground, (*path, "kind"), _MOVED_FROM[removal.kind])
    if removal.consent is None:
        yield _without_consent(path, removal.item, "第二十一条第（四）项")


def _present(ground: Ground, path: Path, land: LandClass) -> Iterator[Said]:
    if ground.areas is not None and not ground.areas.get(land):
        yield path, f"{ground.name}征收的土地里没有{land}"


def _without_consent(path: Path, item: str, article: str) -> Said:
    return (
        (*path, "consent"),
        f"“{item}”须经区人民政府或者功能区管委会同意，这里没有写同意的文号（{article}）",
    )


def _uncompensated(days: Days, path: Path, left_out: Uncompensated) -> Iterator[Said]:
    if left_out.ground is Ground22.UNLAWFUL:
        return
    if left_out.done_on is None:
        yield (
            (*path, "done_on"),
            f"“{left_out.item}”按{left_out.ground}列入，应当写明种植或者建造之日（第二十二条）",
        )
    elif days.initiation is None:
        yield (
            (*SECTION, "initiation_posted_on"),
            f"“{left_out.item}”按{left_out.ground}列入，应当写明土地征收启动公告张贴之日"
            "（第二十二条）",
        )
    elif left_out.done_on <= days.initiation:
        yield (
            (*path, "done_on"),
            f"“{left_out.item}”种植或者建造于{left_out.done_on}，不在启动公告（{days.initiation}）"
            f"以后，不能按{left_out.ground}不予补偿（第二十二条）",
        )


def _places(days: Days, ground: Ground, path: Path, sheet: VillageValuation) -> Iterator[Said]:
    granted, rule = sheet.insurance_places, sheet.insurance_rule
    if (granted is None) != (rule is None):
        name = "insurance_places" if granted is None else "insurance_rule"
        yield (*path, name), "核定的参保名额和取整办法应当一起写（第十六条、政策解读（十一））"
    if granted is None or ground.farmland is None or days.approved is None:
        return
    if out_of_force(days.approved):
        return
    exact = ground.farmland * (rate("insurance-places", 1, days.approved).value or 0)
    if abs(granted - exact) >= 1:
        yield (
            (*path, "insurance_places"),
            f"核定的参保名额 {written(granted)} 与按农用地面积计算的 {written(exact)} "
            "相差一个以上（第二十七条）",
        )


def _near(name: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(name, known[:_MOST_COMPARED], n=1)
    return f"，是否应为“{near[0]}”" if near else ""
