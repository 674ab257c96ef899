"""The rules of 浙政钉's work notices, of a signed webhook, and of an SMS gateway."""

import base64
import hmac
import json
import time
from collections.abc import Callable, Collection
from datetime import datetime

from tests.receiving.calls import Call, Reply


class WorkNoticeRules:
    """浙政钉's open platform for one application in one tenant."""

    def __init__(
        self,
        app_key: str,
        app_secret: str,
        tenant: str,
        accounts: Collection[str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`accounts` that exist in the tenant."""
        self._app_key = app_key
        self._app_secret = app_secret
        self._tenant = tenant
        self._accounts = accounts
        self._clock = clock
        self._nonces: set[str] = set()

    def reply(self, call: Call) -> Reply:
        """Success with the notice's id inside, or a failure with a code."""
        if wrong := self._unsigned(call):
            return Reply({"success": False, "Code": wrong}, status=401)
        form = call.form
        if form.get("tenantId") != self._tenant:
            return Reply({"success": False, "Code": "InvalidTenant"})
        if form.get("receiverIds") not in self._accounts:
            inner = {"success": False, "responseCode": "InvalidReceiver", "msgId": None}
            return Reply({"success": True, "content": json.dumps(inner)})
        if not json.loads(form["msg"])["text"]["content"]:
            return Reply({"success": False, "Code": "EmptyMessage"})
        inner = {"success": True, "responseCode": "0", "msgId": f"n{len(self._nonces):05}"}
        return Reply({"success": True, "content": json.dumps(inner)}, taken=True)

    def _unsigned(self, call: Call) -> str | None:
        heads = {name: call.headers.get(f"x-hmac-auth-{name}", "") for name in _HEADS}
        if call.path != "/message/workNotification" or call.headers.get("apikey") != self._app_key:
            return "InvalidApiKey"
        if heads["version"] != "1.0" or heads["nonce"] in self._nonces:
            return "InvalidNonce"
        if abs(datetime.fromisoformat(heads["timestamp"]).timestamp() - self._clock()) > 600:
            return "InvalidTimestamp"
        listed = "&".join(sorted(f"{name}={value}" for name, value in call.form.items()))
        said = f"POST\n{heads['timestamp']}\n{heads['nonce']}\n{call.path}\n{listed}"
        right = hmac.digest(self._app_secret.encode(), said.encode(), "sha256")
        if heads["signature"] != base64.b64encode(right).decode():
            return "InvalidSignature"
        self._nonces.add(heads["nonce"])
        return None


_HEADS = ("timestamp", "version", "nonce", "signature")


class WebhookRules:
    """A system of the office's own that checks who sent, when, and takes each message once."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._clock = clock
        self._known: set[str] = set()

    def reply(self, call: Call) -> Reply:
        """201 with a receipt; 409 for what it has, 401 for what is not signed."""
        if not signed(call, self._secret, self._clock()):
            return Reply({"error": "signature"}, status=401)
        key = call.headers["idempotency-key"]
        if key in self._known:
            return Reply({"error": "known"}, status=409)
        self._known.add(key)
        return Reply({"receipt": f"收{len(self._known)}"}, status=201, taken=True)


class SmsGatewayRules:
    """A gateway that takes phone, content and id, and answers HTTP 200 with a code."""

    def __init__(self, secret: str | None = None, clock: Callable[[], float] = time.time) -> None:
        self.blocked: set[str] = set()
        """Numbers to which it sends nothing."""
        self._secret = secret
        self._clock = clock

    def reply(self, call: Call) -> Reply:
        """Code 0 where the short message is out."""
        if self._secret is not None and not signed(call, self._secret, self._clock()):
            return Reply({"code": 1001, "message": "signature"}, status=403)
        if call.json.get("phone") in self.blocked or not call.json.get("content"):
            return Reply({"code": 2003, "message": "blocked"})
        return Reply({"code": 0}, taken=True)


def signed(call: Call, secret: str, now: float) -> bool:
    """Whether X-Signature is right for X-Timestamp and the body, and not five minutes old."""
    timestamp = call.headers.get("x-timestamp", "")
    if not timestamp.isdigit() or abs(int(timestamp) - now) > 300:
        return False
    right = hmac.digest(secret.encode(), timestamp.encode() + b"." + call.body, "sha256").hex()
    return hmac.compare_digest(call.headers.get("x-signature", ""), right)
