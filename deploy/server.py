"""The local Temporal server: found, started, made ready, and gone when it is no longer needed.

`async with local_server(...)` in a program; on the command line
    python -m deploy.server prepare      fetch or build what is needed, start nothing
    python -m deploy.server run          run a server, with the Web UI, until Ctrl-C
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy import settings as installation
from deploy.guarded import Guarded, last_lines
from deploy.launch import Launch, Started, port_was_taken
from deploy.programs import ServerUnavailableError, cache_folder
from deploy.progress import Report
from deploy.provision import prepare
from deploy.readiness import OTHERS_CACHE_SECONDS, NotReadyError, Preparation, skips_time

START_SECONDS = 60.0
REACH_SECONDS = 10.0
STARTS = 3


@dataclass(frozen=True)
class LocalServer:
    """A server that is ready: namespace and search attributes can be used at once."""

    address: str
    """host:port"""
    namespace: str
    ui_url: str | None
    log: Path | None
    """Where it writes what goes wrong; None for a server that was running already."""
    running: Guarded | None = field(default=None, repr=False)
    """Its programs; None for a server that was running already."""

    async def ended(self) -> None:
        """Return once it has ended by itself; never for a server that was running already."""
        if self.running is None:
            await asyncio.Event().wait()
        else:
            await asyncio.to_thread(self.running.wait)


@asynccontextmanager
async def local_server(
    data: Path | None = None,
    *,
    ui: bool = False,
    virtual_time: bool = False,
    cache: Path | None = None,
) -> AsyncIterator[LocalServer]:
    """A Temporal server for as long as the block runs.

    `data` is the folder of a database that lasts; None means one that is deleted afterwards.
    `virtual_time` asks that a client may skip a workflow's waiting time. Where TEMPORAL_ADDRESS
    is set that server is used as it is, and stays. Raises ServerUnavailableError, with one
    Chinese sentence.
    """
    choices = installation.load()
    if os.environ.get("TEMPORAL_ADDRESS"):
        yield await _use_running(choices, virtual_time=virtual_time)
        return
    programs = await prepare(
        cache=cache or cache_folder(), offline=choices.offline, report=Report()
    )
    launch = Launch(programs, choices.namespace, data=data, ui=ui, virtual_time=virtual_time)
    started = await _start(launch)
    try:
        yield LocalServer(
            started.ports.address,
            choices.namespace,
            started.ports.ui_url if ui else None,
            log=started.log,
            running=started.programs,
        )
    finally:
        await asyncio.shield(asyncio.to_thread(started.programs.stop))


async def _use_running(choices: installation.Settings, *, virtual_time: bool) -> LocalServer:
    address = choices.temporal_address
    preparation = Preparation(address, choices.namespace, seconds=REACH_SECONDS, alive=lambda: True)
    try:
        client = await preparation.connect()
        new = await preparation.lacks_search_attributes(client)
        await preparation.register(client)
        if new:
            await asyncio.sleep(OTHERS_CACHE_SECONDS)
    except NotReadyError as error:
        raise ServerUnavailableError(
            f"环境变量 TEMPORAL_ADDRESS 指明的服务器 {address} 不可用：{error}。"
        ) from error
    if virtual_time and not await skips_time(client):
        raise ServerUnavailableError(
            f"环境变量 TEMPORAL_ADDRESS 指明的服务器 {address} 没有开启虚拟时间，不能演练："
            "需要 Temporal 服务器 1.32 或更新版本，并开启 frontend.WorkflowTimeSkippingEnabled。"
        )
    return LocalServer(address, choices.namespace, choices.ui_url, log=None)


async def _start(launch: Launch) -> Started:
    problem = ""
    for _ in range(STARTS):
        started = await asyncio.to_thread(launch.start)
        ports, running = started.ports, started.programs
        preparation = Preparation(
            ports.address, launch.namespace, seconds=START_SECONDS, alive=running.running
        )
        try:
            await preparation.register(await preparation.connect())
            if launch.ui:
                await _answers(ports.ui, running)
        except NotReadyError as error:
            problem = last_lines(started.log) or str(error)
            taken = port_was_taken(started.log)
            await asyncio.to_thread(running.stop)
            # Somebody may take a port between our finding it free and the server's using it.
            if not taken:
                break
        except BaseException:
            running.stop()
            raise
        else:
            return started
    raise ServerUnavailableError(f"本机的 Temporal 服务器没有启动成功，它最后说：\n{problem}")


async def _answers(port: int, running: Guarded) -> None:
    deadline = asyncio.get_running_loop().time() + START_SECONDS
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError as error:
            if not running.running() or asyncio.get_running_loop().time() >= deadline:
                raise NotReadyError(str(error)) from error
            await asyncio.sleep(0.05)
            continue
        writer.close()
        return


async def _run() -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with local_server(ui=True, virtual_time=True) as server:
        print(f"TEMPORAL_ADDRESS={server.address}")
        print(f"LAND_UI_URL={server.ui_url}", flush=True)
        await stopped.wait()


async def _prepare() -> None:
    choices = installation.load()
    if not os.environ.get("TEMPORAL_ADDRESS"):
        await prepare(cache=cache_folder(), offline=choices.offline, report=Report())


def main(arguments: list[str]) -> int:
    """Run one of the two commands; 2 for an unknown one, 4 where no server can be used."""
    commands = {"prepare": _prepare, "run": _run}
    command = commands.get(arguments[0]) if len(arguments) == 1 else None
    if command is None:
        print("用法：python -m deploy.server prepare|run", file=sys.stderr)
        return 2
    try:
        asyncio.run(command())
    except ServerUnavailableError as error:
        print(error, file=sys.stderr)
        return 4
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
