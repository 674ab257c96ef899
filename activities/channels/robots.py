"""What the robots (群机器人) of DingTalk, WeCom and Feishu have in common.

All of them answer HTTP 200 whatever happens, and say by a code in the body whether the message is
out; all have rules on size, keywords and how often.
"""

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar

from activities.channels.channel import NotDelivered, Refused, Unavailable, Uncertain
from activities.channels.posting import Answer, Line, encoded
from activities.channels.settings import RobotSettings
from activities.channels.wording import fitted, whole_of
from activities.telling.message import Message

_CODE = re.compile(r"-?[0-9]{1,9}\Z", re.ASCII)


class Robot(ABC):
    """One robot in one group. Its address is its own name, so it does not look at it."""

    called: ClassVar[str]
    """What the robot is called in Chinese."""
    busy: ClassVar[Collection[int]]
    """Codes of what passes: too many messages, a system that is busy."""
    punished: ClassVar[Mapping[int, timedelta]] = MappingProxyType({})
    """Of these, the codes after which the robot takes nothing for so long."""
    final: ClassVar[dict[int, str]]
    """Codes of what does not pass by itself, with what is wrong."""

    def __init__(self, settings: RobotSettings, clock: Callable[[], float] = time.time) -> None:
        """Raises SecretUnreadable. `clock` in seconds since 1970, for the signature."""
        self.per_minute = settings.per_minute
        self._origin = settings.origin
        self._token = settings.token.reveal()
        self._secret = settings.secret.reveal() if settings.secret else None
        self._keyword = settings.keyword or ""
        self._line = Line(self.called, settings.timeout_seconds, settings.ca_file)
        self._clock = clock

    def deliver(self, message: Message, address: str, *, repeated: bool) -> str:
        """Post the message to the group; the robots give no receipt. Raises NotDelivered."""
        moment = self._clock()
        body = self._body(self._worded(message, moment, repeated=repeated), message, moment)
        url, query = self._where(moment)
        headers = {"Content-Type": "application/json; charset=utf-8"}
        failure = self._failure(self._line.post(url, body, headers, query))
        if failure is not None:
            raise failure
        return ""

    def knows(self, message: Message, address: str) -> bool | None:
        """None: a robot cannot be asked what it has posted."""
        return None

    @abstractmethod
    def _where(self, moment: float) -> tuple[str, dict[str, str]]:
        """The address to post to, and its query."""

    @abstractmethod
    def _content(self, text: str, message: Message, moment: float) -> dict[str, object]:
        """The body for a text."""

    @abstractmethod
    def _fits(self, text: str, body: bytes) -> bool:
        """Whether the robot takes a text of this size."""

    def _code(self, answer: Answer) -> object:
        return answer.fields().get("errcode")

    def _explained(self, code: int, answer: Answer) -> str | None:
        """What is wrong by a final code; None where the code is not one."""
        return self.final.get(code)

    def _worded(self, message: Message, moment: float, *, repeated: bool) -> str:
        def fits(text: str) -> bool:
            return self._fits(text, self._body(text, message, moment))

        whole = whole_of(message, repeated=repeated)
        text = fitted(whole, fits)
        if self._keyword in text:
            return text
        return fitted(whole, fits, f"【{self._keyword}】")

    def _body(self, text: str, message: Message, moment: float) -> bytes:
        return encoded(self._content(text, message, moment))

    def _failure(self, answer: Answer) -> NotDelivered | None:
        code = self._code(answer)
        if not _CODE.match(str(code)):
            self._line.expect_success(answer)
            return Uncertain(f"{self.called}的回执看不懂，不知道是否收到")
        number = int(str(code))
        if number == 0:
            return None
        if number in self.busy:
            busy = f"{self.called}发送过于频繁或者系统繁忙（错误码{number}）"
            return Unavailable(busy, self.punished.get(number))
        if said := self._explained(number, answer):
            return Refused(f"{self.called}{said}（错误码{number}）")
        if answer.status >= 500:
            # The code is not the robot's but that of a gateway, which may have passed it on.
            return Uncertain(f"{self.called}出错（HTTP {answer.status}），不知道是否收到")
        return Unavailable(f"{self.called}没有发送（错误码{number}）")
