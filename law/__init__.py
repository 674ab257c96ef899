"""The order as pure functions and dated tables: counting of days, periods, who and what it names.

Nothing here reads a clock, a file or the network, and nothing here knows the other rooms.
"""

from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""The zone in which every day of a period begins and ends (北京时间)."""


class BadPeriod(ValueError):  # noqa: N818 - named for what is wrong, as the field would say
    """A day or a length that cannot be counted with; its message is one Chinese sentence."""
