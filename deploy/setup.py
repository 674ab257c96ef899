"""Set-up on a fresh machine: every package as locked, and a Temporal server to run cases on.

Only the standard library, and any Python from 3.11 on. A second run finds its stamp and is done.
    python -m deploy.setup                both
    python -m deploy.setup environment    the packages only
"""

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from deploy.interpreter import EXIT_BAD_INPUT, REPOSITORY, project_python
from deploy.programs import at_hand, cache_folder
from deploy.progress import Report

NO_NETWORK = re.compile(
    r"NewConnectionError|Failed to establish|Name or service not known|Temporary failure"
    r"|ConnectTimeout|ReadTimeout|Max retries exceeded|No matching distribution|SSLError"
)


class SetupError(Exception):
    """Set-up cannot go on; the message is one Chinese sentence with the way out."""


def _stamp(lock: Path) -> str:
    # The folder is part of it: a virtual environment does not survive being moved.
    parts = [sys.version, str(lock.parent), lock.read_text(encoding="utf-8")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def set_up(repository: Path = REPOSITORY, report: Report | None = None) -> None:
    """Make `repository`/.venv what requirements.lock says. Raises SetupError."""
    lock = repository / "requirements.lock"
    environment = repository / ".venv"
    stamp = environment / ".stamp"
    wanted = _stamp(lock)
    if _read(stamp) == wanted:
        return
    repository.joinpath("var").mkdir(exist_ok=True)
    with (repository / "var" / "setup.lock").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        if _read(stamp) == wanted:
            return
        stamp.unlink(missing_ok=True)
        report = report or Report()
        report.begin("首次使用：正在建立运行环境 .venv …")
        _create(environment)
        _install(project_python(repository), lock, report)
        # The Makefile asks this one first, instead of trying names again.
        (environment / ".interpreter").write_text(f"{_base()}\n", encoding="utf-8")
        stamp.write_text(wanted, encoding="ascii")
        report.say("运行环境已就绪")


def _read(stamp: Path) -> str | None:
    try:
        return stamp.read_text(encoding="ascii")
    except OSError:
        return None


def _create(environment: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        raise SetupError("这个 Python 缺少 venv：请安装 python3-venv（或完整的 Python）后重试。")
    try:
        venv.EnvBuilder(clear=True, with_pip=True, symlinks=True).create(environment)
    except (OSError, subprocess.CalledProcessError) as error:
        shutil.rmtree(environment, ignore_errors=True)
        raise SetupError(f"不能建立运行环境 {environment}：{error}。") from error


def _install(python: Path, lock: Path, report: Report) -> None:
    arguments = ["install", "--disable-pip-version-check", "--require-hashes", "-r", str(lock)]
    lines = []
    with subprocess.Popen(
        [python, "-m", "pip", *arguments, "--progress-bar", "off", "--no-input"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.rstrip())
            report.tick(line.strip())
    if process.returncode == 0:
        return
    said = "\n".join(lines)
    report.say("\n".join(lines[-8:]))
    if "DO NOT MATCH THE HASHES" in said:
        raise SetupError("下载的软件包与 requirements.lock 的校验值不符，已停止安装（见上）。")
    if NO_NETWORK.search(said):
        raise SetupError("不能下载软件包：请检查网络，或在 pip 的设置中指明可用的软件源后重试。")
    raise SetupError("安装软件包失败（见上）。")


def _base() -> str:
    # The interpreter itself: a name on PATH may be a wrapper that takes its time.
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def prepare_server(repository: Path = REPOSITORY) -> int:
    """Fetch or build a Temporal server unless one is at hand; 0, or 4 where there is none."""
    if os.environ.get("TEMPORAL_ADDRESS") or at_hand(cache_folder()) is not None:
        return 0
    command = [str(project_python(repository)), "-m", "deploy.server", "prepare"]
    return subprocess.run(command, cwd=repository, check=False).returncode


def main(arguments: list[str]) -> int:
    """Set up this clone; 2 with one sentence where it cannot be, 4 where no server is to be had."""
    try:
        set_up()
        return 0 if arguments == ["environment"] else prepare_server()
    except SetupError as error:
        print(error, file=sys.stderr)
        return EXIT_BAD_INPUT
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
