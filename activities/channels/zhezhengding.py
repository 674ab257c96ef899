"""浙政钉 work notices (工作通知): Zhejiang's own DingTalk calls one person, not a group.

Each call is signed with the application's secret over method, time, nonce, path and parameters. An
address is the receiver's account id (accountId) in the tenant.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

from activities.channels.channel import NotDelivered, Refused, Unavailable, Uncertain
from activities.channels.posting import Answer, Line, encoded
from activities.channels.settings import ZhezhengdingSettings
from activities.channels.wording import fitted, whole_of
from activities.telling.message import Message
from law import SHANGHAI

_PATH = "/message/workNotification"
_RECEIVER = re.compile(r"[\w.@$:-]{1,64}\Z", re.ASCII)
_CODE = re.compile(r"[\w.-]{1,40}\Z", re.ASCII)


def _now() -> datetime:
    return datetime.now(UTC)


class WorkNotices:
    """An application on 浙政钉 that sends work notices."""

    def __init__(
        self, settings: ZhezhengdingSettings, clock: Callable[[], datetime] = _now
    ) -> None:
        """Raises SecretUnreadable. `clock` gives the time of the signature."""
        self.per_minute = settings.per_minute
        self._settings = settings
        self._secret = settings.app_secret.reveal()
        self._line = Line("浙政钉", settings.timeout_seconds, settings.ca_file)
        self._clock = clock

    def deliver(self, message: Message, address: str, *, repeated: bool) -> str:
        """Send the notice; 浙政钉's own id of it. Raises NotDelivered."""
        if not _RECEIVER.match(address):
            raise Refused("浙政钉的账号写法不对")
        parameters = {
            "bizMsgId": message.message_id,
            "msg": self._notice(whole_of(message, repeated=repeated)),
            "receiverIds": address,
            "tenantId": self._settings.tenant,
        }
        answer = self._line.post(
            self._settings.host + _PATH, urlencode(parameters).encode(), self._signed(parameters)
        )
        outcome = self._outcome(answer)
        if isinstance(outcome, NotDelivered):
            raise outcome
        return outcome

    def knows(self, message: Message, address: str) -> bool | None:
        """None: the call that would tell is not open to every application."""
        return None

    def _notice(self, text: str) -> str:
        def written(some: str) -> str:
            return encoded({"msgtype": "text", "text": {"content": some}}).decode()

        longest = self._settings.max_bytes
        return written(fitted(text, lambda some: len(written(some).encode()) <= longest))

    def _signed(self, parameters: dict[str, str]) -> dict[str, str]:
        moment = self._clock().astimezone(SHANGHAI)
        timestamp = moment.isoformat(timespec="milliseconds")
        nonce = f"{int(moment.timestamp() * 1000)}{secrets.randbelow(10_000):04}"
        # Signed as they are, in the order of their names, and encoded only in the body.
        listed = "&".join(f"{name}={value}" for name, value in sorted(parameters.items()))
        signed = "\n".join(("POST", timestamp, nonce, _PATH, listed))
        digest = hmac.new(self._secret.encode(), signed.encode(), hashlib.sha256).digest()
        return {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "apiKey": self._settings.app_key,
            "X-Hmac-Auth-Timestamp": timestamp,
            "X-Hmac-Auth-Version": "1.0",
            "X-Hmac-Auth-Nonce": nonce,
            "X-Hmac-Auth-Signature": base64.b64encode(digest).decode(),
        }

    def _outcome(self, answer: Answer) -> str | NotDelivered:
        fields = answer.fields()
        if answer.status in {401, 403}:
            return Refused(f"浙政钉不认应用的签名（HTTP {answer.status}），请改正设置")
        if "success" not in fields:
            self._line.expect_success(answer)
            return Uncertain("浙政钉的回执看不懂，不知道是否收到")
        # The receipt proper stands inside, sometimes as JSON in a string.
        inner = _object(fields.get("content"))
        if fields["success"] is True and inner.get("success", True) is True:
            return str(inner.get("msgId", ""))[:64]
        if answer.status >= 500:
            return Uncertain(f"浙政钉出错（HTTP {answer.status}），不知道是否收到")
        named = (_text(each) for each in (_code(inner), _code(fields)))
        code = next((each for each in named if each), "")
        return Unavailable(f"浙政钉没有发送（错误码{code}）" if code else "浙政钉没有发送")


def _object(value: object) -> dict[str, object]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}


def _code(fields: dict[str, object]) -> object:
    names = ("responseCode", "bizErrorCode", "errorCode", "Code", "code")
    return next((fields[name] for name in names if fields.get(name) not in (None, "")), "")


def _text(code: object) -> str:
    """The code where it is one; anything else might repeat what was sent."""
    return str(code) if _CODE.match(str(code)) else ""
