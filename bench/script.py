"""The script of a case's life: the moves of those who play it, taken from its history.

A case and a minimal workflow are driven by the same moves with the same calls: go forward to a
moment on the workflow's own clock, or say something and wait until it is accepted.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper

from bench.history import Run, kind, moment
from case.commands import COMMAND
from desk.patience import patiently

LIFE_SECONDS = 240.0
"""How long driving one workflow through its whole life may take."""
ANY_QUERY = "__temporal_workflow_metadata"
"""A question that the SDK answers for every workflow."""


@dataclass(frozen=True, slots=True)
class Forward:
    """Go forward to a moment on the workflow's clock."""

    goal: datetime


@dataclass(frozen=True, slots=True)
class Say:
    """Send an update: the number-th of the chain, with its name and content."""

    number: int
    name: str
    content: bytes
    """The command as JSON."""


Move = Forward | Say


def script(runs: Iterable[Run]) -> tuple[Move, ...]:
    """The moves that a history tells of, in order."""
    moves: list[Move] = []
    said = 0
    for run in runs:
        for event in run.events:
            if kind(event) == "WORKFLOW_EXECUTION_OPTIONS_UPDATED":
                options = event.workflow_execution_options_updated_event_attributes
                fast = options.time_skipping_config.fast_forward_config
                ahead = fast.duration.ToTimedelta()
                moves.append(Forward(_whole_second(moment(event.event_time) + ahead)))
            elif kind(event) == "WORKFLOW_EXECUTION_UPDATE_ACCEPTED":
                accepted = event.workflow_execution_update_accepted_event_attributes
                asked = accepted.accepted_request.input
                moves.append(Say(said, asked.name, asked.args.payloads[0].data))
                said += 1
    return tuple(moves)


async def drive(
    handle: WorkflowHandle[Any, Any],
    skipper: TimeSkipper,
    moves: Iterable[Move],
    *,
    as_minimal: bool = False,
) -> None:
    """Make the moves; `handle` carries no run id. Raises TimeoutError when they take too long."""
    async with asyncio.timeout(LIFE_SECONDS):
        for move in moves:
            if isinstance(move, Forward):
                await _forward(handle, skipper, move.goal)
            else:
                await _say(handle, move, as_minimal=as_minimal)


async def _forward(handle: WorkflowHandle[Any, Any], skipper: TimeSkipper, goal: datetime) -> None:
    # A run that was just continued as new waits a second for its first task, and a clock moved
    # then would carry that task along. What answers a question has had it.
    await patiently(lambda: handle.query(ANY_QUERY))
    now = await skipper.get_current_time(handle)
    if goal > now:
        await patiently(lambda: skipper.fast_forward(handle, goal - now))


async def _say(handle: WorkflowHandle[Any, Any], move: Say, *, as_minimal: bool) -> None:
    if as_minimal:
        head = f"{move.number}:"
        # In quotes it is as long as what it stands for.
        argument: Any = head.ljust(len(move.content) - 2, "x")
        name = "act"
    else:
        argument, name = COMMAND.validate_json(move.content), move.name
    await patiently(
        lambda: handle.execute_update(
            name, argument, id=f"{handle.id}-{move.number}", result_type=dict
        )
    )


def _whole_second(at: datetime) -> datetime:
    return (at + timedelta(milliseconds=500)).replace(microsecond=0)
