"""A case as its histories tell it: what was accepted when, what it waited for, whom it told."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from law.deadline import SHANGHAI

ACCEPTED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
COMPLETED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED
TIMER_STARTED = EventType.EVENT_TYPE_TIMER_STARTED
ACTIVITY = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED


@dataclass(frozen=True)
class Entry:
    """One accepted command."""

    at: datetime
    name: str
    values: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.values["id"])

    @property
    def day(self) -> date:
        """The day it happened."""
        return date.fromisoformat(self.values["occurred_on"])


@dataclass(frozen=True)
class Wait:
    """One timer: since when, until when, what operators read beside it, and what stood by then."""

    since: datetime
    until: datetime
    summary: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Telling:
    """One batch of reminders."""

    at: datetime
    summary: str
    reminders: tuple[dict[str, Any], ...]


@dataclass
class Chronicle:
    """All runs of one case, read through."""

    entries: list[Entry] = field(default_factory=list)
    """Accepted commands, in order, as they were said; see standing()."""
    waits: list[Wait] = field(default_factory=list)
    tellings: list[Telling] = field(default_factory=list)

    def standing(self) -> list[Entry]:
        return standing(self.entries)


def chronicle(histories: Iterable[WorkflowHistory]) -> Chronicle:
    """Read the runs of a case, first to last."""
    found = Chronicle()
    for history in histories:
        failed = set(_failed(history.events))
        for event in history.events:
            if event.event_type == ACCEPTED:
                entry = _entry(event)
                # A repeat is accepted too, and changes nothing.
                if entry.id not in {each.id for each in found.entries} | failed:
                    found.entries.append(entry)
            elif event.event_type == TIMER_STARTED:
                timeout = event.timer_started_event_attributes.start_to_fire_timeout
                at = moment(event.event_time)
                length = timedelta(seconds=timeout.seconds, microseconds=timeout.nanos // 1000)
                wait = Wait(at, at + length, summary_of(event), tuple(found.entries))
                found.waits.append(wait)
            elif event.event_type == ACTIVITY:
                attributes = event.activity_task_scheduled_event_attributes
                if attributes.activity_type.name == "send_reminders":
                    reminders = tuple(json.loads(attributes.input.payloads[0].data))
                    found.tellings.append(
                        Telling(moment(event.event_time), summary_of(event), reminders)
                    )
    return found


def standing(entries: Iterable[Entry]) -> list[Entry]:
    """What stands once corrections have taken the place of what they correct."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.name == "correct":
            wrong = found[entry.values["entry"]]
            found[wrong.id] = Entry(wrong.at, wrong.name, entry.values["replacement"])
        else:
            found[entry.id] = entry
    return list(found.values())


def _failed(events: Sequence[HistoryEvent]) -> Iterator[str]:
    for event in events:
        attributes = event.workflow_execution_update_completed_event_attributes
        if event.event_type == COMPLETED and attributes.outcome.HasField("failure"):
            yield attributes.meta.update_id


def _entry(event: HistoryEvent) -> Entry:
    said = event.workflow_execution_update_accepted_event_attributes.accepted_request.input
    return Entry(moment(event.event_time), said.name, json.loads(said.args.payloads[0].data))


def moment(stamp: Timestamp) -> datetime:
    """A moment on the case's clock, in Shanghai."""
    return stamp.ToDatetime(tzinfo=UTC).astimezone(SHANGHAI)


def text(payload: Payload) -> str:
    """What a JSON payload says; empty where there is none."""
    return str(json.loads(payload.data)) if payload.data else ""


def summary_of(event: HistoryEvent) -> str:
    """The words that operators see beside an event."""
    return text(event.user_metadata.summary)
