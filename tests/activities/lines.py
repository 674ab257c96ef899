"""Channels that fail as they are told to, and a switchboard of them."""

import threading
from collections import deque
from pathlib import Path

from activities.channels.channel import Channel, Uncertain
from activities.telling.message import Address, Message


class Line:
    """A channel that fails as it is told, then works; it keeps what arrived.

    What is `Uncertain` has arrived. It remembers what it took only where it `tells`.
    """

    def __init__(
        self, *failures: Exception | None, per_minute: int | None = None, tells: bool = False
    ) -> None:
        self.per_minute = per_minute
        self.arrived: list[tuple[str, bool]] = []
        """Message and whether it was marked as repeated."""
        self._failures = deque(failures)
        self._tells = tells
        self._lock = threading.Lock()

    def deliver(self, message: Message, address: str, *, repeated: bool) -> str:
        """Fail as told, or take the message."""
        with self._lock:
            failure = self._failures.popleft() if self._failures else None
            if failure is None or isinstance(failure, Uncertain):
                self.arrived.append((message.message_id, repeated))
            if failure is not None:
                raise failure
            return f"第{len(self.arrived)}件"

    def knows(self, message: Message, address: str) -> bool | None:
        """Whether it took the message, if it tells."""
        if not self._tells:
            return None
        return any(taken == message.message_id for taken, _ in self.arrived)


class Mute(Line):
    """A line that answers no question but with an error."""

    def knows(self, message: Message, address: str) -> bool | None:
        raise ConnectionError(f"{message.person} cannot be asked about")


class Letterbox:
    """A line into a file that outlives the process: a line a message. It never tells."""

    per_minute: int | None = None

    def __init__(self, file: Path) -> None:
        self._file = file

    def deliver(self, message: Message, address: str, *, repeated: bool) -> str:
        """Write one line."""
        with self._file.open("a") as file:
            file.write(f"{message.person} {'marked' if repeated else 'plain'}\n")
        return ""

    def knows(self, message: Message, address: str) -> bool | None:
        """It cannot tell."""
        return None

    def arrived(self) -> list[str]:
        """What was written."""
        return self._file.read_text().splitlines() if self._file.exists() else []


class Board:
    """A switchboard with one line a kind; other kinds have `otherwise`, or are not set up."""

    def __init__(self, otherwise: Channel | None = None, **lines: Channel) -> None:
        self._otherwise = otherwise
        self._lines = lines

    def configured(self, address: Address) -> bool:
        """Whether the kind has a line."""
        return self._otherwise is not None or address.kind in self._lines

    def channel(self, address: Address) -> Channel:
        """The line of the kind."""
        found = self._lines.get(address.kind, self._otherwise)
        if found is None:
            raise LookupError(address.kind)
        return found

    def line(self, address: Address) -> tuple[str, str]:
        """A mail server is one for all its letters, a robot is one by its name."""
        return address.kind, "" if address.kind == "email" else address.address
