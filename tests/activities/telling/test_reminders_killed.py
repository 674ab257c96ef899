"""A process killed with kill -9 between claiming a message and settling it."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from activities.channels.channel import Channel
from activities.channels.outbox import Outbox
from activities.registry import Registry
from activities.telling.message import Message
from activities.telling.trying import Policy
from case.records import Delivered
from tests.activities.lines import Board, Letterbox
from tests.activities.samples import admit, reminder
from tests.activities.tellings import (
    NOW,
    PENDING,
    tell,
)


class Deadly:
    """A channel whose process is killed before or after it has delivered."""

    per_minute: int | None = None

    def __init__(self, inner: Channel, *, delivered: bool) -> None:
        self._inner = inner
        self._delivered = delivered

    def deliver(self, message: Message, address: str, *, repeated: bool) -> str:
        """Deliver, perhaps, and die."""
        if self._delivered:
            self._inner.deliver(message, address, repeated=repeated)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("it lives")

    def knows(self, message: Message, address: str) -> bool | None:
        """What the channel inside knows."""
        return self._inner.knows(message, address)


def _channel(kind: str, box: Path) -> Channel:
    return Outbox(box) if kind == "outbox" else Letterbox(box)


def _tell_and_die(url: str, office: Path, kind: str, box: Path, delivered: bool) -> None:
    with Registry.open(url) as registry:
        deadly = Deadly(_channel(kind, box), delivered=delivered)
        tell(registry, office, Board(deadly), reminder())


@pytest.mark.parametrize(
    ("kind", "delivered", "repeated"),
    [
        # The outbox can tell, so nothing is repeated; the letterbox cannot.
        ("outbox", False, False),
        ("outbox", True, False),
        ("letterbox", False, True),
        ("letterbox", True, True),
    ],
)
def test_killed_between_claim_and_settling_it_goes_out_once_or_marked(  # noqa: PLR0917
    url: str, office: Path, tmp_path: Path, kind: str, delivered: bool, repeated: bool
) -> None:
    box = tmp_path / "box"
    with Registry.open(url) as registry:
        admit(registry)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        dying = pool.submit(_tell_and_die, url, office, kind, box, delivered)
        with pytest.raises(BrokenProcessPool):
            dying.result()
    with Registry.open(url) as registry:
        (row,) = registry.deliveries()
        assert (row.state, row.sent_at) == ("claimed", None)
        board = Board(_channel(kind, box))
        told = tell(registry, office, board, reminder())
        assert (told.sent, told.pending) == (0, (PENDING,))
        assert told.again_at is not None
        assert told.again_at - NOW < Policy().in_flight + timedelta(seconds=30)
        assert tell(registry, office, board, reminder(), now=told.again_at) == Delivered(sent=1)
        (row,) = registry.deliveries()
        assert (row.state, row.repeated) == ("sent", repeated)
    if kind == "outbox":
        assert len(list(box.glob("*"))) == 1
    else:
        plain = ["南甲 plain"] if delivered else []
        assert Letterbox(box).arrived() == [*plain, "南甲 marked"]
