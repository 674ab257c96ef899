"""A registry that fails for a while: the sender waits, and nothing stands that is not recorded."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from deploy.server import LocalServer
from law.order import INITIATION_NOTICE_CONTENTS
from tests.workflows.playing import LOOK_AGAIN_SECONDS, LOOKS, Stage


def rename(folder: Path, before: str, after: str) -> None:
    """Take a table out of the registry's sight, or put it back."""
    with closing(sqlite3.connect(folder / "registry.db")) as database:
        database.execute(f"ALTER TABLE {before} RENAME TO {after}")
        database.commit()


async def test_a_command_waits_for_the_registry_and_is_recorded_once(
    server: LocalServer, tmp_path: Path
) -> None:
    stage = await Stage.prepare(server, "one-village", tmp_path)
    await stage.launch()
    async with stage.worker():
        await stage.settled()
        rename(tmp_path, "duties", "duties_away")
        saying = asyncio.create_task(
            stage.say("draft_initiation", "bureau", contents=INITIATION_NOTICE_CONTENTS)
        )
        for _ in range(LOOKS):
            described = await stage.handle.describe()
            if described.raw_description.pending_activities:
                break
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        else:
            raise AssertionError("the change was given up instead of being tried again")
        assert not saying.done(), "nobody is told that it stands before it is recorded"
        rename(tmp_path, "duties_away", "duties")
        accepted = await saying
    (entry,) = stage.registry.entries(stage.case_id)
    assert (entry.entry_id, entry.command) == (accepted.entry_id, "draft_initiation")
    (drafted,) = [each for each in stage.registry.duties() if each.duty_id == "draft/initiation"]
    assert drafted.state == "met"
