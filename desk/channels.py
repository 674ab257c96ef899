"""The command `channels`: which channels the office has, what is wrong with them, and one test."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click
import structlog

from activities.channels.settings import PUBLIC_HOSTS, ChannelSettings
from activities.channels.switchboard import Switchboard
from activities.channels.titles import CHANNEL_TITLES
from activities.office.reminder_file import ReminderSettings
from activities.office.reminder_settings import (
    SettingsUnusable,
    office_faults,
    reminder_settings,
    templates,
)
from activities.registry import Withdrawn
from activities.telling.courier import Courier, Sent
from activities.telling.message import Address, Recipient, circular
from activities.telling.trying import GaveUp, Policy
from deploy.settings import Settings, load
from desk.cases import case_id, now, registry
from desk.channel_users import (
    PASSED_OVER,
    Key,
    directories,
    idle_stand_ins,
    key_of,
    named,
    named_in_settings,
    not_configured,
    title_of,
)
from desk.errors import BadInput, NotDelivered
from desk.screen import print_table, screen, table

ONCE = Policy(tries=1)
"""A test is told at once what came of it."""


@click.group(
    "channels",
    help="""查看、核对、测试提醒的渠道。

渠道写在本单位文件夹的 reminders.yaml 里（样本见 examples/office/reminders.yaml）。
通讯录里写的渠道没有配置的，走这个人别的渠道，没有别的，存入发件夹。
口令、令牌不写进文件，只写从哪个环境变量或者文件读取。

\b
例：
  starter.py channels list                            有哪些渠道，各有多少人在用
  starter.py channels check                           核对设置、模板、口令，一次列出全部问题
  starter.py channels test WZ-LC-2026-001 邵文连      给这个人发一条测试消息，说明结果
  starter.py channels test --alarms                   给收告警的值守人员各发一条
""",
)
def channels() -> None:
    """The group of the channels' commands."""


@channels.command("list", help="列出已配置的渠道、通往哪里、每分钟限几条、在办案件有多少人在用。")
def list_channels() -> None:
    """List the channels; exit code 2 where the settings are faulty."""
    settings = load()
    found = _settings(settings)
    used: dict[Key, set[tuple[str, str]]] = defaultdict(set)
    with registry(settings) as opened:
        for _, directory in directories(opened):
            for person in directory.people():
                for address in person.addresses:
                    # Who stands in two cases or holds two offices is one person still.
                    used[key_of(address)].add((person.person, address.address))
    made = table("渠道", "名称", "通往", "每分钟", "在用人数")
    configured = dict(_configured(found.channels, settings))
    for (kind, name), (leads_to, limit) in configured.items():
        count = len(used.pop((kind, name), ()))
        made.add_row(CHANNEL_TITLES[kind], name, leads_to, str(limit or "不限"), str(count))
    console = screen()
    print_table(console, f"已配置的渠道 {len(configured)} 个", made)
    for key, people in used.items():
        said = f"没有配置{title_of(key)}，通讯录里有 {len(people)} 人用它：{PASSED_OVER}。"
        console.print(said, soft_wrap=True)


@channels.command(
    "check",
    help="""核对提醒设置、消息模板、口令和令牌，一次列出全部问题，不发送。

没有问题的，再对照在办案件的通讯录，注明哪些渠道没有配置、哪些代理不会生效；退出码仍是 0。
""",
)
def check() -> None:
    """Check everything a worker checks at its start; exit code 2 with every fault."""
    settings = load()
    switchboard = _switchboard(settings)
    found = _settings(settings)
    with registry(settings) as opened:
        warnings = (*not_configured(opened, switchboard), *idle_stand_ins(opened, found))
    click.echo("提醒设置、消息模板、口令和令牌都没有问题。")
    for said in warnings:
        click.echo(f"注意：{said}")


@channels.command(
    "test",
    help="""给一个人的每个渠道各发一条测试消息，说明送达与否和原因；有一个没有送达的，退出码是 4。

\b
例：
  starter.py channels test WZ-LC-2026-001 邵文连       案件通讯录里的人
  starter.py channels test --alarms                    收告警的值守人员（reminders.yaml 的 alarms）
  starter.py channels test --stand-ins                 尚未到期的代理人（同一文件的 stand_ins）
""",
)
@click.argument("case", metavar="[案件编号]", required=False)
@click.argument("name", metavar="[姓名]", required=False)
@click.option("--alarms", is_flag=True, help="测收告警的值守人员，不写案件编号和姓名。")
@click.option("--stand-ins", is_flag=True, help="测代理人，不写案件编号和姓名。")
@click.option("--channel", "kind", metavar="渠道", help="只测这一种，如 email、sms、dingtalk。")
def test(
    case: str | None, name: str | None, *, alarms: bool, stand_ins: bool, kind: str | None
) -> None:
    """Send the test; exit code 2 for an unknown case, person or channel, 4 where one failed."""
    if bool(case and name) == (alarms or stand_ins) or (case and not name):
        raise BadInput("请写案件编号和姓名，或者只写 --alarms、--stand-ins。")
    settings = load()
    switchboard = _switchboard(settings)
    with registry(settings) as opened, _quiet():
        if case and name:
            recipients = named(opened, case_id(case), name)
        else:
            found = _settings(settings)
            recipients = named_in_settings(opened, found, alarms=alarms, stand_ins=stand_ins)
        places = {address: recipient for recipient in recipients for address in recipient.addresses}
        if kind and not any(address.kind == kind for address in places):
            has = "、".join(dict.fromkeys(address.kind for address in places))
            who = "、".join(dict.fromkeys(each.person for each in recipients))
            raise BadInput(f"“{who}”没有渠道“{kind}”（有：{has}）。")
        courier = Courier(opened, switchboard, ONCE)
        failed = 0
        for address, recipient in places.items():
            if kind in {None, address.kind}:
                failed += not _tested(settings, courier, switchboard, address, recipient)
    if failed:
        raise NotDelivered(f"{failed} 个渠道没有送达，原因见上。")


@contextmanager
def _quiet() -> Iterator[None]:
    """Logs nothing meanwhile: what happened is told in Chinese, and stands in the registry."""

    def dropped(*_: object) -> structlog.typing.EventDict:
        raise structlog.DropEvent

    usual, level = structlog.get_config(), logging.root.manager.disable
    structlog.configure(processors=[dropped])
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(level)
        structlog.configure(**usual)


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
    configured = switchboard.configured(address)
    match outcome:
        case Sent() if not configured:
            said = f"没有配置这个渠道，消息存入发件夹 {settings.outbox}"
        case Sent():
            said = "已送达"
        case GaveUp(said=why, unanswered=unanswered):
            said = f"{'没有回执，可能已经送达' if unanswered else '没有送达'}：{why}"
        case Withdrawn():
            said = "没有发送"
        case _:
            said = f"渠道繁忙，{outcome.until.astimezone(moment.tzinfo):%H:%M:%S} 以后再试"
    who = f"{recipient.unit_name} {recipient.role} {recipient.person}"
    click.echo(f"{who}，{title} {address.address}：{said}")
    return configured and isinstance(outcome, Sent)


def _settings(settings: Settings) -> ReminderSettings:
    try:
        return reminder_settings(settings.office)
    except SettingsUnusable as error:
        raise BadInput.listing(error.faults) from error


def _switchboard(settings: Settings) -> Switchboard:
    if faults := office_faults(settings.office):
        raise BadInput.listing(faults)
    return Switchboard.of(_settings(settings).channels, settings.outbox)


def _configured(
    found: ChannelSettings, settings: Settings
) -> Iterator[tuple[Key, tuple[str, int | None]]]:
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
