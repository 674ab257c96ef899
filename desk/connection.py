"""How the desk speaks with a running case: start it, ask it, say a command to it.

Whatever the server answers becomes one of the desk's endings: refused, bad input, unreachable.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from temporalio.client import (
    Client,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from case.commands import AnyCommand
from case.state import State
from case.view import CaseView
from deploy.client import connect
from deploy.settings import Settings
from desk.errors import BadInput, Refused, Unreachable
from desk.launching import workflow_id
from workflows.accepted import BAD_INPUT, REFUSED, Accepted

CONNECTING = 5.0
"""Seconds after which a server that says nothing counts as not there."""
ANSWERING = timedelta(seconds=10)
"""How long a case may take over an answer before the worker counts as away."""

T = TypeVar("T")

_AWAY = frozenset(
    {
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.CANCELLED,
        RPCStatusCode.RESOURCE_EXHAUSTED,
    }
)
_DENIED = frozenset({RPCStatusCode.UNAUTHENTICATED, RPCStatusCode.PERMISSION_DENIED})


def with_server(settings: Settings, work: Callable[[Client], Awaitable[T]]) -> T:
    """Connect, do `work`, and return what it returns.

    Raises BadInput, Refused or Unreachable, each with a Chinese sentence.
    """
    return asyncio.run(_with_server(settings, work))


async def _with_server(settings: Settings, work: Callable[[Client], Awaitable[T]]) -> T:
    address = settings.temporal_address
    try:
        client = await asyncio.wait_for(connect(settings), CONNECTING)
    except (RuntimeError, TimeoutError, RPCError, ValueError) as error:
        raise Unreachable(
            f"{address} 没有应答，请先运行 make dev，或者检查环境变量 TEMPORAL_ADDRESS。"
        ) from error
    try:
        return await work(client)
    except WorkflowUpdateRPCTimeoutOrCancelledError as error:
        raise _worker_away() from error
    except RPCError as error:
        raise _ending(error, settings) from error


def _worker_away() -> Unreachable:
    return Unreachable(
        f"服务器在运行，但执行进程（worker）{ANSWERING.seconds} 秒内没有应答，"
        "请确认它在运行、登记簿可用，然后照原样再做一次（不会重复登记）。"
    )


def _ending(error: RPCError, settings: Settings) -> Exception:
    if error.status is RPCStatusCode.NOT_FOUND and "amespace" in error.message:
        return Unreachable(
            f"{settings.temporal_address} 上没有命名空间 {settings.namespace}，"
            "请检查环境变量 TEMPORAL_NAMESPACE。"
        )
    # A query of a case whose task queue nobody listens to fails at once.
    if error.status in _AWAY or "no poller" in error.message:
        return _worker_away()
    if error.status in _DENIED:
        return Unreachable(f"{settings.temporal_address} 不允许本程序访问。")
    return error


async def state_of(client: Client, case_id: str, patience: timedelta = ANSWERING) -> State:
    """The state of a case. Raises BadInput for a case that the server does not know."""
    return await _asked(client, case_id, "state", State, patience)


async def view_of(client: Client, case_id: str, patience: timedelta = ANSWERING) -> CaseView:
    """What people see of a case. Raises BadInput for a case that the server does not know."""
    return await _asked(client, case_id, "view", CaseView, patience)


async def _asked(
    client: Client, case_id: str, question: str, answer: type[T], patience: timedelta
) -> T:
    handle = client.get_workflow_handle(workflow_id(case_id))
    try:
        found: T = await handle.query(question, result_type=answer, rpc_timeout=patience)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND and "amespace" not in error.message:
            raise BadInput(f"服务器上没有案件“{case_id}”，请用 launch 启动。") from error
        raise
    return found


async def say(client: Client, case_id: str, command: AnyCommand) -> Accepted:
    """Say `command` to a case; returns once it stands.

    Raises Refused or BadInput with the case's own words.
    """
    handle = client.get_workflow_handle(workflow_id(case_id))
    try:
        accepted: Accepted = await handle.execute_update(
            command.command, command, result_type=Accepted, rpc_timeout=ANSWERING
        )
    except WorkflowUpdateFailedError as failed:
        cause = failed.cause
        if isinstance(cause, ApplicationError) and cause.type == REFUSED:
            raise Refused(cause.message) from failed
        if isinstance(cause, ApplicationError) and cause.type == BAD_INPUT:
            raise BadInput.listing(cause.message.splitlines()) from failed
        raise
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND and "amespace" not in error.message:
            raise Refused(f"案件“{case_id}”已经结束，不再办理。") from error
        raise
    return accepted
