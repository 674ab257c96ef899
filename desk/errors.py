"""How a command ends when it cannot do what was asked: one Chinese sentence and an exit code.

0 done, 2 bad input, 3 refused by the law, 4 server not reachable.
"""

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


class Refused(_Ending):
    """The order does not allow it yet; the sentence names what is missing and the article."""

    exit_code = 3
    heading = "依法不予办理"


class Unreachable(_Ending):
    """The Temporal server does not answer."""

    exit_code = 4
    heading = "连不上服务器"
