"""Quick work beside the workflow task: how it is tried, and how what it refuses is told."""

from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

from workflows.accepted import BAD_INPUT, REFUSED

T = TypeVar("T")

GRANT_SPENT = "GrantSpent"
"""Type of the activity's error for a correction that would leave a village's account overdrawn."""

FAILED = (ActivityError, ApplicationError)
"""How an activity's failure arrives: a local one's own error comes as it is, not wrapped."""

AT_ONCE = timedelta(seconds=5)
"""How long a quick activity may take beside the workflow task before it gets a task of its own."""
MEASURED_WITHIN = timedelta(minutes=2)
"""How long measuring may hold up a case: nothing else is taken meanwhile."""


async def beside(
    activity: str,
    argument: Any,
    result: type[T],
    summary: str,
    longest: timedelta | None = None,
) -> T:
    """Run a quick activity within the workflow task; if it cannot, as one that operators see, and
    that is tried until it succeeds or, where `longest` is given, for so long."""
    try:
        return await workflow.execute_local_activity(  # type: ignore[no-any-return]
            activity,
            argument,
            result_type=result,
            start_to_close_timeout=AT_ONCE,
            retry_policy=RetryPolicy(maximum_attempts=2),
            summary=summary,
        )
    except FAILED as error:
        own = own_error(error)
        if own and own.non_retryable:
            raise
        return await workflow.execute_activity(  # type: ignore[no-any-return]
            activity,
            argument,
            result_type=result,
            start_to_close_timeout=timedelta(seconds=30),
            schedule_to_close_timeout=longest,
            summary=summary,
        )


def own_error(error: ActivityError | ApplicationError) -> ApplicationError | None:
    """The error that the activity itself raised; None where it timed out or was lost."""
    cause = error.cause if isinstance(error, ActivityError) else error
    return cause if isinstance(cause, ApplicationError) else None


def for_good(error: ActivityError | ApplicationError) -> ApplicationError:
    """What an activity refused for good, in its own sentence, as the sender is to hear it."""
    cause = own_error(error)
    if cause is None:
        sentence = "没有在时限内办完，未登记，请稍后再试或者告知运行维护人员"
        return ApplicationError(sentence, type=BAD_INPUT, non_retryable=True)
    by_law = cause.type == GRANT_SPENT
    return ApplicationError(
        cause.message, type=REFUSED if by_law else BAD_INPUT, non_retryable=True
    )
