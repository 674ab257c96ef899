"""Programs that belong together start together and end together."""

import os
from pathlib import Path

from deploy.guarded import Command, Guarded, last_lines
from tests.deploy.processes import ended, members, needs_proc

pytestmark = needs_proc


def _shell(folder: Path, script: str) -> Command:
    return Command(("/bin/sh", "-c", script), folder, {"WORD": "土地"})


def test_when_one_ends_the_others_end_too_and_its_code_is_told(tmp_path: Path) -> None:
    log = tmp_path / "log"
    running = Guarded(
        [_shell(tmp_path, "sleep 60"), _shell(tmp_path, 'echo "$WORD"; exit 7')], log=log, grace=1
    )
    assert running.wait() == 7
    assert not running.running()
    assert ended(running.group)
    assert last_lines(log) == "土地"
    running.stop()


def test_what_a_program_started_ends_with_it(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    os.mkfifo(ready)
    running = Guarded([_shell(tmp_path, f"sleep 60 & echo up >{ready}; wait")], log=None, grace=0)
    ready.read_text()
    assert len(members(running.group)) == 3
    running.stop()
    assert not running.running()
    assert ended(running.group)


def test_a_program_that_will_not_listen_is_killed(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    os.mkfifo(ready)
    running = Guarded(
        [_shell(tmp_path, f"trap '' TERM; echo up >{ready}; while :; do sleep 1; done")],
        log=None,
        grace=0.2,
        discard=[tmp_path / "kept"],
    )
    ready.read_text()
    (tmp_path / "kept").mkdir()
    running.stop()
    assert not running.running()
    assert not (tmp_path / "kept").exists()


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    log = tmp_path / "log"
    running = Guarded([Command(("/no/such/program",), tmp_path)], log=log, grace=0)
    assert running.wait() != 0
    assert "/no/such/program" in last_lines(log)
    running.stop()
