"""The courier: the one place that sends. It claims a message, delivers it, and settles the attempt.

Between claim and settling a process may die at any point: what it leaves is an attempt begun, which
the next claim finds, asks the channel about, and otherwise sends again with a mark.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import structlog
from temporalio import activity

from activities import metrics
from activities.channels.channel import Channel, NotDelivered, Refused, Unavailable
from activities.channels.outbox import OUTBOX
from activities.channels.titles import CHANNEL_TITLES
from activities.registry import AlreadySent, Begun, Registry, Withdrawn
from activities.telling.message import Address, Message
from activities.telling.trying import (
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

    def configured(self, address: Address) -> bool:
        """Whether the office has set up the channel of an address; the outbox always is there."""

    def channel(self, address: Address) -> Channel:
        """The channel that serves a configured address. Raises LookupError for any other."""

    def line(self, address: Address) -> tuple[str, str]:
        """What shares a channel's limit with the address: kind and name, or the kind alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The message is out, now or from before."""

    channel: str
    """Kind of channel by which it went."""
    instead_of: tuple[str, ...] = ()
    """Kinds of channel that were given up before it, or passed over for want of any that is set
    up, in their order."""
    unanswered: tuple[str, ...] = ()
    """Of these, by which it may have arrived after all."""
    not_configured: tuple[str, ...] = ()
    """Of these, which the office has not set up: the message lies in the outbox."""


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
        its tries. Addresses whose channel the office has not set up are passed over; where there
        are no others, the message goes to the outbox. Nothing that a channel does raises here;
        what the registry cannot do does. A cancellation of the activity waits until the attempt
        is settled, or it would look like a crash.
        """
        with activity.shield_thread_cancel_exception() if activity.in_activity() else nullcontext():
            return self._send(message, now)

    def _send(self, message: Message, now: datetime) -> Outcome:
        begun = self._stopwatch()

        def clock() -> datetime:
            return now + timedelta(seconds=self._stopwatch() - begun)

        routed, channels = self._routed(message)
        limits = {address: channel.per_minute for address, channel in channels.items()}
        cannot_tell: set[int] = set()
        not_before: dict[Address, datetime] = {}
        for _ in range(MOST_STEPS):
            at = clock()
            decide = partial(
                self._decide,
                addresses=routed.addresses,
                now=at,
                policy=self._policy,
                limits=limits,
                cannot_tell=frozenset(cannot_tell),
                not_before=not_before,
            )
            match self._registry.claim(routed, at, decide):
                case Begun() as claim:
                    wait = self._deliver(routed, channels[claim.address], claim, clock)
                    if wait is None:
                        return _sent(message, claim.address, claim.before)
                    not_before[claim.address] = clock() + wait
                case Ask(attempt=attempt):
                    if not self._learn(routed, attempt):
                        cannot_tell.add(attempt.number)
                case AlreadySent(attempts=attempts):
                    by = next(each for each in attempts if each.state is AttemptState.SENT)
                    return _sent(message, by.place, attempts)
                case Withdrawn() as outcome:
                    withdrawn(routed)
                    return outcome
                case Later() | GaveUp() as outcome:
                    _note(message, type(outcome).__name__.lower())
                    return outcome
        return Later(until=clock() + self._policy.back_off[0])

    def _routed(self, message: Message) -> tuple[Message, Mapping[Address, Channel]]:
        """The message with the addresses at which it is tried, and the channel of each."""
        there = tuple(filter(self._switchboard.configured, message.addresses))
        there = there or tuple(map(_in_the_outbox, message.addresses[:1]))
        channels = {address: self._switchboard.channel(address) for address in there}
        return replace(message, addresses=there), channels

    def _decide(self, attempts: Sequence[Attempt], taken: Taken, **asked: Any) -> Step:
        """What to do next, the places that an address takes counted over its whole line."""

        def of_line(address: Address, after: datetime) -> Sequence[datetime]:
            kind, name = self._switchboard.line(address)
            return taken(Address(kind=kind, address=name), after)

        return next_step(attempts, of_line, **asked)

    def _deliver(
        self, message: Message, channel: Channel, claim: Begun, clock: Callable[[], datetime]
    ) -> timedelta | None:
        """Deliver and settle: None where it has surely arrived, else how long to wait at least."""
        receipt = note = ""
        wait = timedelta()
        try:
            receipt = channel.deliver(message, claim.address.address, repeated=claim.repeated)
            state = AttemptState.SENT
        except Unavailable as error:
            state, note, wait = AttemptState.FAILED, error.said, error.wait or wait
        except Refused as error:
            state, note = AttemptState.REFUSED, error.said
        except NotDelivered as error:
            state, note = AttemptState.UNKNOWN, error.said
        except Exception as error:
            # How far it came is not known; its own text may name a person, so its kind is logged.
            state, note = AttemptState.UNKNOWN, "程序意外出错，结果不明"
            _note(message, "broken", channel=claim.address.kind, error=type(error).__name__)
        self._registry.settle(
            message.message_id, claim.number, state, clock(), receipt=receipt, note=note
        )
        _note(message, state.value, channel=claim.address.kind, repeated=claim.repeated)
        metrics.delivered(claim.address.kind, state.value)
        if state is not AttemptState.SENT:
            return wait
        metrics.lateness(clock() - message.at)
        return None

    def _learn(self, message: Message, attempt: Attempt) -> bool:
        """Ask the channel what became of an attempt, and settle it; whether it could tell.

        What is not set up any more cannot be asked.
        """
        place = attempt.place
        if not self._switchboard.configured(place):
            return False
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


def withdrawn(message: Message) -> None:
    """Log and count a message that was put down as not to be sent."""
    _note(message, "withdrawn")
    for address in message.addresses[:1]:
        metrics.delivered(address.kind, "withdrawn")


def _in_the_outbox(address: Address) -> Address:
    """Where a message lies for a person who should be told by a channel that is not set up."""
    title = CHANNEL_TITLES.get(address.kind, address.kind)
    return Address(kind=OUTBOX, address=f"{title} {address.address}")


def left_in_outbox(channel: str, address: str) -> bool:
    """Whether a message that went to this place lies in the outbox because the channel asked for is
    not set up."""
    asked = address.partition(" ")[0]
    return channel == OUTBOX and asked in set(CHANNEL_TITLES.values()) - {CHANNEL_TITLES[OUTBOX]}


def _sent(message: Message, by: Address, attempts: Iterable[Attempt]) -> Sent:
    # Given up an hour before, the channels after this one are no reason for it.
    after = message.addresses[message.addresses.index(by) :] if by in message.addresses else (by,)
    given_up = [each for each in attempts if each.place not in after and not _letter(message, each)]
    passed_over = [
        each.kind for each in message.addresses if by == _in_the_outbox(message.addresses[0])
    ]
    return Sent(
        channel=by.kind,
        instead_of=_each_once([*(each.channel for each in given_up), *passed_over]),
        unanswered=_each_once(
            each.channel for each in given_up if each.state is AttemptState.UNKNOWN
        ),
        not_configured=_each_once(passed_over),
    )


def _letter(message: Message, attempt: Attempt) -> bool:
    """Whether it was the letter of last resort, which is no channel of the person's."""
    return attempt.channel == OUTBOX and attempt.place not in message.addresses


def _each_once(kinds: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kinds))


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
