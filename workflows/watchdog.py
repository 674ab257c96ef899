"""The watchdog: a short run every ten minutes that notices when reminders stay silent.

It finds what should have been told and was not, and cases whose workflow has stopped; shows them to
the operators, wakes the cases that are late, and raises the alarm once a day for each new one. Its
Schedule (`deploy.schedules`) hands it what its last run returned. It comes by so often that it also
brings the calendar feeds up to date.
"""

from collections.abc import Container
from dataclasses import field
from datetime import date, datetime, timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from pydantic.dataclasses import dataclass

    from case.watching import Alarm, Alarmed, Late, LateRungs, Stopped, how_late
    from law.deadline import SHANGHAI
    from workflows.attributes import LATE_REMINDERS

T = TypeVar("T")

ONE_TRY = timedelta(minutes=2)
ALL_TRIES = timedelta(minutes=6)
"""The next run is due in ten: what cannot be found out by then is left to it."""
WAKES_AGAIN_AFTER = timedelta(hours=1)
"""A case that finds nothing to tell when it is woken says so in its history each time."""
IN_THE_TABLE = 50
"""Rows in the current details, which the server keeps small."""

HEAD = "| 案件 | 事项 | 责任单位 | 应发时刻 | 已迟 |\n|---|---|---|---|---|\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What a look found and did."""

    at: datetime
    count: int
    """How much there is to be seen to: late reminders and stopped cases."""
    woken: int
    """Cases made to look at their reminders."""
    alarmed: tuple[str, ...] = ()
    """What the operators were told of today, each by its mark."""
    woken_at: dict[str, datetime] = field(default_factory=dict)
    """By workflow id, the cases that are not to be woken again yet, and when they were."""

    @property
    def day(self) -> date:
        """The day of the look, Asia/Shanghai."""
        return self.at.astimezone(SHANGHAI).date()


@workflow.defn(name="Watchdog")
class Watchdog:
    """One look at all cases."""

    @workflow.run
    async def run(self, at: datetime | None = None) -> Watched:
        """Look as of `at`, by default now; fails where the registry or the server stays away."""
        now = at or workflow.now()
        late = await _do("find_late_rungs", now, LateRungs, "查找到时未发出的提醒")
        stopped = await _do("find_stopped_cases", now, list[Stopped], "查找流程不在运行的案件")
        found = Alarm(at=now, late=late, stopped=tuple(stopped))
        workflow.upsert_search_attributes([LATE_REMINDERS.value_set(found.count)])
        workflow.set_current_details(page(found))
        resting = _woken_before(now)
        asleep = _asleep(found, resting)
        watched = Watched(
            at=now,
            count=found.count,
            woken=await self._wake(asleep),
            alarmed=await self._raise_alarm(found),
            woken_at={**resting, **dict.fromkeys(asleep, now)},
        )
        await _write_feeds()
        return watched

    async def _wake(self, asleep: list[str]) -> int:
        if not asleep:
            return 0
        return await _do("wake_late_cases", asleep, int, f"催促{len(asleep)}个案件补发提醒")

    async def _raise_alarm(self, found: Alarm) -> tuple[str, ...]:
        """Tell the operators of what is new today; what they have been told of today by now."""
        told = _told_today(found)
        if not set(found.marks) - set(told):
            return told
        alarmed = await _do("send_alarm", found, Alarmed, f"告知值守人员{found.count}项")
        return told if alarmed.again else tuple(sorted({*told, *found.marks}))


def _told_today(found: Alarm) -> tuple[str, ...]:
    last = workflow.get_last_completion_result(Watched)
    if last is None or last.day != found.at.astimezone(SHANGHAI).date():
        return ()
    return last.alarmed


def _woken_before(now: datetime) -> dict[str, datetime]:
    """Cases that were woken less than an hour before."""
    last = workflow.get_last_completion_result(Watched)
    if last is None:
        return {}
    return {id_: at for id_, at in last.woken_at.items() if at > now - WAKES_AGAIN_AFTER}


def _asleep(found: Alarm, resting: Container[str]) -> list[str]:
    """Cases that are late and run, but for those that were woken a moment ago."""
    gone = {each.workflow_id for each in found.stopped}
    late = dict.fromkeys(each.workflow_id for each in found.late.oldest)
    return [id_ for id_ in late if id_ not in gone and id_ not in resting]


async def _write_feeds() -> None:
    """Bring the calendar feeds up to date; where that fails, the next run does it."""
    try:
        await workflow.execute_activity(
            "write_feeds",
            start_to_close_timeout=ONE_TRY,
            schedule_to_close_timeout=ONE_TRY,
            retry_policy=RetryPolicy(maximum_attempts=1),
            summary="更新日历订阅文件",
        )
    except ActivityError:
        workflow.logger.warning("the calendar feeds could not be written")


async def _do(activity: str, argument: object, result: type[T], summary: str) -> T:
    return await workflow.execute_activity(  # type: ignore[no-any-return]
        activity,
        argument,
        result_type=result,
        start_to_close_timeout=ONE_TRY,
        schedule_to_close_timeout=ALL_TRIES,
        retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=1)),
        summary=summary,
    )


def page(found: Alarm) -> str:
    """The current details: Markdown in Chinese; no personal data, since it is stored as it is."""
    if not found.count:
        return f"{_minute(found.at)} 查看：没有迟发的提醒，各案件的流程都在运行。"
    parts = [f"**{_minute(found.at)} 查看：{found.late.count}条提醒到时未发出。**"]
    if found.stopped:
        parts.append(
            "**案件的流程不在运行：**\n\n"
            + "\n".join(f"- {each.case_id}：{each.said}" for each in found.stopped[:IN_THE_TABLE])
        )
    shown = found.late.oldest[:IN_THE_TABLE]
    if shown:
        parts.append(HEAD + "\n".join(_row(each, found.at) for each in shown))
    if more := found.late.count - len(shown):
        parts.append(f"另有{more}条没有列出。")
    return "\n\n".join(parts)


def _row(late: Late, now: datetime) -> str:
    return (
        f"| {late.case_id} | {late.title} | {late.unit_name} "
        f"| {_minute(late.at)} | {how_late(late.at, now)} |"
    )


def _minute(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
