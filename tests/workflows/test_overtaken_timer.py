"""A timer that is overtaken: its time has come, but an act is taken in before it fires.

The registry is held for as long as it takes, so that recording the act outlasts the moment of the
morning's telling.
"""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from deploy.server import LocalServer
from law.order import INITIATION_NOTICE_CONTENTS
from tests.workflows.playing import LOOK_AGAIN_SECONDS, LOOKS, Stage

A_MOMENT = timedelta(milliseconds=400)
PORTAL = "post/initiation/bureau"


async def test_a_telling_that_falls_due_while_an_act_is_recorded_is_not_lost(
    server: LocalServer, tmp_path: Path
) -> None:
    stage = await Stage.prepare(server, "one-village", tmp_path)
    await stage.launch()
    async with stage.worker():
        await stage.settled()
        await stage.say("draft_initiation", "bureau", contents=INITIATION_NOTICE_CONTENTS)
        await stage.say("approve", "city", notice="initiation")
        await stage.settled()
        rungs = {
            row.duty_id: min(rung.at for rung in row.rungs)
            for row in stage.registry.duties(stage.case_id, open_only=True)
        }
        (moment,) = set(rungs.values())
        await stage.forward(moment - A_MOMENT)
        with closing(sqlite3.connect(tmp_path / "registry.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            saying = asyncio.create_task(
                stage.say("confirm_posting", "bureau", notice="initiation", places=("portal",))
            )
            for _ in range(LOOKS):
                if await stage.now() > moment + A_MOMENT:
                    break
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
            other.execute("ROLLBACK")
        await saying
        await stage.settled()
        deliveries = stage.registry.deliveries(stage.case_id)
    assert PORTAL in rungs
    assert {each.duty_id for each in deliveries if each.state == "sent"} == set(rungs) - {PORTAL}
