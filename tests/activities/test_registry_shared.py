"""The registry under several threads and processes at once, and under kill -9."""

import shutil
import signal
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from activities.registry import AlreadyAdmitted, Registry
from activities.registry.opening import connect, migrate
from case.records import Records
from tests.activities.dying import die_at, forked
from tests.activities.samples import (
    AT,
    CASE,
    admit,
    corrected,
    entry,
    file_json,
    records,
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


def _record_and_die(url: str, change: Records, statement: int) -> None:
    engine = connect(url)
    die_at(statement, engine)
    Registry(engine).record(change)


def _migrate_and_die(url: str, statement: int) -> None:
    engine = connect(url)
    die_at(statement, engine)
    migrate(engine)


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
        ended = forked(_record_and_die, url, corrected(), statement)
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
        ended = forked(_migrate_and_die, url, statement)
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
