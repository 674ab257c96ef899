"""A case of one's own on the shared server, and its whole life played there in virtual time.

played = await play(server, "one-village", folder)          # launch to hand-over
stage = await Stage.prepare(server, "one-village", folder)  # or act by act:
await stage.launch()
async with stage.worker():
    await stage.player().play_until(lambda view: current(view) == 13)
    await stage.say("confirm_payment", "land_user", village="shibuxi", payable=1, paid=1)
    await stage.forward(morning)
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any, Self
from uuid import uuid4

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.testing import TimeSkipper, TimeSkippingConfig
from temporalio.worker import Worker

from activities.registry import Registry
from case.commands import COMMAND, AnyCommand
from case.entries import CaseFile
from case.file import load
from case.state import State
from case.view import CaseView
from deploy.client import connect
from deploy.server import LocalServer
from deploy.settings import REPOSITORY, Settings
from desk.cast import Cast, Part, load_cast
from desk.launching import launch, workflow_id
from desk.patience import patiently
from desk.player import Player, Told
from law.calendar import official_calendar
from law.deadline import SHANGHAI
from worker import new_worker
from workflows.accepted import Accepted, Outcome
from workflows.land_acquisition import LandAcquisition

EXAMPLES = REPOSITORY / "examples"
SKIPS = 1_000_000
LOOKS = 1500
LOOK_AGAIN_SECONDS = 0.02
LONGEST_PLAY_SECONDS = 300
CONTINUED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW


def punctual_office(folder: Path) -> Path:
    """An office of one's own with the examples' prices, where every case is told at 08:30 sharp."""
    office = folder / "office"
    office.mkdir(exist_ok=True)
    copyfile(EXAMPLES / "office" / "prices.yaml", office / "prices.yaml")
    (office / "reminders.yaml").write_text("window_minutes: 0\n", encoding="utf-8")
    return office


def silent(duty: str) -> Part:
    """The part in which nobody does anything about the duties matching `duty`."""
    return Part(duty=duty, says=())


class StepwisePlayer(Player):
    """A player that can be stopped between two acts and go on later."""

    async def turn(self, told: Told = lambda view, act: None) -> bool:
        """One act, or one forwarding of the clock; False once the case is closed."""
        if await self._closed():
            return False
        await self._turn(told)
        return True

    async def play_until(self, reached: Callable[[CaseView], bool]) -> CaseView:
        """Play until `reached` holds of the settled case; that view."""
        while not reached(view := await self._settled()):
            assert await self.turn(), "the case closed first"
        return view


def current(view: CaseView) -> int:
    """The number of the first step that is not done; 15 once all are."""
    return next((step.number for step in view.steps if step.state != "done"), 15)


@dataclass(frozen=True)
class Stage:
    """One case whose number, task queue, registry and outbox nobody else uses."""

    settings: Settings
    client: Client
    skipper: TimeSkipper
    registry: Registry
    file: CaseFile
    cast: Cast
    launched_on: date
    folder: Path

    @classmethod
    async def prepare(
        cls, server: LocalServer, name: str, folder: Path, *, silence: tuple[str, ...] = ()
    ) -> Self:
        """The example `name` under a number of its own; nobody acts on duties in `silence`."""
        number = uuid4().hex[:8].upper()
        original = load(EXAMPLES / f"{name}.yaml").project.number
        text = (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")
        cast = load_cast(EXAMPLES / "casts" / f"{name}.yaml")
        settings = Settings(
            temporal_address=server.address,
            namespace=server.namespace,
            registry_url=f"sqlite:///{folder / 'registry.db'}",
            outbox=folder / "outbox",
            feeds=folder / "feeds",
            metrics=None,
            office=punctual_office(folder),
            task_queue=f"test-{number}",
        )
        client = await connect(settings)
        config = TimeSkippingConfig(enabled=False, max_session_skip_count=SKIPS)
        tomorrow = datetime.now(SHANGHAI).date() + timedelta(days=1)
        return cls(
            settings=settings,
            client=client,
            skipper=TimeSkipper(client, config=config),
            registry=Registry.open(settings.registry_url),
            file=load(text.replace(original, f"{original}-{number}")),
            cast=cast.model_copy(update={"parts": (*map(silent, silence), *cast.parts)}),
            launched_on=official_calendar().first_working_day_from(tomorrow),
            folder=folder,
        )

    @property
    def case_id(self) -> str:
        return self.file.project.number

    @property
    def handle(self) -> WorkflowHandle[LandAcquisition, Outcome]:
        """The case whatever its run: a handle that follows it from run to run."""
        return self.client.get_workflow_handle_for(LandAcquisition.run, workflow_id(self.case_id))

    async def launch(self) -> None:
        """Admit the case and start its workflow, its clock its own."""
        await launch(self.skipper.client, self.settings, self.registry, self.file, self.launched_on)

    def worker(self, *, cached_cases: int = 1000) -> Worker:
        """A fresh worker for this case, nothing in its cache."""
        return new_worker(self.client, self.settings, self.registry, cached_cases=cached_cases)

    def player(self) -> StepwisePlayer:
        return StepwisePlayer(
            self.handle,
            self.skipper,
            cast=self.cast,
            file=self.file,
            calendar=official_calendar(),
            proofs=self.folder / "proofs",
            registry=self.registry,
        )

    async def now(self) -> datetime:
        """The case's own time, in Shanghai."""
        return (await self.skipper.get_current_time(self.handle)).astimezone(SHANGHAI)

    async def forward(self, to: datetime) -> CaseView:
        """Let the case's time pass until `to`; the case once all that follows is settled."""
        if (left := to - await self.now()) > timedelta():
            await self.skipper.fast_forward(self.handle, left)
        return await self.settled()

    async def state(self) -> State:
        found: State = await patiently(lambda: self.handle.query(LandAcquisition.state))
        return found

    async def settled(self) -> CaseView:
        """The case once nothing is under way in it."""
        return await settled(self.handle)

    async def command(self, name: str, unit: str, **values: Any) -> AnyCommand:
        """The command `name` done today by `unit`, with number and proof; `values` go before."""
        given = {
            "command": name,
            "id": f"t-{uuid4().hex[:10]}",
            "occurred_on": (await self.now()).date(),
            "by": {"unit": unit},
            "document_number": "温测〔2026〕1号",
            "evidence": [{"kind": "照片", "sha256": "0" * 64, "place": "p"}],
        }
        return COMMAND.validate_python({**given, **values})

    async def send(self, command: AnyCommand) -> Accepted:
        """Say `command` to the case, as the desk does."""
        answer: Accepted = await self.handle.execute_update(
            command.command,
            command,
            id=command.id,
            result_type=Accepted,
        )
        return answer

    async def say(self, name: str, unit: str, **values: Any) -> Accepted:
        """Say the command `name` done today by `unit`."""
        return await self.send(await self.command(name, unit, **values))

    async def histories(self) -> tuple[WorkflowHistory, ...]:
        """The history of every run of the case, first to last."""
        return await histories(self.client, workflow_id(self.case_id))


async def settled(handle: WorkflowHandle[Any, Any], *, looks: int = LOOKS) -> CaseView:
    """A case once nothing is under way in it; fails after so many looks."""
    for _ in range(looks):
        view: CaseView = await patiently(lambda: handle.query(LandAcquisition.view))
        if view.settled:
            return view
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    raise AssertionError(f"{handle.id} did not settle")


async def histories(client: Client, id_: str) -> tuple[WorkflowHistory, ...]:
    """The history of every run of the workflow `id_`, first to last."""
    description = await client.get_workflow_handle(id_).describe()
    run = description.raw_description.workflow_execution_info.first_run_id
    found = []
    while run:
        history = await client.get_workflow_handle(id_, run_id=run).fetch_history()
        found.append(history)
        last = history.events[-1]
        following = last.workflow_execution_continued_as_new_event_attributes
        run = following.new_execution_run_id if last.event_type == CONTINUED else ""
    return tuple(found)


@dataclass(frozen=True)
class Act:
    """One act of a play: when on the case's clock, what, and how many steps were done before."""

    at: datetime
    title: str
    done: int


@dataclass(frozen=True)
class Played:
    """A case that was played to its end."""

    stage: Stage
    outcome: Outcome
    view: CaseView
    """The case as its workflow left it."""
    acts: tuple[Act, ...]
    histories: tuple[WorkflowHistory, ...]


Working = Callable[[Stage], AbstractAsyncContextManager[object]]
"""Who works on a case while it is played; None where nobody does between its turns."""
Turn = Callable[[Stage, StepwisePlayer, Told], Awaitable[bool]]
"""How one turn of a play is taken; False once the case is closed."""


@asynccontextmanager
async def one_worker(stage: Stage) -> AsyncIterator[object]:
    """One worker in this process for the whole play."""
    async with stage.worker() as worker:
        yield worker


async def undisturbed(stage: Stage, player: StepwisePlayer, told: Told) -> bool:
    return await player.turn(told)


async def play(
    server: LocalServer,
    name: str,
    folder: Path,
    *,
    working: Working = one_worker,
    turn: Turn = undisturbed,
) -> Played:
    """Play the example `name` with its cast from launch to hand-over."""
    stage = await Stage.prepare(server, name, folder)
    await stage.launch()
    player = stage.player()
    acts: list[Act] = []

    def told(view: CaseView, title: str) -> None:
        if title:
            acts.append(Act(view.at.astimezone(SHANGHAI), title, current(view) - 1))

    async with asyncio.timeout(LONGEST_PLAY_SECONDS):
        async with working(stage) as workers:
            while await turn(stage, player, told):
                pass
            async with stage.worker() if workers is None else nullcontext():
                outcome = await stage.handle.result()
                view = await patiently(lambda: stage.handle.query(LandAcquisition.view))
        found = await stage.histories()
    return Played(stage, outcome, view, tuple(acts), found)
