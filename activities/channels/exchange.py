"""The exchange (交换台): the office's switchboard as its settings stand at each use.

A robot added or a password changed counts for the next message. Settings that became faulty leave
the last sound switchboard in place.
"""

from pathlib import Path
from threading import Lock
from typing import Protocol

import structlog

from activities.channels.channel import Channel
from activities.channels.settings import ChannelSettings
from activities.channels.switchboard import Switchboard
from activities.office.unusable import SettingsUnusable
from activities.telling.message import Address

logger = structlog.get_logger(__name__)


class _Settings(Protocol):
    @property
    def channels(self) -> ChannelSettings: ...


class _Office(Protocol):
    def reminders(self) -> _Settings: ...


class Exchange:
    """Every channel of the office, as it is now. Thread-safe."""

    def __init__(self, office: _Office, outbox: Path) -> None:
        self._office = office
        self._outbox = outbox
        self._lock = Lock()
        self._settings: ChannelSettings | None = None
        self._switchboard: Switchboard | None = None

    def configured(self, address: Address) -> bool:
        """Whether the office has set up the channel of an address."""
        return self._now().configured(address)

    def channel(self, address: Address) -> Channel:
        """The channel of a configured address.

        Raises LookupError for any other, and SettingsUnusable where no settings were ever usable.
        """
        return self._now().channel(address)

    def line(self, address: Address) -> tuple[str, str]:
        """What shares one limit of messages a minute with an address."""
        return self._now().line(address)

    def _now(self) -> Switchboard:
        settings = self._office.reminders().channels
        with self._lock:
            if self._switchboard is None or settings is not self._settings:
                try:
                    self._switchboard = Switchboard.of(settings, self._outbox)
                except SettingsUnusable as unusable:
                    if self._switchboard is None:
                        raise
                    logger.error(
                        "channels unusable, the last ones stay", faults=len(unusable.faults)
                    )
                self._settings = settings
            return self._switchboard
