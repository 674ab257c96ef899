"""What the office's reminders.yaml may say, and everything that can be wrong with it.

The ladders, the hours, the channels, who stands in for whom, and who is told when reminders
themselves are late. What is left out, the whole file too, is the usual. Secrets never stand in it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from activities.channels.settings import ChannelSettings, missing_secrets
from activities.office.ladder_settings import LadderSettings, ladder_faults
from activities.office.reached_channels import channel_faults
from activities.office.stand_ins import StandIn, stand_in_faults
from activities.telling.message import CASE_IN_LINK, Address, Recipient
from case.entries import Reached
from case.faults import Fault
from case.faults import Path as Place
from case.hours import Hours
from case.kinds import Entry, Text
from case.ladder import DEFAULT_LADDERS, Ladders
from case.parts import Part, sound
from case.reading import structural_faults
from case.source import Source, read

T = TypeVar("T")

LONGEST_WINDOW = 240
"""Minutes."""
OPERATORS = "operators"

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z", re.ASCII)
_BRACED = re.compile(r"\{[^{}]*\}|[{}]")
_ANY_DAY = datetime(2026, 1, 5)  # noqa: DTZ001 - only to reckon with times of one day


def _clock(value: object) -> object:
    if isinstance(value, str) and _CLOCK.match(value):
        return time.fromisoformat(value)
    if not isinstance(value, time):
        raise PydanticCustomError("case_clock", "应当是一日之内的时刻，写作 08:30")
    return value


def _link(value: str) -> str:
    if not value.startswith(("http://", "https://")) or any(map(str.isspace, value)):
        raise PydanticCustomError("case_link", "应当是以 http:// 或者 https:// 开头的网址")
    if strange := [part for part in _BRACED.findall(value) if part != CASE_IN_LINK]:
        raise PydanticCustomError(
            "case_link",
            "里不能有“{strange}”，只能用“{allowed}”",
            {"strange": strange[0], "allowed": CASE_IN_LINK},
        )
    return value


Clock = Annotated[time, BeforeValidator(_clock)]
"""A time of day, Shanghai."""
Minutes = Annotated[int, Field(strict=True, ge=0, le=LONGEST_WINDOW)]
Link = Annotated[Text, AfterValidator(_link)]


class OfficeHours(Entry):
    """When people are told anything at all, on working days."""

    opens: Clock = Field(default=time(8, 30), title="开始办公")
    closes: Clock = Field(default=time(17), title="结束办公")


class ReminderSettings(Entry):
    """Everything the office sets about reminding. Without arguments it is the usual."""

    ladder: LadderSettings = Field(default_factory=LadderSettings, title="提醒阶梯")
    office_hours: OfficeHours = Field(default_factory=OfficeHours, alias="hours", title="办公时间")
    told_at: Clock = Field(default=DEFAULT_LADDERS.told_at, title="开始提醒的时刻")
    window_minutes: Minutes = Field(
        default=DEFAULT_LADDERS.window_minutes, title="错开发送的分钟数"
    )
    digest_at: Clock = Field(default=time(8, 30), title="晨间摘要的时刻")
    channels: ChannelSettings = Field(default_factory=ChannelSettings, title="渠道")
    stand_ins: tuple[StandIn, ...] = Field(default=(), title="请假代理")
    alarms: tuple[Reached, ...] = Field(default=(), title="迟发告警的收件人")
    report_at: Link | None = Field(default=None, title="报送网址")

    @property
    def ladders(self) -> Ladders:
        """The ladders and the morning's window, as a case counts by them."""
        return Ladders(
            statutory=self.ladder.statutory_steps,
            office=self.ladder.office_steps,
            told_at=self.told_at,
            window_minutes=self.window_minutes,
        )

    @property
    def hours(self) -> Hours:
        """When people are told anything at all."""
        return Hours(opens=self.office_hours.opens, closes=self.office_hours.closes)

    @property
    def link(self) -> str:
        """Where duties are reported, with {案件编号} for the case; empty where nowhere is."""
        return self.report_at or ""

    @property
    def operators(self) -> tuple[Recipient, ...]:
        """Who is told when reminders are late."""
        return tuple(
            Recipient(
                unit=OPERATORS,
                unit_name="系统运行",
                role="值守人员",
                person=person.name,
                addresses=addresses_of(person),
            )
            for person in self.alarms
        )


USUAL = ReminderSettings()
"""What holds where the file is left out."""

_HOURS = TypeAdapter(OfficeHours)
_CLOCK_KIND = TypeAdapter[time](Clock)
_MINUTES = TypeAdapter[int](Minutes)


def addresses_of(person: Reached) -> tuple[Address, ...]:
    """Where a person is reached, in the order in which it is tried."""
    channels = (person.channel, *person.fallback)
    return tuple(Address(kind=channel.kind, address=channel.address) for channel in channels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A file's text with what it says, as far as it is sound, and with what is wrong with it."""

    source: Source
    faults: tuple[Fault, ...]
    settings: ReminderSettings | None

    def missing_secrets(self) -> Iterator[Fault]:
        """Also where another part of the file, or of its channels, is faulty."""
        for place, said in missing_secrets(_whole(self.source).values.get("channels")):
            yield self.source.fault(("channels", *place), said)


def checked(text: str | None) -> Checked:
    """What a file's text says; None for no file. Raises Faults where it is not YAML at all."""
    if text is None:
        return Checked(source=Source(), faults=(), settings=USUAL)
    source = read(text, may_be_empty=True)
    faults = list(source.faults)
    settings = None
    try:
        settings = ReminderSettings.model_validate(source.content)
    except ValidationError as error:
        faults.extend(structural_faults(source, error, ReminderSettings))
    whole = _whole(source)
    faults.extend(ladder_faults(source, ("ladder",), whole.values.get("ladder")))
    faults.extend(_time_faults(source, whole))
    faults.extend(stand_in_faults(source, _stand_ins(whole)))
    faults.extend(channel_faults(source, whole))
    return Checked(source=source, faults=tuple(faults), settings=settings)


def _whole(source: Source) -> Part:
    return Part((), source.content if isinstance(source.content, dict) else {})


def _stand_ins(whole: Part) -> Iterator[tuple[Place, StandIn]]:
    for part in whole.parts("stand_ins"):
        if entry := sound(TypeAdapter(StandIn), part.values):
            yield part.path, entry


def _time_faults(source: Source, whole: Part) -> Iterator[Fault]:
    """What is said of when must fit together, as far as each of it is sound by itself."""
    hours = _said(whole, "hours", _HOURS, USUAL.office_hours)
    if hours is None:
        return
    opens, closes = hours.opens, hours.closes
    office_hours = f"办公时间 {opens:%H:%M} 至 {closes:%H:%M} 之内"
    if opens >= closes:
        sentence = f"结束办公 {closes:%H:%M} 应当晚于开始办公 {opens:%H:%M}"
        yield source.fault(("hours", "closes"), sentence)
        return
    told_at = _said(whole, "told_at", _CLOCK_KIND, USUAL.told_at)
    window = _said(whole, "window_minutes", _MINUTES, USUAL.window_minutes)
    if told_at is not None and window is not None:
        ends = datetime.combine(_ANY_DAY, told_at) + timedelta(minutes=window)
        if told_at < opens or ends > datetime.combine(_ANY_DAY, closes):
            sentence = f"{told_at:%H:%M} 起 {window} 分钟，不全在{office_hours}"
            yield source.fault(("told_at",), sentence + _unsaid(whole, "told_at"))
    digest_at = _said(whole, "digest_at", _CLOCK_KIND, USUAL.digest_at)
    if digest_at is not None and not opens <= digest_at < closes:
        sentence = f"{digest_at:%H:%M} 不在{office_hours}"
        yield source.fault(("digest_at",), sentence + _unsaid(whole, "digest_at"))


def _said(whole: Part, name: str, kind: TypeAdapter[T], usual: T) -> T | None:
    """What the file says, the usual where it says nothing, None where that is not sound."""
    return whole.get(name, kind) if name in whole.values else usual


def _unsaid(whole: Part, name: str) -> str:
    return "" if name in whole.values else f"；没有写 {name}，这是不写时的时刻"
