"""All commands of a case by name: the acts of the procedure and the conduct of the case."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from case.acts import ACTS, Act
from case.command import Command
from case.conduct import (
    CONDUCT,
    Acknowledge,
    AmendDeadline,
    Correct,
    Recount,
    Resume,
    SendBack,
    Suspend,
    Terminate,
)

AnyCommand = Annotated[
    Act | Suspend | Resume | Terminate | Correct | SendBack | AmendDeadline | Recount | Acknowledge,
    Field(discriminator="command"),
]

COMMAND: TypeAdapter[AnyCommand] = TypeAdapter(AnyCommand)
"""Reads any command from plain values or JSON."""


def _name(kind: type[Command]) -> str:
    return str(kind.__dataclass_fields__["command"].default)


COMMANDS: dict[str, type[Command]] = {_name(kind): kind for kind in (*ACTS, *CONDUCT)}
"""The kinds of command by name, in the order of the procedure."""
