"""What the worker counts for Prometheus: reminders that are late, and what became of messages.

Each function does nothing outside an activity, so that what is shared with commands may call it.
The values carry no case, no unit and no person.
"""

import time
from datetime import timedelta

from temporalio import activity

LATE = "land_late_reminders"
STOPPED = "land_stopped_cases"
LOOKED_AT = "land_last_look_timestamp_seconds"
DELIVERED = "land_reminders_delivered"
LATENESS = "land_reminder_lateness_seconds"

LATENESS_BUCKETS = (1.0, 10.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 4 * 3600.0, 24 * 3600.0)
"""Seconds, upper bounds."""


def late_reminders(count: int) -> None:
    """How many reminders the watchdog has just found late."""
    _looked(LATE, "最近一次查看时到时未发出的提醒", count)


def stopped_cases(count: int) -> None:
    """How many cases the watchdog has just found without a running workflow."""
    _looked(STOPPED, "最近一次查看时流程不在运行的案件", count)


def _looked(name: str, description: str, count: int) -> None:
    if not activity.in_activity():
        return
    meter = activity.metric_meter()
    meter.create_gauge(name, description).set(count)
    # The machine's own time: it tells which of several workers looked last, and whether any does.
    meter.create_gauge(LOOKED_AT, "看门狗最近一次查看的时刻", "s").set(
        int(time.time()), {"looked_for": name}
    )


def delivered(channel: str, outcome: str) -> None:
    """Count one attempt by a kind of channel ("email") and what became of it ("sent")."""
    if activity.in_activity():
        activity.metric_meter().create_counter(DELIVERED, "提醒的发送，按渠道和结果").add(
            1, {"channel": channel, "outcome": outcome}
        )


def lateness(late: timedelta) -> None:
    """Note how long after its moment a reminder went out; one before it counts as no delay."""
    if activity.in_activity():
        activity.metric_meter().create_histogram_float(
            LATENESS, "提醒送出的时刻比应发时刻晚多少秒", "s"
        ).record(max(late.total_seconds(), 0.0))
