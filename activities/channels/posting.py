"""One HTTP call to a receiver of messages, and what its failing means for the message.

Until the connection stands nothing has gone out; from the first byte of the body on, a lost answer
leaves the message's fate unknown. The body is handed over as a file, so that its first reading
tells the one from the other.
"""

import hashlib
import hmac
import io
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import requests
from urllib3.exceptions import HTTPError

from activities.channels.channel import NotDelivered, Refused, Unavailable, Uncertain
from activities.channels.deadline import Deadline
from activities.channels.guarded import session
from activities.channels.secrets import Authorities

_LONGEST_ANSWER = 64 * 1024
"""Bytes; a receipt is some dozens."""


class _Silent(logging.Filter):
    """urllib3 writes the whole address of a call into its log, and addresses hold tokens."""

    def filter(self, record: logging.LogRecord) -> bool:
        return False


logging.getLogger("urllib3.connectionpool").addFilter(_Silent())


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the receiver answered: the HTTP status, and the body where it is JSON, else None."""

    status: int
    content: object

    def fields(self) -> dict[str, object]:
        """The names and values of a JSON object; none where the body is something else."""
        return self.content if isinstance(self.content, dict) else {}


class _Letter(io.BytesIO):
    """A body that knows whether it was begun to be sent."""

    begun = False

    def read(self, size: int | None = -1, /) -> bytes:
        self.begun = True
        return super().read(size)


class Line:
    """The way to one receiver. Thread-safe; its sentences name the receiver, never its address."""

    def __init__(self, receiver: str, timeout: Decimal, ca_file: Authorities | None) -> None:
        """`receiver` as it is called in Chinese; `timeout` in seconds, for the whole call."""
        self.receiver = receiver
        self._timeout = float(timeout)
        self._verify: str | bool = ca_file.root if ca_file else True

    def post(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer, whatever its status. Raises Unavailable and Uncertain."""
        letter = _Letter(body)
        outcome = self._exchange(url, letter, headers, query or {})
        # Raised out here, an error carries no other with it that holds the address.
        if isinstance(outcome, NotDelivered):
            raise outcome
        return outcome

    def _exchange(
        self, url: str, letter: _Letter, headers: Mapping[str, str], query: Mapping[str, str]
    ) -> Answer | NotDelivered:
        deadline = Deadline(self._timeout)
        try:
            with (
                deadline,
                session(deadline) as calling,
                calling.post(
                    url,
                    params=query,
                    data=letter,
                    headers=headers,
                    auth=_as_it_is,
                    timeout=self._timeout,
                    verify=self._verify,
                    allow_redirects=False,
                    stream=True,
                ) as response,
            ):
                return Answer(status=response.status_code, content=_json(response))
        except (OSError, ValueError, HTTPError) as error:
            if letter.begun:
                return Uncertain(f"{self.receiver}没有回执，不知道是否收到")
            if deadline.over or isinstance(error, requests.Timeout):
                return Unavailable(f"连接{self.receiver}超时")
            if isinstance(error, requests.exceptions.SSLError):
                return Unavailable(
                    f"与{self.receiver}的加密连接建立不了，证书不受信任或者对方不用加密"
                )
            return Unavailable(f"连不上{self.receiver}")

    def expect_success(self, answer: Answer) -> None:
        """Raise what an HTTP status other than success means for the message."""
        status = answer.status
        if 200 <= status < 300:
            return
        if status in {408, 429, 503}:
            raise Unavailable(f"{self.receiver}暂时不受理（HTTP {status}）")
        if status >= 500:
            # A gateway in between answers so too after it has passed the message on.
            raise Uncertain(f"{self.receiver}出错（HTTP {status}），不知道是否收到")
        if 300 <= status < 400:
            raise Refused(f"{self.receiver}已经换了网址（HTTP {status}），请改正设置")
        raise Refused(f"{self.receiver}拒收（HTTP {status}）")


def encoded(content: object) -> bytes:
    """JSON in UTF-8, Chinese left as it is: receivers count bytes."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def signed(secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    """The headers by which a receiver checks who sent a body, and when.

    X-Signature is the HMAC-SHA256, hexadecimal, of the timestamp (seconds since 1970), a full stop
    and the body.
    """
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return {"X-Timestamp": str(timestamp), "X-Signature": digest.hexdigest()}


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Authenticates by nothing: otherwise a password from ~/.netrc would be sent along."""
    return request


def _json(response: requests.Response) -> object:
    read = b""
    for part in response.iter_content(_LONGEST_ANSWER):
        read += part
        if len(read) > _LONGEST_ANSWER:
            return None
    try:
        return json.loads(read)
    except ValueError:
        return None
