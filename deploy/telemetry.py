"""The worker's metrics for Prometheus: where they are shown, and the runtime that shows them.

Temporal's own metrics (temporal_*) stand beside the project's (land_*, activities/metrics.py).
"""

import re

from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig

from activities.metrics import LATENESS, LATENESS_BUCKETS
from deploy.settings import Settings

_ADDRESS = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\]|[0-9.]+):(?P<port>[0-9]{1,5})\Z", re.ASCII)
_LAST_PORT = 65535


class MetricsUnusable(Exception):  # noqa: N818 - named for what is wrong
    """The metrics cannot be shown where the settings say. The message is a Chinese sentence."""


def runtime(settings: Settings) -> Runtime | None:
    """The runtime for the worker's client, which shows metrics at `settings.metrics`.

    None where the settings name no place: the client then takes the usual one. One process makes
    it once. Raises MetricsUnusable for a bad address, one that this machine does not have, and a
    port that is taken.
    """
    address = settings.metrics
    if address is None:
        return None
    found = _ADDRESS.match(address.replace("localhost:", "127.0.0.1:"))
    if found is None or not 0 < int(found["port"]) <= _LAST_PORT:
        raise MetricsUnusable(
            f"LAND_METRICS 应当写作 IP 地址和端口，如 127.0.0.1:9464，不能是“{address}”。"
        )
    try:
        return Runtime(
            telemetry=TelemetryConfig(
                metrics=PrometheusConfig(
                    bind_address=found[0],
                    durations_as_seconds=True,
                    histogram_bucket_overrides={LATENESS: list(LATENESS_BUCKETS)},
                )
            )
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise MetricsUnusable(
            f"不能在 {address} 提供监测数据：地址不可用或者端口已被占用，请改 LAND_METRICS。"
        ) from error
