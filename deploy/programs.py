"""Which Temporal server can run on this machine, looked for in the order of least trouble.

The Temporal CLI on PATH; one that was downloaded or built here before; the SDK's download of
the CLI; a build of the production server and Web UI. What is already here comes before any
network.
"""

import asyncio
import contextlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from deploy import go_build, temporal_cli
from deploy.progress import Report

WAY_OUT = (
    "没有可用的 Temporal 服务器:请安装 Temporal CLI 1.9 或更新版本,或安装 Go 1.26.8 或更新版本"
    "(由本程序编译服务器),或用环境变量 TEMPORAL_ADDRESS 指明已有服务器的地址。"
)


class ServerUnavailableError(Exception):
    """No Temporal server could be used; the message is one Chinese sentence with the way out."""


@dataclass(frozen=True)
class DevelopmentServer:
    """The Temporal CLI: server and Web UI in one program."""

    program: Path


@dataclass(frozen=True)
class ProductionServer:
    """The server that production runs, and the Web UI that belongs to it."""

    server: Path
    ui: Path


Programs = DevelopmentServer | ProductionServer


def cache_folder() -> Path:
    """Where downloads and builds are kept, outside the repository, for every clone of it."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "land-acquisition"


def _downloaded(cache: Path) -> Path:
    return cache / f"temporal-cli-{temporal_cli.VERSION}" / "temporal"


def at_hand(cache: Path) -> Programs | None:
    """What can be started at once; None when something has to be fetched or built first."""
    installed = temporal_cli.installed()
    if installed is not None:
        return DevelopmentServer(installed)
    if _downloaded(cache).exists():
        return DevelopmentServer(_downloaded(cache))
    built = ProductionServer(go_build.SERVER.place(cache), go_build.WEB_UI.place(cache))
    return built if built.server.exists() and built.ui.exists() else None


async def prepare(*, cache: Path, offline: bool, report: Report) -> Programs:
    """What to start, fetched or built first if need be.

    `offline` forbids looking beyond this machine. Raises ServerUnavailableError.
    """
    found = at_hand(cache)
    if found is not None:
        return found
    if not offline:
        program = await temporal_cli.download(_downloaded(cache), report)
        if program is not None:
            return DevelopmentServer(program)
    go = go_build.go_available()
    if go is None:
        raise ServerUnavailableError(WAY_OUT)
    try:
        # The server first: it takes longest, and its failing must not have cost the UI's minute.
        server = await _build(go_build.SERVER, cache, go=go, offline=offline, report=report)
        ui = await _build(go_build.WEB_UI, cache, go=go, offline=offline, report=report)
    except go_build.BuildError as error:
        report.say(str(error))
        raise ServerUnavailableError(f"编译 Temporal 失败(见上)。{WAY_OUT}") from error
    return ProductionServer(server, ui)


async def _build(
    program: go_build.GoProgram, cache: Path, *, go: str, offline: bool, report: Report
) -> Path:
    given_up = threading.Event()
    build = asyncio.ensure_future(
        asyncio.to_thread(
            go_build.build,
            program,
            cache,
            go=go,
            offline=offline,
            report=report,
            given_up=given_up,
        )
    )
    try:
        return await asyncio.shield(build)
    except asyncio.CancelledError:
        given_up.set()
        with contextlib.suppress(go_build.BuildError):
            await build
        raise
