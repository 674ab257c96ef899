"""The local server keeps to this machine, is ready at once, skips time and leaves nothing."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.testing import TimeSkipper, TimeSkippingConfig
from temporalio.worker import Worker

from deploy.programs import ServerUnavailableError
from deploy.readiness import search_attributes, skips_time
from deploy.server import LocalServer, local_server
from deploy.settings import REPOSITORY
from tests.deploy.processes import ended, listening, members, needs_proc
from tests.deploy.waiting import QUEUE, Waiting

ROLES = 4


@pytest.fixture
def ours(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> LocalServer:
    """The server that this run started; the tests of starting one need no other address."""
    if server.running is None:
        pytest.skip("TEMPORAL_ADDRESS names a server of its own")
    monkeypatch.delenv("TEMPORAL_ADDRESS", raising=False)
    return server


def _group(server: LocalServer) -> int:
    assert server.running is not None
    return server.running.group


@needs_proc
async def test_every_socket_of_server_and_web_ui_is_on_loopback(ours: LocalServer) -> None:
    async with local_server(ui=True) as running:
        sockets = listening(_group(running))
        # gRPC and membership of each role, the frontend's HTTP, and the Web UI; the CLI's
        # development server opens fewer.
        assert len(sockets) > ROLES
        assert [str(address) for address, _ in sockets if not address.is_loopback] == []
        assert int(running.address.partition(":")[2]) in [port for _, port in sockets]


async def test_the_web_ui_serves_its_page(ours: LocalServer) -> None:
    async with local_server(ui=True) as running:
        assert running.ui_url is not None
        answer = await asyncio.to_thread(urllib.request.urlopen, running.ui_url)
        with answer:
            assert answer.status == 200
            assert b"<html" in answer.read().lower()


async def test_six_weeks_pass_in_seconds_and_are_found_by_search_attribute(
    server: LocalServer,
) -> None:
    client = await Client.connect(server.address, namespace=server.namespace)
    skipper = TimeSkipper(
        client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=10_000)
    )
    name = f"waiting-{os.getpid()}"
    begun = time.monotonic()
    async with Worker(client, task_queue=QUEUE, workflows=[Waiting]):
        waiting = await skipper.client.start_workflow(Waiting.run, 42, id=name, task_queue=QUEUE)
        started = await skipper.get_current_time(waiting)
        assert await skipper.fast_forward(waiting, timedelta(days=41))
        passed = await skipper.get_current_time(waiting) - started
        assert timedelta(days=41) <= passed < timedelta(days=41, minutes=5)
        found = await client.count_workflows(f'`Overdue` = false AND WorkflowId = "{name}"')
        assert found.count == 1
        assert not await skipper.fast_forward(waiting, timedelta(days=2))
        assert await waiting.result() == "42"
    assert time.monotonic() - begun < 30


async def test_every_search_attribute_of_a_case_is_ready(ours: LocalServer) -> None:
    assert {"Stage", "NextDue", "Overdue"} <= set(search_attributes())
    async with local_server() as running:
        client = await Client.connect(running.address, namespace=running.namespace)
        for name in search_attributes():
            assert (await client.count_workflows(f"`{name}` IS NULL")).count == 0


async def test_virtual_time_is_off_unless_asked_for(ours: LocalServer) -> None:
    assert await skips_time(await Client.connect(ours.address, namespace=ours.namespace))
    async with local_server() as running:
        client = await Client.connect(running.address, namespace=running.namespace)
        assert not await skips_time(client)


async def test_a_case_goes_on_when_its_server_comes_back(ours: LocalServer, tmp_path: Path) -> None:
    async with local_server(tmp_path) as running:
        client = await Client.connect(running.address, namespace=running.namespace)
        await client.start_workflow(Waiting.run, 0, id="kept", task_queue=QUEUE)
    begun = time.monotonic()
    async with local_server(tmp_path) as running:
        client = await Client.connect(running.address, namespace=running.namespace)
        async with Worker(client, task_queue=QUEUE, workflows=[Waiting]):
            assert await client.get_workflow_handle_for(Waiting.run, "kept").result() == "0"
    # A server that still believes in its former services waits 50 seconds for them.
    assert time.monotonic() - begun < 25


@needs_proc
async def test_a_temporary_server_leaves_no_process_and_no_file(ours: LocalServer) -> None:
    async with local_server() as running:
        group = _group(running)
        assert running.log is not None
        folder = running.log.parent
        assert len(members(group)) >= 2
    assert members(group) == set()
    assert not await asyncio.to_thread(folder.exists)


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_orphan_whatever_ends_the_owner(
    ours: LocalServer, number: signal.Signals, tmp_path: Path
) -> None:
    script = (
        "import asyncio\n"
        "from deploy.server import local_server\n"
        "async def own():\n"
        "    async with local_server() as running:\n"
        "        print(running.running.group, running.log.parent, flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(own())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=REPOSITORY,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        group, folder = owner.stdout.readline().split()
        assert len(members(int(group))) >= 2
        owner.send_signal(number)
        owner.wait(30)
    assert ended(int(group))
    assert not Path(folder).exists()


async def test_an_address_that_is_given_is_used_as_it_is(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", server.address)
    async with local_server(virtual_time=True) as other:
        assert (other.address, other.running) == (server.address, None)
    client = await Client.connect(server.address, namespace=server.namespace)
    assert await client.service_client.check_health()


async def test_a_given_server_gets_the_namespace_it_lacks(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", server.address)
    monkeypatch.setenv("TEMPORAL_NAMESPACE", f"elsewhere-{os.getpid()}")
    async with local_server() as other:
        client = await Client.connect(other.address, namespace=other.namespace)
        assert other.namespace.startswith("elsewhere-")
        assert (await client.count_workflows("`Blocked` = true")).count == 0


async def test_a_given_server_without_virtual_time_is_refused_for_a_rehearsal(
    ours: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with local_server() as plain:
        monkeypatch.setenv("TEMPORAL_ADDRESS", plain.address)
        with pytest.raises(ServerUnavailableError, match="没有开启虚拟时间"):
            async with local_server(virtual_time=True):
                pytest.fail("it must not be used")


async def test_a_given_address_where_nobody_listens_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    monkeypatch.setattr("deploy.server.REACH_SECONDS", 0.2)
    with pytest.raises(ServerUnavailableError, match=r"127\.0\.0\.1:1 不可用"):
        async with local_server():
            pytest.fail("nobody listens there")
