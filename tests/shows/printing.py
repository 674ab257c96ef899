"""How shows print: tables alone on the terminal, everything logged in a file."""

import asyncio
import logging
import sys
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path

from activities.telling.directory import Directory
from deploy.logs import configure_logging
from deploy.programs import ServerUnavailableError
from law import SHANGHAI
from law.arrangement import WEEKDAYS
from tests.workflows.playing import Stage


def log_to(file: Path) -> None:
    """Write all that is logged from now on to `file`."""
    configure_logging()
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(file.open("w", encoding="utf-8"))


def run(show: Coroutine[None, None, int]) -> None:
    """Run a show to its end and leave with its exit code; 4 where no server can be used."""
    try:
        code = asyncio.run(show)
    except ServerUnavailableError as error:
        print(error, file=sys.stderr)
        code = 4
    sys.exit(code)


def moment(at: datetime) -> str:
    """A moment as people say it, with its weekday."""
    local = at.astimezone(SHANGHAI)
    return f"{local:%Y-%m-%d} {WEEKDAYS[local.weekday()]} {local:%H:%M}"


def unit_names(stage: Stage) -> dict[str, str]:
    """What the units in the directory of a stage's case are called, by unit."""
    case = stage.registry.case(stage.case_id)
    directory = Directory(stage.registry.file(stage.case_id), case.districts)
    return {each.unit: each.unit_name for each in directory.people()}
