"""How late reminders are: a thousand due in one minute, and as many bare timers in another.

Both fire in real time on the same server. A reminder's lateness is from the rung's moment to the
moment its message is settled as sent; a timer's from its moment to the workflow task it wakes.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from activities.registry import Registry
from bench.bare import Bare
from bench.playing import EXAMPLES, Bench, numbered
from bench.processes import worker_process
from bench.together import some_together
from case.brief import brief, digest
from case.entries import CaseFile
from case.file import load
from case.ladder import Level, Rung
from case.reckoning import Reckoning, reckon_all
from case.state import State
from desk.launching import workflow_id
from law.calendar import official_calendar
from law.deadline import SHANGHAI
from workflows.land_acquisition import LandAcquisition

CASES = 1000
MINUTE = timedelta(minutes=1)
TOGETHER = 40
LONGEST_SECONDS = 240
LOOK_AGAIN_SECONDS = 1.0
LAUNCHING = timedelta(seconds=100)
"""How long the launching of a thousand takes at most; they are due in the minute after."""
ALWAYS = """\
hours: {opens: "00:00", closes: "23:59"}
told_at: "00:00"
window_minutes: 0
"""


@dataclass(frozen=True, slots=True)
class Lateness:
    """Seconds, of a thousand in one minute."""

    p50: float
    p99: float
    most: float

    @classmethod
    def of(cls, seconds: list[float]) -> "Lateness":
        ordered = sorted(seconds)
        last = len(ordered) - 1
        return cls(ordered[last // 2], ordered[round(last * 0.99)], ordered[last])

    def as_json(self) -> dict[str, float]:
        return {"p50": self.p50, "p99": self.p99, "max": self.most}


async def lateness(bench: Bench) -> dict[str, Any] | None:
    """Both figures and their ratios; None on a rest day, when nobody is told anything."""
    if not official_calendar().is_working(datetime.now(SHANGHAI).date()):
        return None
    office = bench.folder / "always"
    office.mkdir(exist_ok=True)
    (office / "reminders.yaml").write_text(ALWAYS, encoding="utf-8")
    settings = bench.settings.model_copy(
        update={
            "office": office,
            "task_queue": "bench-lateness",
            "namespace": bench.client.namespace,
        }
    )
    log = bench.folder / "workers.log"
    async with worker_process(settings, "case", log):
        told = await _reminders(bench, settings.task_queue)
    async with worker_process(settings, "bare", log):
        fired = await _timers(bench, settings.task_queue)
    return {
        "reminders": told.as_json(),
        "timers": fired.as_json(),
        "many": CASES,
        "p50_ratio": told.p50 / fired.p50,
        "p99_ratio": told.p99 / fired.p99,
    }


async def _reminders(bench: Bench, queue: str) -> Lateness:
    file = load(EXAMPLES / "one-village.yaml")
    today = datetime.now(SHANGHAI).date()
    begins = datetime.now(SHANGHAI) + LAUNCHING
    with Registry.open(bench.settings.registry_url) as registry:

        async def launch(number: int) -> None:
            due = begins + MINUTE * number / CASES
            own = numbered(file, f"{file.project.number}-L{number}")
            state = _due(own, due, today)
            await asyncio.to_thread(_admit, registry, own, state)
            await bench.client.start_workflow(
                LandAcquisition.run,
                state,
                id=workflow_id(state.brief.case_id),
                task_queue=queue,
            )

        await some_together(launch, range(CASES), TOGETHER)
        _require_time(begins)
        prefix = f"{file.project.number}-L"
        async with asyncio.timeout(LONGEST_SECONDS):
            while True:
                sent = [
                    each
                    for each in await asyncio.to_thread(registry.deliveries)
                    if each.case_id and each.case_id.startswith(prefix) and each.sent_at
                ]
                if len(sent) >= CASES:
                    break
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
    if len(sent) != CASES:
        raise AssertionError(f"{len(sent)} messages for {CASES} reminders")
    return Lateness.of([(each.sent_at - each.at).total_seconds() for each in sent if each.sent_at])


def _due(file: CaseFile, at: datetime, today: date) -> State:
    """A case just launched whose one open duty is told at that moment, and no more today."""
    state = State.launched(brief(file), today)
    reckoning = Reckoning(at=at - timedelta(minutes=5), calendar=official_calendar())
    state, _, schedules = reckon_all(state, reckoning)
    rung = Rung(name="open", at=at, audience=(Level.HANDLER,))
    return state.with_schedules(
        {each.request.id: replace(each, rungs=(rung,)) for each in schedules}
    )


def _admit(registry: Registry, file: CaseFile, state: State) -> None:
    registry.admit(
        state.brief.case_id,
        state.brief.name,
        file.model_dump_json(),
        digest(file),
        ("鹿城区",),
        ("藤桥镇",),
        workflow_id(state.brief.case_id),
        datetime.now(UTC),
    )


async def _timers(bench: Bench, queue: str) -> Lateness:
    begins = datetime.now(UTC) + LAUNCHING / 2
    handles = {}

    async def start(number: int) -> None:
        due = begins + MINUTE * number / CASES
        handles[number] = await bench.client.start_workflow(
            Bare.run, due.isoformat(), id=f"bare-{number}", task_queue=queue
        )

    await some_together(start, range(CASES), TOGETHER)
    _require_time(begins)
    async with asyncio.timeout(LONGEST_SECONDS):
        found = await asyncio.gather(*(handle.result() for handle in handles.values()))
    return Lateness.of(found)


def _require_time(begins: datetime) -> None:
    if datetime.now(UTC) > begins:
        raise TimeoutError("the launching took longer than the time that was left for it")
