"""What the office's reminders.yaml may say, and everything that can be wrong with it.

The ladders, the hours, the channels, who stands in for whom, and who is told when reminders
themselves are late. What is left out, the whole file too, is the usual. Secrets never stand in it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from activities.channels.settings import ChannelSettings, missing_secrets
from activities.ladder_settings import LadderSettings, ladder_faults
from activities.message import CASE_IN_LINK, Address, Recipient
from activities.stand_ins import StandIn, stand_in_faults
from case.entries import Channel, Reached
from case.faults import Fault
from case.faults import Path as Place
from case.hours import Hours
from case.kinds import Entry, Text
from case.ladder import DEFAULT_LADDERS, Ladders
from case.parts import Part, sound
from case.reading import structural_faults
from case.source import Source, read

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
    window_minutes: int = Field(
        default=DEFAULT_LADDERS.window_minutes,
        strict=True,
        ge=0,
        le=LONGEST_WINDOW,
        title="错开发送的分钟数",
    )
    digest_at: Clock = Field(default=time(8, 10), title="晨间摘要的时刻")
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
        """Also where another part of the file is faulty."""
        channels = sound(TypeAdapter(ChannelSettings), _whole(self.source).values.get("channels"))
        for place, said in missing_secrets(channels or ChannelSettings()):
            yield self.source.fault(("channels", *place), said)


def checked(text: str | None) -> Checked:
    """What a file's text says; None for no file. Raises Faults where it is not YAML at all."""
    if text is None:
        return Checked(source=Source(), faults=(), settings=ReminderSettings())
    source = read(text)
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
    faults.extend(_channel_faults(source, whole))
    return Checked(source=source, faults=tuple(faults), settings=settings)


def _whole(source: Source) -> Part:
    return Part((), source.content if isinstance(source.content, dict) else {})


def _stand_ins(whole: Part) -> Iterator[tuple[Place, StandIn]]:
    for part in whole.parts("stand_ins"):
        if entry := sound(TypeAdapter(StandIn), part.values):
            yield part.path, entry


class _Times(Entry):
    """What of the file says when; what is not sound there is left to its own fault."""

    hours: OfficeHours
    told_at: Clock
    window_minutes: int
    digest_at: Clock

    @classmethod
    def of(cls, whole: Part) -> Self | None:
        usual = ReminderSettings()
        written: dict[str, Any] = {
            "hours": usual.office_hours,
            **{name: getattr(usual, name) for name in ("told_at", "window_minutes", "digest_at")},
        }
        written |= {name: whole.values[name] for name in written if name in whole.values}
        return sound(TypeAdapter(cls), written)


def _time_faults(source: Source, whole: Part) -> Iterator[Fault]:
    times = _Times.of(whole)
    if times is None:
        return
    opens, closes = times.hours.opens, times.hours.closes
    if opens >= closes:
        sentence = f"结束办公 {closes:%H:%M} 应当晚于开始办公 {opens:%H:%M}"
        yield source.fault(("hours", "closes"), sentence)
        return
    ends = datetime.combine(_ANY_DAY, times.told_at) + timedelta(minutes=times.window_minutes)
    if times.told_at < opens or ends > datetime.combine(_ANY_DAY, closes):
        yield source.fault(
            ("told_at",),
            f"{times.told_at:%H:%M} 起 {times.window_minutes} 分钟，"
            f"不全在办公时间 {opens:%H:%M} 至 {closes:%H:%M} 之内",
        )
    if times.digest_at >= closes:
        sentence = f"{times.digest_at:%H:%M} 晚于结束办公 {closes:%H:%M}，当日发不出去"
        yield source.fault(("digest_at",), sentence)


def _channel_faults(source: Source, whole: Part) -> Iterator[Fault]:
    """Channels of people in this very file that the file itself does not set up."""
    channels = sound(TypeAdapter(ChannelSettings), whole.values.get("channels", {}))
    if channels is None:
        return
    people = [*whole.parts("alarms")]
    for part in whole.parts("stand_ins"):
        inner = part.values.get("stand_in")
        people.append(Part((*part.path, "stand_in"), inner if isinstance(inner, dict) else {}))
    for person in people:
        places: list[Part] = person.parts("fallback")
        first = person.values.get("channel")
        if isinstance(first, dict):
            places.insert(0, Part((*person.path, "channel"), first))
        for place in places:
            channel = sound(TypeAdapter(Channel), place.values)
            if channel and (said := _not_set_up(channels, channel)):
                yield source.fault((*place.path, said[0]), said[1])


def _not_set_up(channels: ChannelSettings, channel: Channel) -> tuple[str, str] | None:
    """The entry of a channel that leads nowhere, and why; None where it is set up."""
    kind, name = channel.kind, channel.address
    match kind:
        case "outbox":
            return None
        case "email" | "sms" | "zhezhengding":
            there = getattr(channels, kind) is not None
            return None if there else ("kind", f"channels 里没有配置 {kind}")
        case "webhook":
            known, section = name in channels.webhooks, "webhooks"
        case "apprise":
            known, section = name in channels.apprise, "apprise"
        case _:
            robot = channels.robots.get(name)
            known, section = robot is not None and robot.kind == kind, "robots"
    sentence = f"channels 的 {section} 里没有名为“{name}”、种类为 {kind} 的一项"
    return None if known else ("address", sentence)
