"""A change of a case, as it is handed to the activity that settles it."""

from datetime import datetime

from pydantic.dataclasses import dataclass

from case.commands import AnyCommand
from case.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The case after `command`, or after a day passed (None), at the case's own time `at`."""

    state: State
    command: AnyCommand | None
    at: datetime
