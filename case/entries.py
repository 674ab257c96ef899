"""The entries of a case file (项目文件): what each of them must be, taken by itself.

What entries must be to one another (the zone to the district, holders to the land they hold, the
directory to the units that owe duties) is in case.crosscheck.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import Field, StrictBool, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from case.kinds import Area, CaseNumber, Entry, Ground, Ratio, Slug, Some, Text, Zone
from case.land import AreaUnit, LandClass, in_mu
from case.targets import OfficeTargets
from case.valuation import Compensation
from law.order import is_village_group

_LOCAL = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
_MAIL = re.compile(_LOCAL + r"@([A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}\Z", re.ASCII)
_ADDRESSES = {
    "email": (
        _MAIL,
        "应当是一个电子邮件地址，如 zhangsan@example.gov.cn",
    ),
    "sms": (
        re.compile(r"(\+?86)?1[3-9][0-9]{9}\Z", re.ASCII),
        "应当是一个手机号码，如 13800000000，中间不加空格和“-”",
    ),
    "zhezhengding": (
        re.compile(r"[\w.@$:-]+\Z", re.ASCII),
        "应当是这个人在浙政钉的账号或者员工代码，由字母和数字组成",
    ),
}
"""What the address of a kind of channel looks like, and what is said where it does not."""


def is_mail_address(text: str) -> bool:
    """Whether this can be a mail address: one @, no spaces, plain letters."""
    return _MAIL.match(text) is not None


class Project(Entry):
    """What is acquired land for, and for whom."""

    name: Text = Field(title="项目名称")
    number: CaseNumber = Field(title="项目编号")
    """Becomes the case id; it is visible to operators, so it holds no personal data."""
    ground: Ground = Field(title="土地管理法第四十五条的项")
    use: Text = Field(title="征地用途")
    industrial_or_commercial: StrictBool = Field(title="是否拟安排工业、商服用地")
    """Land meant for industry or commerce at submission pays no risk supplement (27号, 4)."""
    land_user: Text = Field(title="用地单位")


class Group(Entry):
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


class _Plot(Entry):
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


class House(Entry):
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


class Village(Entry):
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


class Township(Entry):
    """A township or street (乡镇、街道) with its villages."""

    id: Slug = Field(title="乡镇（街道）代号")
    name: Text = Field(title="乡镇（街道）名称")
    district: Text = Field(title="所在区")
    villages: Some[Village] = Field(title="村")


class SigningRatios(Entry):
    """The shares of right-holders that must have signed before submission (Article 13)."""

    collectives: Ratio = Field(title="农村集体经济组织签约比例")
    contractors: Ratio = Field(title="承包人签约比例")
    houses: Ratio = Field(title="不动产产权人签约比例")
    source: Text = Field(title="上级规定的文号")


class Role(StrEnum):
    """In what capacity a person answers for a unit."""

    CLERK = "经办人"
    HEAD = "负责人"


class Channel(Entry):
    """How a person is told. Whether a robot of that name stands is the office's to say."""

    kind: Literal[
        "outbox",
        "email",
        "dingtalk",
        "zhezhengding",
        "wecom",
        "feishu",
        "webhook",
        "sms",
        "apprise",
    ] = Field(title="渠道")
    address: Text = Field(title="地址")
    """A mail address for email, a mobile number for sms, the person's account for zhezhengding;
    for robots, webhooks and apprise their name in the office's reminders.yaml; else free text."""

    @field_validator("address")
    @classmethod
    def _fits_the_kind(cls, address: str, info: ValidationInfo) -> str:
        form, sentence = _ADDRESSES.get(info.data.get("kind", ""), (None, ""))
        if form is not None and not form.match(address):
            raise PydanticCustomError("case_address", sentence)
        return address


class Reached(Entry):
    """A person by name, and the channels on which to tell them, in order (personal data)."""

    name: Text = Field(title="姓名")
    channel: Channel = Field(title="联系渠道")
    fallback: tuple[Channel, ...] = Field(default=(), title="备用渠道")
    """Tried one after the other where the channel before does not deliver."""

    @field_validator("fallback")
    @classmethod
    def _each_once(cls, fallback: tuple[Channel, ...], info: ValidationInfo) -> tuple[Channel, ...]:
        if len({*fallback, info.data.get("channel")}) <= len(fallback):
            raise PydanticCustomError("case_repeated", "与联系渠道或者前面的备用渠道重复")
        return fallback


class Person(Reached):
    """Who answers for a unit, in which role, and how to tell them (personal data)."""

    unit: Text = Field(title="单位")
    """bureau, city, district:<name>, township:<id>, village:<id>, department:<name>, land_user."""
    role: Role = Field(title="职责")


class CaseFile(Entry):
    """One acquisition. Build it with case.file.load, which also checks entries against another."""

    project: Project = Field(title="项目")
    townships: Some[Township] = Field(title="乡镇（街道）")
    signing: SigningRatios = Field(title="签约比例")
    office_targets: OfficeTargets = Field(default_factory=OfficeTargets, title="内部时限")
    directory: Some[Person] = Field(title="通讯录")
    compensation: Compensation | None = Field(default=None, title="补偿测算")
    """What the township had valued and counted, for the statement of what the case costs."""

    @property
    def villages(self) -> Iterator[tuple[Township, Village]]:
        """Every village with its township, in file order."""
        for township in self.townships:
            for village in township.villages:
                yield township, village
