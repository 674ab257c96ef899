"""A bureau whose cases run while it adopts a holiday paper, and what that must bring.

A real server and a real worker. The cases' own time is the first days of February 2027, before
春节, whose days the paper of the examples changes.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
from pathlib import Path
from typing import Any

from rich.console import Console
from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from activities.office.calendars import Proposal, keep_paper, propose, working_calendar
from activities.registry import Registry
from activities.registry.rows import Delivery
from activities.telling.directory import Directory
from case.brief import digest
from case.moving import Moves
from deploy.client import connect
from deploy.server import LocalServer
from deploy.settings import REPOSITORY, Settings
from desk.calendar_moving import adoption_of, start
from desk.launching import workflow_id
from law import SHANGHAI
from tests.shows.moving_cases import MovingCase, moving_cases
from tests.shows.stations import furnish
from tests.workflows.playing import settled
from worker import new_worker
from workflows.land_acquisition import LandAcquisition

PAPER = REPOSITORY / "examples" / "calendars" / "2027-example.yaml"
PERIOD = "period/"
LAUNCHED, ADOPTED, HEARD = (date(2027, 2, day) for day in (1, 2, 3))
SKIPS = 1_000_000
TOGETHER = 16
"""How many cases are launched, or forwarded, at a time."""
LOOKS = 10_000
LOOK_AGAIN_SECONDS = 0.05
LONGEST_SECONDS = 600

Handle = WorkflowHandle[LandAcquisition, Any]
Told = tuple[str, str, str, str, str]
"""Case, duty, unit, role, person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """What adopting the paper brought."""

    foretold: Moves
    """By the dry run before."""
    done: Moves
    again: Moves
    """By a second run."""
    letters: tuple[Delivery, ...]
    """The messages of the next working morning that say that a day moved."""
    heard: frozenset[Told]
    """Who had been told an old day, of which duty."""
    units: Mapping[str, str]
    """What the units are called."""
    faults: tuple[str, ...]
    """What does not hold, in Chinese."""
    seconds: float
    """That the moving took."""

    @property
    def knew(self) -> int:
        """How many of the messages went to people who had been told the old day."""
        return len(self.heard & set(map(told, self.letters)))


@dataclass
class Bureau:
    """Many cases on one server."""

    settings: Settings
    skipper: TimeSkipper
    registry: Registry
    proposal: Proposal
    cases: tuple[MovingCase, ...]

    @classmethod
    async def prepare(cls, server: LocalServer, folder: Path, many: int) -> "Bureau":
        """Its registry and office in `folder`, with so many cases to launch."""
        furnish(folder / "office", window_minutes=30)
        settings = Settings(
            temporal_address=server.address,
            namespace=server.namespace,
            registry_url=f"sqlite:///{folder / 'registry.db'}",
            outbox=folder / "outbox",
            office=folder / "office",
            feeds=folder / "feeds",
            task_queue=f"moving-{time.monotonic_ns()}",
        )
        config = TimeSkippingConfig(enabled=False, max_session_skip_count=SKIPS)
        proposal = propose(settings.office, PAPER)
        return cls(
            settings=settings,
            skipper=TimeSkipper(await connect(settings), config=config),
            registry=Registry.open(settings.registry_url),
            proposal=proposal,
            cases=tuple(moving_cases(many, proposal.after, ADOPTED)),
        )

    async def launch(self) -> None:
        """Start every case so late that its own time is the day of its launch from the first."""

        async def begin(case: MovingCase) -> None:
            await asyncio.to_thread(self._admit, case)
            await self.skipper.client.start_workflow(
                LandAcquisition.run,
                case.state,
                id=workflow_id(case.case_id),
                task_queue=self.settings.task_queue,
                start_delay=_noon(LAUNCHED) - datetime.now(UTC),
            )
            await self._forward(case, LAUNCHED)

        await self._each(begin)

    def _admit(self, case: MovingCase) -> None:
        townships = case.state.brief.townships
        self.registry.admit(
            case.case_id,
            case.state.brief.name,
            case.file.model_dump_json(),
            digest(case.file),
            tuple(dict.fromkeys(township.district for township in townships)),
            tuple(township.name for township in townships),
            workflow_id(case.case_id),
            datetime.now(UTC),
        )

    async def until(self, day: date) -> None:
        """Let every case's time pass until noon of `day`; returns once all is told and settled."""

        async def pass_time(case: MovingCase) -> None:
            await self._forward(case, day)
            await settled(self._handle(case), looks=LOOKS)

        await self._each(pass_time)

    async def move(self, *, dry_run: bool = False, proposed: bool = False) -> Moves:
        """Have the dates moved, as the desk does."""
        calendar, text = working_calendar(self.settings.office), None
        if proposed:
            calendar, text = self.proposal.after, self.proposal.text
        adoption = adoption_of(calendar, dry_run=dry_run, proposed=text)
        handle = await start(self.skipper.client, self.settings.task_queue, adoption)
        return await asyncio.wait_for(handle.result(), LONGEST_SECONDS)

    def entries(self) -> int:
        """How many commands have been accepted in all cases."""
        return sum(len(self.registry.entries(case.case_id)) for case in self.cases)

    def units(self) -> dict[str, str]:
        """What the units are called, alike in all cases."""
        case = self.registry.case(self.cases[0].case_id)
        directory = Directory(self.registry.file(case.case_id), case.districts)
        return {each.unit: each.unit_name for each in directory.people()}

    def astray(self) -> Iterator[str]:
        """The open days that do not lie where the same case has them in memory, in Chinese."""
        for case in self.cases:
            found = {
                row.duty_id: row.last_day
                for row in self.registry.duties(case.case_id, open_only=True)
            }
            for row in self.registry.notices(case.case_id):
                if row.last_day:
                    found[f"{PERIOD}{row.notice}"] = row.last_day
            for key in sorted(found.keys() | case.last_days.keys()):
                counted, wanted = found.get(key), case.last_days.get(key)
                if counted != wanted:
                    yield f"案件 {case.case_id} 的 {key} 应为 {wanted}，登记簿写 {counted}"

    async def _each(self, turn: Callable[[MovingCase], Awaitable[None]]) -> None:
        free = asyncio.Semaphore(TOGETHER)

        async def in_turn(case: MovingCase) -> None:
            async with free:
                await turn(case)

        await asyncio.gather(*map(in_turn, self.cases))

    def _handle(self, case: MovingCase) -> Handle:
        id_ = workflow_id(case.case_id)
        return self.skipper.client.get_workflow_handle_for(LandAcquisition.run, id_)

    async def _forward(self, case: MovingCase, day: date) -> None:
        handle = self._handle(case)
        left = _noon(day) - await self.skipper.get_current_time(handle)
        if left > timedelta():
            await self.skipper.fast_forward(handle, left)


async def adopt(
    server: LocalServer, folder: Path, many: int, console: Console | None = None
) -> Adopted:
    """Let many cases run, adopt the paper, and see what comes of it."""
    say = console.print if console else _silent
    bureau = await Bureau.prepare(server, folder, many)
    with bureau.registry as registry:
        say(f"正在启动 {many} 个案件……")
        await bureau.launch()
        async with new_worker(bureau.skipper.client, bureau.settings, registry):
            await bureau.until(ADOPTED)
            before, entries = registry.deliveries(), bureau.entries()
            foretold = await bureau.move(dry_run=True, proposed=True)
            faults = [] if bureau.entries() == entries else ["试算登记了命令"]
            keep_paper(bureau.settings.office, bureau.proposal.overlay, bureau.proposal.text)
            began = time.monotonic()
            done = await bureau.move()
            seconds = time.monotonic() - began
            faults += [*bureau.astray(), *_unlike(foretold, done)]
            entries = bureau.entries()
            again = await bureau.move()
            if again != Moves() or bureau.entries() != entries:
                faults.append(f"再次重算变动了 {again.moved} 项，登记了命令")
            say("已重算，正在等待次日早晨的消息……")
            await bureau.until(HEARD)
        letters = tuple(each for each in registry.deliveries() if "/moved@" in each.rung)
        units = bureau.units()
    moved = {(row.case_id, row.duty_id) for row in done.rows}
    heard = frozenset(told(each) for each in before if (each.case_id, each.duty_id) in moved)
    faults += _misheard(done, heard, letters)
    return Adopted(
        foretold=foretold,
        done=done,
        again=again,
        letters=letters,
        heard=heard,
        units=units,
        faults=tuple(faults),
        seconds=seconds,
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, hour(12), SHANGHAI)


def _silent(_: str) -> None:
    return


def _unlike(foretold: Moves, done: Moves) -> Iterator[str]:
    if foretold != done:
        yield f"试算说变动 {foretold.moved} 项，实际变动 {done.moved} 项，或者内容不同"
    if not done.moved or done.failed or done.left:
        yield f"变动 {done.moved} 项，没有办成 {len(done.failed) + done.left} 件"


def _misheard(done: Moves, heard: Set[Told], letters: Sequence[Delivery]) -> Iterator[str]:
    """Whoever had heard of an old day hears once that it moved.

    Beside them only those up to whom a duty rises whose new day is over by that morning.
    """
    moved = {(row.case_id, row.duty_id) for row in done.rows}
    times = Counter(map(told, letters))
    # Nobody owes a notice's period and nobody was reminded of it; the bureau works to its end.
    periods = {key for key in times if key[1].startswith(PERIOD)}
    if missed := heard - times.keys():
        yield f"知道原截止日的，有 {len(missed)} 人次没有听到变动"
    late = {(row.case_id, row.duty_id) for row in done.rows if row.new_last_day < HEARD}
    if any(key[:2] not in late for key in times.keys() - periods - heard):
        yield "有人没有听过原截止日、新的截止日也没有过，却收到变动的消息"
    if {key[:2] for key in periods} != {key for key in moved if key[1].startswith(PERIOD)}:
        yield "公告期变动的，没有逐件告知"
    if any(number > 1 for number in times.values()):
        yield "有人收到两次"
    if any(each.state != "sent" for each in letters):
        yield "有消息没有送出"
    people = {(case_id, *person) for case_id, _, *person in times}
    if len(people) != done.told:
        yield f"重算说告知 {done.told} 人，实际告知 {len(people)} 人"


def told(each: Delivery) -> Told:
    """Who was told, of what."""
    return (each.case_id or "", each.duty_id, each.unit, each.role, each.person)
