"""The courier: the one place that sends. It claims a message, delivers it, and settles the attempt.

Between claim and settling a process may die at any point: what it leaves is an attempt begun, which
the next claim finds, asks the channel about, and otherwise sends again with a mark.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import structlog
from temporalio import activity

from activities import metrics
from activities.channels.channel import Channel, NotDelivered, Refused, Unavailable
from activities.message import Address, Message
from activities.registry import AlreadySent, Begun, Registry, Withdrawn
from activities.trying import (
    Ask,
    Attempt,
    AttemptState,
    GaveUp,
    Later,
    Policy,
    Step,
    Taken,
    next_step,
)

logger = structlog.get_logger(__name__)

MOST_STEPS = 24
"""Steps in one call: more than any person has channels to fail over to, and tries to ask about."""


class Switchboard(Protocol):
    """Where the channels are found."""

    def channel(self, address: Address) -> Channel:
        """The channel that serves an address; for what is not configured, the outbox."""

    def line(self, address: Address) -> tuple[str, str]:
        """What shares a channel's limit with the address: kind and name, or the kind alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The message is out, now or from before."""

    channel: str
    """Kind of channel by which it went."""
    instead_of: tuple[str, ...] = ()
    """Kinds of channel that were given up before it, in their order."""


Outcome = Sent | Withdrawn | Later | GaveUp


class Courier:
    """Sends messages, each once, by the channels their person has. Thread-safe."""

    def __init__(
        self,
        registry: Registry,
        switchboard: Switchboard,
        policy: Policy | None = None,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        """`stopwatch` tells the seconds that pass while a message is sent."""
        self._registry = registry
        self._switchboard = switchboard
        self._policy = policy or Policy()
        self._stopwatch = stopwatch

    def send(self, message: Message, now: datetime) -> Outcome:
        """Bring a message as far as it can be brought now, which is `now` by the case's clock.

        A channel that refuses gives way to the person's next one at once, one that fails after
        its tries. Nothing that a channel does raises here; what the registry cannot do does. A
        cancellation of the activity waits until the attempt is settled, or it would look like a
        crash.
        """
        with activity.shield_thread_cancel_exception() if activity.in_activity() else nullcontext():
            return self._send(message, now)

    def _send(self, message: Message, now: datetime) -> Outcome:
        begun = self._stopwatch()

        def clock() -> datetime:
            return now + timedelta(seconds=self._stopwatch() - begun)

        limits = {
            address: self._switchboard.channel(address).per_minute for address in message.addresses
        }
        cannot_tell: set[int] = set()
        for _ in range(MOST_STEPS):
            at = clock()
            decide = partial(
                self._decide,
                addresses=message.addresses,
                now=at,
                policy=self._policy,
                limits=limits,
                cannot_tell=frozenset(cannot_tell),
            )
            match self._registry.claim(message, at, decide):
                case Begun() as claim:
                    if self._deliver(message, claim, clock):
                        return _sent(claim.address, claim.before)
                case Ask(attempt=attempt):
                    if not self._learn(message, attempt):
                        cannot_tell.add(attempt.number)
                case AlreadySent(attempts=attempts):
                    by = next(each for each in attempts if each.state is AttemptState.SENT)
                    return _sent(by.place, attempts)
                case Withdrawn() | Later() | GaveUp() as outcome:
                    _note(message, type(outcome).__name__.lower())
                    return outcome
        return Later(until=clock() + self._policy.back_off[0])

    def _decide(self, attempts: Sequence[Attempt], taken: Taken, **asked: Any) -> Step:
        """What to do next, the places that an address takes counted over its whole line."""

        def of_line(address: Address, after: datetime) -> Sequence[datetime]:
            kind, name = self._switchboard.line(address)
            return taken(Address(kind=kind, address=name), after)

        return next_step(attempts, of_line, **asked)

    def _deliver(self, message: Message, claim: Begun, clock: Callable[[], datetime]) -> bool:
        """Deliver and settle; whether it has surely arrived."""
        channel = self._switchboard.channel(claim.address)
        receipt = note = ""
        try:
            receipt = channel.deliver(message, claim.address.address, repeated=claim.repeated)
            state = AttemptState.SENT
        except Unavailable as error:
            state, note = AttemptState.FAILED, error.said
        except Refused as error:
            state, note = AttemptState.REFUSED, error.said
        except NotDelivered as error:
            state, note = AttemptState.UNKNOWN, error.said
        except Exception as error:
            # How far it came is not known; its own text may name a person, so its kind is kept.
            state, note = AttemptState.UNKNOWN, type(error).__name__
        self._registry.settle(
            message.message_id, claim.number, state, clock(), receipt=receipt, note=note
        )
        _note(message, state.value, channel=claim.address.kind, repeated=claim.repeated)
        metrics.delivered(claim.address.kind, state.value)
        if state is AttemptState.SENT:
            metrics.lateness(clock() - message.at)
        return state is AttemptState.SENT

    def _learn(self, message: Message, attempt: Attempt) -> bool:
        """Ask the channel what became of an attempt, and settle it; whether it could tell."""
        place = attempt.place
        try:
            known = self._switchboard.channel(place).knows(message, place.address)
        except Exception as error:
            _note(message, "not answered", channel=place.kind, error=type(error).__name__)
            known = None
        if known is None:
            return False
        state = AttemptState.SENT if known else AttemptState.FAILED
        self._registry.settle(
            message.message_id,
            attempt.number,
            state,
            attempt.ended_at or attempt.begun_at,
            receipt=attempt.receipt,
            note=attempt.note,
        )
        _note(message, "asked about", channel=place.kind, arrived=known)
        return True


def _sent(by: Address, attempts: tuple[Attempt, ...]) -> Sent:
    before = (each.channel for each in attempts if each.place != by)
    return Sent(channel=by.kind, instead_of=tuple(dict.fromkeys(before)))


def _note(message: Message, became: str, **more: object) -> None:
    """Log what became of a message, without its person and address."""
    logger.info(
        "message",
        became=became,
        kind=message.kind,
        case_id=message.case_id,
        duty_id=message.duty_id,
        rung=message.rung,
        **more,
    )
