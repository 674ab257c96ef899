"""The Temporal CLI, whose development server runs a case without installing anything else.

It serves when it can skip a workflow's waiting time: its server must be 1.32 or newer, as it is
from CLI 1.9 on.
"""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from temporalio.testing import WorkflowEnvironment

from deploy.configuration import HOST, Ports, dynamic_values
from deploy.progress import Report

VERSION = "v1.9.1"
OLDEST_CLI = (1, 9)
OLDEST_SERVER = (1, 32)
DOWNLOAD_HOST = "temporal.download"
PROBE_SECONDS = 3.0
DOWNLOAD_SECONDS = 180.0


def skips_time(version: str) -> bool:
    """Whether the CLI that prints `version` for `--version` has a server with virtual time.

    The server's version counts where it is named; a CLI built by hand has none of its own.
    """
    server = re.search(r"[Ss]erver v?(\d+)\.(\d+)", version)
    if server is not None:
        return (int(server[1]), int(server[2])) >= OLDEST_SERVER
    own = re.search(r"(\d+)\.(\d+)", version)
    return own is not None and (int(own[1]), int(own[2])) >= OLDEST_CLI


def usable(program: Path) -> bool:
    """Whether `program` runs here and is a Temporal CLI new enough."""
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and skips_time(answer.stdout)


def installed() -> Path | None:
    """The Temporal CLI on PATH, if it is new enough."""
    found = shutil.which("temporal")
    return Path(found) if found is not None and usable(Path(found)) else None


def _download_reachable() -> bool:
    # Without an answer within seconds there is no internet here, and the SDK would wait long.
    proxy = os.environ.get("https_proxy") or os.environ.get("HTTPS_PROXY")
    place = urlsplit(proxy) if proxy else None
    host, port = (DOWNLOAD_HOST, 443)
    if place is not None and place.hostname:
        host, port = place.hostname, place.port or 80
    try:
        with socket.create_connection((host, port), timeout=PROBE_SECONDS):
            return True
    except OSError:
        return False


async def download(destination: Path, report: Report) -> Path | None:
    """Let the SDK download the CLI, and keep it as `destination`.

    Return None where it cannot be reached within seconds, or what came is of no use.
    """
    probe = asyncio.create_task(asyncio.to_thread(_download_reachable))
    # Looking up a name has no time limit of its own.
    done, _ = await asyncio.wait({probe}, timeout=PROBE_SECONDS + 1)
    if not done or not probe.result():
        return None
    with tempfile.TemporaryDirectory() as folder:
        report.say(f"正在下载 Temporal CLI {VERSION} …")
        try:
            async with asyncio.timeout(DOWNLOAD_SECONDS):
                # The SDK downloads only in order to start; the server it starts is not kept.
                environment = await WorkflowEnvironment.start_local(
                    download_dest_dir=folder, dev_server_download_version=VERSION
                )
                await environment.shutdown()
        except (RuntimeError, TimeoutError):
            return None
        return _keep(Path(folder), destination)


def _keep(folder: Path, destination: Path) -> Path | None:
    for program in folder.iterdir():
        if os.access(program, os.X_OK) and usable(program):
            destination.parent.mkdir(parents=True, exist_ok=True)
            # Copied beside its place first: nobody may find half of it there.
            draft = destination.with_suffix(f".{os.getpid()}")
            shutil.copy2(program, draft)
            return draft.replace(destination)
    return None


def arguments(
    program: Path, *, database: Path, ports: Ports, namespace: str, ui: bool, virtual_time: bool
) -> tuple[str, ...]:
    """How to start the CLI's development server, on 127.0.0.1 only."""
    values = dynamic_values(virtual_time).items()
    dynamic = [f"--dynamic-config-value={key}={str(value).lower()}" for key, value in values]
    page = [f"--ui-port={ports.ui}"] if ui else ["--headless"]
    return (
        str(program),
        "server",
        "start-dev",
        f"--ip={HOST}",
        f"--port={ports.grpc['frontend']}",
        f"--http-port={ports.http}",
        f"--db-filename={database}",
        f"--namespace={namespace}",
        "--log-level=warn",
        *page,
        *dynamic,
    )
