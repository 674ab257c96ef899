"""Builds Temporal's production server and Web UI from their Go modules, once.

For machines without the Temporal CLI that reach a Go module proxy: the programs are the very
ones that production runs, unmodified.
"""

import fcntl
import os
import queue
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.progress import Report

OLDEST_GO = (1, 26, 8)
# From this one on Go fetches the newer one that a module asks for.
OLDEST_GO_FETCHING_NEWER = (1, 21, 0)


@dataclass(frozen=True)
class GoProgram:
    """A program published as a Go module."""

    title: str
    name: str
    package: str
    version: str
    usual_time: str

    def place(self, cache: Path) -> Path:
        """Where it is kept once built."""
        return cache / f"{self.name}-{self.version}" / self.package.rsplit("/", 1)[-1]


SERVER = GoProgram(
    "Temporal 服务器", "temporal-server", "go.temporal.io/server/cmd/server", "v1.32.1", "约 5 分钟"
)
WEB_UI = GoProgram(
    "Temporal 网页界面",
    "temporal-ui",
    "github.com/temporalio/ui-server/v2/cmd/server",
    "v2.54.1",
    "约 1 分钟",
)


class BuildError(Exception):
    """A build that failed, with the last lines the compiler said."""


def go_version(text: str) -> tuple[int, int, int] | None:
    """The version in `go env GOVERSION`; None where it is not a released one."""
    found = re.search(r"\bgo(\d+)\.(\d+)(?:\.(\d+))?", text)
    return None if found is None else (int(found[1]), int(found[2]), int(found[3] or 0))


def go_available() -> str | None:
    """The Go command, if it is new enough or fetches what it lacks."""
    go = shutil.which("go")
    if go is None:
        return None
    try:
        answer = subprocess.run(
            [go, "env", "GOVERSION", "GOTOOLCHAIN"],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
            cwd=tempfile.gettempdir(),
        ).stdout.splitlines()
    except (OSError, subprocess.SubprocessError):
        return None
    version = go_version(answer[0]) if answer else None
    if version is None:
        return None
    fetches = version >= OLDEST_GO_FETCHING_NEWER and any("auto" in line for line in answer[1:])
    return go if version >= OLDEST_GO or fetches else None


@contextmanager
def _alone(lock: Path, report: Report) -> Iterator[None]:
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report.say("另一个进程正在准备同一程序，等它完成 …")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def build(
    program: GoProgram,
    cache: Path,
    *,
    go: str,
    offline: bool,
    report: Report,
    given_up: threading.Event,
) -> Path:
    """Return the program's file in `cache`, built first if it is not there yet.

    Two processes never build the same program at once, and a build that is interrupted, as it
    is within a second of `given_up` being set, leaves nothing. Raises BuildError.
    """
    place = program.place(cache)
    if place.exists():
        return place
    with _alone(cache / f"{program.name}-{program.version}.lock", report):
        if place.exists():
            return place
        report.begin(
            f"首次使用：正在编译 {program.title} {program.version}"
            f"（{program.usual_time}，以后不再需要）"
        )
        with tempfile.TemporaryDirectory(dir=cache, prefix=f"{program.name}.") as folder:
            target = Path(folder) / "bin"
            _install(program, target, go=go, offline=offline, report=report, given_up=given_up)
            place.parent.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(place.parent, ignore_errors=True)
            target.replace(place.parent)
        report.say(f"{program.title} {program.version} 已就绪")
    return place


def _install(
    program: GoProgram,
    target: Path,
    *,
    go: str,
    offline: bool,
    report: Report,
    given_up: threading.Event,
) -> None:
    environment = {**os.environ, "GOBIN": str(target), "GO111MODULE": "on", "GOWORK": "off"}
    if offline:
        environment["GOPROXY"] = "off"
    with subprocess.Popen(
        [go, "install", "-v", f"{program.package}@{program.version}"],
        cwd=target.parent,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        # A group of its own, so that the compilers it starts can be stopped with it.
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        said: queue.Queue[str | None] = queue.Queue()
        listener = threading.Thread(target=_listen, args=(process.stdout, said), daemon=True)
        listener.start()
        try:
            lines = _follow(said, report, given_up)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        if process.wait() != 0:
            raise BuildError("\n".join(lines[-5:]))


def _listen(stream: Iterator[str], said: "queue.Queue[str | None]") -> None:
    for line in stream:
        said.put(line.rstrip())
    said.put(None)


def _follow(
    said: "queue.Queue[str | None]", report: Report, given_up: threading.Event
) -> list[str]:
    lines: list[str] = []
    compiled = 0
    doing = "正在下载模块"
    while True:
        if given_up.is_set():
            raise BuildError("编译已中止。")
        try:
            line = said.get(timeout=1.0)
        except queue.Empty:
            # The last step, linking, says nothing for a while: the clock still moves.
            report.tick(doing)
            continue
        if line is None:
            return lines
        lines.append(line)
        if line.startswith("go: "):
            doing = f"下载 {line.removeprefix('go: downloading ')}"
        else:
            compiled += 1
            doing = f"已编译 {compiled} 个包，正在编译 {line}"
        report.tick(doing)
