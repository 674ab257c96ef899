"""What every channel does: deliver a message to an address, and say truly what came of it.

A channel never guesses. It has delivered and says so; or it has surely not, for now (`Unavailable`)
or for good (`Refused`); or it cannot know (`Uncertain`), because the line broke after the message
had gone out. What follows from each is decided by whoever sends.
"""

from datetime import timedelta
from typing import Protocol

from activities.telling.message import Message


class NotDelivered(Exception):  # noqa: N818 - named for what happened
    """The message was not delivered. `said` is a Chinese sentence without any personal data."""

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(said)


class Unavailable(NotDelivered):
    """Surely not delivered; the same channel may deliver it later, once `wait` is over."""

    def __init__(self, said: str, wait: timedelta | None = None) -> None:
        """`wait` where the channel says how long it wants to be left alone."""
        super().__init__(said)
        self.wait = wait


class Refused(NotDelivered):
    """Surely not delivered, and this channel will never deliver it to this address."""


class Uncertain(NotDelivered):
    """Perhaps delivered: the answer was lost."""


class Channel(Protocol):
    """A way of telling people. Thread-safe."""

    per_minute: int | None
    """How many messages an address takes in any sixty seconds; None for as many as come."""

    def deliver(self, message: Message, address: str, *, repeated: bool) -> str:
        """Deliver to `address`; the channel's own receipt for it, empty where it gives none.

        `repeated` says that an earlier sending may have arrived: the message then says so to its
        reader, under the same identity. Raises NotDelivered.
        """

    def knows(self, message: Message, address: str) -> bool | None:
        """Whether the channel has delivered this message to `address`; None if it cannot tell."""
