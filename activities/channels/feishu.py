"""Feishu's robot (飞书群机器人): a signature of its own kind, keywords, 20 KB.

The signature stands in the body, and its key is timestamp and secret, over nothing.
"""

import base64
import hashlib
import hmac
from typing import ClassVar
from urllib.parse import quote

from activities.channels.posting import Answer
from activities.channels.robots import Robot
from activities.telling.message import Message

_LONGEST = 20_000
"""Bytes of the whole body, a little below the 20 KB that Feishu says it takes."""


class FeishuRobot(Robot):
    """A robot in a Feishu group."""

    called = "飞书机器人"
    busy = frozenset({11232, 99991400})
    final: ClassVar[dict[int, str]] = {
        9499: "不接受消息的格式",
        19001: "不认令牌，请改正设置中的 token",
        19002: "不接受消息的格式",
        19021: "不认签名，请改正设置中的 secret，并校准本机时钟",
        19022: "不接受本机的网络地址，请在机器人设置中放行",
        19024: "要求的关键词不对，请改正设置中的 keyword",
        19036: "认为消息太长",
    }

    def _where(self, moment: float) -> tuple[str, dict[str, str]]:
        return f"{self._origin}/open-apis/bot/v2/hook/{quote(self._token, safe='')}", {}

    def _content(self, text: str, message: Message, moment: float) -> dict[str, object]:
        content: dict[str, object] = {"msg_type": "text", "content": {"text": text}}
        if self._secret is not None:
            timestamp = str(int(moment))
            key = f"{timestamp}\n{self._secret}".encode()
            signed = hmac.new(key, b"", hashlib.sha256).digest()
            content |= {"timestamp": timestamp, "sign": base64.b64encode(signed).decode()}
        return content

    def _fits(self, text: str, body: bytes) -> bool:
        return len(body) <= _LONGEST

    def _code(self, answer: Answer) -> object:
        return answer.fields().get("code")
