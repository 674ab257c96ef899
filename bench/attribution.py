"""What each event of a case's history came from: a command, a reminder, a day, or a run's turn.

The unit is the workflow task: its own events (scheduled, started, completed), the events that it
left behind (they carry its number), and what woke it (a timer fired, an activity that ended).

- A task that accepts an update is that command's, with all it leaves behind.
- A task woken by a timer that schedules a telling is the reminder's; so is the telling's own
  activity, and the task that its completion wakes.
- A task woken by a timer that tells nobody is a passing day's (a period ended, a duty became late).
- A run's start, its first task, and its continuing as new are the turn of runs; a telling that the
  first task schedules is the reminder's all the same.
- A task without any of these (a local activity that outlived its task, say) belongs to the task
  before it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from temporalio.api.history.v1 import HistoryEvent

from bench.history import Run, kind

_ENDED = {"WORKFLOW_TASK_COMPLETED", "WORKFLOW_TASK_FAILED", "WORKFLOW_TASK_TIMED_OUT"}
_OWN = {"WORKFLOW_TASK_SCHEDULED", "WORKFLOW_TASK_STARTED", *_ENDED}


class Cause(StrEnum):
    """What an event came from."""

    COMMAND = "命令"
    REMINDER = "提醒"
    DAY = "日期到达"
    RUN = "运行交接"


@dataclass
class Task:
    """A workflow task: what woke it, its own three events, and what it left behind."""

    woken_by: list[HistoryEvent] = field(default_factory=list)
    own: list[HistoryEvent] = field(default_factory=list)
    left: list[HistoryEvent] = field(default_factory=list)
    first: bool = False

    @property
    def ended(self) -> bool:
        return bool(self.own) and kind(self.own[-1]) in _ENDED


@dataclass(frozen=True, slots=True)
class Attribution:
    """Events by cause, and what they are divided by."""

    events: Counter[Cause]
    commands: int
    tellings: int
    """Activities that told somebody something."""
    rungs: int
    """Rungs of duties told in them."""

    @property
    def per_command(self) -> float:
        return self.events[Cause.COMMAND] / self.commands

    @property
    def per_telling(self) -> float:
        return self.events[Cause.REMINDER] / self.tellings if self.tellings else 0.0

    def per_message(self, messages: int) -> float:
        """Events a message, of `messages` delivered in all."""
        return self.events[Cause.REMINDER] / messages if messages else 0.0

    @property
    def per_rung(self) -> float:
        return self.events[Cause.REMINDER] / self.rungs if self.rungs else 0.0


_TURN = {
    "WORKFLOW_EXECUTION_STARTED",
    "WORKFLOW_EXECUTION_CONTINUED_AS_NEW",
    "WORKFLOW_EXECUTION_COMPLETED",
}
_TELLING = {"ACTIVITY_TASK_SCHEDULED", "ACTIVITY_TASK_STARTED", "ACTIVITY_TASK_COMPLETED"}
_WAKING = {"TIMER_FIRED", "ACTIVITY_TASK_COMPLETED"}


def tasks(run: Run) -> Iterator[Task]:
    """The workflow tasks of a run in order; every event is in exactly one of them, but for the
    run's start and the activities' own middle events."""
    task = Task(first=True)
    for event in run.real:
        name = kind(event)
        # What happens once a task has ended belongs to the next one.
        if task.ended and (name in _WAKING or name == "WORKFLOW_TASK_SCHEDULED"):
            yield task
            task = Task()
        if name in _OWN:
            task.own.append(event)
        elif name in _WAKING:
            task.woken_by.append(event)
        elif name not in {"WORKFLOW_EXECUTION_STARTED", "ACTIVITY_TASK_STARTED"}:
            task.left.append(event)
    yield task


def attribute(runs: Iterable[Run]) -> Attribution:
    """Attribute every event of a chain; raises AssertionError if one were lost or counted twice."""
    events: Counter[Cause] = Counter()
    commands = tellings = rungs = total = 0
    for run in runs:
        total += len(run.real)
        before = Cause.RUN
        for event in run.real:
            if kind(event) in _TURN:
                events[Cause.RUN] += 1
            elif kind(event) in _TELLING:
                events[Cause.REMINDER] += 1
            if kind(event) == "WORKFLOW_EXECUTION_UPDATE_ACCEPTED":
                commands += 1
            elif kind(event) == "ACTIVITY_TASK_SCHEDULED":
                tellings += 1
                rungs += _rungs(event)
        for task in tasks(run):
            before = _cause(task, before)
            events[before] += sum(
                kind(event) not in _TURN | _TELLING
                for event in (*task.woken_by, *task.own, *task.left)
            )
    if events.total() != total:
        raise AssertionError(f"{events.total()} events attributed of {total}")
    return Attribution(events, commands, tellings, rungs)


def _cause(task: Task, before: Cause) -> Cause:
    left = {kind(event) for event in task.left}
    woken = {kind(event) for event in task.woken_by}
    if "WORKFLOW_EXECUTION_UPDATE_ACCEPTED" in left:
        return Cause.COMMAND
    if task.first:
        return Cause.RUN
    if "ACTIVITY_TASK_SCHEDULED" in left or woken == {"ACTIVITY_TASK_COMPLETED"}:
        return Cause.REMINDER
    return Cause.DAY if "TIMER_FIRED" in woken else before


def _rungs(event: HistoryEvent) -> int:
    payload = event.activity_task_scheduled_event_attributes.input.payloads[0]
    return len(json.loads(payload.data))
