"""Speaking with a running case: how it stands, and one command said to it.

Whatever goes wrong is an ApplicationError whose type says whether a further try may help, with a
Chinese sentence.
"""

from datetime import UTC, datetime, timedelta

from temporalio.client import (
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from case.commands import AnyCommand
from case.state import State
from case.view import CaseView

ASKED_WITHIN = timedelta(seconds=5)
"""How long a case may take over a question."""
SAID_WITHIN = timedelta(seconds=10)
"""How long it may take over a command: with four questions, less than an activity has."""
CANNOT = "CannotMove"
"""Type of the error for a case that no further try counts anew."""


async def look(handle: WorkflowHandle[object, object]) -> tuple[State, datetime]:
    """A case's state and its present: by the wall clock, or by its own where that is ahead.

    Raises an ApplicationError of type CannotMove where the server has no such case, NoAnswer where
    it does not answer.
    """
    try:
        state: State = await handle.query("state", result_type=State, rpc_timeout=ASKED_WITHIN)
        seen: CaseView = await handle.query("view", result_type=CaseView, rpc_timeout=ASKED_WITHIN)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND and "amespace" not in error.message:
            raise ApplicationError(
                "服务器上没有这个案件。", type=CANNOT, non_retryable=True
            ) from error
        raise ApplicationError("案件没有应答。", type="NoAnswer") from error
    return state, max(seen.at, datetime.now(UTC))


async def say(handle: WorkflowHandle[object, object], command: AnyCommand) -> None:
    """Say the command; an ended case needs none.

    The update has an id of its own each time: one that failed once, by papers that have come since,
    the server would answer with the same failure for ever. The case itself knows a repeat. Raises
    an ApplicationError of type NotRecounted where the case refuses, NoAnswer where it does not
    answer, CannotMove where it was stopped without having ended.
    """
    try:
        await handle.execute_update(command.command, command, rpc_timeout=SAID_WITHIN)
    except WorkflowUpdateFailedError as failed:
        cause = failed.cause
        said = cause.message if isinstance(cause, ApplicationError) else "命令没有办成。"
        await _unless_ended(handle, ApplicationError(said, type="NotRecounted"))
    except WorkflowUpdateRPCTimeoutOrCancelledError as error:
        raise ApplicationError("案件没有应答。", type="NoAnswer") from error
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise ApplicationError("案件没有应答。", type="NoAnswer") from error
        said = "案件没有办结，它的流程却已在服务器上停止。"
        await _unless_ended(handle, ApplicationError(said, type=CANNOT, non_retryable=True))


async def _unless_ended(handle: WorkflowHandle[object, object], error: ApplicationError) -> None:
    """Raise `error`, but for a case that has ended meanwhile: it needs no counting."""
    state, _ = await look(handle)
    if not state.ended:
        raise error
