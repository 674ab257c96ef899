"""Nobody's name leaves the registry and the outbox: not for the Web UI, not for the log.

Payloads (the commands themselves) hold names; what is looked at here is what Temporal shows and
indexes as it is: ids, search attributes, summaries, details, memos, and what workers log.
"""

from collections.abc import Iterator
from typing import Any

from google.protobuf import json_format
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import WorkflowHandle, WorkflowHistory

from tests.workflows.chronicle import summary_of, text
from tests.workflows.people import named, people
from tests.workflows.playing import Played, Stage
from tests.workflows.test_life import name, played

__all__ = ["name", "played"]
UPSERTED = EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES
STARTED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED


def shown(event: HistoryEvent) -> Iterator[str]:
    """What of an event is kept and shown as it is."""
    yield summary_of(event)
    yield text(event.user_metadata.details)
    started = event.workflow_execution_started_event_attributes
    upserted = event.upsert_workflow_search_attributes_event_attributes
    for attributes in (started.search_attributes, upserted.search_attributes):
        yield from _texts(attributes.indexed_fields)
    yield from _texts(started.memo.fields)
    accepted = event.workflow_execution_update_accepted_event_attributes
    yield accepted.protocol_instance_id
    yield accepted.accepted_request.meta.update_id
    yield event.activity_task_scheduled_event_attributes.activity_id
    yield event.timer_started_event_attributes.timer_id


def _texts(fields: Any) -> Iterator[str]:
    for key, payload in fields.items():
        assert isinstance(payload, Payload)
        yield key
        yield payload.data.decode()


def run_of(stage: Stage, history: WorkflowHistory) -> WorkflowHandle[Any, Any]:
    """The one run that a history tells of."""
    started = history.events[0].workflow_execution_started_event_attributes
    return stage.client.get_workflow_handle(
        stage.handle.id, run_id=started.original_execution_run_id
    )


def test_examples_name_enough_people(name: str) -> None:
    assert len(people(name)) > 60


def test_histories_show_nobody(name: str, played: Played) -> None:
    events = [event for history in played.histories for event in history.events]
    texts = [each for event in events for each in shown(event)]
    assert sum(map(bool, texts)) > 400
    for kind in (UPSERTED, STARTED):
        assert any(list(shown(event)) for event in events if event.event_type == kind)
    assert named(texts, people(name)) == set()
    # Whom it looks for is there to be found: in the commands themselves.
    assert named([str(event) for event in events], {"tengqiao", "zeya"})


async def test_list_and_summary_show_nobody(name: str, played: Played) -> None:
    stage = played.stage
    for number, history in enumerate(played.histories):
        description = await run_of(stage, history).describe()
        metadata = description.raw_description.execution_config.user_metadata
        texts = [
            description.id,
            description.run_id,
            description.task_queue,
            str(description.typed_search_attributes),
            json_format.MessageToJson(description.raw_info.memo),
            text(metadata.summary),
            text(metadata.details),
        ]
        if number == 0:
            assert stage.file.project.name in text(metadata.summary)
            assert stage.case_id in text(metadata.details)
        assert named(texts, people(name)) == set()


async def test_current_details_show_nobody(name: str, played: Played) -> None:
    stage = played.stage
    async with stage.worker():
        for history in played.histories:
            started = history.events[0].workflow_execution_started_event_attributes
            run = stage.client.get_workflow_handle(
                stage.handle.id, run_id=started.original_execution_run_id
            )
            metadata = await run.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
            assert stage.case_id in metadata.current_details
            assert named([metadata.current_details], people(name)) == set()
