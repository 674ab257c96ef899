"""The worker's metrics, scraped as Prometheus does: what is late, what went out and how late."""

import re
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from temporalio import activity
from temporalio.client import Client
from temporalio.testing import ActivityEnvironment
from temporalio.worker import Worker

from activities import metrics
from activities.registry import Registry
from case.records import RungRecord
from deploy.client import DATA_CONVERTER
from deploy.server import LocalServer
from deploy.settings import Settings
from deploy.telemetry import MetricsUnusable, runtime
from law import SHANGHAI
from tests.activities.samples import admit, duty, records
from worker import new_worker
from workflows.watchdog import Watchdog

AT = datetime(2026, 11, 30, 10, 0, tzinfo=SHANGHAI)


@activity.defn
def deliver_some() -> None:
    """As whoever sends counts what he sends."""
    metrics.delivered("email", "sent")
    metrics.delivered("email", "sent")
    metrics.delivered("dingtalk", "refused")
    metrics.lateness(timedelta(seconds=30))
    metrics.lateness(timedelta(seconds=-1))


def free_address() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


def scraped(address: str, name: str, **labels: str) -> list[float]:
    """The values of the metric `name` with these labels."""
    answer = requests.get(f"http://{address}/metrics", timeout=5)
    answer.raise_for_status()
    found = re.findall(rf"^{name}(?:\{{(.*)\}})? (\S+)$", answer.text, re.MULTILINE)
    wanted = [f'{key}="{value}"' for key, value in labels.items()]
    return [float(value) for said, value in found if all(each in said for each in wanted)]


async def test_prometheus_sees_what_is_late_and_what_went_out(
    server: LocalServer, tmp_path: Path
) -> None:
    settings = Settings(
        temporal_address=server.address,
        namespace=server.namespace,
        registry_url=f"sqlite:///{tmp_path / 'registry.db'}",
        outbox=tmp_path / "outbox",
        office=tmp_path,
        feeds=tmp_path / "feeds",
        task_queue=f"metrics-{uuid4().hex[:8]}",
        metrics=free_address(),
    )
    assert settings.metrics
    client = await Client.connect(
        server.address,
        namespace=server.namespace,
        data_converter=DATA_CONVERTER,
        runtime=runtime(settings),
    )
    with Registry.open(settings.registry_url) as registry:
        admit(registry)
        async with new_worker(client, settings, registry):

            async def look() -> None:
                await client.execute_workflow(
                    Watchdog.run, AT, id=f"watchdog-{uuid4().hex}", task_queue=settings.task_queue
                )

            rung = RungRecord(rung="2026-12-07/-5", at=AT - timedelta(hours=1))
            late = tuple(duty(f"d-{i}", rungs=(rung,)) for i in range(3))
            registry.record(records(entry=None, duties=late))
            await look()
            assert scraped(settings.metrics, metrics.LATE) == [3]
            assert scraped(settings.metrics, metrics.STOPPED) == [1], "it was never started"
            (looked,) = scraped(settings.metrics, metrics.LOOKED_AT, looked_for=metrics.LATE)
            assert looked == pytest.approx(datetime.now(SHANGHAI).timestamp(), abs=60)
            registry.record(records(entry=None, minutes=1, duties=()))
            await look()
            assert scraped(settings.metrics, metrics.LATE) == [0]
    async with Worker(
        client,
        task_queue=settings.task_queue,
        activities=[deliver_some],
        activity_executor=ThreadPoolExecutor(1),
    ):
        await client.execute_activity(
            deliver_some,
            id=uuid4().hex,
            task_queue=settings.task_queue,
            start_to_close_timeout=timedelta(seconds=10),
        )
    address = settings.metrics
    assert scraped(address, metrics.DELIVERED, channel="email", outcome="sent") == [2]
    assert scraped(address, metrics.DELIVERED, channel="dingtalk", outcome="refused") == [1]
    bucket, by = f"{metrics.LATENESS}_bucket", "deliver_some"
    assert scraped(address, bucket, le="10", activity_type=by) == [1]
    assert scraped(address, bucket, le="60", activity_type=by) == [2]


def test_nothing_is_counted_outside_an_activity() -> None:
    """Commands send too, as `channels test` does, and have no meter."""
    metrics.late_reminders(1)
    metrics.stopped_cases(1)
    metrics.delivered("outbox", "sent")
    metrics.lateness(timedelta(seconds=1))
    ActivityEnvironment().run(deliver_some)


def test_without_an_address_there_is_no_runtime_of_its_own() -> None:
    assert runtime(Settings(metrics=None)) is None


@pytest.mark.parametrize(
    "address", ["9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:0", "metrics:9464"]
)
def test_a_bad_address_is_said(address: str) -> None:
    with pytest.raises(MetricsUnusable, match="LAND_METRICS 应当写作"):
        runtime(Settings(metrics=address))


def test_a_port_that_is_taken_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(MetricsUnusable, match=f"不能在 {address} 提供监测数据：.*端口已被占用"):
            runtime(Settings(metrics=address))


def test_an_address_that_no_card_of_the_machine_has_is_said() -> None:
    """192.0.2.0/24 is set apart for examples (RFC 5737)."""
    with pytest.raises(MetricsUnusable, match=r"192\.0\.2\.1:9464 提供监测数据：地址不可用"):
        runtime(Settings(metrics="192.0.2.1:9464"))
