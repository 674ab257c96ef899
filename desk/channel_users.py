"""Who uses the channels: the people in open cases' directories, stand-ins, those told of alarms."""

from collections import defaultdict
from collections.abc import Iterator

from activities.channels.switchboard import Switchboard
from activities.channels.titles import CHANNEL_TITLES
from activities.office.reminder_file import ReminderSettings, addresses_of
from activities.office.reminder_settings import FILE
from activities.office.stand_ins import StandIn
from activities.registry import Registry, UnknownCase
from activities.telling.directory import Directory
from activities.telling.message import Address, Recipient
from desk.cases import now
from desk.errors import BadInput

_NAMED = frozenset({"dingtalk", "wecom", "feishu", "webhook", "apprise"})
"""Kinds of which an office has several, each by its name."""
PASSED_OVER = "有别的渠道的走别的渠道，没有的存入发件夹"
"""What becomes of messages for a channel that is not set up."""
Key = tuple[str, str]
"""Kind and name of a channel; no name where the office has one of the kind."""


def key_of(address: Address) -> Key:
    """The channel that an address asks for."""
    return address.kind, address.address if address.kind in _NAMED else ""


def title_of(key: Key) -> str:
    """What people call a channel: 电子邮件, 钉钉机器人“藤桥镇群”."""
    kind, name = key
    return f"{CHANNEL_TITLES[kind]}{f'“{name}”' if name else ''}"


def directories(opened: Registry) -> Iterator[tuple[str, Directory]]:
    """The directory of each case that is not over, with the case's id."""
    for each in opened.cases():
        if each.status not in {"terminated", "closed"}:
            yield each.case_id, Directory(opened.file(each.case_id), each.districts)


def not_configured(opened: Registry, switchboard: Switchboard) -> Iterator[str]:
    """Channels that directories ask for and the office does not have, with the cases."""
    asking: dict[Key, list[str]] = defaultdict(list)
    for case, directory in directories(opened):
        addresses = {address for person in directory.people() for address in person.addresses}
        for key in sorted({key_of(each) for each in addresses if not switchboard.configured(each)}):
            asking[key].append(case)
    for key, cases in asking.items():
        more = f"等 {len(cases)} 个案件" if len(cases) > 1 else ""
        yield f"{cases[0]} {more}的通讯录用{title_of(key)}，没有配置，{PASSED_OVER}。"


def idle_stand_ins(opened: Registry, found: ReminderSettings) -> Iterator[str]:
    """Stand-ins, today's and later ones, for whom nobody's messages would come."""
    people = {
        (person.unit, person.role, person.person)
        for _, directory in directories(opened)
        for person in directory.people()
    }
    for number, entry in enumerate(found.stand_ins, 1):
        if (entry.unit, entry.role.value, entry.name) not in people and _is_ahead(entry):
            yield (
                f"{FILE} 的 stand_ins 第 {number} 项：在办案件的通讯录里没有“{entry.unit}”的"
                f"{entry.role.value}“{entry.name}”，代理不会生效。"
            )


def _is_ahead(entry: StandIn) -> bool:
    return entry.last_day >= now().date()


def named_in_settings(
    opened: Registry, found: ReminderSettings, *, alarms: bool, stand_ins: bool
) -> tuple[Recipient, ...]:
    """Who is told of alarms, and who stands in for somebody from today on.

    Raises BadInput where there is nobody.
    """
    names = {
        person.unit: person.unit_name
        for _, directory in directories(opened)
        for person in directory.people()
    }
    recipients = [*found.operators] if alarms else []
    if stand_ins:
        recipients += [
            Recipient(
                unit=entry.unit,
                unit_name=names.get(entry.unit, entry.unit),
                role=entry.role.value,
                person=entry.stand_in.name,
                addresses=addresses_of(entry.stand_in),
                stands_in_for=entry.name,
            )
            for entry in found.stand_ins
            if _is_ahead(entry)
        ]
    if not recipients:
        asked = "、".join(
            name for name, is_asked in (("alarms", alarms), ("stand_ins", stand_ins)) if is_asked
        )
        raise BadInput(f"{FILE} 的 {asked} 里没有写人。")
    return tuple(recipients)


def named(opened: Registry, id_: str, name: str) -> tuple[Recipient, ...]:
    """Who bears this name in the directory of a case, in each capacity. Raises BadInput."""
    try:
        case = opened.case(id_)
    except UnknownCase as error:
        raise BadInput(str(error)) from error
    people = Directory(opened.file(id_), case.districts).people()
    found = tuple(each for each in people if each.person == name)
    if not found:
        listed = "、".join(dict.fromkeys(each.person for each in people))
        raise BadInput(f"{id_} 的通讯录里没有“{name}”（有：{listed}）。")
    return found
