"""Saying the same twice is harmless: within a run, in the next one, and however it is said."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
import pytest_asyncio
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from case.commands import COMMAND, AnyCommand
from case.records import EntryRecord
from deploy.server import LocalServer
from tests.workflows.playing import Stage, current
from workflows.accepted import BAD_INPUT, Accepted


@dataclass(frozen=True)
class Continued:
    """A case in its second run, and the first command it accepted, in the first."""

    stage: Stage
    first: AnyCommand
    answer: Accepted
    runs: tuple[str, str]


async def say_again(stage: Stage, command: AnyCommand, update_id: str | None = None) -> Accepted:
    """The command once more, under an update id of its own unless one is given."""
    answer: Accepted = await stage.handle.execute_update(
        command.command, command, id=update_id or uuid4().hex, result_type=Accepted
    )
    return answer


async def run_of(stage: Stage) -> str:
    return str((await stage.handle.describe()).run_id)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def continued(
    server: LocalServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Continued]:
    stage = await Stage.prepare(server, "one-village", tmp_path_factory.mktemp("continued"))
    await stage.launch()
    async with stage.worker():
        first_run = await run_of(stage)
        player = stage.player()
        await player.play_until(lambda view: bool(stage.registry.entries(stage.case_id)))
        entry = stage.registry.entries(stage.case_id)[0]
        first = COMMAND.validate_json(entry.values)
        answer = await say_again(stage, first)
        await player.play_until(lambda view: current(view) == 4)
        yield Continued(stage, first, answer, (first_run, await run_of(stage)))


async def test_same_command_again_in_the_same_run(
    server: LocalServer, continued: Continued
) -> None:
    assert continued.answer == Accepted(
        case_id=continued.stage.case_id, entry_id=continued.first.id, passed=0
    )
    assert len(_entries(continued)) == 1


async def test_same_command_again_after_continuing_as_new(continued: Continued) -> None:
    assert continued.runs[0] != continued.runs[1]
    before = await continued.stage.state()
    answer = await say_again(continued.stage, continued.first)
    assert (answer.case_id, answer.entry_id) == (continued.answer.case_id, continued.first.id)
    assert await continued.stage.state() == before
    assert len(_entries(continued)) == 1


async def test_same_update_id_again_after_continuing_as_new(continued: Continued) -> None:
    """The desk gives the update the command's own id: a repeat by the same words is one as well."""
    answer = await say_again(continued.stage, continued.first, continued.first.id)
    assert answer.entry_id == continued.first.id
    assert len(_entries(continued)) == 1


async def test_same_id_with_other_content_is_bad_input(continued: Continued) -> None:
    before = await continued.stage.state()
    other = await continued.stage.command(
        "send_back", "bureau", id=continued.first.id, item="survey", place="tengqiao", reason="补"
    )
    with pytest.raises(WorkflowUpdateFailedError) as raised:
        await say_again(continued.stage, other)
    assert isinstance(raised.value.cause, ApplicationError)
    assert raised.value.cause.type == BAD_INPUT
    assert continued.first.id in raised.value.cause.message
    assert await continued.stage.state() == before
    assert [entry.command for entry in _entries(continued)] == [continued.first.command]


async def test_launching_again_leaves_the_running_case_as_it_is(continued: Continued) -> None:
    run = await run_of(continued.stage)
    await continued.stage.launch()
    assert await run_of(continued.stage) == run
    assert len(continued.stage.registry.cases()) == 1


def _entries(continued: Continued) -> list[EntryRecord]:
    registry = continued.stage.registry
    entries = registry.entries(continued.stage.case_id)
    return [entry for entry in entries if entry.entry_id == continued.first.id]
