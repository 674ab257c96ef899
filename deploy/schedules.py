"""The Temporal Schedules of an installation: what happens by the clock, whether a case asks or not.

The morning digest once a day, and the watchdog every ten minutes. Both run on rest days too:
whether a day is worked is asked when they run, of the calendar as it stands then.
"""

from collections.abc import Callable
from datetime import time, timedelta

import structlog
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from deploy.settings import Settings

logger = structlog.get_logger(__name__)

MORNING_DIGEST = "morning-digest"
WATCHDOG = "watchdog"
DIGEST_AT = time(8, 30)
"""When the digest is sent where the office sets no other time."""
ZONE = "Asia/Shanghai"

_DIGEST_LATE = timedelta(hours=8)
"""A digest that no server could start in the morning is still of use in the afternoon."""
_WATCH_LATE = timedelta(minutes=10)
_LONGEST = timedelta(hours=12)
"""No run reaches into the next day, whose own would otherwise be skipped."""


async def ensure_schedules(
    client: Client, settings: Settings, digest_at: time = DIGEST_AT
) -> tuple[str, ...]:
    """Bring both schedules to what this release and `digest_at` (Shanghai time) say.

    The ids of those that were created or changed. Calling it again changes nothing, and several
    workers may call it at once. A schedule that an operator has paused stays paused.
    """
    wanted = {MORNING_DIGEST: _digest(settings, digest_at), WATCHDOG: _watchdog(settings)}
    changed = [id_ for id_, schedule in wanted.items() if await _ensure(client, id_, schedule)]
    if changed:
        logger.info("schedules brought up to date", schedules=changed)
    return tuple(changed)


async def _ensure(client: Client, id_: str, wanted: Schedule) -> bool:
    try:
        await client.create_schedule(id_, wanted)
    except ScheduleAlreadyRunningError:
        differs: list[bool] = []
        await client.get_schedule_handle(id_).update(_bringing(wanted, differs))
        return bool(differs)
    return True


def _bringing(
    wanted: Schedule, differs: list[bool]
) -> Callable[[ScheduleUpdateInput], ScheduleUpdate | None]:
    """The update; None where nothing differs. An operator's pause and note are kept."""

    def bring(found: ScheduleUpdateInput) -> ScheduleUpdate | None:
        standing = found.description.schedule
        if _said(standing) == _said(wanted):
            return None
        differs.append(True)
        wanted.state = standing.state
        return ScheduleUpdate(wanted)

    return bring


def _said(schedule: Schedule) -> tuple[object, ...]:
    """What of a schedule is decided here, in a form that a server gives back as it took it."""
    action = schedule.action
    assert isinstance(action, ScheduleActionStartWorkflow)
    return (
        action.workflow,
        action.id,
        action.task_queue,
        action.execution_timeout,
        schedule.spec.time_zone_name,
        tuple(map(_times, schedule.spec.calendars)),
        schedule.policy.overlap,
        schedule.policy.catchup_window,
    )


def _times(spec: ScheduleCalendarSpec) -> tuple[tuple[int, ...], ...]:
    """The seconds, minutes and hours of a calendar, whichever way their ranges are written."""
    return tuple(
        tuple(
            number
            for each in ranges
            for number in range(each.start, max(each.start, each.end) + 1, max(1, each.step))
        )
        for ranges in (spec.second, spec.minute, spec.hour)
    )


def _digest(settings: Settings, at: time) -> Schedule:
    once = ScheduleCalendarSpec(
        hour=(ScheduleRange(at.hour),),
        minute=(ScheduleRange(at.minute),),
        comment="每天一次；休息日由程序判断，不发",
    )
    return _schedule(settings, "MorningDigest", MORNING_DIGEST, (once,), _DIGEST_LATE)


def _watchdog(settings: Settings) -> Schedule:
    always = ScheduleCalendarSpec(
        hour=(ScheduleRange(0, 23),),
        minute=(ScheduleRange(0, 50, 10),),
        comment="每10分钟一次；迟不迟只按办公时间算",
    )
    return _schedule(settings, "Watchdog", WATCHDOG, (always,), _WATCH_LATE)


def _schedule(
    settings: Settings,
    workflow: str,
    id_: str,
    calendars: tuple[ScheduleCalendarSpec, ...],
    catchup: timedelta,
) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(
            workflow,
            id=id_,
            task_queue=settings.task_queue,
            execution_timeout=_LONGEST,
        ),
        spec=ScheduleSpec(calendars=list(calendars), time_zone_name=ZONE),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=catchup),
    )
