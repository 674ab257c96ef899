"""Which Temporal server is at hand on this machine; only the standard library is needed to tell.

The Temporal CLI on PATH comes first, then what was downloaded or built here before.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from deploy import go_build, temporal_cli

WAY_OUT = (
    "没有可用的 Temporal 服务器：请安装 Temporal CLI 1.9 或更新版本，或安装 Go 1.26.8 或更新版本"
    "（由本程序编译服务器），或用环境变量 TEMPORAL_ADDRESS 指明已有服务器的地址。"
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


def downloaded(cache: Path) -> Path:
    """Where the CLI is kept once downloaded."""
    return cache / f"temporal-cli-{temporal_cli.VERSION}" / "temporal"


def at_hand(cache: Path) -> Programs | None:
    """What can be started at once; None when something has to be fetched or built first."""
    installed = temporal_cli.installed()
    if installed is not None:
        return DevelopmentServer(installed)
    if downloaded(cache).exists():
        return DevelopmentServer(downloaded(cache))
    built = ProductionServer(go_build.SERVER.place(cache), go_build.WEB_UI.place(cache))
    return built if built.server.exists() and built.ui.exists() else None
