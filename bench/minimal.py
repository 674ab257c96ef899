"""A minimal workflow that leaves the same events as a case: what a case's own work is held against.

It follows a plan, taken from a case's history: on each thing that wakes it (its start, an update, a
timer, an activity's end) it does what the case did there, with payloads as long, and thinks of
nothing. The plan stands beside the workflow's code, as a case's procedure does.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from pydantic.dataclasses import dataclass
from temporalio import activity, workflow
from temporalio.common import RetryPolicy, SearchAttributeKey, SearchAttributeUpdate


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One search attribute and the value it was given; None where it was taken away."""

    name: str
    type: str
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One thing that a workflow does: local, show, start, cancel, tell or end."""

    what: str
    key: str = ""
    """Names a timer or an activity within its run."""
    at: datetime | None = None
    """When a timer fires."""
    sent: int = 0
    """Bytes of the argument."""
    answered: int = 0
    """Bytes of the result."""
    summary: str = ""
    shown: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One run: what is done on "begin", "update/…", "timer/…" and "told/…"."""

    doings: dict[str, tuple[Doing, ...]]
    taken: int
    """Bytes of the run's input."""


PLANS: dict[str, tuple[Plan, ...]] = {}
"""Plans by name, a run after the other; filled in before a worker or a replay begins."""

_UPDATES: dict[tuple[str, int, str, int], list[SearchAttributeUpdate[Any]]] = {}


def learn(name: str, plans: tuple[Plan, ...]) -> None:
    """Make `plans` known under `name`, with the search attributes made ready to set."""
    PLANS[name] = plans
    for run, plan in enumerate(plans):
        for trigger, doings in plan.doings.items():
            for place, doing in enumerate(doings):
                updates = [_update(shown) for shown in doing.shown]
                _UPDATES[name, run, trigger, place] = updates


def _update(shown: Shown) -> SearchAttributeUpdate[Any]:
    key: SearchAttributeKey[Any]
    match shown.type:
        case "Keyword":
            key = SearchAttributeKey.for_keyword(shown.name)
        case "KeywordList":
            key = SearchAttributeKey.for_keyword_list(shown.name)
        case "Datetime":
            key = SearchAttributeKey.for_datetime(shown.name)
        case _:
            key = SearchAttributeKey.for_bool(shown.name)
    if shown.value is None:
        return key.value_unset()
    value: Any = shown.value
    if shown.type == "Datetime":
        value = datetime.fromisoformat(value)
    return key.value_set(value)


def words(size: int) -> str:
    """Text that is `size` bytes long in JSON."""
    return "x" * max(0, size - 2)


def argument(plan: str, run: int, size: int) -> str:
    """The input of a run: which plan, which run of it, and filling up to `size` bytes."""
    return f"{plan}:{run}:".ljust(max(0, size - 2), "x")


@activity.defn(name="settle_nothing")
def settle_nothing(answered: int) -> str:
    """Answer a text that is `answered` bytes long in JSON."""
    return words(answered)


@activity.defn(name="tell_nobody")
def tell_nobody(said: str) -> str:
    """Answer as many bytes as `said` begins with."""
    return words(int(said.partition(":")[0]))


@workflow.defn(name="Minimal")
class Minimal:
    """Does what its plan says and waits."""

    @workflow.init
    def __init__(self, start: str) -> None:
        self._name, run, _ = start.split(":", 2)
        self._run = int(run)
        self._doings = PLANS[self._name][self._run].doings
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._tellings: set[asyncio.Task[None]] = set()
        self._ended = False

    @workflow.run
    async def run(self, start: str) -> str:
        """Do what this run's plan says; `start` is from argument()."""
        await self._do("begin")
        await workflow.wait_condition(lambda: self._ended)
        following = self._run + 1
        if following < len(PLANS[self._name]):
            workflow.continue_as_new(
                argument(self._name, following, PLANS[self._name][following].taken)
            )
        return start[:20]

    @workflow.update
    async def act(self, said: str) -> dict[str, str]:
        """Do what the plan says of this update, which begins with its number."""
        number = said.partition(":")[0]
        await self._do(f"update/{number}")
        return {"case_id": workflow.info().workflow_id, "entry_id": number, "passed": "1"}

    async def _do(self, trigger: str) -> None:
        for place, doing in enumerate(self._doings.get(trigger, ())):
            match doing.what:
                case "local":
                    await workflow.execute_local_activity(
                        settle_nothing,
                        doing.answered,
                        start_to_close_timeout=timedelta(seconds=5),
                        retry_policy=RetryPolicy(maximum_attempts=2),
                    )
                case "show":
                    updates = _UPDATES[self._name, self._run, trigger, place]
                    workflow.upsert_search_attributes(updates)
                case "cancel":
                    # A clock moved to a timer's very moment lets it fire first.
                    if timer := self._timers.pop(doing.key, None):
                        timer.cancel()
                case "start":
                    self._timers[doing.key] = asyncio.create_task(self._wait(doing))
                case "tell":
                    telling = asyncio.create_task(self._tell(doing))
                    self._tellings.add(telling)
                    telling.add_done_callback(self._tellings.discard)
                case _:
                    self._ended = True

    async def _wait(self, doing: Doing) -> None:
        assert doing.at
        await workflow.sleep(doing.at - workflow.now(), summary=doing.summary or None)
        await self._do(f"timer/{doing.key}")

    async def _tell(self, doing: Doing) -> None:
        await workflow.execute_activity(
            tell_nobody,
            f"{doing.answered}:".ljust(max(0, doing.sent - 2), "x"),
            start_to_close_timeout=timedelta(seconds=60),
            retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=10)),
            summary=doing.summary or None,
        )
        await self._do(f"told/{doing.key}")
