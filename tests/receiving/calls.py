"""A real HTTP server on 127.0.0.1 for robots and gateways; what it answers is up to its rules."""

import json
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, Self
from urllib.parse import parse_qsl, urlsplit

from tests.receiving import CERTIFICATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as it came in. Names of headers are in small letters."""

    at: float
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty where it is none."""
        try:
            content = json.loads(self.body)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}

    @property
    def form(self) -> dict[str, str]:
        """The body as a form."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, and whether the message was taken, that is shown to its reader."""

    content: Any
    status: int = 200
    taken: bool = False


class Rules(Protocol):
    """What a kind of receiver checks, and how it answers."""

    def reply(self, call: Call) -> Reply:
        """The answer to a call."""


class Trouble(Enum):
    """What may befall a call that has come in whole."""

    TAKE_AND_DROP = auto()
    """Taken, but the line breaks before the answer."""
    TAKE_AND_HANG = auto()
    """Taken, but no answer comes."""
    TAKE_AND_DRIBBLE = auto()
    """Taken, and answered letter by letter without an end."""
    LOSE_AND_DROP = auto()


class Receiver:
    """Use it in a with statement."""

    def __init__(
        self, rules: Rules, *, encrypted: bool = False, clock: Callable[[], float] = time.time
    ) -> None:
        self.rules = rules
        self.calls: list[Call] = []
        """Everything that came in."""
        self.taken: list[Call] = []
        """What was taken."""
        self.next: deque[Trouble | Reply] = deque()
        """For the next calls, one each, in place of what the rules say."""
        self._clock = clock
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        if encrypted:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "https" if encrypted else "http"
        serve = self._server.serve_forever
        self._thread = threading.Thread(target=serve, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def origin(self) -> str:
        """Its address without any path."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    def receive(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one call, or fail to."""
        call = _call(handler, self._clock())
        with self._lock:
            self.calls.append(call)
            trouble = self.next.popleft() if self.next else None
            reply = trouble if isinstance(trouble, Reply) else self.rules.reply(call)
            if reply.taken and trouble is not Trouble.LOSE_AND_DROP:
                self.taken.append(call)
        if trouble is Trouble.TAKE_AND_HANG:
            self._released.wait(30)
        if trouble is Trouble.TAKE_AND_DRIBBLE:
            self._dribble(handler)
        if isinstance(trouble, Trouble):
            handler.close_connection = True
            return
        content = reply.content
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        handler.send_response(reply.status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        if 300 <= reply.status < 400:
            handler.send_header("Location", f"{self.origin}/elsewhere")
        handler.end_headers()
        handler.wfile.write(body)

    def _dribble(self, handler: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not self._released.wait(0.01):
                handler.wfile.write(b".")


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class _Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.receive(self)

        def log_message(self, format: str, *args: Any) -> None:
            return

    return _Handler


def _call(handler: BaseHTTPRequestHandler, at: float) -> Call:
    parts = urlsplit(handler.path)
    length = int(handler.headers.get("Content-Length", 0))
    return Call(
        at=at,
        path=parts.path,
        query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        headers={name.lower(): value for name, value in handler.headers.items()},
        body=handler.rfile.read(length),
    )
