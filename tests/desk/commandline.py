"""Runs the bureau's commands as a person does: as a program, or, quicker, as the program's inside.

The inside runs on a thread of its own, since a command line brings its own event loop.
"""

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.settings import REPOSITORY
from desk import entry

EXAMPLE = REPOSITORY / "examples" / "one-village.yaml"


@dataclass(frozen=True)
class Said:
    """What came of one command line."""

    code: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Office:
    """One desk: the environment in which its commands run."""

    environment: Mapping[str, str]

    def program(self, *arguments: str | Path) -> Said:
        """One command line as a program of its own: `starter.py` with all that it loads."""
        result = subprocess.run(
            [sys.executable, "starter.py", *map(str, arguments)],
            cwd=REPOSITORY,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return Said(result.returncode, result.stdout, result.stderr)

    def run(self, *arguments: str | Path) -> Said:
        """One command line within this process: the same, but for the start of an interpreter."""
        out, err = io.StringIO(), io.StringIO()
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            ThreadPoolExecutor(1) as thread,
        ):
            for name, value in self.environment.items():
                patch.setenv(name, value)
            code = thread.submit(entry.run, [str(each) for each in arguments]).result(60)
        return Said(code, out.getvalue(), err.getvalue())

    def done(self, *arguments: str | Path) -> str:
        """What a command prints that must end with 0."""
        said = self.run(*arguments)
        assert said.code == 0, said.stderr
        return said.stdout

    def refused(self, code: int, *arguments: str | Path) -> str:
        """What a command says on stderr that must end with `code`."""
        said = self.run(*arguments)
        assert said.code == code, said.stdout + said.stderr
        return said.stderr


def environment(folder: Path, **more: str) -> dict[str, str]:
    """An environment whose registry, outbox and office's papers lie in `folder`."""
    return {
        "LAND_REGISTRY_URL": f"sqlite:///{folder / 'registry.db'}",
        "LAND_OUTBOX": str(folder / "outbox"),
        "LAND_FEEDS": str(folder / "feeds"),
        "LAND_OFFICE": str(folder / "office"),
        **more,
    }
