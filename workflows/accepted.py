"""What a case answers: to an accepted command, and at its end."""

from datetime import date

from pydantic.dataclasses import dataclass

from case.state import Status

BAD_INPUT = "BadInput"
"""Type of the error for a command that cannot be read or names what the case does not have."""
REFUSED = "Refused"
"""Type of the error for a command that the law or the case's state does not allow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The command stands under `entry_id`; steps 1 to `passed` are complete."""

    case_id: str
    entry_id: str
    passed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a case ended: closed by hand-over, or terminated."""

    case_id: str
    status: Status
    ended_on: date
