"""The SDK's own download of the Temporal CLI, given up in seconds where there is no internet."""

import asyncio
import os
import shutil
import socket
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from temporalio.testing import WorkflowEnvironment

from deploy.progress import Report
from deploy.temporal_cli import VERSION, usable

DOWNLOAD_HOST = "temporal.download"
PROBE_SECONDS = 3.0
DOWNLOAD_SECONDS = 180.0


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
