"""What the registry keeps, and that nothing in it is erased or doubled."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from activities.registry import (
    AlreadyAdmitted,
    EntryConflict,
    Registry,
    RegistryUnusable,
    UnknownCase,
)
from activities.registry.opening import HEAD, MIGRATIONS, connect
from activities.registry.tables import Base
from tests.activities.samples import (
    AT,
    CASE,
    DISTRICTS,
    TOWNSHIPS,
    admit,
    corrected,
    duty,
    entry,
    file_json,
    notice,
    posting,
    records,
    whole,
)


def test_models_and_migrations_agree(url: str) -> None:
    Registry.open(url).close()
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert context.get_current_revision() == HEAD
    engine.dispose()
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(settings).get_heads() == [HEAD]


def test_opening_an_up_to_date_registry_is_quick(url: str) -> None:
    Registry.open(url).close()
    times = []
    for _ in range(5):
        start = time.perf_counter()
        Registry.open(url).close()
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05


def test_sqlite_waits_checks_and_writes_ahead(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/registry.sqlite"
    Registry.open(address).close()
    engine = connect(address)
    with engine.connect() as connection:
        settings = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
        }
    engine.dispose()
    normal = 1
    assert settings == {
        "journal_mode": "wal",
        "busy_timeout": 30_000,
        "foreign_keys": 1,
        "synchronous": normal,
    }


@pytest.mark.parametrize(
    "address",
    ["sqlite://", "sqlite:///:memory:", "mysql://127.0.0.1/x", "nonsense", "no-such://x"],
)
def test_an_address_without_a_registry_is_refused_in_words(address: str) -> None:
    with pytest.raises(RegistryUnusable, match="登记簿"):
        Registry.open(address)


def test_a_file_that_is_no_registry_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("不是数据库" * 1000)
    with pytest.raises(RegistryUnusable, match="无法打开"):
        Registry.open(f"sqlite:///{tmp_path}/letter.txt")
    with pytest.raises(RegistryUnusable, match="文件夹"):
        Registry.open(f"sqlite:///{tmp_path}/letter.txt/registry.sqlite")


def test_a_registry_of_a_newer_program_is_left_alone(url: str) -> None:
    Registry.open(url).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(RegistryUnusable, match="更新版本"):
        Registry.open(url)


def test_a_case_is_admitted_once_with_one_file(registry: Registry) -> None:
    admit(registry)
    admit(registry)
    (found,) = registry.cases()
    assert found == registry.case(CASE)
    assert (found.districts, found.townships) == (DISTRICTS, TOWNSHIPS)
    assert (found.status, found.stage, found.number) == ("admitted", 0, CASE)
    assert registry.file(CASE) == file_json()
    with pytest.raises(AlreadyAdmitted, match=CASE):
        registry.admit(CASE, "另一项目", "{}", "b" * 64, (), (), CASE, AT)
    assert registry.case(CASE) == found


def test_admitting_again_does_not_undo_what_was_recorded(registry: Registry) -> None:
    admit(registry)
    registry.record(records())
    before = whole(registry)
    admit(registry)
    assert whole(registry) == before


def test_an_unknown_case_is_named(registry: Registry) -> None:
    for ask in (registry.case, registry.file):
        with pytest.raises(UnknownCase, match="WZ-NO"):
            ask("WZ-NO")
    with pytest.raises(UnknownCase, match=CASE):
        registry.record(records())


def test_what_is_recorded_comes_back_as_it_was(registry: Registry) -> None:
    admit(registry)
    change = records()
    registry.record(change)
    found = registry.case(CASE)
    assert (found.stage, found.status, found.updated_at) == (1, "running", change.case.updated_at)
    assert registry.entries(CASE) == (entry("e-1"),)
    assert registry.entry(CASE, "e-1") == entry("e-1")
    assert registry.entry(CASE, "e-9") is None
    assert registry.notices(CASE) == (notice(),)
    assert set(registry.postings(CASE)) == set(change.postings)
    assert set(registry.duties(CASE)) == set(change.duties)


def test_moments_come_back_in_utc(registry: Registry) -> None:
    admit(registry)
    registry.record(records())
    assert registry.case(CASE).updated_at.tzinfo is UTC
    naive = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - the very thing refused
    with pytest.raises(Exception, match="time zone"):
        registry.admit("WZ-X", "某", "{}", "c" * 64, (), (), "WZ-X", naive)


def test_recording_twice_leaves_the_same_rows(registry: Registry) -> None:
    admit(registry)
    for change in (records(), corrected()):
        registry.record(change)
        once = whole(registry)
        registry.record(change)
        assert whole(registry) == once


def test_a_correction_erases_nothing(registry: Registry) -> None:
    admit(registry)
    registry.record(records())
    registry.record(corrected())
    assert registry.notices(CASE) == (notice(edition=2),)
    assert registry.notices(CASE, current=False) == (notice(edition=1),)
    assert registry.postings(CASE) == (posting("portal"),)
    assert registry.postings(CASE, current=False) == (posting("township:nanhui"),)
    assert {found.duty_id: found.state for found in registry.duties(CASE)} == {
        "d-1": "met",
        "d-2": "cancelled",
    }
    assert [found.entry_id for found in registry.entries(CASE)] == ["e-1", "e-2"]


def test_what_returns_after_a_correction_is_current_again(registry: Registry) -> None:
    admit(registry)
    registry.record(records())
    registry.record(corrected())
    registry.record(records(minutes=9, entry=None))
    assert registry.notices(CASE) == (notice(edition=1),)
    assert len(registry.postings(CASE)) == 2
    assert {found.state for found in registry.duties(CASE)} == {"open"}


def test_an_accepted_command_is_never_rewritten(registry: Registry) -> None:
    admit(registry)
    registry.record(records())
    before = whole(registry)
    for other in (
        replace(entry("e-1"), values="{}"),
        replace(entry("e-1"), evidence=()),
        replace(entry("e-1"), occurred_on=date(2026, 11, 21)),
    ):
        with pytest.raises(EntryConflict, match="e-1"):
            registry.record(records(minutes=7, entry=other, duties=()))
        assert whole(registry) == before


def test_a_command_taken_in_again_later_keeps_its_first_moment(registry: Registry) -> None:
    """A worker that dies before the case knows of the entry leaves it to the next one."""
    admit(registry)
    registry.record(records())
    again = replace(entry("e-1"), accepted_at=entry("e-1").accepted_at + timedelta(seconds=10))
    registry.record(records(minutes=7, entry=again))
    assert registry.entries(CASE) == (entry("e-1"),)


def test_a_change_arriving_late_adds_its_entry_and_undoes_nothing(registry: Registry) -> None:
    admit(registry)
    registry.record(corrected())
    before = whole(registry)
    registry.record(records())
    assert [found.entry_id for found in registry.entries(CASE)] == ["e-1", "e-2"]
    assert whole(registry)[0] == before[0]
    assert whole(registry)[2:] == before[2:]


@pytest.fixture
def several(registry: Registry) -> Registry:
    """Two cases; the first touches both townships, the second 郭溪街道 only."""
    admit(registry)
    registry.admit("WZ-OH-2", "二", file_json(), "d" * 64, ("瓯海区",), ("郭溪街道",), "W2", AT)
    day = date(2026, 12, 1)
    registry.record(
        records(
            duties=(
                duty("late", last_day=day, state="overdue"),
                duty("due", last_day=day + timedelta(days=1)),
                duty("met", last_day=day - timedelta(days=9), state="met"),
                duty("wide", last_day=day + timedelta(days=2), township=None),
            )
        )
    )
    registry.record(
        records(
            "WZ-OH-2",
            duties=(
                duty("other", "WZ-OH-2", last_day=day, township="郭溪街道"),
                duty("wide", "WZ-OH-2", last_day=day + timedelta(days=3), township=None),
            ),
        )
    )
    return registry


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["met", "late", "other", "due", "wide", "wide"]),
        ({"open_only": True}, ["late", "other", "due", "wide", "wide"]),
        ({"overdue_on": date(2026, 12, 1)}, []),
        ({"overdue_on": date(2026, 12, 2)}, ["late", "other"]),
        ({"overdue_on": date(2026, 12, 2), "case_id": CASE}, ["late"]),
        ({"township": "南汇街道", "open_only": True}, ["late", "due", "wide"]),
        ({"township": "郭溪街道"}, ["other", "wide", "wide"]),
        ({"township": "没有街道"}, []),
        ({"case_id": "WZ-OH-2"}, ["other", "wide"]),
    ],
)
def test_duties_are_asked_for_and_come_by_last_day(
    several: Registry, asked: dict[str, object], found: list[str]
) -> None:
    assert [row.duty_id for row in several.duties(**asked)] == found  # type: ignore[arg-type]
