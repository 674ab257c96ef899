"""Short messages (短信) through a gateway that takes an HTTP call: only the message's one sentence.

Gateways differ in how they call things, so the names of the body's fields are the office's to set.
"""

import re
import time
from collections.abc import Callable, Mapping

from activities.channels.channel import Refused, Unavailable, Uncertain
from activities.channels.posting import Line, encoded, signed
from activities.channels.settings import SmsSettings
from activities.channels.wording import brief_of
from activities.telling.message import Message

_PHONE = re.compile(r"\+?[0-9]{5,15}\Z", re.ASCII)
_FIELD = re.compile(r"\{(\w+)\}", re.ASCII)


class ShortMessages:
    """The gateway of the office. An address is a telephone number."""

    def __init__(self, settings: SmsSettings, clock: Callable[[], float] = time.time) -> None:
        """Raises SecretUnreadable. `clock` in seconds since 1970, for the signature."""
        self.per_minute = settings.per_minute
        self._settings = settings
        self._secret = settings.secret.reveal() if settings.secret else None
        self._line = Line("短信网关", settings.timeout_seconds, settings.ca_file)
        self._clock = clock

    def deliver(self, message: Message, address: str, *, repeated: bool) -> str:
        """Hand the sentence to the gateway. Raises NotDelivered."""
        if not _PHONE.match(address):
            raise Refused("手机号的写法不对")
        values = {
            "phone": address,
            "text": brief_of(message, self._settings.max_chars, repeated=repeated),
            "message_id": message.message_id,
        }
        fields = {name: _filled(form, values) for name, form in self._settings.fields.items()}
        body = encoded(fields)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": message.message_id,
        }
        if self._secret is not None:
            headers |= signed(self._secret, body, int(self._clock()))
        answer = self._line.post(self._settings.url, body, headers)
        self._line.expect_success(answer)
        if not self._settings.accepted:
            return ""
        if answer.content is None:
            raise Uncertain("短信网关的回执看不懂，不知道是否收到")
        if any(str(answer.fields().get(n)) != v for n, v in self._settings.accepted.items()):
            raise Unavailable("短信网关没有发送，回执不是设置中的成功回执")
        return ""

    def knows(self, message: Message, address: str) -> bool | None:
        """None: the gateways have no common way of asking."""
        return None


def _filled(form: str, values: Mapping[str, str]) -> str:
    """The form with its fields filled in, in one pass: what is filled in is not looked at."""
    return _FIELD.sub(lambda found: values[found.group(1)], form)
