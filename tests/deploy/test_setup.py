"""Set-up on a fresh machine: what is locked, what is said when something is missing."""

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from deploy.interpreter import project_python
from deploy.progress import Report
from deploy.settings import REPOSITORY
from deploy.setup import SetupError, set_up

LOCK = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")


def _project(text: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~;\[ ]", text)[0]).lower()


def test_the_lock_names_every_dependency() -> None:
    locked = {_project(line) for line in LOCK.splitlines() if line[:1].isalpha()}
    declared = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = declared["dependencies"] + declared["optional-dependencies"]["development"]
    assert {_project(name) for name in wanted} - locked == set()


def test_every_locked_package_has_a_hash_and_none_has_a_place() -> None:
    packages = re.split(r"^(?=[a-z])", LOCK, flags=re.MULTILINE)[1:]
    assert len(packages) > 30
    for package in packages:
        assert re.match(r"[a-z0-9-]+==\S+", package), package
        assert "--hash=sha256:" in package, package
    assert not re.search(r"://|--(index|extra-index|find-links|trusted)", LOCK)


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A clone with nothing to install, so that no network is needed."""
    (tmp_path / "requirements.lock").write_text("# nothing\n")
    return tmp_path


def test_a_second_run_finds_everything_done(
    fresh: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(fresh, Report(sys.stdout))
    assert "运行环境已就绪" in capsys.readouterr().out
    python = project_python(fresh)
    answer = subprocess.check_output([python, "-c", "import sys; print(sys.prefix)"], text=True)
    assert Path(answer.strip()).resolve() == (fresh / ".venv").resolve()
    interpreter = (fresh / ".venv" / ".interpreter").read_text(encoding="utf-8").strip()
    assert Path(interpreter).exists()
    assert fresh.resolve() not in Path(interpreter).parents
    set_up(fresh, Report(sys.stdout))
    assert capsys.readouterr().out == ""


def test_a_python_without_venv_is_told_so(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SetupError, match="python3-venv"):
        set_up(fresh)


def test_a_set_up_that_fails_says_why_and_does_not_pass_for_done(
    fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (fresh / ".venv").mkdir()
    (fresh / ".venv" / ".stamp").write_text("of another lock")
    (fresh / "requirements.lock").write_text(f"nothing==1 --hash=sha256:{'0' * 64}\n")
    # A registry on this machine at which nobody listens.
    for name, value in {"INDEX_URL": "http://127.0.0.1:1/", "RETRIES": "0"}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    for name in ("FIND_LINKS", "EXTRA_INDEX_URL", "NO_INDEX"):
        monkeypatch.delenv(f"PIP_{name}", raising=False)
    # A configuration file of the user's could add registries to that one.
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    with pytest.raises(SetupError, match="请检查网络"):
        set_up(fresh)
    assert not (fresh / ".venv" / ".stamp").exists()


def _start(repository: Path, *options: str) -> subprocess.CompletedProcess[str]:
    script = repository / "start.py"
    script.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(REPOSITORY)!r})\n"
        "from pathlib import Path\n"
        "from deploy.interpreter import use_project_interpreter\n"
        f"use_project_interpreter(Path({str(repository)!r}))\n"
        "print('here', sys.prefix)\n",
        encoding="utf-8",
    )
    return subprocess.run(
        [sys.executable, *options, str(script), "todo", "--late"],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_command_goes_over_to_the_projects_python(tmp_path: Path) -> None:
    python = project_python(tmp_path)
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho over "$@"\n')
    python.chmod(0o755)
    (tmp_path / ".venv" / ".stamp").write_text("")
    answer = _start(tmp_path)
    assert answer.stdout == f"over {tmp_path / 'start.py'} todo --late\n"


def test_a_command_stays_where_all_it_needs_is_installed(tmp_path: Path) -> None:
    assert _start(tmp_path).stdout.startswith("here ")


def test_a_command_before_set_up_says_one_sentence(tmp_path: Path) -> None:
    # -S leaves out everything that was ever installed.
    answer = _start(tmp_path, "-S")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr == "运行环境尚未就绪，请先运行 make setup。\n"


def test_the_makefile_tells_an_older_python(tmp_path: Path) -> None:
    answer = subprocess.run(
        ["make", "setup", "PYTHON="], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert answer.returncode != 0
    assert "需要 Python 3.11 或更新版本" in answer.stderr
