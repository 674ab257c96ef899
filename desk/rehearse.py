"""`starter.py rehearse`: a whole acquisition, launch to hand-over, on a real server in a minute."""

import asyncio
import os
import shutil
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from activities.registry import Registry
from case.entries import CaseFile
from case.faults import Faults
from case.file import load
from case.view import CaseView
from deploy.client import connect
from deploy.guarded import Command
from deploy.programs import ServerUnavailableError
from deploy.server import LocalServer, local_server
from deploy.settings import REPOSITORY, VAR, Settings
from deploy.working import keep_working
from desk.cases import office_calendar
from desk.cast import Cast, load_cast
from desk.errors import BadInput, Unreachable
from desk.launching import launch
from desk.patience import patiently
from desk.player import Player, Stuck
from desk.protocol import protocol
from law.deadline import SHANGHAI
from workflows.land_acquisition import LandAcquisition

FOLDER = VAR / "rehearsal"
CASTS = REPOSITORY / "examples" / "casts"
OFFICE = REPOSITORY / "examples" / "office"
"""Prices invented for rehearsals, where the city's own are not known."""
SKIPS = 1_000_000


@click.command(
    short_help="演练：在真实服务器上用虚拟时间走完一个征收项目",
    help="""演练：在真实的 Temporal 服务器上，用虚拟时间把一个征收项目从启动走到交地。

    人员何时办理由演练脚本决定，迟办的会触发提醒和升级。结束时列出十四个步骤的日期、依据和提醒数。

    \b
    例：
      starter.py rehearse examples/one-village.yaml
      starter.py rehearse examples/three-villages.yaml --keep
    """,
)
@click.argument("file", type=click.Path(path_type=Path), metavar="案件文件")
@click.option(
    "--cast", type=click.Path(path_type=Path), help="演练脚本；默认用 examples/casts/ 下同名文件"
)
@click.option("--keep", is_flag=True, help="演练后保留服务器和网页界面，直到按 Ctrl-C")
def rehearse(file: Path, cast: Path | None, keep: bool) -> None:
    """Play a case file with its cast; exit 0 once it is closed."""
    try:
        case_file = load(file)
        script = load_cast(cast or CASTS / file.name)
    except Faults as faults:
        raise BadInput.listing(str(fault) for fault in faults) from faults
    try:
        asyncio.run(_rehearse(case_file, script, keep=keep))
    except ServerUnavailableError as error:
        raise Unreachable(str(error)) from error
    except Stuck as error:
        raise BadInput(f"演练脚本没有走到交地：{error}") from error


async def _rehearse(file: CaseFile, cast: Cast, *, keep: bool) -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    console = Console()
    console.print("正在启动 Temporal 服务器……")
    async with local_server(ui=True, virtual_time=True) as server:
        settings = _settings(server)
        if server.running is None:
            file = _renamed(file)
        worker = asyncio.create_task(
            keep_working(_worker(settings), FOLDER / "worker.log", _restarted, first_pause=0.2)
        )
        try:
            with Registry.open(settings.registry_url) as registry:
                handle = await _play(file, cast, settings, registry, console)
                view = await patiently(lambda: handle.query(LandAcquisition.view))
                protocol(console, view, registry)
            if keep:
                console.print(f"网页界面：{settings.ui_link(handle.id)}", soft_wrap=True)
                await _keep(console, settings)
        finally:
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)


async def _play(
    file: CaseFile, cast: Cast, settings: Settings, registry: Registry, console: Console
) -> WorkflowHandle[LandAcquisition, object]:
    client = await connect(settings)
    skipper = TimeSkipper(
        client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=SKIPS)
    )
    calendar = office_calendar(settings)
    first_day = calendar.first_working_day_from(datetime.now(SHANGHAI).date() + timedelta(days=1))
    started = await launch(skipper.client, settings, registry, file, first_day)
    # Without a run id the handle follows the case from run to run.
    handle = client.get_workflow_handle_for(LandAcquisition.run, started.id)
    player = Player(
        handle,
        skipper,
        cast=cast,
        file=file,
        calendar=calendar,
        proofs=FOLDER / "proofs",
        registry=registry,
    )
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/14 步"),
        TimeElapsedColumn(),
        console=console,
    ) as progress:
        bar = progress.add_task("演练", total=14)

        def told(view: CaseView, act: str) -> None:
            passed = sum(step.state == "done" for step in view.steps)
            day = view.at.astimezone(SHANGHAI).date()
            progress.update(bar, completed=passed, description=f"{day} {act}")

        await player.play(told)
        progress.update(bar, completed=14, description="已交地")
    return handle


def _renamed(file: CaseFile) -> CaseFile:
    """The case under a number of its own, for a server that may know the real one."""
    number = f"{file.project.number[:24]}-YL{datetime.now(SHANGHAI):%m%d%H%M%S}"
    return file.model_copy(update={"project": file.project.model_copy(update={"number": number})})


def _settings(server: LocalServer) -> Settings:
    return Settings(
        temporal_address=server.address,
        namespace=server.namespace,
        # A queue of its own: no worker of the installation takes part in a rehearsal.
        task_queue=f"rehearsal-{os.getpid()}",
        registry_url=f"sqlite:///{FOLDER / 'registry.db'}",
        outbox=FOLDER / "outbox",
        office=OFFICE,
        feeds=FOLDER / "feeds",
        metrics=None,
        ui_url=server.ui_url,
    )


def _worker(settings: Settings) -> Command:
    return Command((sys.executable, "worker.py"), REPOSITORY, settings.environment())


def _restarted(code: int, pause: float) -> None:
    click.echo(f"执行进程已退出（{code}），{pause:.1f} 秒后重新启动。", err=True)


async def _keep(console: Console, settings: Settings) -> None:
    console.print("服务器和网页界面保留，按 Ctrl-C 结束。在另一个终端查看，先设置：")
    for name, value in settings.environment().items():
        if value:
            console.print(f"  export {name}={value}", soft_wrap=True)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
