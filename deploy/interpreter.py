"""Hands a command over to the project's own Python, so that `python starter.py` just works.

Only the standard library: it runs before anything that `make setup` installs can be imported.
"""

import importlib.util
import os
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
NEEDED = ("alembic", "chinese_calendar", "click", "pydantic_settings", "rich", "temporalio")
EXIT_BAD_INPUT = 2


def project_python(repository: Path = REPOSITORY) -> Path:
    """The interpreter of the project's virtual environment, whether or not it exists yet."""
    if os.name == "nt":
        return repository / ".venv" / "Scripts" / "python.exe"
    return repository / ".venv" / "bin" / "python"


def use_project_interpreter(repository: Path = REPOSITORY) -> None:
    """Continue in the project's virtual environment, or with this Python if it has all it needs.

    Call it before importing anything that is not in the standard library. Where neither is so it
    prints one sentence and leaves with exit code 2.
    """
    environment = repository / ".venv"
    if Path(sys.prefix).resolve() == environment.resolve():
        return
    python = project_python(repository)
    # The stamp is the last thing that set-up writes: without it the environment may be half-made.
    if python.exists() and (environment / ".stamp").exists():
        os.execv(python, [str(python), *sys.orig_argv[1:]])
    if any(importlib.util.find_spec(module) is None for module in NEEDED):
        print("运行环境尚未就绪，请先运行 make setup。", file=sys.stderr)
        sys.exit(EXIT_BAD_INPUT)
