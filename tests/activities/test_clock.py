"""The case's clock: the server's time, and what has passed since the activity began."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from temporalio.testing import ActivityEnvironment

from activities.clock import case_clock

STARTED = datetime(2027, 2, 1, 0, 30, tzinfo=UTC)


def _twice() -> tuple[datetime, datetime]:
    first = case_clock()
    time.sleep(0.05)
    return first, case_clock()


def test_time_passes_from_the_servers_time_of_the_start() -> None:
    for started in (STARTED, STARTED - timedelta(days=40), STARTED):
        running = ActivityEnvironment()
        running.info = replace(running.info, started_time=started)
        first, second = running.run(_twice)
        assert first - started < timedelta(milliseconds=40)
        assert timedelta(milliseconds=50) <= second - first < timedelta(seconds=5)
