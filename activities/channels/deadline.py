"""One deadline for a whole conversation with a server, after which its line is cut.

A timeout of a socket is for each reading alone: a server that says one letter every few seconds
could hold a message for ever.
"""

import os
import socket
import threading
import time
from contextlib import suppress
from typing import Self

_A_MOMENT = 0.001
"""Seconds; sockets take nought for not waiting at all."""


class Deadline:
    """Use it in a with statement; what it guards is cut once its seconds are over."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends = 0.0
        self._lines: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer: threading.Timer
        self.over = False
        """Whether the time was up before the conversation was."""

    def __enter__(self) -> Self:
        self._ends = time.monotonic() + self._seconds
        self._timer = threading.Timer(self._seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            for line in self._lines:
                line.close()
            self._lines.clear()

    @property
    def left(self) -> float:
        """Seconds left, never nought."""
        return max(self._ends - time.monotonic(), _A_MOMENT)

    def guard(self, connected: socket.socket) -> None:
        """Cut this connection when the time is over, whatever it is wrapped in until then."""
        # A handle of its own to the same connection: encrypting takes the first one away, and the
        # way of ending an encrypted one first leaves it open without its encryption.
        line = socket.socket(fileno=os.dup(connected.fileno()))
        with self._lock:
            self._lines.append(line)
            if self.over:
                _end(line)

    def _cut(self) -> None:
        with self._lock:
            self.over = True
            for line in self._lines:
                _end(line)


def _end(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
