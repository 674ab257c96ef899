"""The mail server is away: another channel, the next person upward, and the operators see it.

Three clerks have an e-mail address. The township's has SMS to fall back on; the bureau's has
nothing else, so its head is told; a department's has nothing else and no head, so the bureau is.
Once the server is back the next reminders arrive, and what the operators saw goes away by itself.

    python -m tests.shows.failover
"""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from pathlib import Path

from rich.console import Console

from activities.channels.titles import CHANNEL_TITLES
from activities.registry import Delivery
from activities.telling.trying import Attempt, AttemptState
from case.file import load
from case.view import CaseView
from deploy.server import LocalServer, local_server
from deploy.settings import REPOSITORY, VAR, Settings
from desk.screen import print_table, screen, table
from law import SHANGHAI
from law.calendar import official_calendar
from tests.shows.printing import log_to, moment, run, unit_names
from tests.shows.stations import GROUP, Place, Stations, furnish, readdressed, stations
from tests.workflows.listing import listed
from tests.workflows.playing import EXAMPLES, Stage

FOLDER = VAR / "failover"
EXAMPLE = "one-village"
CLERK, HEAD = "经办人", "负责人"
BUREAU_POSTS = "post/initiation/bureau"
TOWNSHIP_POSTS = "post/initiation/township:tengqiao"
TAX_CONFIRMS = "acknowledge_freeze/税务"
DUTIES = (BUREAU_POSTS, TOWNSHIP_POSTS, TAX_CONFIRMS)
"""Nobody does anything about these: they go on being told."""
PLACES: dict[tuple[str, str], tuple[Place, ...]] = {
    ("bureau", CLERK): (("email", "bureau.clerk@example.gov.cn"),),
    ("bureau", HEAD): (("dingtalk", GROUP),),
    ("township:tengqiao", CLERK): (
        ("email", "tengqiao.clerk@example.gov.cn"),
        ("sms", "13800000001"),
    ),
    ("department:税务", CLERK): (("email", "shuiwu@example.gov.cn"),),
}
UNDELIVERED = "Undelivered = 'true'"
DELIVERED = "Undelivered IS NULL"
TRIED_BY = time(11)
"""By when all tries of a morning are over."""
MOST_MORNINGS = 10
OUTCOMES = {AttemptState.SENT: "送达", AttemptState.FAILED: "不通", AttemptState.REFUSED: "拒收"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What operators see of the case at one moment."""

    at: datetime
    troubles: tuple[str, ...]
    """What the case's page says of duties whose reminder did not go as it should."""
    filtered: bool
    """Whether the list filtered by UNDELIVERED holds the case."""


@dataclass
class Failover:
    """A case, its receivers, and what was seen of it while the mail server was away and after."""

    stage: Stage
    where: Stations
    away: Seen = field(init=False)
    back: Seen = field(init=False)

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Those about the three duties, by the moment at which they fell due."""
        found = self.stage.registry.deliveries(self.stage.case_id)
        return tuple(each for each in found if each.duty_id in DUTIES)

    def attempts(self, delivery: Delivery) -> tuple[Attempt, ...]:
        """The attempts at one message, in their order."""
        return self.stage.registry.attempts(message_id=delivery.message_id)

    async def lose_the_server(self) -> None:
        """Play without a mail server until all three duties have been told of."""
        self.where.mail.close()
        view = await self.stage.player().play_until(
            lambda view: set(DUTIES) <= {duty.id for duty in view.duties}
        )
        self.away = await self._look(await self._next_morning(view))

    async def get_it_back(self) -> None:
        """Open the mail server again; morning after morning until all has arrived."""
        self.where.mail.open()
        for _ in range(MOST_MORNINGS):
            view = await self._next_morning(await self.stage.settled())
            if not _troubles(view):
                break
        self.back = await self._look(view)

    async def _next_morning(self, view: CaseView) -> CaseView:
        today = view.at.astimezone(SHANGHAI).date()
        day = official_calendar().nth_working_day_after(today, 1)
        return await self.stage.forward(datetime.combine(day, TRIED_BY, SHANGHAI))

    async def _look(self, view: CaseView) -> Seen:
        troubles = _troubles(view)
        # The list is a moment behind: it is asked for what it should come to hold.
        shown = await listed(self.stage, UNDELIVERED if troubles else DELIVERED)
        return Seen(at=await self.stage.now(), troubles=troubles, filtered=shown is bool(troubles))


@asynccontextmanager
async def failover(
    server: LocalServer, folder: Path, *, plain: bool = False
) -> AsyncIterator[Failover]:
    """A case whose mail server is away and of whose three duties everybody has been told.

    `plain` keeps the number that the case's file has, and the installation's task queue; see
    mailboxes.rehearse.
    """
    stage = await Stage.prepare(server, EXAMPLE, folder, silence=DUTIES)
    if plain:
        settings = stage.settings.model_copy(update={"task_queue": Settings().task_queue})
        stage = replace(stage, settings=settings, file=load(EXAMPLES / f"{EXAMPLE}.yaml"))
    stage = replace(stage, file=readdressed(stage.file, PLACES))
    with stations(folder) as where:
        furnish(stage.settings.office, channels=where.channels)
        await stage.launch()
        async with stage.worker():
            found = Failover(stage, where)
            await found.lose_the_server()
            yield found


def show_attempts(found: Failover, console: Console) -> None:
    """Print every message about the three duties with its attempts."""
    names = unit_names(found.stage)
    made = table("应发时间", "责任编号", "提醒", "收件人", "各次发送", "结果")
    tried = {each.message_id: found.attempts(each) for each in found.deliveries}
    for each in sorted(
        found.deliveries,
        key=lambda each: (each.at, each.duty_id, tried[each.message_id][0].begun_at),
    ):
        made.add_row(
            moment(each.at),
            each.duty_id,
            each.rung.partition("/")[2],
            f"{names[each.unit].partition('（')[0]} {each.role}{_in_place(each)}",
            "\n".join(map(_told_of, tried[each.message_id])),
            CHANNEL_TITLES[each.channel] if each.state == "sent" else "各渠道均未送达",
        )
    print_table(console, "邮件服务器停止期间和恢复以后的提醒", made)


def _told_of(attempt: Attempt) -> str:
    at = attempt.begun_at.astimezone(SHANGHAI)
    outcome = OUTCOMES.get(attempt.state, attempt.state)
    return f"{at:%H:%M} {CHANNEL_TITLES[attempt.channel]}{outcome}"


def show_seen(found: Failover, console: Console) -> None:
    """Print what operators see, before and after."""
    for said, seen in (("邮件服务器停止", found.away), ("邮件服务器恢复以后", found.back)):
        shown = "列出本案" if seen.filtered else "不再列出本案"
        console.print(f"{said}，{moment(seen.at)}：按 {UNDELIVERED} 筛选，{shown}。", style="bold")
        for trouble in seen.troubles or ("案件页没有送达异常。",):
            console.print(f"  {trouble}", soft_wrap=True)


def command(found: Failover, *arguments: str) -> str:
    """What `starter.py` prints for these arguments, on this case's registry."""
    settings = found.stage.settings
    environment = {**os.environ, **settings.environment()}
    done = subprocess.run(
        [sys.executable, "starter.py", *arguments],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def differences(found: Failover) -> Iterator[str]:
    """Where it went otherwise than it should, as Chinese sentences."""
    if not (found.away.troubles and found.away.filtered):
        yield "邮件服务器停止时，值守人员没有看到。"
    if found.back.troubles or found.back.filtered:
        yield "邮件服务器恢复以后，送达异常没有消失。"
    if lost := [each for each in found.deliveries if not _reached(each, found.deliveries)]:
        yield f"有{len(lost)}条提醒谁也没有收到。"


def _reached(delivery: Delivery, others: Sequence[Delivery]) -> bool:
    """Whether the message arrived, or another about the same rung did in its place."""
    rung = delivery.duty_id, delivery.rung
    return delivery.state == "sent" or any(
        (each.duty_id, each.rung) == rung and each.state == "sent" and _in_place(each)
        for each in others
    )


def _in_place(delivery: Delivery) -> str:
    """In whose place somebody is told, as the message says it; empty where in nobody's."""
    _, found, rest = delivery.text.partition("本消息应送")
    return f"（代{rest.partition('，')[0]}）" if found else ""


def _troubles(view: CaseView) -> tuple[str, ...]:
    return tuple(
        f"第{duty.step}步 {duty.title}（{duty.unit_name}）：{duty.trouble}"
        for duty in view.duties
        if duty.trouble
    )


async def main(console: Console) -> int:
    """Play and print; 1 where it went otherwise than it should."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    log_to(FOLDER / "worker.log")
    console.print("正在演练：邮件服务器停止……")
    async with (
        local_server(virtual_time=True) as server,
        failover(server, FOLDER, plain=server.running is not None) as found,
    ):
        await found.get_it_back()
    show_attempts(found, console)
    show_seen(found, console)
    console.print("\n> starter.py reminders --troubled", style="bold")
    console.print(command(found, "reminders", "--troubled"), soft_wrap=True)
    wrong = list(differences(found))
    for said in wrong:
        console.print(said, style="bold red")
    return 1 if wrong else 0


if __name__ == "__main__":
    run(main(screen()))
