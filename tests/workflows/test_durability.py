"""Nothing is lost or done twice, however often the workers stop: the same case comes out.

Each play of the one-village example is disturbed in one way; what it leaves behind must be what
the undisturbed play left, but for the wall clock.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from deploy.server import LocalServer
from desk.player import Told
from tests.workflows.mortal import MortalWorker
from tests.workflows.people import named, people
from tests.workflows.playing import Played, Stage, StepwisePlayer, play
from tests.workflows.remains import remains
from tests.workflows.replaying import replay
from workflows import casework

NAME = "one-village"
DEATHS = 8
TURNS = 60
"""Fewer than a play of the example takes."""
SHORT_RUN = 40


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def killed(
    server: LocalServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[MortalWorker, "asyncio.Task[Played]"]]:
    """Played by worker processes of their own, beside the other plays: it waits most of the time.

    After a worker's death the server finds out only by its time limits.
    """
    worker = MortalWorker(seed=20200707, turns=TURNS, deaths=DEATHS, longest=0.25)
    folder = tmp_path_factory.mktemp("killed")
    playing = asyncio.create_task(
        play(server, NAME, folder, working=worker.working, turn=worker.turn)
    )
    yield worker, playing
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)


async def compare(disturbed: Played, one_village: Played) -> None:
    """Table by table, so that a difference is named; and its histories are sound."""
    found, wanted = remains(disturbed), remains(one_village)
    assert found.keys() == wanted.keys()
    for table, rows in wanted.items():
        assert rows or table.endswith("taken out"), table
        assert found[table] == rows, table
    await replay(disturbed.histories)


async def test_comparison_sees_what_differs(one_village: Played, three_villages: Played) -> None:
    with pytest.raises(AssertionError):
        await compare(three_villages, one_village)


async def test_fresh_worker_for_every_act(
    server: LocalServer, one_village: Played, tmp_path: Path
) -> None:
    """A worker is stopped as soon as an act is accepted, with reminders and records under way."""
    workers = 0

    async def turn(stage: Stage, player: StepwisePlayer, told: Told) -> bool:
        nonlocal workers
        workers += 1
        async with stage.worker():
            return await player.turn(told)

    def nobody(stage: Stage) -> "nullcontext[None]":
        return nullcontext()

    disturbed = await play(server, NAME, tmp_path, working=nobody, turn=turn)
    assert workers > len(one_village.acts)
    await compare(disturbed, one_village)


async def test_worker_that_remembers_nothing(
    server: LocalServer, one_village: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a cache every task is worked out from the history; shorter ones keep that quick."""
    monkeypatch.setattr(casework, "LONG_RUN", 3 * SHORT_RUN)

    @asynccontextmanager
    async def forgetful(stage: Stage) -> AsyncIterator[object]:
        async with stage.worker(cached_cases=0) as worker:
            yield worker

    await compare(await play(server, NAME, tmp_path, working=forgetful), one_village)


async def test_runs_that_end_in_the_middle_of_a_step(
    server: LocalServer, one_village: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The history's length alone ends a run, whatever step the case is at."""
    monkeypatch.setattr(casework, "LONG_RUN", SHORT_RUN)
    disturbed = await play(server, NAME, tmp_path)
    assert len(disturbed.histories) > 3 * len(one_village.histories)
    await compare(disturbed, one_village)


async def test_workers_killed_in_the_middle_of_work(
    killed: tuple[MortalWorker, "asyncio.Task[Played]"], one_village: Played
) -> None:
    worker, playing = killed
    disturbed: Any = await playing
    assert worker.deaths == DEATHS
    await compare(disturbed, one_village)


async def test_workers_log_names_nobody(
    killed: tuple[MortalWorker, "asyncio.Task[Played]"],
) -> None:
    """What a whole life and all its workers' deaths left in the log."""
    disturbed = await killed[1]
    log = (disturbed.stage.folder / "worker.log").read_text("utf-8")
    assert log.count("settled") > len(disturbed.acts)
    assert "reminder told" in log
    assert named([log], people(NAME)) == set()
