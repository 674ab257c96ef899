"""The registry under several threads and processes at once, and under kill -9."""

import os
import shutil
import signal
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from activities.directory import Directory
from activities.message import Message, render
from activities.registry import AlreadyAdmitted, Claim, DeliveryState, Registry, UnknownCase
from activities.registry.opening import connect, migrate
from case.records import Records
from law.calendar import official_calendar
from tests.activities.samples import (
    AT,
    CASE,
    DISTRICTS,
    admit,
    corrected,
    entry,
    file_json,
    records,
    reminder,
    whole,
)

SPAWN = get_context("spawn")


def _record(url: str, changes: list[Records]) -> None:
    with Registry.open(url) as registry:
        for change in changes:
            registry.record(change)


def _changes() -> list[Records]:
    return [records(minutes=n, entry=entry(f"e-{n}", minutes=n)) for n in range(1, 11)]


def test_threads_record_as_one(registry: Registry) -> None:
    admit(registry)
    changes = _changes()
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(registry.record, change) for change in changes * 4]:
            done.result()
    assert [found.entry_id for found in registry.entries(CASE)] == [f"e-{n}" for n in range(1, 11)]
    assert registry.case(CASE).updated_at == changes[-1].case.updated_at
    assert set(registry.duties(CASE)) == set(changes[-1].duties)


def test_processes_open_and_record_as_one(url: str) -> None:
    """Four processes meet a registry without tables, migrate it and write the same changes."""
    changes = _changes()
    with ProcessPoolExecutor(4, mp_context=SPAWN) as pool:
        for done in [pool.submit(_admit, url) for _ in range(8)]:
            done.result()
        for done in [pool.submit(_record, url, changes) for _ in range(4)]:
            done.result()
    with Registry.open(url) as registry:
        found = registry.entries(CASE)
        assert [row.entry_id for row in found] == [f"e-{n}" for n in range(1, 11)]
        assert registry.case(CASE).updated_at == changes[-1].case.updated_at


def _admit(url: str) -> None:
    with Registry.open(url) as registry:
        admit(registry)


def test_of_two_files_for_one_case_one_is_admitted(registry: Registry) -> None:
    def attempt(n: int) -> bool:
        try:
            registry.admit(CASE, "某", file_json(), f"{n:064}", (), (), CASE, AT)
        except AlreadyAdmitted:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(16))) == 1


def _die_at(statement: int, engine: Any) -> None:
    """Kill this process before its n-th statement, or before the commit that follows the last."""
    left = [statement]

    def step(*_: object) -> None:
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1

    event.listen(engine, "before_cursor_execute", step)
    event.listen(engine, "commit", step)


def _record_and_die(url: str, change: Records, statement: int) -> None:
    engine = connect(url)
    _die_at(statement, engine)
    Registry(engine).record(change)


def _migrate_and_die(url: str, statement: int) -> None:
    engine = connect(url)
    _die_at(statement, engine)
    migrate(engine)


def _forked(work: Any, *given: Any) -> int:
    """How a forked process ended: 0, or minus the signal."""
    child = os.fork()
    if child == 0:
        try:
            work(*given)
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _kill_everywhere_in_record(folder: Path) -> int:
    """Kill a recording before each of its statements; give the number of places."""
    clean = folder / "clean.sqlite"
    with Registry.open(f"sqlite:///{clean}") as registry:
        admit(registry)
        registry.record(records())
        before = whole(registry)
    for statement in range(100):
        tried = folder / f"{statement}.sqlite"
        shutil.copy(clean, tried)
        url = f"sqlite:///{tried}"
        ended = _forked(_record_and_die, url, corrected(), statement)
        with Registry.open(url) as registry:
            if ended == 0:
                assert whole(registry) != before
                return statement
            assert ended == -signal.SIGKILL
            assert whole(registry) == before
            registry.record(corrected())
            again = whole(registry)
            registry.record(corrected())
            assert whole(registry) == again != before
    raise AssertionError("the recording never came to its end")


def _kill_everywhere_in_migration(folder: Path) -> int:
    """Kill a migration before each of its statements; give the number of places."""
    for statement in range(200):
        url = f"sqlite:///{folder}/{statement}.sqlite"
        ended = _forked(_migrate_and_die, url, statement)
        with Registry.open(url) as registry:
            admit(registry)
            registry.record(records())
            assert len(registry.entries(CASE)) == 1
        if ended == 0:
            return statement
        assert ended == -signal.SIGKILL
    raise AssertionError("the migration never came to its end")


@pytest.mark.parametrize(
    ("kill_everywhere", "at_least"),
    [(_kill_everywhere_in_record, 10), (_kill_everywhere_in_migration, 15)],
)
def test_killed_at_any_statement_it_is_all_or_nothing(
    tmp_path: Path, kill_everywhere: Any, at_least: int
) -> None:
    # In a process of its own, because forking one that has threads is not safe.
    with ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
        assert pool.submit(kill_everywhere, tmp_path).result() >= at_least


def test_a_message_goes_out_once(registry: Registry) -> None:
    admit(registry)
    sent = _message()
    assert registry.claim(sent) is Claim.CLAIMED
    assert registry.claim(sent) is Claim.CLAIMED_BEFORE
    registry.settle(sent.message_id, DeliveryState.FAILED, AT, "TimeoutError")
    (row,) = registry.deliveries()
    assert (row.state, row.sent_at, row.note) == ("failed", None, "TimeoutError")
    assert registry.claim(replace(sent, text="改\n")) is Claim.CLAIMED_BEFORE
    registry.settle(sent.message_id, DeliveryState.SENT, AT)
    assert registry.claim(sent) is Claim.ALREADY_SENT
    registry.settle(sent.message_id, DeliveryState.FAILED, AT, "too late")
    (row,) = registry.deliveries(CASE, "d-1")
    assert (row.state, row.sent_at, row.note, row.text) == ("sent", AT, "", "改\n")
    assert registry.deliveries(CASE, "d-2") == registry.deliveries("WZ-NO") == ()


def test_one_of_many_claims_is_the_first(registry: Registry) -> None:
    admit(registry)
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(registry.claim, [_message()] * 16))
    assert claims.count(Claim.CLAIMED) == 1
    assert claims.count(Claim.CLAIMED_BEFORE) == 15


def test_a_claim_needs_its_case_and_settling_its_claim(registry: Registry) -> None:
    with pytest.raises(UnknownCase):
        registry.claim(_message())
    with pytest.raises(LookupError, match="never claimed"):
        registry.settle("0" * 64, DeliveryState.SENT, AT)


def _message() -> Message:
    (recipient,) = Directory(file_json(), DISTRICTS).recipients(reminder())
    return render(reminder(), recipient, official_calendar())
