"""The command `channels`: which channels the office has, what is wrong with them, and one test."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import click

from activities.channels.settings import PUBLIC_HOSTS, ChannelSettings
from activities.channels.switchboard import Switchboard
from activities.channels.titles import CHANNEL_TITLES
from activities.courier import Courier, Sent
from activities.directory import Directory
from activities.message import Address, Recipient, circular
from activities.registry import Registry, UnknownCase, Withdrawn
from activities.reminder_settings import (
    SettingsUnusable,
    office_faults,
    reminder_settings,
    templates,
)
from activities.trying import GaveUp, Policy
from deploy.settings import Settings, load
from desk.cases import case_id, now, registry
from desk.errors import BadInput, NotDelivered
from desk.screen import print_table, screen, table

ONCE = Policy(tries=1)
"""A test is told at once what came of it."""


@click.group(
    "channels",
    help="""查看、核对、测试提醒的渠道。

渠道写在本单位文件夹的 reminders.yaml 里（样本见 examples/office/reminders.yaml）。
通讯录里写的渠道没有配置的，消息存入发件夹。口令、令牌不写进文件，只写从哪个环境变量或者文件读取。

\b
例：
  starter.py channels list                            有哪些渠道，各有多少人在用
  starter.py channels check                           核对设置、模板、口令，一次列出全部问题
  starter.py channels test WZ-LC-2026-001 邵文连      给这个人发一条测试消息，说明结果
""",
)
def channels() -> None:
    """The group of the channels' commands."""


@channels.command("list", help="列出已配置的渠道、通往哪里、每分钟限几条、在办案件有多少人在用。")
def list_channels() -> None:
    """List the channels; exit code 2 where the settings are faulty."""
    settings = load()
    found = _settings(settings)
    with registry(settings) as opened:
        used = Counter(
            (address.kind, address.address if address.kind in _NAMED else "")
            for address in _addresses(opened)
        )
    made = table("渠道", "名称", "通往", "每分钟", "在用人数")
    configured = dict(_configured(found, settings))
    for (kind, name), (leads_to, limit) in configured.items():
        title = CHANNEL_TITLES[kind]
        made.add_row(title, name, leads_to, str(limit or "不限"), str(used.pop((kind, name), 0)))
    console = screen()
    print_table(console, f"已配置的渠道 {len(configured)} 个", made)
    for (kind, name), count in used.items():
        asked = f"{CHANNEL_TITLES[kind]}{f'“{name}”' if name else ''}"
        console.print(f"没有配置{asked}，{count} 处通讯录用它，消息存入发件夹。", soft_wrap=True)


@channels.command("check", help="核对提醒设置、消息模板、口令和令牌，一次列出全部问题，不发送。")
def check() -> None:
    """Check everything a worker checks at its start; exit code 2 with every fault."""
    settings = load()
    if faults := office_faults(settings.office):
        raise BadInput.listing(faults)
    click.echo("提醒设置、消息模板、口令和令牌都没有问题。")


@channels.command("test", help="按通讯录给一个人的每个渠道各发一条测试消息，说明送达与否和原因。")
@click.argument("case", metavar="案件编号")
@click.argument("name", metavar="姓名")
@click.option("--channel", "kind", metavar="渠道", help="只测这一种，如 email、sms、dingtalk。")
def test(case: str, name: str, *, kind: str | None) -> None:
    """Send the test; exit code 2 for an unknown case, person or channel, 4 where one failed."""
    settings = load()
    switchboard = _switchboard(settings)
    with registry(settings) as opened:
        recipients = _named(opened, case_id(case), name)
        places = {address: recipient for recipient in recipients for address in recipient.addresses}
        if kind and not any(address.kind == kind for address in places):
            has = "、".join(dict.fromkeys(address.kind for address in places))
            raise BadInput(f"“{name}”没有渠道“{kind}”（有：{has}）。")
        courier = Courier(opened, switchboard, ONCE)
        failed = 0
        for address, recipient in places.items():
            if kind in {None, address.kind}:
                failed += not _tested(settings, courier, switchboard, address, recipient)
    if failed:
        raise NotDelivered(f"{failed} 个渠道没有送达，原因见上。")


def _tested(
    settings: Settings,
    courier: Courier,
    switchboard: Switchboard,
    address: Address,
    recipient: Recipient,
) -> bool:
    """Whether the test arrived; what happened is printed."""
    moment, title = now(), CHANNEL_TITLES[address.kind]
    message = circular(
        "test",
        f"{moment.isoformat()} {address.kind} {address.address}",
        replace(recipient, addresses=(address,)),
        templates(settings.office),
        at=moment,
        fields={"时间": f"{moment:%Y-%m-%d %H:%M}", "渠道": title},
    )
    outcome = courier.send(message, moment)
    place = f"{title} {address.address}"
    match outcome:
        case Sent() if not switchboard.configured(address):
            said = f"没有配置这个渠道，消息已存入发件夹 {settings.outbox}"
        case Sent():
            said = "已送达"
        case GaveUp(said=why):
            said = f"没有送达：{why}"
        case Withdrawn():
            said = "没有发送"
        case _:
            said = f"渠道繁忙，{outcome.until.astimezone(moment.tzinfo):%H:%M:%S} 以后再试"
    click.echo(f"{recipient.unit_name} {recipient.role}，{place}：{said}")
    return isinstance(outcome, Sent)


_NAMED = frozenset({"dingtalk", "wecom", "feishu", "webhook", "apprise"})
"""Kinds of which an office has several, each by its name."""


def _settings(settings: Settings) -> ChannelSettings:
    try:
        return reminder_settings(settings.office).channels
    except SettingsUnusable as error:
        raise BadInput.listing(error.faults) from error


def _switchboard(settings: Settings) -> Switchboard:
    if faults := office_faults(settings.office):
        raise BadInput.listing(faults)
    return Switchboard.of(_settings(settings), settings.outbox)


def _configured(
    found: ChannelSettings, settings: Settings
) -> Iterator[tuple[tuple[str, str], tuple[str, int | None]]]:
    """Each channel by kind and name, with where it leads and how many a minute it takes."""
    yield ("outbox", ""), (str(settings.outbox), None)
    if found.email:
        place = f"{found.email.host}:{found.email.served_at}（{found.email.security}）"
        yield ("email", ""), (place, found.email.per_minute)
    if found.sms:
        yield ("sms", ""), (found.sms.url, found.sms.per_minute)
    if found.zhezhengding:
        yield ("zhezhengding", ""), (found.zhezhengding.host, found.zhezhengding.per_minute)
    for name, robot in found.robots.items():
        yield (robot.kind, name), (robot.host or PUBLIC_HOSTS[robot.kind], robot.per_minute)
    for name, webhook in found.webhooks.items():
        yield ("webhook", name), (webhook.url, webhook.per_minute)
    for name, service in found.apprise.items():
        yield ("apprise", name), ("（网址保密）", service.per_minute)


def _directories(opened: Registry) -> Iterator[Directory]:
    for each in opened.cases():
        if each.status not in {"terminated", "closed"}:
            yield Directory(opened.file(each.case_id), each.districts)


def _addresses(opened: Registry) -> Iterator[Address]:
    for directory in _directories(opened):
        for recipient in directory.people():
            yield from recipient.addresses


def _named(opened: Registry, id_: str, name: str) -> tuple[Recipient, ...]:
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
