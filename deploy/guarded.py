"""Programs that run while this process does: the Temporal server, its Web UI, the worker.

Each group of them is started by a guard (guard.py) in a process group of its own, so that none
is left behind however this process ends.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

GUARD = Path(__file__).with_name("guard.py")


@dataclass(frozen=True)
class Command:
    """One program: its arguments, the folder it runs in, what it finds in its environment."""

    arguments: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)


class Guarded:
    """Programs that are running, together; they end together."""

    def __init__(
        self,
        commands: Sequence[Command],
        *,
        log: Path | None,
        grace: float,
        discard: Sequence[Path] = (),
    ) -> None:
        """Start them.

        Their output is added to `log` (None: this process's own output). When they are to end
        they have `grace` seconds to do so themselves (0: none), then the folders named
        `discard` are deleted.
        """
        self._grace = grace
        self._discard = tuple(discard)
        request = json.dumps(
            [
                {
                    "arguments": command.arguments,
                    "folder": str(command.folder),
                    "environment": dict(command.environment),
                }
                for command in commands
            ]
        )
        with contextlib.ExitStack() as files:
            output = None if log is None else files.enter_context(log.open("ab"))
            self._guard = subprocess.Popen(
                # Isolated: the guard needs nothing that a user's environment could change.
                [sys.executable, "-I", str(GUARD), str(grace), *map(str, discard)],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=None if output is None else subprocess.STDOUT,
                start_new_session=True,
            )
        assert self._guard.stdin is not None
        self._guard.stdin.write(request.encode() + b"\n")
        self._guard.stdin.flush()

    @property
    def group(self) -> int:
        """The id of the process group they run in."""
        return self._guard.pid

    def running(self) -> bool:
        """Whether all of them still run."""
        return self._guard.poll() is None

    def wait(self) -> int:
        """Wait until one of them has ended by itself, and so all; return its exit code."""
        return self._guard.wait()

    def stop(self) -> None:
        """End all of them and wait until they have gone; harmless when they have already."""
        assert self._guard.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._guard.stdin.close()
        try:
            self._guard.wait(self._grace + 10)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._guard.pid, signal.SIGKILL)
            self._guard.wait()
        for folder in self._discard:
            shutil.rmtree(folder, ignore_errors=True)


def last_lines(log: Path, count: int = 15, width: int = 300) -> str:
    """The end of a log, each line cut to `width` characters; empty when there is none."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(line[:width] for line in lines[-count:])
