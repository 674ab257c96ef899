"""The golden histories: today's code lives through each again, and asks for the same moments.

Two things together protect them. Replay fails where the kind or the order of events changes; it
does not see how long a timer lasts, so every timer is compared with a day counted here, and with
the moment that today's code asks for at the same place.
"""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.workflow import NondeterminismError

from deploy.server import LocalServer
from law.rules import Rule, rule
from tests.workflows import golden
from tests.workflows.chronicle import ACCEPTED, TIMER_STARTED, chronicle
from tests.workflows.diverging import DIVERGING, WeekLate
from tests.workflows.moments import (
    DUE,
    PUBLICATION,
    REMINDER,
    STATUTORY,
    differing,
    wrong_timers,
)
from tests.workflows.playing import CONTINUED, Played, Stage
from tests.workflows.record import EXAMPLES, main
from tests.workflows.replaying import moments_asked, replay

RECORDED = [
    pytest.param(recording, name, id=f"{recording.name}-{name}")
    for recording in golden.recordings()
    for name in golden.names(recording)
]
COMPLETED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED


def test_both_examples_are_recorded() -> None:
    recordings = golden.recordings()
    assert recordings, "no golden history: python -m tests.workflows.record NAME"
    for recording in recordings:
        assert set(golden.names(recording)) == set(EXAMPLES)


@pytest.mark.parametrize(("recording", "name"), RECORDED)
def test_recording_is_a_whole_life(recording: Path, name: str) -> None:
    """A history without timers or commands would replay whatever the code does."""
    histories = golden.read(recording, name)
    types = [event.event_type for history in histories for event in history.events]
    assert {history.events[-1].event_type for history in histories[:-1]} == {CONTINUED}
    assert types[-1] == COMPLETED
    assert types.count(ACCEPTED) > 50
    assert types.count(TIMER_STARTED) > 50
    assert chronicle(histories).tellings


@pytest.mark.parametrize(("recording", "name"), RECORDED)
async def test_golden_history_replays(recording: Path, name: str) -> None:
    await replay(golden.read(recording, name))


@pytest.mark.parametrize(("recording", "name"), RECORDED)
async def test_todays_code_asks_for_the_recorded_moments(recording: Path, name: str) -> None:
    histories = golden.read(recording, name)
    assert differing(await moments_asked(histories), histories) == []


def check_timers(name: str, histories: tuple[WorkflowHistory, ...]) -> Counter[str]:
    wrong, kinds = wrong_timers(name, histories)
    assert wrong == []
    villages = 3 if name == "three-villages" else 1
    assert set(kinds) <= {*STATUTORY, PUBLICATION, REMINDER, DUE}
    assert {kind: kinds[kind] > 0 for kind in STATUTORY} == dict.fromkeys(STATUTORY, True)
    for kind in ("征地补偿登记期限", "核定与支付期限"):
        assert kinds[kind] >= villages
    assert kinds[REMINDER] >= 40
    assert kinds[DUE] >= 3
    return kinds


@pytest.mark.parametrize(("recording", "name"), RECORDED)
def test_every_recorded_timer_ends_when_the_order_says(recording: Path, name: str) -> None:
    check_timers(name, golden.read(recording, name))


def test_every_timer_of_today_ends_when_the_order_says(
    one_village: Played, three_villages: Played
) -> None:
    for name, played in (("one-village", one_village), ("three-villages", three_villages)):
        kinds = check_timers(name, played.histories)
        assert kinds[PUBLICATION], "the higher law's fifteen working days"


@pytest.mark.parametrize("kind", DIVERGING, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(("recording", "name"), RECORDED)
async def test_diverging_workflow_does_not_replay(recording: Path, name: str, kind: type) -> None:
    with pytest.raises(NondeterminismError):
        await replay(golden.read(recording, name), kind)


@pytest.mark.parametrize(("recording", "name"), RECORDED)
async def test_longer_notice_replays_and_is_found_by_its_moments(
    recording: Path, name: str
) -> None:
    """What replay alone does not see."""
    histories = golden.read(recording, name)
    await replay(histories, WeekLate)
    late = differing(await moments_asked(histories, WeekLate), histories)
    assert {line.split(" ", maxsplit=1)[0] for line in late} == {
        "土地征收启动公告",
        "征地补偿安置公告",
        "土地征收公告",
    }


@pytest_asyncio.fixture(loop_scope="session")
async def miscounted(
    server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[WorkflowHistory, ...]]:
    """A case whose initiation notice was counted fifteen working days instead of ten."""

    def fifteen(rule_id: str, on: date | None = None) -> Rule:
        found = rule(rule_id, on)
        return replace(found, length=15) if rule_id == "initiation-notice" else found

    stage = await Stage.prepare(server, "one-village", tmp_path)
    await stage.launch()
    with monkeypatch.context() as patch:
        patch.setattr("case.schedule.rule", fifteen)
        async with stage.worker():
            await stage.player().play_until(lambda view: bool(view.periods))
    yield await stage.histories()


async def test_notice_counted_otherwise_replays_and_is_found_by_its_timer(
    miscounted: tuple[WorkflowHistory, ...],
) -> None:
    """The day was counted in an activity, so that history keeps it and replay takes it as it is."""
    await replay(miscounted)
    wrong, _ = wrong_timers("one-village", miscounted)
    assert wrong
    assert all(line.startswith("土地征收启动公告") for line in wrong)


@pytest.mark.parametrize("recording", golden.recordings(), ids=lambda folder: str(folder.name))
def test_recording_is_never_overwritten(
    recording: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day, name = recording.name[:10], recording.name[11:]
    before = {file.name: file.read_bytes() for file in recording.iterdir()}
    assert main([name], date.fromisoformat(day)) == 2
    assert "never overwritten" in capsys.readouterr().err
    assert {file.name: file.read_bytes() for file in recording.iterdir()} == before
