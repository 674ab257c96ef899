"""Whether the people in the office's file are reached on channels that the very file sets up.

The people of a case may well be on channels that are not set up: their messages fall to the outbox.
Who is named in the office's own file is on one by a slip of the pen.
"""

from collections.abc import Iterator

from pydantic import TypeAdapter

from case.entries import Channel
from case.faults import Fault
from case.parts import Part, sound
from case.source import Source

_SECTIONS = {"webhook": "webhooks", "apprise": "apprise"}
"""Where the names of a kind of channel stand; robots of any kind stand together."""
_CHANNEL = TypeAdapter(Channel)


def channel_faults(source: Source, whole: Part) -> Iterator[Fault]:
    """Channels of those told of late reminders, and of stand-ins, that lead nowhere.

    What is set up need not be sound to count as there: its faults are named by themselves.
    """
    channels = whole.values.get("channels", {})
    if not isinstance(channels, dict):
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
            channel = sound(_CHANNEL, place.values)
            if channel and (said := _not_set_up(channels, channel)):
                yield source.fault((*place.path, said[0]), said[1])


def _not_set_up(channels: dict[str, object], channel: Channel) -> tuple[str, str] | None:
    """The entry of a channel that leads nowhere, and why; None where it is set up."""
    kind, name = channel.kind, channel.address
    match kind:
        case "outbox":
            return None
        case "email" | "sms" | "zhezhengding":
            there = channels.get(kind) is not None
            return None if there else ("kind", f"channels 里没有配置 {kind}")
    section = _SECTIONS.get(kind, "robots")
    named = channels.get(section, {})
    if not isinstance(named, dict):
        return None
    for written, entry in named.items():
        if written.strip() == name and (section != "robots" or _may_be(entry, kind)):
            return None
    return "address", f"channels 的 {section} 里没有名为“{name}”、种类为 {kind} 的一项"


def _may_be(robot: object, kind: str) -> bool:
    """Whether a robot is of this kind, or of none that could be read."""
    written = robot.get("kind") if isinstance(robot, dict) else None
    return written == kind or written not in {"dingtalk", "wecom", "feishu"}
