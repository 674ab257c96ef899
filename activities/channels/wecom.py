"""WeCom's robot (企业微信群机器人): no signature, 20 messages a minute, short texts.

A text may have 2,048 bytes, Markdown 4,096: what is longer than a text goes as Markdown.
"""

from typing import ClassVar

from activities.channels.robots import Robot
from activities.telling.message import Message

_TEXT = 2048
_MARKDOWN = 4096
_KEY = "不认令牌，请改正设置中的 token"
_LENGTH = "认为消息太长"


class WeComRobot(Robot):
    """A robot in a WeCom group."""

    called = "企业微信机器人"
    busy = frozenset({-1, 6000, 45009, 45033})
    final: ClassVar[dict[int, str]] = {
        **dict.fromkeys((40001, 40013, 40014, 40035, 41001, 93000), _KEY),
        **dict.fromkeys((40058, 45002), _LENGTH),
        40008: "不接受消息的格式",
        44004: "认为消息是空的",
        93008: "已经不在群里",
    }

    def _where(self, moment: float) -> tuple[str, dict[str, str]]:
        return f"{self._origin}/cgi-bin/webhook/send", {"key": self._token}

    def _content(self, text: str, message: Message, moment: float) -> dict[str, object]:
        kind = "text" if len(text.encode()) <= _TEXT else "markdown"
        return {"msgtype": kind, kind: {"content": text}}

    def _fits(self, text: str, body: bytes) -> bool:
        return len(text.encode()) <= _MARKDOWN
