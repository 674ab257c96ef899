"""A webhook (接收网址): another system of the office's takes the message as signed JSON."""

import time
from collections.abc import Callable

from activities.channels.channel import Refused
from activities.channels.posting import Line, encoded, signed
from activities.channels.settings import WebhookSettings
from activities.channels.wording import subject_of, text_of
from activities.telling.message import Message

_TAKEN = 409
"""Conflict: the receiver has this Idempotency-Key already, so the message is there."""


class Webhook:
    """One receiver. Its address is its own name, so it does not look at it."""

    def __init__(self, settings: WebhookSettings, clock: Callable[[], float] = time.time) -> None:
        """Raises SecretUnreadable. `clock` in seconds since 1970, for the signature."""
        self.per_minute = settings.per_minute
        self._url = settings.url
        self._secret = settings.secret.reveal()
        self._line = Line("接收系统", settings.timeout_seconds, settings.ca_file)
        self._clock = clock

    def deliver(self, message: Message, address: str, *, repeated: bool) -> str:
        """Post the message; the receiver's `receipt` where it answers one. Raises NotDelivered.

        Idempotency-Key is the message's identity: a receiver that keeps them takes each once.
        """
        body = encoded(
            {
                "message_id": message.message_id,
                "kind": message.kind,
                "case_id": message.case_id,
                "duty_id": message.duty_id,
                "rung": message.rung,
                "unit": message.unit,
                "role": message.role,
                "person": message.person,
                "at": message.at.isoformat(),
                "subject": subject_of(message, repeated=repeated),
                "text": text_of(message, repeated=repeated),
                "brief": message.brief,
                "possibly_repeated": repeated,
            }
        )
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": message.message_id,
            **signed(self._secret, body, int(self._clock())),
        }
        answer = self._line.post(self._url, body, headers)
        if answer.status == _TAKEN:
            return ""
        if answer.status in {401, 403}:
            raise Refused(f"接收系统不认签名（HTTP {answer.status}），请改正设置中的 secret")
        self._line.expect_success(answer)
        receipt = answer.fields().get("receipt", "")
        return receipt[:100] if isinstance(receipt, str) else ""

    def knows(self, message: Message, address: str) -> bool | None:
        """None: receivers need not keep what they took. They know a repeat by its key."""
        return None
