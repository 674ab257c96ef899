"""Tells the person waiting that something long goes on: a line rewritten, or one now and then."""

import sys
import time
from typing import TextIO

SECONDS_BETWEEN_LINES = 10.0
SECONDS_BETWEEN_TICKS = 0.2
WIDTH = 78


class Report:
    """Progress on one stream: rewritten in place on a terminal, sparse lines elsewhere."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream
        self._rewrites = stream.isatty()
        self._last = 0.0
        self._begun = time.monotonic()

    def begin(self, text: str) -> None:
        """Say what begins, and count the time from here."""
        self._begun = time.monotonic()
        self.say(text)

    def say(self, text: str) -> None:
        """A line that stays."""
        self._clear()
        print(text, file=self._stream, flush=True)
        self._last = time.monotonic()

    def tick(self, text: str) -> None:
        """What goes on now; most calls show nothing."""
        now = time.monotonic()
        if now - self._last < (SECONDS_BETWEEN_TICKS if self._rewrites else SECONDS_BETWEEN_LINES):
            return
        self._last = now
        minutes, seconds = divmod(int(now - self._begun), 60)
        line = f"  已用 {minutes}:{seconds:02d}  {text}"
        self._clear()
        self._stream.write(line[:WIDTH] if self._rewrites else f"{line[:WIDTH]}\n")
        self._stream.flush()

    def _clear(self) -> None:
        if self._rewrites:
            self._stream.write("\r\x1b[K")
