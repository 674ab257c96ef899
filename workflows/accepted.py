"""What a case answers: to an accepted command, and at its end."""

from datetime import date

from pydantic.dataclasses import dataclass

from case.state import Status


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
