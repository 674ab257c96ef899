"""A short storm: nothing lost, nothing twice unmarked, nothing for a duty that was met.

`python -m tests.shows.storm` is the long one.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copytree

import pytest
import pytest_asyncio

from activities.registry import Registry
from activities.telling.trying import AttemptState
from deploy.server import LocalServer
from tests.shows.storm import blow
from tests.shows.storm_account import Aftermath, Forecast, faults
from tests.shows.storm_tally import REGISTRY, Copy, Fate, Tally, tally

FORECAST = Forecast(
    cases=25, kills=3, seed=20200707, each_second=6, outage_seconds=1.5, longest_seconds=180
)


@dataclass(frozen=True, slots=True)
class Ruins:
    """A storm that is over, and its folder."""

    folder: Path
    left: Aftermath

    def again(self, folder: Path, received: tuple[Copy, ...] | None = None) -> Tally:
        """The account, taken once more with other receipts or of another folder."""
        with Registry.open(f"sqlite:///{folder / REGISTRY}") as registry:
            return tally(registry, folder, self.left.due, received or self.left.received)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ruins(server: LocalServer, tmp_path_factory: pytest.TempPathFactory) -> Ruins:
    folder = tmp_path_factory.mktemp("storm")
    return Ruins(folder, await blow(server, folder, FORECAST))


def test_every_rung_is_accounted_for(ruins: Ruins) -> None:
    assert faults(ruins.left, FORECAST) == ()
    assert ruins.left.tally.fates[Fate.LOST] == 0
    assert ruins.left.tally.begun_for_met == 0


def test_the_storm_struck(ruins: Ruins) -> None:
    """Workers died over letters that had come in, and the mail server turned letters away."""
    left = ruins.left
    assert left.deaths == FORECAST.kills
    assert left.tally.begun_by_the_dead > 0
    assert left.tally.arrived_twice > 0
    assert left.refused > 0
    assert left.tally.attempts[AttemptState.FAILED] > 0


def test_most_are_told_and_the_met_are_not(ruins: Ruins) -> None:
    fates, due = ruins.left.tally.fates, len(ruins.left.due)
    assert fates[Fate.ONCE] > due / 3
    assert 0 < fates[Fate.MET] < due / 2
    assert fates[Fate.PERSON] > 0
    assert fates[Fate.OUTBOX] > 0


def _gone(received: tuple[Copy, ...]) -> tuple[Copy, ...]:
    once = next(copy for copy in received if _count(received, copy) == 1 and not copy.marked)
    return tuple(copy for copy in received if copy != once)


def _twice(received: tuple[Copy, ...]) -> tuple[Copy, ...]:
    return (*received, replace(received[0], at=received[-1].at + 1))


def _unmarked(received: tuple[Copy, ...]) -> tuple[Copy, ...]:
    later = next(copy for copy in received if _count(received, copy) > 1 and copy.marked)
    return tuple(replace(copy, marked=False) if copy == later else copy for copy in received)


def _foreign(received: tuple[Copy, ...]) -> tuple[Copy, ...]:
    return (*received, replace(received[0], message_id="f" * 64))


def _count(received: tuple[Copy, ...], one: Copy) -> int:
    return sum(copy.message_id == one.message_id for copy in received)


@pytest.mark.parametrize(
    ("differently", "said"),
    [
        (_gone, "登记为已送达，服务器没有收到"),
        (_twice, "送到不止一次，后一次没有注明可能重复"),
        (_unmarked, "送到不止一次，后一次没有注明可能重复"),
        (_foreign, "服务器收到了登记簿中没有的消息"),
    ],
)
def test_other_receipts_are_a_fault(
    ruins: Ruins, differently: Callable[[tuple[Copy, ...]], tuple[Copy, ...]], said: str
) -> None:
    found = ruins.again(ruins.folder, differently(ruins.left.received))
    assert any(fault.startswith(said) for fault in found.faults)


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (
            "UPDATE deliveries SET state = 'claimed' WHERE message_id = "
            "(SELECT message_id FROM deliveries WHERE state = 'sent' LIMIT 1)",
            "丢失",
        ),
        (
            "INSERT INTO storm_witness (what, case_id, duty_id) "
            "SELECT 'begun', case_id, duty_id FROM storm_witness WHERE what = 'met' LIMIT 1",
            "办结以后才开始发送",
        ),
    ],
)
def test_another_registry_is_a_fault(ruins: Ruins, tmp_path: Path, done: str, said: str) -> None:
    folder = copytree(ruins.folder, tmp_path / "other")
    with closing(sqlite3.connect(folder / REGISTRY)) as database:
        database.execute(done)
        database.commit()
    assert any(fault.startswith(said) for fault in ruins.again(folder).faults)
