"""Plays a case, and a minimal workflow after it, on the bench's server."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.common import WorkflowIDReusePolicy
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from activities.registry import Registry
from bench.history import Run, chain
from bench.minimal import PLANS, Minimal, Plan, argument, learn
from bench.planning import plan
from bench.script import LIFE_SECONDS, Move, drive, script
from bench.working import MINIMAL_QUEUE, minimal_worker
from case.entries import CaseFile
from case.file import load
from deploy.client import connect
from deploy.settings import REPOSITORY, Settings
from desk.cast import load_cast
from desk.launching import launch
from desk.player import Player
from law.calendar import official_calendar
from law.deadline import SHANGHAI
from worker import new_worker

EXAMPLES = REPOSITORY / "examples"
SKIPS = 1_000_000


@dataclass(frozen=True, slots=True)
class Played:
    """A whole case and the minimal workflow of the same shape."""

    name: str
    file: CaseFile
    launched_on: date
    runs: tuple[Run, ...]
    messages: int
    """Messages delivered to people."""
    moves: tuple[Move, ...]
    plans: tuple[Plan, ...]
    minimal: tuple[Run, ...]
    sheet: tuple[str, str]
    """Digest and text of the sheet that the case had measured."""

    def sheet_for(self, number: str) -> str:
        """The sheet as a case of that number has it; the moves name it by the digest above."""
        return self.sheet[1].replace(self.file.project.number, number)


class Bench:
    """One local server, a folder, and the client of both kinds of workflow."""

    def __init__(self, client: Client, settings: Settings, folder: Path) -> None:
        self.client = client
        self.settings = settings
        self.folder = folder
        self.skipper = TimeSkipper(
            client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=SKIPS)
        )
        calendar = official_calendar()
        self.launched_on = calendar.first_working_day_from(
            datetime.now(SHANGHAI).date() + timedelta(days=1)
        )

    @classmethod
    async def open(cls, address: str, namespace: str, folder: Path) -> "Bench":
        """A bench on the server at `address`; its registry and outbox are in `folder`."""
        settings = Settings(
            temporal_address=address,
            namespace=namespace,
            registry_url=f"sqlite:///{folder / 'registry.db'}",
            outbox=folder / "outbox",
            feeds=folder / "feeds",
            metrics=None,
            office=EXAMPLES / "office",
        )
        return cls(await connect(settings), settings, folder)

    async def play(self, name: str) -> Played:
        """Play an example with its cast, then the minimal workflow that its history gives."""
        file = load(EXAMPLES / f"{name}.yaml")
        with Registry.open(self.settings.registry_url) as registry:
            async with new_worker(self.client, self.settings, registry):
                handle = await self.launch(file, registry)
                first = str(handle.result_run_id)
                await self._act(self.client.get_workflow_handle(handle.id), name, file, registry)
            sent = [each for each in registry.deliveries(file.project.number) if each.sent_at]
            messages = len(sent)
            sheet = registry.newest_sheet(file.project.number)
        assert sheet is not None, "the case was measured"
        runs = await chain(self.client, handle.id, first)
        moves, plans = script(runs), plan(runs)
        learn(name, plans)
        async with minimal_worker(self.client):
            shadow = await self.start_minimal(name, f"minimal-{name}")
            first = str(shadow.result_run_id)
            shadow = self.client.get_workflow_handle(shadow.id)
            await drive(shadow, self.skipper, moves, as_minimal=True)
            async with asyncio.timeout(LIFE_SECONDS):
                await shadow.result()
        minimal = await chain(self.client, shadow.id, first)
        return Played(name, file, self.launched_on, runs, messages, moves, plans, minimal, sheet)

    async def launch(self, file: CaseFile, registry: Registry) -> WorkflowHandle[Any, Any]:
        """Launch a case whose clock can be moved."""
        return await launch(self.skipper.client, self.settings, registry, file, self.launched_on)

    async def start_minimal(self, name: str, workflow_id: str) -> WorkflowHandle[Any, Any]:
        """Start the minimal workflow of the plan `name`, whose clock can be moved."""
        return await self.skipper.client.start_workflow(
            Minimal.run,
            argument(name, 0, PLANS[name][0].taken),
            id=workflow_id,
            task_queue=MINIMAL_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )

    async def _act(
        self, handle: WorkflowHandle[Any, Any], name: str, file: CaseFile, registry: Registry
    ) -> None:
        player = Player(
            handle,
            self.skipper,
            cast=load_cast(EXAMPLES / "casts" / f"{name}.yaml"),
            file=file,
            calendar=official_calendar(),
            proofs=self.folder / "proofs",
            registry=registry,
        )
        async with asyncio.timeout(LIFE_SECONDS):
            await player.play(lambda _view, _act: None)


def numbered(file: CaseFile, number: str) -> CaseFile:
    """The same case under another number."""
    return file.model_copy(update={"project": file.project.model_copy(update={"number": number})})
