"""Suspending, resuming, ending, moving a day: what the case does and no longer does."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
import pytest_asyncio
from temporalio.service import RPCError

from case.state import Status
from deploy.server import LocalServer
from law.order import INITIATION_NOTICE_CONTENTS
from tests.workflows.counting import half_past_eight, working_day_after
from tests.workflows.listing import listed
from tests.workflows.playing import Stage
from tests.workflows.replaying import replay
from workflows.attributes import BLOCKED, OVERDUE, STAGE

DRAFT = "draft/initiation"
EVENING = timedelta(hours=10)


@pytest_asyncio.fixture(loop_scope="session")
async def young(
    server: LocalServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """A case just launched: the bureau owes the draft within five working days."""
    stage = await Stage.prepare(server, "one-village", tmp_path_factory.mktemp("young"))
    await stage.launch()
    async with stage.worker():
        await stage.settled()
        yield stage


async def evening(stage: Stage, working_days: int) -> date:
    """Go to 18:30 of the n-th working day after the launch; that day."""
    day = working_day_after(stage.launched_on, working_days)
    await stage.forward(half_past_eight(day) + EVENING)
    return day


def told(stage: Stage, duty: str = DRAFT) -> dict[str, date]:
    """The day of every rung of a duty that was told."""
    return {sent.rung: sent.at.date() for sent in stage.registry.deliveries(duty_id=duty)}


async def test_suspension_silences_and_resumption_sets_the_ladder_anew(young: Stage) -> None:
    """内部时限 five working days: open on the first; -1 on the fourth; 0; then late."""
    first = await evening(young, 1)
    last = working_day_after(young.launched_on, 5)
    assert told(young) == {f"{last}/open": first}

    await young.say("suspend", "bureau", reason="诉讼期间中止")
    assert (await young.settled()).blocked == "案件已中止"
    assert await listed(young, "Blocked = true")
    resumed = await evening(young, 12)
    assert told(young) == {f"{last}/open": first}

    await young.say("resume", "bureau", reason="诉讼终结")
    assert (await young.settled()).blocked is None
    assert (await young.handle.describe()).typed_search_attributes.get(BLOCKED) is False
    anew = working_day_after(resumed, 5)
    await evening(young, 12 + 8)
    later = {rung.partition("@")[0]: day for rung, day in told(young).items() if day > resumed}
    assert later == {
        f"{anew}/moved": working_day_after(resumed, 1),
        f"{anew}/-1": working_day_after(resumed, 4),
        f"{anew}/0": anew,
        f"{anew}/+1": working_day_after(anew, 1),
        f"{anew}/+3": working_day_after(anew, 3),
    }


async def test_late_again_after_a_resumption(young: Stage) -> None:
    """An office target starts anew: what was late is late no more, until it is again."""
    await evening(young, 6)
    overdue = (await young.handle.describe()).typed_search_attributes
    assert overdue.get(OVERDUE) is True
    await young.say("suspend", "bureau", reason="停")
    await young.say("resume", "bureau", reason="续")
    await young.settled()
    assert (await young.handle.describe()).typed_search_attributes.get(OVERDUE) is False


async def test_other_acts_are_refused_while_suspended(young: Stage) -> None:
    await evening(young, 1)
    await young.say("suspend", "city", reason="停")
    with pytest.raises(Exception) as raised:
        await young.say("draft_initiation", "bureau", contents=INITIATION_NOTICE_CONTENTS)
    assert "案件已经中止" in str(raised.value.__cause__)


async def test_termination_ends_the_case(young: Stage) -> None:
    """Open duties are cancelled, nobody is told any more, and no timer is left."""
    day = await evening(young, 1)
    await young.say("terminate", "city", reason="项目取消")
    outcome = await young.handle.result()
    assert (outcome.status, outcome.ended_on) == (Status.TERMINATED, day)
    assert young.registry.case(young.case_id).status == "terminated"
    assert {duty.state for duty in young.registry.duties()} == {"cancelled"}
    description = await young.handle.describe()
    assert description.typed_search_attributes.get(STAGE) == "已终止"
    pending = description.raw_description
    assert not pending.pending_activities
    with pytest.raises(RPCError):
        await young.say("approve", "city", notice="initiation", occurred_on=day)


async def test_cancellation_in_the_web_ui_ends_no_case(young: Stage) -> None:
    """Only the acts that the order knows end one: reminders and commands go on as before."""
    await young.handle.cancel()
    first = await evening(young, 1)
    last = working_day_after(young.launched_on, 5)
    assert told(young) == {f"{last}/open": first}
    await young.say("draft_initiation", "bureau", contents=INITIATION_NOTICE_CONTENTS)
    await young.handle.cancel()
    day = await evening(young, 2)
    assert set(told(young, "approve/initiation").values()) == {day}
    assert set(told(young)) == {f"{last}/open"}
    await young.say("terminate", "city", reason="项目取消")
    assert (await young.handle.result()).status is Status.TERMINATED
    await replay(await young.histories())


async def test_moved_office_day_moves_the_ladder(young: Stage) -> None:
    """变更期限: the reminders of the old day fall silent, those of the new one begin."""
    first = await evening(young, 1)
    last, moved = (working_day_after(young.launched_on, days) for days in (5, 9))
    await young.say("amend_deadline", "bureau", duty=DRAFT, day=moved, reason="材料不齐")
    await young.settled()
    (row,) = [duty for duty in young.registry.duties() if duty.duty_id == DRAFT]
    assert row.last_day == moved
    await evening(young, 10)
    days = told(young)
    assert days.pop(f"{last}/open") == first
    assert days.pop(f"{moved}/moved@{first}") == working_day_after(first, 1)
    assert days == {
        f"{moved}/-1": working_day_after(young.launched_on, 8),
        f"{moved}/0": moved,
        f"{moved}/+1": working_day_after(moved, 1),
    }
