"""DingTalk's robot (钉钉群机器人), also on another host: 浙政钉 is a DingTalk of its own.

Rules: a signature over timestamp and secret within the hour, a keyword, 20,000 bytes, 20 messages a
minute (beyond them nothing for ten minutes).
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from activities.channels.channel import NotDelivered, Unavailable
from activities.channels.posting import Answer
from activities.channels.robots import Robot
from activities.telling.message import Message

_LONGEST = 20_000
"""Bytes of the whole body."""
_PUNISHED = timedelta(minutes=10)
"""How long it takes nothing once it had more than twenty in a minute."""
_SAFETY = 310000
"""One code for the keyword, the signature, its time and the sender's address."""
_SAFETY_RULES = (
    ("keyword", "要求的关键词不对，请改正设置中的 keyword"),
    ("timestamp", "不接受签名的时间，请校准本机时钟"),
    ("sign", "不认签名，请改正设置中的 secret"),
    ("whitelist", "不接受本机的网络地址，请在机器人设置中放行"),
)
_TOKEN = "不认令牌，请改正设置中的 token"
_GONE = "已经停用、移除或者群已解散"
_CONTENT = "认为内容不合规，没有发送"


class DingTalkRobot(Robot):
    """A robot in a DingTalk group."""

    called = "钉钉机器人"
    busy = frozenset({-1, 130101, 410100, 660026})
    punished: ClassVar[Mapping[int, timedelta]] = dict.fromkeys((130101, 410100), _PUNISHED)
    final: ClassVar[dict[int, str]] = {
        **dict.fromkeys((40035, 300001, 300005, 400101), _TOKEN),
        **dict.fromkeys((400013, 400102, 400106), _GONE),
        **dict.fromkeys(range(430101, 430105), _CONTENT),
        43004: "不接受消息的格式",
        400105: "不接受消息的格式",
        460101: "认为消息太长",
    }

    def _where(self, moment: float) -> tuple[str, dict[str, str]]:
        query = {"access_token": self._token}
        if self._secret is not None:
            timestamp = str(round(moment * 1000))
            signed = hmac.new(
                self._secret.encode(), f"{timestamp}\n{self._secret}".encode(), hashlib.sha256
            )
            query |= {
                "timestamp": timestamp,
                "sign": base64.b64encode(signed.digest()).decode(),
            }
        return f"{self._origin}/robot/send", query

    def _content(self, text: str, message: Message, moment: float) -> dict[str, object]:
        # By msgUuid DingTalk itself drops what it has posted under the same identity.
        return {"msgtype": "text", "text": {"content": text}, "msgUuid": message.message_id}

    def _fits(self, text: str, body: bytes) -> bool:
        return len(body) <= _LONGEST

    def _explained(self, code: int, answer: Answer) -> str | None:
        if code != _SAFETY:
            return super()._explained(code, answer)
        said = str(answer.fields().get("errmsg")).lower()
        known = (rule for word, rule in _SAFETY_RULES if word in said)
        return next(known, "的安全设置没有通过")

    def _failure(self, answer: Answer) -> NotDelivered | None:
        # Its front door turns away a crowd in a form of its own, without any errcode.
        if "punish" in answer.fields() and self._code(answer) is None:
            return Unavailable(f"{self.called}发送过于频繁，暂时不受理", _PUNISHED)
        return super()._failure(answer)
