"""Gets a Temporal server for a machine that has none, in the order of least trouble.

What is at hand; the SDK's download of the CLI; a build of the production server and Web UI.
"""

import asyncio
import contextlib
import threading
from pathlib import Path

from deploy import go_build
from deploy.download import download
from deploy.programs import (
    WAY_OUT,
    DevelopmentServer,
    ProductionServer,
    Programs,
    ServerUnavailableError,
    at_hand,
    downloaded,
)
from deploy.progress import Report


async def prepare(*, cache: Path, offline: bool, report: Report) -> Programs:
    """What to start, fetched or built first if need be.

    `offline` forbids looking beyond this machine. Raises ServerUnavailableError.
    """
    found = at_hand(cache)
    if found is not None:
        return found
    if not offline:
        program = await download(downloaded(cache), report)
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
        raise ServerUnavailableError(f"编译 Temporal 失败（见上）。{WAY_OUT}") from error
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
