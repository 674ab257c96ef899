"""`make dev`: the Temporal server, its Web UI and the worker together, until Ctrl-C.

What it found is left in var/dev.json while it runs, so that commands in other terminals find it.
"""

import asyncio
import os
import signal
import sys

from deploy import settings as installation
from deploy.guarded import Command, last_lines
from deploy.programs import ServerUnavailableError
from deploy.server import LocalServer, local_server
from deploy.settings import DEV_NOTE, REPOSITORY, VAR, DevNote
from deploy.working import keep_working

FOLDER = VAR / "dev"
EXIT_BAD_INPUT = 2
EXIT_NO_SERVER = 4

NEXT_STEPS = """\
土地征收流程已启动。
  网页界面  {ui}
  服务器    {address}
  登记库    {registry}
  发件夹    {outbox}
  日历订阅  {feeds}
  日志      {log}

在另一个终端可以：
  .venv/bin/python starter.py launch examples/one-village.yaml   启动一个征收项目
  .venv/bin/python starter.py todo                               谁、何时之前、该办什么
  .venv/bin/python starter.py show 项目编号                      进度与期限
  .venv/bin/python starter.py --help                             全部命令
按 Ctrl-C 停止。"""


def _ended(code: int, pause: float) -> None:
    print(
        f"执行进程已退出（代码 {code}），{pause:.0f} 秒后重新启动。它最后说：\n"
        f"{last_lines(FOLDER / 'worker.log', count=5)}",
        file=sys.stderr,
        flush=True,
    )


async def _serve(server: LocalServer, stopped: asyncio.Event) -> int:
    choices = installation.load()
    note = DevNote(
        pid=os.getpid(),
        address=server.address,
        namespace=server.namespace,
        ui=server.ui_url,
        registry=choices.registry_url,
        outbox=str(choices.outbox),
        office=str(choices.office),
    )
    serving = {
        "temporal_address": server.address,
        "namespace": server.namespace,
        "ui_url": server.ui_url,
    }
    environment = choices.model_copy(update=serving).environment()
    note.write()
    log = FOLDER / "worker.log"
    command = Command((sys.executable, "worker.py"), REPOSITORY, environment)
    try:
        print(
            NEXT_STEPS.format(
                ui=note.ui or "（未知：可用环境变量 LAND_UI_URL 指明）",
                address=note.address,
                registry=note.registry,
                outbox=note.outbox,
                feeds=choices.feeds,
                log=FOLDER,
            ),
            flush=True,
        )
        working = asyncio.create_task(keep_working(command, log, _ended, first_pause=1.0))
        stopping = asyncio.create_task(stopped.wait())
        ending = asyncio.create_task(server.ended())
        tasks = {working, stopping, ending}
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks - done:
            task.cancel()
        await asyncio.gather(*tasks - done, return_exceptions=True)
    finally:
        DEV_NOTE.unlink(missing_ok=True)
    if stopping in done:
        return 0
    for task in done:
        task.result()
    print(
        f"Temporal 服务器意外停止，它最后说：\n{last_lines(FOLDER / 'server.log')}", file=sys.stderr
    )
    return EXIT_NO_SERVER


async def dev() -> int:
    """Run all of it; return the exit code."""
    note = DevNote.read()
    if note is not None:
        print(f"make dev 已在运行：{note.ui or note.address}", file=sys.stderr)
        return EXIT_BAD_INPUT
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "worker.log").unlink(missing_ok=True)
    stopped = asyncio.Event()
    starting = asyncio.current_task()
    assert starting is not None
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, starting.cancel)
    async with local_server(
        FOLDER, ui=True, virtual_time=installation.load().virtual_time
    ) as server:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopped.set)
        code = await _serve(server, stopped)
        print("正在停止 …", file=sys.stderr, flush=True)
    return code


def main() -> int:
    """The exit code: 0 after Ctrl-C, 2 when it runs already, 4 when no server can be used."""
    try:
        return asyncio.run(dev())
    except ServerUnavailableError as error:
        print(error, file=sys.stderr)
        return EXIT_NO_SERVER
    except asyncio.CancelledError:
        return 130


if __name__ == "__main__":
    sys.exit(main())
