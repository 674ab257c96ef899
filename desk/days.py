"""Days as people write them, read alike by every command that takes them one by one."""

import re
from datetime import date

import click

_WRITTEN = re.compile(
    r"([0-9]{4})(?:"
    r"([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))"
)
"""2024-09-20, 2024/9/20 (as spreadsheets write it), 2024.9.20, 2024年9月20日, 20240920."""


def day_of(text: str) -> date:
    """The day that `text` names; ValueError with a Chinese sentence where it names none."""
    found = _WRITTEN.fullmatch(text.strip())
    if not found:
        raise ValueError(f"“{text}”不是日期，应写作 2024-09-20。")
    year, _, *ways = found.groups()
    month, day = (int(part) for part in ways if part is not None)
    try:
        return date(int(year), month, day)
    except ValueError:
        raise ValueError(f"“{text}”不是日期，日历上没有这一天。") from None


class Day(click.ParamType[date]):
    """A day on the command line."""

    name = "日期"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """The day; a UsageError in Chinese for anything that is not one."""
        try:
            return day_of(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
