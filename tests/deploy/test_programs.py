"""Which server a machine can run, and what is said when it can run none."""

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from deploy.configuration import (
    TIME_SKIPPING,
    development_server_arguments,
    dynamic_values,
    free_ports,
)
from deploy.go_build import SERVER, WEB_UI, BuildError, build, go_available, go_version
from deploy.programs import (
    DevelopmentServer,
    ProductionServer,
    ServerUnavailableError,
    at_hand,
    downloaded,
)
from deploy.progress import Report
from deploy.provision import prepare
from deploy.settings import REPOSITORY
from deploy.temporal_cli import skips_time


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with neither Go nor the Temporal CLI, its network cut; the cache is empty."""
    tools = tmp_path / "tools"
    tools.mkdir()
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("LAND_OFFLINE", "true")
    monkeypatch.delenv("TEMPORAL_ADDRESS", raising=False)
    return tmp_path


def _program(file: Path, says: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\necho '{says}'\n")
    file.chmod(0o755)
    return file


@pytest.mark.parametrize(
    ("version", "enough"),
    [
        ("temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)", True),
        ("temporal version 1.9.0 (Server 1.32.0, UI 2.53.0)", True),
        ("temporal version 1.10.0 (Server 1.33.2, UI 2.55.0)", True),
        ("temporal version 2.0.0 (Server 2.0.0, UI 3.0.0)", True),
        ("temporal version 0.0.0-DEV (Server 1.32.0, UI 2.54.1)", True),
        ("temporal version 1.8.2 (Server 1.31.0, UI 2.50.0)", False),
        ("temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)", False),
        ("temporal version 0.0.0-DEV (Server 1.31.4, UI 2.54.1)", False),
        ("temporal version 1.9.1", True),
        ("temporal version 1.8.9", False),
        ("", False),
        ("command not found", False),
    ],
)
def test_a_cli_counts_when_its_server_skips_time(version: str, enough: bool) -> None:
    assert skips_time(version) is enough


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("go1.26.8", (1, 26, 8)),
        ("go1.27", (1, 27, 0)),
        ("go1.26rc1", (1, 26, 0)),
        ("devel +abc", None),
    ],
)
def test_go_tells_its_version(text: str, version: tuple[int, int, int] | None) -> None:
    assert go_version(text) == version


def test_a_cli_on_the_path_comes_before_what_was_built(bare: Path) -> None:
    cache = bare / "cache"
    built = ProductionServer(
        _program(SERVER.place(cache), "server"), _program(WEB_UI.place(cache), "ui")
    )
    assert at_hand(cache) == built
    fetched = _program(downloaded(cache), "temporal version 1.9.1 (Server 1.32.0)")
    assert at_hand(cache) == DevelopmentServer(fetched)
    old = _program(bare / "tools" / "temporal", "temporal version 1.5.1 (Server 1.29.1)")
    assert at_hand(cache) == DevelopmentServer(fetched)
    _program(old, "temporal version 1.9.1 (Server 1.32.0)")
    assert at_hand(cache) == DevelopmentServer(old)


def test_a_server_without_its_web_ui_is_only_half_built(bare: Path) -> None:
    _program(SERVER.place(bare), "server")
    assert at_hand(bare) is None


async def test_what_to_install_is_said_in_one_sentence(bare: Path) -> None:
    with pytest.raises(ServerUnavailableError) as refusal:
        await prepare(cache=bare / "cache", offline=True, report=Report())
    sentence = str(refusal.value)
    assert sentence.count("。") == 1
    assert sentence.endswith("。")
    for way_out in ("Temporal CLI 1.9", "Go 1.26.8", "TEMPORAL_ADDRESS"):
        assert way_out in sentence


def test_a_command_without_a_server_ends_with_four_and_that_sentence(bare: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "deploy.server", "prepare"],
        cwd=REPOSITORY,
        env={**os.environ, "XDG_CACHE_HOME": str(bare / "cache")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (answer.returncode, answer.stdout) == (4, "")
    assert answer.stderr.count("\n") == 1
    assert answer.stderr.startswith("没有可用的 Temporal 服务器")


def test_a_build_that_fails_leaves_nothing_and_says_why(bare: Path) -> None:
    cache = bare / "cache"
    go = bare / "tools" / "go"
    go.write_text("#!/bin/sh\necho 'go: module lookup disabled' >&2\nexit 1\n")
    go.chmod(0o755)
    with pytest.raises(BuildError, match="module lookup disabled"):
        build(WEB_UI, cache, go=str(go), offline=True, report=Report(), given_up=Event())
    assert [file.name for file in cache.iterdir()] == [f"temporal-ui-{WEB_UI.version}.lock"]


def test_a_build_that_is_given_up_leaves_nothing(bare: Path) -> None:
    cache = bare / "cache"
    go = bare / "tools" / "go"
    go.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    go.chmod(0o755)
    given_up = Event()
    given_up.set()
    with pytest.raises(BuildError, match="中止"):
        build(WEB_UI, cache, go=str(go), offline=True, report=Report(), given_up=given_up)
    assert not WEB_UI.place(cache).parent.exists()


def test_an_old_go_that_fetches_nothing_newer_does_not_count(bare: Path) -> None:
    go = bare / "tools" / "go"
    for said, counts in [
        ("go1.26.8\nlocal", True),
        ("go1.22.0\nauto", True),
        ("go1.22.0\nlocal", False),
        ("go1.20.0\nauto", False),
    ]:
        _program(go, said)
        assert (go_available() is not None) is counts, said


def test_the_cli_takes_dynamic_values_as_json() -> None:
    arguments = development_server_arguments(
        Path("temporal"),
        database=Path("temporal.db"),
        ports=free_ports(),
        namespace="land-acquisition",
        ui=False,
        virtual_time=True,
    )
    given = dict(
        argument.removeprefix("--dynamic-config-value=").split("=", 1)
        for argument in arguments
        if argument.startswith("--dynamic-config-value=")
    )
    read = {key: json.loads(value) for key, value in given.items()}
    assert read == dynamic_values(virtual_time=True)
    assert read[TIME_SKIPPING] is True
