"""The bureau registers a sheet and has its case measured, as it types it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from deploy.server import LocalServer
from tests.desk.commandline import EXAMPLE, Office
from tests.workflows.playing import Stage

WRITTEN = "2026-07-10"
"""The day of approval that the example is written with."""


@dataclass(frozen=True)
class Bureau:
    """A desk beside a running case whose plan is published, and the files it may register."""

    office: Office
    case: str
    stale: Path
    right: Path

    async def done(self, *arguments: str | Path) -> str:
        return await asyncio.to_thread(self.office.done, *arguments)

    async def refused(self, code: int, *arguments: str | Path) -> str:
        return await asyncio.to_thread(self.office.refused, code, *arguments)


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def bureau(
    server: LocalServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Bureau]:
    folder = tmp_path_factory.mktemp("measuring")
    stage = await Stage.prepare(server, "one-village", folder, silence=("measure",))
    await stage.launch()
    settings = stage.settings
    office = Office(settings.environment())
    async with stage.worker():
        await stage.player().play_until(
            lambda view: any(duty.id == "measure" for duty in view.duties)
        )
        approved = (await stage.state()).day("approval/plan")
        stale, right = folder / "stale.yaml", folder / "right.yaml"
        text = EXAMPLE.read_text(encoding="utf-8").replace("WZ-LC-2026-001", stage.case_id)
        stale.write_text(text, encoding="utf-8")
        surveyed = text.replace(WRITTEN, str(approved)).replace(
            "{class: 未利用地, area: 0.67,", "{class: 未利用地, area: 1.67,"
        )
        right.write_text(surveyed, encoding="utf-8")
        yield Bureau(office, stage.case_id, stale, right)


async def test_a_sheet_of_another_day_is_refused_before_it_is_sent(bureau: Bureau) -> None:
    said = await bureau.done("compensation", bureau.stale, "--register")
    assert "测算表已登记" in said
    assert f"act {bureau.case} measure-compensation --sheet" in said
    sentence = await bureau.refused(2, "act", bureau.case, "measure-compensation")
    assert f"写的方案批准之日是{WRITTEN}" in sentence
    assert "重新登记" in sentence


async def test_amounts_and_surveyed_differences_are_shown_then_entered(bureau: Bureau) -> None:
    await bureau.done("compensation", bureau.right, "--register")
    shown = await bureau.done("act", bureau.case, "measure-compensation", "--dry-run")
    assert "可以登记（尚未送出）" in shown
    assert "10,215,428" in shown, "one 亩 more at 90,000 yuan"
    assert "未利用地，立案时 0.67 亩，测算表 1.67 亩" in shown
    entered = await bureau.done("act", bureau.case, "measure-compensation")
    assert "已登记" in entered
    assert "足额落实到位" in entered, "the funds are owed now"
    refused = await bureau.refused(
        3, "act", bureau.case, "certify-funds", "--fund", "land",
        "--measured", "1", "--in-place", "1", "--document-number", "温财〔2027〕1号",
    )  # fmt: skip
    assert "按测算表为10,215,428元" in refused


async def test_a_sheet_for_a_case_never_launched_is_refused(bureau: Bureau, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    text = bureau.right.read_text(encoding="utf-8").replace(bureau.case, "WZ-NOBODY-1")
    other.write_text(text, encoding="utf-8")
    assert "先启动案件" in await bureau.refused(2, "compensation", other, "--register")
