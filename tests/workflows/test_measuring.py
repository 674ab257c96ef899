"""A running case measures a registered sheet, and is refused in words where it cannot."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
import pytest_asyncio
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from case.compensation import redated
from case.state import State
from deploy.server import LocalServer
from desk.sheets import register_sheet
from tests.workflows.playing import Stage
from workflows.land_acquisition import LandAcquisition


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def published(
    server: LocalServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """A case whose plan is published and of which nothing was measured yet."""
    folder = tmp_path_factory.mktemp("measuring")
    stage = await Stage.prepare(server, "one-village", folder, silence=("measure",))
    await stage.launch()
    async with stage.worker():
        await stage.player().play_until(
            lambda view: any(duty.id == "measure" for duty in view.duties)
        )
        yield stage


async def said(stage: Stage, sheet: str) -> ApplicationError:
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await stage.say("measure_compensation", "bureau", sheet=sheet)
    assert isinstance(refused.value.cause, ApplicationError)
    return refused.value.cause


async def test_a_sheet_nobody_registered_is_bad_input(published: Stage) -> None:
    error = await said(published, "0" * 64)
    assert error.type == "BadInput"
    assert "测算" in error.message


async def test_a_sheet_of_another_day_is_refused_with_its_faults(published: Stage) -> None:
    stage = published
    at = (await stage.settled()).at
    stale = register_sheet(stage.registry, stage.file, at)
    error = await said(stage, stale)
    assert error.type == "BadInput"
    assert "1 处问题" in error.message
    state: State = await stage.handle.query(LandAcquisition.state)
    assert state.measurement is None
    assert not [e for e in stage.registry.entries(stage.case_id) if "measure" in e.command]


async def test_amounts_stand_in_the_case_and_bind_what_is_certified(published: Stage) -> None:
    stage = published
    state: State = await stage.handle.query(LandAcquisition.state)
    approved = state.day("approval/plan")
    assert approved
    at = (await stage.settled()).at
    sheet = register_sheet(stage.registry, redated(stage.file, approved), at)
    await stage.say("measure_compensation", "bureau", sheet=sheet)
    state = await stage.handle.query(LandAcquisition.state)
    assert state.measurement
    assert state.measurement.sheet == sheet
    land = state.measurement.funds["land"]
    # 112.50475 亩 at 90,000 yuan, rounded half-up.
    assert land == Decimal(10_125_428)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await stage.say("certify_funds", "bureau", fund="land", measured=land - 1, in_place=land)
    assert isinstance(refused.value.cause, ApplicationError)
    assert (refused.value.cause.type, "10,125,428" in refused.value.cause.message) == (
        "Refused",
        True,
    )
    await stage.say("certify_funds", "bureau", fund="land", measured=land, in_place=land)
