"""How a command ends when it cannot do what was asked: one Chinese sentence and an exit code.

0 done, 2 bad input, 3 refused by the law, 4 server or channel not reachable.
"""

from collections.abc import Iterable
from typing import IO, Any

import click


class _Ending(click.ClickException):
    """A command's end other than done; its message is a Chinese sentence, told on stderr."""

    heading: str

    def show(self, file: IO[Any] | None = None) -> None:
        """Tell the sentence, on stderr unless a file is given."""
        click.echo(f"{self.heading}：{self.format_message()}", file=file, err=file is None)


class BadInput(_Ending):
    """What was given cannot be used: a faulty file, an unknown case, a wrong value."""

    exit_code = 2
    heading = "输入有误"

    @classmethod
    def listing(cls, faults: Iterable[str]) -> "BadInput":
        """All faults at once: one as a sentence, several as a numbered list."""
        found = tuple(faults)
        if len(found) == 1:
            return cls(found[0])
        lines = (f"{number:>3}. {fault}" for number, fault in enumerate(found, 1))
        return cls("\n".join((f"共 {len(found)} 处", *lines)))


class Refused(_Ending):
    """The order does not allow it yet; the sentence names what is missing and the article."""

    exit_code = 3
    heading = "依法不予办理"


class Unreachable(_Ending):
    """The Temporal server, or the worker behind it, does not answer."""

    exit_code = 4
    heading = "连不上服务器"


class NotDelivered(_Ending):
    """A channel did not take a message; what it said was told before."""

    exit_code = 4
    heading = "没有送达"
