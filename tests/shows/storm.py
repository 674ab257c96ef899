"""The storm: many cases' reminders due one morning, workers that are killed, mail that is refused.

    python -m tests.shows.storm [--cases 500] [--kills 10] [--seed N]

A real server, real worker processes, a real mail server and SMS gateway. Afterwards every rung is
accounted for, and what the registry says is held against what the servers received. Ends with 1
where anything was lost, sent twice without a mark, or sent for a duty that was met.
"""

import argparse
import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from secrets import randbelow
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from activities.registry import Registry
from activities.registry.rows import DeliveryState
from case.brief import digest
from deploy.client import connect
from deploy.server import LocalServer, local_server
from deploy.settings import Settings
from desk.launching import workflow_id
from desk.patience import patiently
from desk.screen import screen
from law.calendar import official_calendar
from law.deadline import SHANGHAI
from tests.receiving.calls import Receiver
from tests.receiving.gateways import SmsGatewayRules
from tests.shows.printing import run
from tests.shows.stations import furnish
from tests.shows.storm_account import Aftermath, Forecast, faults, show
from tests.shows.storm_cases import Met, StormCase, storm_cases
from tests.shows.storm_tally import OUTBOX, REGISTRY, Due, copies, tally, witness
from tests.shows.storm_weather import KilledWorker, StormyMail, outage
from tests.workflows.playing import settled
from workflows.land_acquisition import LandAcquisition

SKIPS = 1_000_000
TOGETHER = 16
"""How many cases are launched, or looked at, at a time."""
LOOK_AGAIN_SECONDS = 0.05
LOOKS = 10_000
FIRST_LOOK = timedelta(seconds=20)
"""How far a case's clock runs past the moment of its telling while the storm is on."""
LATER = timedelta(minutes=10)
MOST_LATER = 18
"""How often a case that still waits is let run on: to the end of the morning."""
MARGIN = timedelta(seconds=30)
MAIL_TIMEOUT_SECONDS = 5

Handle = WorkflowHandle[LandAcquisition, Any]


@dataclass
class Storm:
    """One storm on one server."""

    forecast: Forecast
    settings: Settings
    skipper: TimeSkipper
    registry: Registry
    cases: tuple[StormCase, ...]
    random: Random
    mail_is_back: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    async def prepare(
        cls, server: LocalServer, folder: Path, forecast: Forecast, mail: StormyMail, sms: str
    ) -> "Storm":
        """Its registry and office in `folder`, its people reached through `mail` and `sms`."""
        furnish(
            folder / "office",
            channels={
                "email": {
                    "host": "127.0.0.1",
                    "port": mail.port,
                    "security": "none",
                    "sender": "tixing@example.gov.cn",
                    "timeout_seconds": MAIL_TIMEOUT_SECONDS,
                },
                "sms": {"url": f"{sms}/send", "accepted": {"code": 0}},
            },
        )
        settings = Settings(
            temporal_address=server.address,
            namespace=server.namespace,
            registry_url=f"sqlite:///{folder / REGISTRY}",
            outbox=folder / OUTBOX,
            office=folder / "office",
            feeds=folder / "feeds",
            task_queue=f"storm-{forecast.seed}-{time.monotonic_ns()}",
        )
        config = TimeSkippingConfig(enabled=False, max_session_skip_count=SKIPS)
        registry = Registry.open(settings.registry_url)
        witness(folder)
        cases = tuple(storm_cases(forecast.cases, datetime.now(SHANGHAI).date()))
        mail.unknown.update(address for case in cases for address in case.gone)
        return cls(
            forecast=forecast,
            settings=settings,
            skipper=TimeSkipper(await connect(settings), config=config),
            registry=registry,
            cases=cases,
            random=Random(forecast.seed),
        )

    def handle(self, case: StormCase) -> Handle:
        """Its workflow, whatever its run."""
        id_ = workflow_id(case.case_id)
        return self.skipper.client.get_workflow_handle_for(LandAcquisition.run, id_)

    # Before

    async def launch(self) -> None:
        """Start every case where it stands; returns once all have counted and recorded."""
        turns = asyncio.Semaphore(TOGETHER)

        async def start(case: StormCase) -> None:
            async with turns:
                await asyncio.to_thread(self._admit, case)
                await self.skipper.client.start_workflow(
                    LandAcquisition.run,
                    case.state,
                    id=workflow_id(case.case_id),
                    task_queue=self.settings.task_queue,
                )
                await settled(self.handle(case), looks=LOOKS)

        await asyncio.gather(*map(start, self.cases))

    def _admit(self, case: StormCase) -> None:
        townships = case.state.brief.townships
        self.registry.admit(
            case.case_id,
            case.state.brief.name,
            case.file.model_dump_json(),
            digest(case.file),
            tuple(dict.fromkeys(township.district for township in townships)),
            tuple(township.name for township in townships),
            workflow_id(case.case_id),
            datetime.now(UTC),
        )

    def due(self) -> dict[Due, datetime]:
        """Everything to be told on the next working morning, and when."""
        wanted = {(case.case_id, duty) for case in self.cases for duty in case.duties}
        rows = {(row.case_id, row.duty_id): row for row in self.registry.duties()}
        morning = official_calendar().nth_working_day_after(self.cases[0].launched_on, 1)
        found = {
            (*key, rung.rung): rung.at
            for key in wanted
            for rung in rows[key].rungs
            if rung.at.astimezone(SHANGHAI).date() == morning
        }
        if len(found) != len(wanted):
            raise AssertionError(f"{len(found)} rungs for {len(wanted)} duties that morning")
        return found

    # The morning

    async def mornings(self, due: dict[Due, datetime]) -> None:
        """Let the morning come to every case, one after the other, and see each through."""
        moments = {case_id: at for (case_id, _, _), at in due.items()}
        order = list(self.cases)
        self.random.shuffle(order)
        async with asyncio.TaskGroup() as together:
            for case in order:
                together.create_task(self._morning(case, moments[case.case_id]))
                await asyncio.sleep(1 / self.forecast.each_second)

    async def _morning(self, case: StormCase, moment: datetime) -> None:
        meanwhile = self.random.uniform(0, 0.6)
        if case.met is Met.JUST_BEFORE:
            await self._forward(case, moment - MARGIN)
            await self._meet(case)
        telling = self._forward(case, moment + FIRST_LOOK)
        if case.met is Met.MEANWHILE:
            await asyncio.gather(telling, self._meet(case, after=meanwhile))
        else:
            await telling
        if not case.impatient:
            await self.mail_is_back.wait()
        if case.met is Met.WHILE_STUCK and await asyncio.to_thread(self._waits, case):
            await self._meet(case)
        for number in range(1, MOST_LATER + 1):
            if not await asyncio.to_thread(self._waits, case):
                break
            await self._forward(case, moment + number * LATER)
        await settled(self.handle(case), looks=LOOKS)

    async def _meet(self, case: StormCase, after: float = 0) -> None:
        await asyncio.sleep(after)
        command, handle = case.meeting(), self.handle(case)
        await patiently(lambda: handle.execute_update(command.command, command, id=command.id))

    async def _forward(self, case: StormCase, to: datetime) -> None:
        handle = self.handle(case)
        left = to - await self.skipper.get_current_time(handle)
        if left > timedelta():
            await self.skipper.fast_forward(handle, left)

    def _waits(self, case: StormCase) -> bool:
        """Whether somebody is not told yet of what is owed still."""
        told: dict[str, set[str]] = defaultdict(set)
        for each in self.registry.deliveries(case.case_id):
            told[each.duty_id].add(each.state)
        return any(
            DeliveryState.CLAIMED in told[row.duty_id]
            or (row.duty_id in case.duties and DeliveryState.SENT not in told[row.duty_id])
            for row in self.registry.duties(case.case_id, open_only=True)
        )


async def blow(
    server: LocalServer, folder: Path, forecast: Forecast, console: Console | None = None
) -> Aftermath:
    """Let a storm blow on a server with virtual time; what it left. Raises TimeoutError."""
    say = console.print if console else _silent
    with StormyMail() as mail, Receiver(SmsGatewayRules()) as gateway:
        storm = await Storm.prepare(server, folder, forecast, mail, gateway.origin)
        worker = KilledWorker(storm.settings, folder / "worker.log")
        async with AsyncExitStack() as ending:
            ending.callback(storm.registry.close)
            ending.push_async_callback(asyncio.to_thread, worker.stop)
            await ending.enter_async_context(asyncio.timeout(forecast.longest_seconds))
            await storm.launch()
            due = storm.due()
            say(f"{len(storm.cases)} 个案件已启动，次日早晨应发提醒 {len(due)} 次。")
            began = time.monotonic()
            weather = Random(forecast.seed + 1)
            dying = asyncio.create_task(worker.die_often(mail, weather, forecast.kills, len(due)))
            away = asyncio.create_task(
                outage(
                    mail,
                    weather,
                    begins=len(due) // 3,
                    refusals=max(8, len(due) // 10),
                    drops=max(4, len(due) // 50),
                    lasts=forecast.outage_seconds,
                )
            )
            ending.callback(dying.cancel)
            ending.callback(away.cancel)
            away.add_done_callback(lambda _: storm.mail_is_back.set())
            await storm.mornings(due)
            seconds = time.monotonic() - began
        with Registry.open(storm.settings.registry_url) as registry:
            received = copies(tuple(mail.mailbox), tuple(gateway.taken))
            found = tally(registry, folder, tuple(due), received)
        return Aftermath(
            tally=found,
            due=tuple(due),
            received=received,
            deaths=worker.deaths,
            refused=mail.refused,
            dropped=mail.dropped,
            seconds=seconds,
        )


def _silent(_: str) -> None:
    return


def _forecast(arguments: Sequence[str]) -> Forecast:
    parser = argparse.ArgumentParser(
        prog="python -m tests.shows.storm",
        description="许多案件同一个早晨发提醒，执行进程屡被杀死，邮件服务器拒收，事后逐次核对。",
    )
    parser.add_argument("--cases", type=int, default=500, metavar="N", help="案件数，默认 500")
    parser.add_argument("--kills", type=int, default=10, metavar="N", help="杀死次数，默认 10")
    parser.add_argument("--seed", type=int, metavar="N", help="随机数种子，默认每次不同")
    given = parser.parse_args(arguments)
    seed = randbelow(1_000_000) if given.seed is None else given.seed
    return Forecast(cases=given.cases, kills=given.kills, seed=seed)


async def _run(forecast: Forecast, console: Console) -> int:
    console.print(f"种子 {forecast.seed}。")
    with TemporaryDirectory(prefix="storm-") as folder:
        async with local_server(virtual_time=True) as server:
            left = await blow(server, Path(folder), forecast, console)
    show(console, left)
    wrong = faults(left, forecast)
    for each in wrong:
        console.print(each)
    console.print("有不符之处。" if wrong else "逐次核对相符：无一丢失，无一未经注明而重复。")
    return 1 if wrong else 0


if __name__ == "__main__":
    run(_run(_forecast(sys.argv[1:]), screen()))
