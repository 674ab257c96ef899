"""Makes a Temporal server ready for cases: healthy, with the namespace and search attributes."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from google.protobuf.duration_pb2 import Duration
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    ListWorkflowExecutionsRequest,
    PollWorkflowExecutionTimeSkippingRequest,
    RegisterNamespaceRequest,
)
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

from workflows import attributes

RETENTION = timedelta(days=30)
PAUSE = 0.05
# Each service of a server that others configured learns of new attributes within two seconds.
OTHERS_CACHE_SECONDS = 3.0
# What a server answers while it starts, and while it does not know a new name everywhere yet.
_NOT_YET = {
    RPCStatusCode.UNAVAILABLE,
    RPCStatusCode.NOT_FOUND,
    RPCStatusCode.INVALID_ARGUMENT,
    RPCStatusCode.INTERNAL,
    RPCStatusCode.FAILED_PRECONDITION,
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.RESOURCE_EXHAUSTED,
    RPCStatusCode.UNKNOWN,
}

Answer = TypeVar("Answer")


class NotReadyError(Exception):
    """The server did not become ready in time; the message is what it answered last."""


def search_attributes() -> Mapping[str, "IndexedValueType.ValueType"]:
    """Every search attribute that cases set, by name, with its type."""
    return {
        key.name: IndexedValueType.ValueType(key.indexed_value_type.value)
        for key in vars(attributes).values()
        if isinstance(key, SearchAttributeKey)
    }


class Preparation:
    """Takes one server from started to ready; gives up at a moment, or once it has died."""

    def __init__(
        self, address: str, namespace: str, *, seconds: float, alive: Callable[[], bool]
    ) -> None:
        """`alive` tells whether waiting still makes sense; `seconds` is the time for all of it."""
        self._address = address
        self._namespace = namespace
        self._deadline = time.monotonic() + seconds
        self._alive = alive

    async def _until(self, attempt: Callable[[], Awaitable[Answer]]) -> Answer:
        while True:
            try:
                return await attempt()
            except (RPCError, RuntimeError) as error:
                if isinstance(error, RPCError) and error.status not in _NOT_YET:
                    raise NotReadyError(str(error)) from error
                if not self._alive() or time.monotonic() >= self._deadline:
                    raise NotReadyError(str(error)) from error
            await asyncio.sleep(PAUSE)

    async def connect(self) -> Client:
        """The client, once the server answers. Raises NotReadyError."""
        return await self._until(lambda: Client.connect(self._address, namespace=self._namespace))

    async def register(self, client: Client) -> None:
        """Register the namespace and the search attributes where they are missing, and wait
        until a list that filters by every attribute is accepted. Raises NotReadyError.
        """
        await self._until(lambda: self._register_namespace(client))
        await self._until(lambda: self._register_search_attributes(client))
        await self._until(lambda: self._list_by_every_attribute(client))

    async def _register_namespace(self, client: Client) -> None:
        service = client.workflow_service
        retention = Duration()
        retention.FromTimedelta(RETENTION)
        try:
            # Not asked for first: the server would remember for a second that it is not there.
            await service.register_namespace(
                RegisterNamespaceRequest(
                    namespace=self._namespace,
                    description="土地征收",
                    workflow_execution_retention_period=retention,
                )
            )
        except RPCError as error:
            if error.status is RPCStatusCode.ALREADY_EXISTS:
                return
            if error.status in _NOT_YET:
                raise
            # Whoever may not register a namespace may still use the one that is there.
            await service.describe_namespace(DescribeNamespaceRequest(namespace=self._namespace))

    async def _register_search_attributes(self, client: Client) -> None:
        operator = client.operator_service
        present = await operator.list_search_attributes(
            ListSearchAttributesRequest(namespace=self._namespace)
        )
        missing = {
            name: kind
            for name, kind in search_attributes().items()
            if name not in present.custom_attributes
        }
        if missing:
            await operator.add_search_attributes(
                AddSearchAttributesRequest(namespace=self._namespace, search_attributes=missing)
            )

    async def _list_by_every_attribute(self, client: Client) -> None:
        query = " AND ".join(f"`{name}` IS NOT NULL" for name in search_attributes())
        await client.workflow_service.list_workflow_executions(
            ListWorkflowExecutionsRequest(namespace=self._namespace, page_size=1, query=query)
        )

    async def lacks_search_attributes(self, client: Client) -> bool:
        """Whether some attribute or the namespace itself is not there yet."""
        try:
            present = await client.operator_service.list_search_attributes(
                ListSearchAttributesRequest(namespace=self._namespace)
            )
        except RPCError:
            return True
        return any(name not in present.custom_attributes for name in search_attributes())


async def skips_time(client: Client) -> bool:
    """Whether the server lets a client skip a workflow's waiting time."""
    try:
        await client.workflow_service.poll_workflow_execution_time_skipping(
            PollWorkflowExecutionTimeSkippingRequest(
                namespace=client.namespace,
                workflow_execution=WorkflowExecution(workflow_id="no-such-case"),
                fast_forward_id="none",
            )
        )
    except RPCError as error:
        # The question about a case that is not there is understood where the feature is on.
        return error.status is RPCStatusCode.NOT_FOUND
    return True
