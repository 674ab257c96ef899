"""Where the settings come from: the environment, else a running `make dev`, else defaults."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import settings
from deploy.settings import DevNote, load


@pytest.fixture
def note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of `make dev`'s note, empty; nothing is set in the environment."""
    for name in list(os.environ):
        if name.startswith(("LAND_", "TEMPORAL_")):
            monkeypatch.delenv(name)
    place = tmp_path / "dev.json"
    monkeypatch.setattr(settings, "DEV_NOTE", place)
    return place


def _running(pid: int) -> DevNote:
    return DevNote(
        pid=pid,
        address="127.0.0.1:4000",
        namespace="land-acquisition",
        ui="http://127.0.0.1:4001",
        registry="sqlite:////srv/registry.db",
        outbox="/srv/outbox",
    )


def test_defaults_stay_in_the_repository(note: Path) -> None:
    found = load()
    assert found.temporal_address == "127.0.0.1:7233"
    assert found.namespace == found.task_queue == "land-acquisition"
    assert found.registry_url == f"sqlite:///{settings.VAR / 'registry.db'}"
    assert found.outbox == settings.VAR / "outbox"
    assert found.ui_link("case-1") is None


def test_a_running_dev_server_is_found(note: Path) -> None:
    _running(os.getpid()).write()
    found = load()
    assert found.temporal_address == "127.0.0.1:4000"
    assert found.registry_url == "sqlite:////srv/registry.db"
    assert found.outbox == Path("/srv/outbox")
    assert found.ui_link("case-1") == (
        "http://127.0.0.1:4001/namespaces/land-acquisition/workflows/case-1"
    )


def test_a_given_address_silences_the_dev_server_altogether(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _running(os.getpid()).write()
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:5000")
    found = load()
    assert found.temporal_address == "127.0.0.1:5000"
    assert found.ui_url is None
    assert found.outbox == settings.VAR / "outbox"


def test_one_value_that_is_set_beats_the_dev_server(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _running(os.getpid()).write()
    monkeypatch.setenv("LAND_OUTBOX", "/elsewhere")
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "other")
    found = load()
    assert (found.outbox, found.namespace) == (Path("/elsewhere"), "other")
    assert found.temporal_address == "127.0.0.1:4000"


def test_the_note_of_a_dev_server_that_was_killed_is_ignored(note: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    _running(ended.pid).write()
    assert load().temporal_address == "127.0.0.1:7233"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}'])
def test_a_note_that_cannot_be_read_is_ignored(note: Path, text: str) -> None:
    note.write_text(text)
    assert load().temporal_address == "127.0.0.1:7233"


def test_what_is_passed_in_beats_the_environment(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:5000")
    assert settings.Settings(temporal_address="127.0.0.1:6000").temporal_address == (
        "127.0.0.1:6000"
    )
