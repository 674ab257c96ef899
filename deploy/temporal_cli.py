"""The Temporal CLI, whose development server runs a case without installing anything else.

It serves when it can skip a workflow's waiting time: its server must be 1.32 or newer, as it is
from CLI 1.9 on.
"""

import re
import shutil
import subprocess
from pathlib import Path

VERSION = "v1.9.1"
OLDEST_CLI = (1, 9)
OLDEST_SERVER = (1, 32)


def skips_time(version: str) -> bool:
    """Whether the CLI that prints `version` for `--version` has a server with virtual time.

    The server's version counts where it is named; a CLI built by hand has none of its own.
    """
    server = re.search(r"[Ss]erver v?(\d+)\.(\d+)", version)
    if server is not None:
        return (int(server[1]), int(server[2])) >= OLDEST_SERVER
    own = re.search(r"(\d+)\.(\d+)", version)
    return own is not None and (int(own[1]), int(own[2])) >= OLDEST_CLI


def usable(program: Path) -> bool:
    """Whether `program` runs here and is a Temporal CLI new enough."""
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and skips_time(answer.stdout)


def installed() -> Path | None:
    """The Temporal CLI on PATH, if it is new enough."""
    found = shutil.which("temporal")
    return Path(found) if found is not None and usable(Path(found)) else None
