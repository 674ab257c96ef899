"""`make dev` runs server, Web UI and worker together, and keeps the worker running."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.client import Client

from deploy.server import LocalServer
from deploy.settings import REPOSITORY, DevNote
from tests.deploy.processes import arguments_of, children, ended, group_of, members, needs_proc

pytestmark = needs_proc


@pytest_asyncio.fixture
async def dev(
    server: LocalServer, tmp_path: Path
) -> AsyncIterator[tuple[asyncio.subprocess.Process, DevNote]]:
    """A running `make dev` that keeps its files apart, and the note it has left."""
    if server.running is None:
        pytest.skip("TEMPORAL_ADDRESS names a server of its own")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.dev"),
        cwd=REPOSITORY,
        env={**os.environ, "LAND_VAR": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(60):
            said = await _said(process, "按 Ctrl-C 停止")
        assert f"日历订阅  {tmp_path / 'feeds'}\n" in said
        note = DevNote.model_validate_json((tmp_path / "dev.json").read_text(encoding="utf-8"))
        yield process, note
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _said(process: asyncio.subprocess.Process, words: str) -> str:
    """What it says until it says these words."""
    assert process.stdout is not None
    said = ""
    async for line in process.stdout:
        said += line.decode()
        if words in line.decode():
            return said
    pytest.fail(f"it ended before it said {words}")


async def _worker(owner: int, *, other_than: int = 0) -> int:
    async with asyncio.timeout(30):
        while True:
            for guard in children(owner):
                for child in children(guard):
                    if "worker.py" in arguments_of(child) and child != other_than:
                        return child
            await asyncio.sleep(0.05)


async def test_a_worker_that_dies_is_started_again_and_ctrl_c_ends_all(
    dev: tuple[asyncio.subprocess.Process, DevNote], tmp_path: Path
) -> None:
    process, note = dev
    assert note.pid == process.pid
    assert note.registry == f"sqlite:///{tmp_path / 'registry.db'}"
    client = await Client.connect(note.address, namespace=note.namespace)
    assert await client.service_client.check_health()
    first = await _worker(process.pid)
    os.kill(first, signal.SIGKILL)
    async with asyncio.timeout(30):
        await _said(process, "重新启动")
    assert await _worker(process.pid, other_than=first) != first
    groups = {group_of(guard) for guard in children(process.pid)}
    assert sum(len(members(group)) for group in groups) >= 4
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(30):
        assert await process.wait() == 0
    assert all(ended(group) for group in groups)
    assert not (tmp_path / "dev.json").exists()
    # What was begun is there tomorrow.
    assert (tmp_path / "dev" / "temporal.db").exists()


async def test_a_second_one_points_to_the_first(
    dev: tuple[asyncio.subprocess.Process, DevNote], tmp_path: Path
) -> None:
    _, note = dev
    second = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.dev"),
        cwd=REPOSITORY,
        env={**os.environ, "LAND_VAR": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await second.communicate()
    assert second.returncode == 2
    assert said.decode() == f"make dev 已在运行：{note.ui}\n"
