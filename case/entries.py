"""The entries of a case file (项目文件): what each of them must be, taken by itself.

What entries must be to one another (the zone to the district, holders to the land they hold, the
directory to the units that owe duties) is in case.crosscheck.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from case.land import AreaUnit, LandClass, in_mu, written
from case.targets import OfficeTargets
from law.order import is_village_group

T = TypeVar("T")

_NUMERAL = re.compile(r"[0-9]+(\.[0-9]+)?\Z", re.ASCII)
_PERSONAL_NUMBER = re.compile(r"[0-9]{11}")
"""Eleven digits in a row are a telephone number or part of an identity number."""


def _exact(value: object) -> object:
    """Accept an exact number only: a whole number, a Decimal, or a numeral in quotes."""
    if isinstance(value, str) and _NUMERAL.match(value):
        value = Decimal(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    if not isinstance(value, Decimal) or not value.is_finite():
        raise PydanticCustomError("case_number", "应当是一个数，如 12.5，不带单位")
    return value


def _shortest(value: Decimal) -> Decimal:
    """Drop trailing zeros, so that equal numbers are written alike and files digest alike."""
    return Decimal(written(value))


def _impersonal(value: str) -> str:
    if _PERSONAL_NUMBER.search(value):
        raise PydanticCustomError(
            "case_personal", "不得含有身份证号、手机号等个人信息（连续11位以上数字）"
        )
    return value


def _pattern(pattern: str, sentence: str) -> AfterValidator:
    known = re.compile(pattern + r"\Z", re.ASCII)

    def check(value: str) -> str:
        if not known.match(value):
            raise PydanticCustomError("case_pattern", sentence)
        return value

    return AfterValidator(check)


Text = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=200)
]
Slug = Annotated[
    Text,
    _pattern(r"[a-z][a-z0-9-]{0,39}", "只能用小写字母、数字和“-”，以字母开头，不超过40个字符"),
    AfterValidator(_impersonal),
]
CaseNumber = Annotated[
    Text,
    _pattern(
        r"[A-Z0-9][A-Z0-9-]{2,39}",
        "只能用大写字母、数字和“-”，3至40个字符，如 WZ-LC-2026-001",
    ),
    AfterValidator(_impersonal),
]
Area = Annotated[
    Decimal,
    BeforeValidator(_exact),
    Field(gt=0, le=10_000_000, decimal_places=6),
    AfterValidator(_shortest),
]
Ratio = Annotated[
    Decimal,
    BeforeValidator(_exact),
    Field(gt=0, le=1, decimal_places=6),
    AfterValidator(_shortest),
]


def _one_of(*allowed: int) -> BeforeValidator:
    listed = "、".join(str(number) for number in allowed)

    def check(value: object) -> object:
        # 1 == True, so the type is asked for first.
        if type(value) is not int or value not in allowed:
            raise PydanticCustomError("case_choice", f"只能是{listed}")
        return value

    return BeforeValidator(check)


def _some(value: tuple[T, ...]) -> tuple[T, ...]:
    # Not min_length: pydantic also reports that one where an item of the list is faulty.
    if not value:
        raise PydanticCustomError("case_empty", "至少要有一项")
    return value


Some = Annotated[tuple[T, ...], AfterValidator(_some)]
Ground = Annotated[Literal[1, 2, 3, 4, 5, 6], _one_of(1, 2, 3, 4, 5, 6)]
Zone = Annotated[Literal[1, 2], _one_of(1, 2)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Project(_Entry):
    """What is acquired land for, and for whom."""

    name: Text = Field(title="项目名称")
    number: CaseNumber = Field(title="项目编号")
    """Becomes the case id; it is visible to operators, so it holds no personal data."""
    ground: Ground = Field(title="土地管理法第四十五条的项")
    use: Text = Field(title="征地用途")
    industrial_or_commercial: StrictBool = Field(title="是否拟安排工业、商服用地")
    """Land meant for industry or commerce at submission pays no risk supplement (27号, 4)."""
    land_user: Text = Field(title="用地单位")


class Group(_Entry):
    """A village group (村民小组) and the three conditions for being notified itself."""

    id: Slug = Field(title="小组代号")
    name: Text = Field(title="小组名称")
    legal_personality: StrictBool = Field(title="是否具有独立法人资格")
    complete_organisation: StrictBool = Field(title="组织机构和财务制度是否健全")
    economic_base: StrictBool = Field(title="是否有独立的经济基础")

    @property
    def qualifies(self) -> bool:
        """Whether all three hold; otherwise the village's posting serves."""
        return is_village_group(
            self.legal_personality, self.complete_organisation, self.economic_base
        )


class _Plot(_Entry):
    """A piece of land of one class with its area as surveyed."""

    land: LandClass = Field(alias="class", title="地类")
    area: Area = Field(title="面积")
    unit: AreaUnit = Field(title="面积单位")

    @property
    def mu(self) -> Decimal:
        """The area in 亩, exact."""
        return in_mu(self.area, self.unit)


class Parcel(_Plot):
    """Land of one class to be acquired from a village's collective."""

    permanent_basic_farmland: StrictBool = Field(default=False, title="是否永久基本农田")
    above_10m: StrictBool | None = Field(default=None, title="是否黄海标高10米以上")
    """Forest only: forest above ten metres brings no housing quota (Article 24)."""


class House(_Entry):
    """A house on the village's construction land, with its owner (personal data)."""

    id: Slug = Field(title="房屋代号")
    owner: Text = Field(title="不动产产权人")
    area_m2: Area = Field(title="建筑面积（平方米）")
    footprint_m2: Area = Field(title="房屋基底占地（平方米）")
    title: Text = Field(title="权属证明")


class Contractor(_Plot):
    """A contractor or user of 耕地, 园地 or 林地 who signs for it (Article 13; personal data)."""

    id: Slug = Field(title="承包人代号")
    name: Text = Field(title="承包人")


class Village(_Entry):
    """A village of the case: its collective, its land, and who holds rights in it."""

    id: Slug = Field(title="村代号")
    name: Text = Field(title="村名")
    zone: Zone = Field(title="区片类别")
    collective: Text = Field(title="农村集体经济组织名称")
    members: int = Field(strict=True, gt=0, le=1_000_000, title="集体经济组织成员人数")
    groups: tuple[Group, ...] = Field(default=(), title="村民小组")
    parcels: Some[Parcel] = Field(title="地块")
    houses: tuple[House, ...] = Field(default=(), title="房屋")
    contractors: tuple[Contractor, ...] = Field(default=(), title="承包人")

    def area(self, classes: Iterable[LandClass]) -> Decimal:
        """The area in 亩 of all parcels of these classes."""
        wanted = frozenset(classes)
        return sum((parcel.mu for parcel in self.parcels if parcel.land in wanted), Decimal(0))


class Township(_Entry):
    """A township or street (乡镇、街道) with its villages."""

    id: Slug = Field(title="乡镇（街道）代号")
    name: Text = Field(title="乡镇（街道）名称")
    district: Text = Field(title="所在区")
    villages: Some[Village] = Field(title="村")


class SigningRatios(_Entry):
    """The shares of right-holders that must have signed before submission (Article 13)."""

    collectives: Ratio = Field(title="农村集体经济组织签约比例")
    contractors: Ratio = Field(title="承包人签约比例")
    houses: Ratio = Field(title="不动产产权人签约比例")
    source: Text = Field(title="上级规定的文号")


class Role(StrEnum):
    """In what capacity a person answers for a unit."""

    CLERK = "经办人"
    HEAD = "负责人"


class Channel(_Entry):
    """How a person is told."""

    kind: Literal["outbox", "email", "dingtalk", "sms", "webhook"] = Field(title="渠道")
    address: Text = Field(title="地址")


class Person(_Entry):
    """Who answers for a unit, in which role, and how to tell them (personal data)."""

    unit: Text = Field(title="单位")
    """bureau, city, district:<name>, township:<id>, village:<id>, department:<name>, land_user."""
    role: Role = Field(title="职责")
    name: Text = Field(title="姓名")
    channel: Channel = Field(title="联系渠道")


class CaseFile(_Entry):
    """One acquisition. Build it with case.file.load, which also checks entries against another."""

    project: Project = Field(title="项目")
    townships: Some[Township] = Field(title="乡镇（街道）")
    signing: SigningRatios = Field(title="签约比例")
    office_targets: OfficeTargets = Field(default_factory=OfficeTargets, title="内部时限")
    directory: Some[Person] = Field(title="通讯录")

    @property
    def villages(self) -> Iterator[tuple[Township, Village]]:
        """Every village with its township, in file order."""
        for township in self.townships:
            for village in township.villages:
                yield township, village
