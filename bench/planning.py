"""Takes from a case's history the plan by which a minimal workflow leaves the same events."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from temporalio.api.history.v1 import HistoryEvent

from bench.attribution import Task, tasks
from bench.history import Run, kind, moment
from bench.minimal import Doing, Plan, Shown

LOCAL_ACTIVITY = "core_local_activity"
CHANGE_VERSION = "TemporalChangeVersion"
"""What a patch leaves among the search attributes, by itself."""


def plan(runs: Iterable[Run]) -> tuple[Plan, ...]:
    """The plan of every run of a chain."""
    said = 0
    plans = []
    for run in runs:
        doings: dict[str, list[Doing]] = {}
        answers = dict(_answers(run))
        trigger = "begin"
        for task in tasks(run):
            accepted = sum(kind(e) == "WORKFLOW_EXECUTION_UPDATE_ACCEPTED" for e in task.left)
            trigger = f"update/{said}" if accepted else _trigger(task, trigger)
            said += accepted
            found = [_doing(event, answers) for event in task.left]
            doings.setdefault(trigger, []).extend(doing for doing in found if doing)
        plans.append(
            Plan(
                doings={name: tuple(done) for name, done in doings.items() if done},
                taken=_taken(run.events[0]),
            )
        )
    return tuple(plans)


def _trigger(task: Task, before: str) -> str:
    if task.first or not task.woken_by:
        return before
    woken = task.woken_by[0]
    if kind(woken) == "TIMER_FIRED":
        return f"timer/{woken.timer_fired_event_attributes.started_event_id}"
    return f"told/{woken.activity_task_completed_event_attributes.scheduled_event_id}"


def _answers(run: Run) -> Iterator[tuple[int, int]]:
    for event in run.events:
        if kind(event) == "ACTIVITY_TASK_COMPLETED":
            completed = event.activity_task_completed_event_attributes
            yield completed.scheduled_event_id, len(completed.result.payloads[0].data)


def _taken(started: HistoryEvent) -> int:
    return len(started.workflow_execution_started_event_attributes.input.payloads[0].data)


def _doing(event: HistoryEvent, answers: dict[int, int]) -> Doing | None:
    match kind(event):
        case "MARKER_RECORDED":
            if event.marker_recorded_event_attributes.marker_name != LOCAL_ACTIVITY:
                # A patch marks what old histories lack; the minimal workflow has none.
                return None
            result = event.marker_recorded_event_attributes.details["result"]
            return Doing(what="local", answered=len(result.payloads[0].data))
        case "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES":
            fields = event.upsert_workflow_search_attributes_event_attributes.search_attributes
            if CHANGE_VERSION in fields.indexed_fields:
                return None
            return Doing(
                what="show",
                shown=tuple(
                    Shown(
                        name=name,
                        type=payload.metadata["type"].decode(),
                        value=json.loads(payload.data) if payload.data else None,
                    )
                    for name, payload in fields.indexed_fields.items()
                ),
            )
        case "TIMER_STARTED":
            started = event.timer_started_event_attributes
            fires = moment(event.event_time) + started.start_to_fire_timeout.ToTimedelta()
            return Doing(
                what="start", key=str(event.event_id), at=_second(fires), summary=_summary(event)
            )
        case "TIMER_CANCELED":
            canceled = event.timer_canceled_event_attributes
            return Doing(what="cancel", key=str(canceled.started_event_id))
        case "ACTIVITY_TASK_SCHEDULED":
            scheduled = event.activity_task_scheduled_event_attributes
            return Doing(
                what="tell",
                key=str(event.event_id),
                sent=len(scheduled.input.payloads[0].data),
                answered=answers.get(event.event_id, 0),
                summary=_summary(event),
            )
        case "WORKFLOW_EXECUTION_CONTINUED_AS_NEW" | "WORKFLOW_EXECUTION_COMPLETED":
            return Doing(what="end")
        case _:
            return None


def _summary(event: HistoryEvent) -> str:
    summary = event.user_metadata.summary.data
    return str(json.loads(summary)) if summary else ""


def _second(at: datetime) -> datetime:
    return (at + timedelta(milliseconds=500)).replace(microsecond=0)
