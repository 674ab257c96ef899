"""The rules of DingTalk's, WeCom's and Feishu's robots: HTTP 200 always, a code in the body."""

import base64
import hmac
import time
from collections import deque
from collections.abc import Callable

from tests.receiving.calls import Call, Reply

_HOUR = 3600


class Pace:
    """So many in any sixty seconds, no more."""

    def __init__(self, per_minute: int | None, clock: Callable[[], float]) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._times: deque[float] = deque()

    def kept(self) -> bool:
        """Count one more; whether it still is within the limit."""
        now = self._clock()
        while self._times and self._times[0] <= now - 60:
            self._times.popleft()
        if self._per_minute is not None and len(self._times) >= self._per_minute:
            return False
        self._times.append(now)
        return True


class DingTalkRules:
    """A robot of DingTalk with a token and, as set, a signature and a keyword."""

    def __init__(
        self,
        token: str,
        secret: str | None = None,
        keyword: str | None = None,
        per_minute: int | None = 20,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._token = token
        self._secret = secret
        self._keyword = keyword
        self._pace = Pace(per_minute, clock)
        self._clock = clock
        self._posted: set[str] = set()

    def reply(self, call: Call) -> Reply:
        """As DingTalk answers: errcode and errmsg."""
        if call.path != "/robot/send" or call.query.get("access_token") != self._token:
            return _ding(300005, "token is not exist")
        if not self._pace.kept():
            return _ding(130101, "send too fast, exceed 20 times per minute")
        if not call.headers.get("content-type", "").startswith("application/json"):
            return _ding(43004, "无效的HTTP HEADER Content-Type")
        if len(call.body) > 20_000:
            return _ding(460101, "message too long, exceed 20000 bytes")
        if self._secret is not None and (wrong := self._unsigned(call.query, self._secret)):
            return _ding(310000, f"{wrong}, more: [https://ding-doc.dingtalk.com/doc]")
        content = call.json.get("text", {}).get("content", "")
        if self._keyword is not None and self._keyword not in content:
            return _ding(310000, "keywords not in content, more: [https://ding-doc.dingtalk.com]")
        identity = call.json.get("msgUuid")
        if identity in self._posted:
            return _ding(0, "ok")
        if identity:
            self._posted.add(identity)
        return Reply({"errcode": 0, "errmsg": "ok"}, taken=True)

    def _unsigned(self, query: dict[str, str], secret: str) -> str | None:
        timestamp = query.get("timestamp", "")
        if not timestamp.isdigit() or abs(int(timestamp) / 1000 - self._clock()) > _HOUR:
            return "invalid timestamp"
        said = f"{timestamp}\n{secret}".encode()
        right = base64.b64encode(hmac.digest(secret.encode(), said, "sha256")).decode()
        return None if hmac.compare_digest(query.get("sign", ""), right) else "sign not match"


class WeComRules:
    """A robot of WeCom: a key, and sizes by kind of message."""

    def __init__(
        self, key: str, per_minute: int | None = 20, clock: Callable[[], float] = time.time
    ) -> None:
        self._key = key
        self._pace = Pace(per_minute, clock)

    def reply(self, call: Call) -> Reply:
        """As WeCom answers: errcode and errmsg."""
        if call.path != "/cgi-bin/webhook/send" or call.query.get("key") != self._key:
            return _ding(93000, "invalid webhook url")
        if not self._pace.kept():
            return _ding(45009, "api freq out of limit")
        kind = call.json.get("msgtype")
        if kind not in {"text", "markdown"}:
            return _ding(40008, "invalid message type")
        longest = {"text": 2048, "markdown": 4096}[kind]
        if len(call.json[kind]["content"].encode()) > longest:
            return _ding(40058, f"{kind}.content exceed max length {longest}")
        return Reply({"errcode": 0, "errmsg": "ok"}, taken=True)


class FeishuRules:
    """A robot of Feishu: a token in the path, its own signature, a keyword, 20 KB."""

    def __init__(
        self,
        token: str,
        secret: str | None = None,
        keyword: str | None = None,
        per_minute: int | None = 100,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._token = token
        self._secret = secret
        self._keyword = keyword
        self._pace = Pace(per_minute, clock)
        self._clock = clock

    def reply(self, call: Call) -> Reply:
        """As Feishu answers: code and msg."""
        if call.path != f"/open-apis/bot/v2/hook/{self._token}":
            return _fei(19001, "param invalid: incoming webhook access token invalid")
        if not self._pace.kept():
            return _fei(11232, "create message trigger user rate limit")
        if len(call.body) > 20 * 1024 or call.json.get("msg_type") != "text":
            return _fei(9499, "Bad Request")
        if self._secret is not None and not self._signed(call, self._secret):
            return _fei(19021, "sign match fail or timestamp is not within one hour")
        if self._keyword is not None and self._keyword not in call.json["content"]["text"]:
            return _fei(19024, "Key Words Not Found")
        return Reply({"code": 0, "msg": "success", "data": {}}, taken=True)

    def _signed(self, call: Call, secret: str) -> bool:
        timestamp = str(call.json.get("timestamp", ""))
        if not timestamp.isdigit() or abs(int(timestamp) - self._clock()) > _HOUR:
            return False
        right = hmac.digest(f"{timestamp}\n{secret}".encode(), b"", "sha256")
        return call.json.get("sign") == base64.b64encode(right).decode()


def _ding(code: int, said: str) -> Reply:
    return Reply({"errcode": code, "errmsg": said})


def _fei(code: int, said: str) -> Reply:
    return Reply({"code": code, "msg": said, "data": {}})
