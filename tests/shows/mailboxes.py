"""The mailboxes after a rehearsal: who got what, when, about which duty, by which channel.

One village from launch to hand-over in virtual time, its people on e-mail, 钉钉, 企业微信, 浙政钉,
SMS and a signed web address, each with a real receiver on 127.0.0.1. Afterwards what the receivers
have is laid beside what the registry calls sent, one for one.

    python -m tests.shows.mailboxes    or: make reminders

The letters stay as .eml files in var/reminders/.
"""

import asyncio
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from activities.channels.titles import CHANNEL_TITLES
from activities.registry import Delivery
from activities.registry.rows import DeliveryState
from case.file import load
from deploy.server import LocalServer, local_server
from deploy.settings import VAR
from desk.screen import print_table, screen, table
from law import SHANGHAI
from tests.receiving.mail import Received
from tests.shows.printing import log_to, moment, run, unit_names
from tests.shows.stations import (
    GROUP,
    LAND_USER_GROUP,
    TAX_OFFICE,
    Arrived,
    Place,
    furnish,
    identity_of,
    readdressed,
    stations,
)
from tests.workflows.playing import EXAMPLES, LONGEST_PLAY_SECONDS, Stage

FOLDER = VAR / "reminders"
EXAMPLE = "one-village"

CLERK, HEAD = "经办人", "负责人"


def _mail(name: str) -> Place:
    return "email", f"{name}@example.gov.cn"


PLACES: dict[tuple[str, str], tuple[Place, ...]] = {
    ("bureau", CLERK): (_mail("bureau.clerk"),),
    ("bureau", HEAD): (_mail("bureau.head"),),
    ("city", CLERK): (_mail("city.clerk"),),
    ("district:鹿城区", CLERK): (("zhezhengding", "lucheng-chen"),),
    ("district:鹿城区", HEAD): (("zhezhengding", "lucheng-xia"),),
    ("township:tengqiao", CLERK): (_mail("tengqiao.clerk"),),
    ("township:tengqiao", HEAD): (_mail("tengqiao.head"), ("sms", "13800000001")),
    ("village:shibuxi", CLERK): (("sms", "13800000002"),),
    ("department:公安", CLERK): (("sms", "13800000003"),),
    ("department:住房和城乡建设", CLERK): (_mail("zhujian"),),
    ("department:自然资源和规划", CLERK): (_mail("zigui"),),
    ("department:市场监督管理", CLERK): (_mail("shijian"),),
    ("department:农业农村", CLERK): (_mail("nongye"),),
    ("department:发展和改革", CLERK): (_mail("fagai"),),
    ("department:税务", CLERK): (("webhook", TAX_OFFICE),),
    ("land_user", CLERK): (("wecom", LAND_USER_GROUP),),
}
GROUPS = {"township:tengqiao": GROUP, "bureau": GROUP}
"""Township and bureau hear of everything in the group of the DingTalk robot as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailboxes:
    """What a rehearsal left: in the registry, and with the receivers."""

    stage: Stage
    deliveries: tuple[Delivery, ...]
    """By the moment at which they fell due."""
    arrived: tuple[Arrived, ...]
    letters: tuple[Received, ...]
    """The e-mail among it, as it came in."""
    turned_away: int
    """Calls that a receiver did not take."""

    @property
    def sent(self) -> tuple[Delivery, ...]:
        return tuple(each for each in self.deliveries if each.state == DeliveryState.SENT)


async def rehearse(server: LocalServer, folder: Path, *, plain: bool = False) -> Mailboxes:
    """Play the village from launch to hand-over; `plain` keeps the number that its file has.

    A server that others use too needs a number of this play's own.
    """
    stage = await Stage.prepare(server, EXAMPLE, folder)
    file = load(EXAMPLES / f"{EXAMPLE}.yaml") if plain else stage.file
    stage = replace(stage, file=readdressed(file, PLACES, GROUPS))
    with stations(folder) as where:
        furnish(stage.settings.office, channels=where.channels)
        await stage.launch()
        player = stage.player()
        async with asyncio.timeout(LONGEST_PLAY_SECONDS), stage.worker():
            while await player.turn():
                pass
            await stage.handle.result()
        return Mailboxes(
            stage=stage,
            deliveries=stage.registry.deliveries(stage.case_id),
            arrived=where.arrived(),
            letters=tuple(where.mail.mailbox),
            turned_away=where.turned_away(),
        )


def differences(found: Mailboxes) -> Iterator[str]:
    """Where receivers and registry do not agree, as Chinese sentences; nothing where they do."""
    for kind, title in CHANNEL_TITLES.items():
        here = [each for each in found.arrived if each.kind == kind]
        there = [each for each in found.sent if each.channel == kind]
        # WeCom's robot is told no identity: there the whole text must do.
        named = all(each.message_id for each in here)
        got = Counter((each.address, each.message_id if named else each.text) for each in here)
        told = Counter((each.address, each.message_id if named else _whole(each)) for each in there)
        if lost := told - got:
            yield f"{title}：登记簿记为已发出的，有{lost.total()}件没有收到。"
        if more := got - told:
            yield f"{title}：收到的消息里，有{more.total()}件登记簿没有或者重复。"
    if unsent := len(found.deliveries) - len(found.sent):
        yield f"登记簿里有{unsent}件没有发出。"
    if found.turned_away:
        yield f"有{found.turned_away}次发送没有被接受：签名不对，或者内容不合要求。"
    if unencrypted := sum(not each.encrypted for each in found.letters):
        yield f"有{unencrypted}封邮件没有加密。"


def _whole(delivery: Delivery) -> str:
    return f"{delivery.subject}\n\n{delivery.text.rstrip()}"


def show(found: Mailboxes, console: Console) -> None:
    """Print the mailboxes, who got how much, and whether all agrees."""
    names = unit_names(found.stage)
    made = table("案件的时间", "收件人", "渠道", "提醒", "主题")
    for each in found.sent:
        made.add_row(
            moment(each.sent_at or each.at),
            f"{names[each.unit].partition('（')[0]} {each.person}",
            CHANNEL_TITLES[each.channel],
            each.rung.partition("/")[2],
            # Without spaces to break at, the column is filled.
            each.subject.replace(" ", "\u00a0"),
        )
    print_table(console, f"信箱：{len(found.sent)}件", made)

    totals = Counter((each.unit, each.role, each.person, each.channel) for each in found.sent)
    made = table("单位", "职责", "收件人", "渠道", "件数")
    for (unit, role, person, kind), count in totals.items():
        made.add_row(names[unit], role, person, CHANNEL_TITLES[kind], str(count))
    print_table(console, "每人收到", made)

    kinds = Counter(each.kind for each in found.arrived)
    listed = "，".join(f"{CHANNEL_TITLES[kind]} {count}" for kind, count in kinds.items())
    console.print(f"各接收端实收 {len(found.arrived)} 件：{listed}。")
    if wrong := list(differences(found)):
        console.print("核对不符：" + "".join(wrong), style="bold red")
        return
    console.print(
        f"核对相符：登记簿记为已发出 {len(found.sent)} 件，与实收逐件对应（邮件按 Message-ID，"
        "钉钉、浙政钉、短信、网络接口按消息编号，企业微信按全文），没有重复；"
        f"{len(found.letters)} 封邮件都经 STARTTLS 加密并登录；"
        f"{len(found.arrived) - len(found.letters)} 次网络调用的签名或者令牌都经接收端验过。",
        style="bold",
    )


def keep_letters(
    letters: Iterable[Received], deliveries: Iterable[Delivery], folder: Path
) -> tuple[Path, ...]:
    """Leave every letter as it came in, as an .eml file named by the case's day."""
    by_id = {each.message_id: each for each in deliveries}
    return tuple(_kept(each, by_id[identity_of(each)], folder) for each in letters)


def _kept(received: Received, sent: Delivery, folder: Path) -> Path:
    day = str(sent.at.astimezone(SHANGHAI).date())
    parts = (day, sent.duty_id, sent.rung.partition("/")[2], sent.unit, sent.message_id[:8])
    path = folder / ("_".join(re.sub(r"[^\w.+-]+", "-", part) for part in parts) + ".eml")
    path.write_bytes(received.raw)
    return path


async def main(console: Console) -> int:
    """Play, print, keep the letters; 1 where something does not agree."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    log_to(FOLDER / "worker.log")
    console.print("正在演练：一个村，从启动到交地……")
    async with local_server(virtual_time=True) as server:
        found = await rehearse(server, FOLDER, plain=server.running is not None)
    show(found, console)
    kept = keep_letters(found.letters, found.sent, FOLDER)
    console.print(f"{len(kept)} 封邮件存为 .eml 文件：{FOLDER}", soft_wrap=True)
    return 1 if any(differences(found)) else 0


if __name__ == "__main__":
    run(main(screen()))
