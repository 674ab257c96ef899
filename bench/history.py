"""A workflow's history: the runs of its chain, each with its events."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHistory

VIRTUAL_TIME = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
    }
)
"""Kinds of event that only virtual time adds; production has none of them."""

MOST_RUNS = 100


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a chain, with every event of its history in order."""

    workflow_id: str
    run_id: str
    events: tuple[HistoryEvent, ...]

    @property
    def real(self) -> tuple[HistoryEvent, ...]:
        """The events without those that only virtual time adds."""
        return tuple(event for event in self.events if event.event_type not in VIRTUAL_TIME)

    def to_replay(self) -> WorkflowHistory:
        """The history as a worker gets it; it passes over what virtual time adds."""
        return WorkflowHistory(self.workflow_id, self.events)


async def chain(client: Client, workflow_id: str, first_run_id: str) -> tuple[Run, ...]:
    """Every run from the first to the last, following continue-as-new."""
    runs: list[Run] = []
    run_id = first_run_id
    while run_id:
        if len(runs) == MOST_RUNS:
            raise RuntimeError(f"{workflow_id}: more than {MOST_RUNS} runs")
        handle = client.get_workflow_handle(workflow_id, run_id=run_id)
        events = tuple([event async for event in handle.fetch_history_events()])
        runs.append(Run(workflow_id, run_id, events))
        last = events[-1].workflow_execution_continued_as_new_event_attributes
        run_id = last.new_execution_run_id
    return tuple(runs)


def kind(event: HistoryEvent) -> str:
    """The event's kind as the Web UI's tables name it, such as TIMER_STARTED."""
    return EventType.Name(event.event_type).removeprefix("EVENT_TYPE_")


def kinds(events: Iterable[HistoryEvent]) -> Counter[str]:
    """How many events there are of each kind."""
    return Counter(kind(event) for event in events)


def size(events: Sequence[HistoryEvent]) -> int:
    """Bytes of the events as stored."""
    return sum(event.ByteSize() for event in events)


def moment(stamp: Timestamp) -> datetime:
    """An event's time as an aware moment."""
    return stamp.ToDatetime(tzinfo=UTC)
