"""What to do next about one message: send it, ask about it, wait for a moment, or give it up.

Pure: it knows the attempts so far, the addresses of the person in their order, and the case's time.
A channel is tried a few times with growing pauses, then the person's next channel; who was given up
is tried anew after an hour, if anybody asks. What may have arrived is never sent again unmarked,
and an address never takes more in a minute than it can.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from activities.telling.message import Address


class AttemptState(StrEnum):
    """Where one attempt at sending stands."""

    PLANNED = "planned"
    """A slot is kept for it at `begun_at`; nothing has gone out."""
    BEGUN = "begun"
    """It is on its way, or its process died on it."""
    SENT = "sent"
    FAILED = "failed"
    """Surely not delivered; the channel may deliver it later."""
    REFUSED = "refused"
    """Surely not delivered; the channel will never deliver it to this address."""
    UNKNOWN = "unknown"
    """Perhaps delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt at sending one message to one address. Identity: (message_id, number)."""

    message_id: str
    number: int
    """From 1, in the order in which they were begun."""
    channel: str
    """Kind of channel."""
    address: str
    state: AttemptState
    begun_at: datetime
    """For a planned one, when it is to begin."""
    ended_at: datetime | None
    repeated: bool
    """Whether an earlier attempt may have arrived, and this one says so to its reader."""
    receipt: str
    """The channel's own name for it; empty where it gave none."""
    note: str
    """Why it failed, in Chinese or as the name of an error; no personal data."""

    @property
    def place(self) -> Address:
        """Where it went."""
        return Address(kind=self.channel, address=self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How patiently messages are sent."""

    tries: int = 4
    """How often one address is tried before the person's next one.

    A try counts also where its process died on it or its answer was lost.
    """
    back_off: tuple[timedelta, ...] = (
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=15),
    )
    """The pause after the first, second, third failure at an address; the last for all further."""
    in_flight: timedelta = timedelta(minutes=3)
    """How long a begun attempt is taken to be on its way still; after that its process has died.

    Much longer than any channel may take for the whole of a delivery.
    """
    rest: timedelta = timedelta(hours=1)
    """How long who was given up is left alone; after that every address is tried anew."""
    window: timedelta = timedelta(seconds=60)
    """The span in which an address takes so many messages and no more."""
    leeway: timedelta = timedelta(seconds=5)
    """How late a kept slot may be used. Slots lie apart by so much more than the window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Send now to `address`."""

    address: Address
    repeated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """The outcome of `attempt` is unknown: ask its channel."""

    attempt: Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Nothing before `until`."""

    until: datetime
    address: Address | None = None
    """Where a slot at `until` is to be kept; None where an attempt is still on its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveUp:
    """No channel of the person is left to try."""

    said: str = ""
    """What was said of the last attempt."""
    unanswered: bool = False
    """Whether it may have arrived after all: some attempt has no answer."""


Step = Send | Ask | Later | GaveUp

Taken = Callable[[Address, datetime], Sequence[datetime]]
"""When other messages went or will go to an address after a moment, in order of time."""


def next_step(
    attempts: Sequence[Attempt],
    taken: Taken,
    *,
    addresses: Iterable[Address],
    now: datetime,
    policy: Policy,
    limits: Mapping[Address, int | None],
    cannot_tell: frozenset[int] = frozenset(),
    not_before: Mapping[Address, datetime] = MappingProxyType({}),
) -> Step:
    """What to do next about a message that is not known to have arrived.

    `limits` says how many messages an address takes in a window, None or absent for as many as
    come; `cannot_tell` are the numbers of the attempts about which the channel was asked in vain;
    `not_before` says until when an address has asked to be left alone.
    """
    unknown = [
        each for each in attempts if each.state in {AttemptState.BEGUN, AttemptState.UNKNOWN}
    ]
    for attempt in unknown:
        arrives_until = attempt.begun_at + policy.in_flight
        if attempt.state is AttemptState.BEGUN and now < arrives_until:
            return Later(until=arrives_until)
    for attempt in unknown:
        if attempt.number not in cannot_tell:
            return Ask(attempt=attempt)
    places = tuple(dict.fromkeys(addresses))
    lately = _lately(attempts, places, now, policy)
    for address in places:
        if _used_up(lately, address, policy):
            continue
        planned = [
            each
            for each in attempts
            if each.place == address and each.state is AttemptState.PLANNED
        ]
        tried = [each for each in lately if each.place == address]
        ready = max(_ready(tried, now, policy), not_before.get(address, now))
        slot = _slot(address, ready, planned, now, policy, limits, taken)
        if slot > now:
            return Later(until=slot, address=address)
        return Send(address=address, repeated=bool(unknown))
    return GaveUp(said=lately[-1].note if lately else "", unanswered=bool(unknown))


def _lately(
    attempts: Sequence[Attempt], addresses: Sequence[Address], now: datetime, policy: Policy
) -> list[Attempt]:
    """What was tried since the last rest, which only follows once every address was used up."""
    lately: list[Attempt] = []

    def rested(until: datetime) -> bool:
        used_up = all(_used_up(lately, address, policy) for address in addresses)
        return bool(lately) and used_up and until - _ended(lately[-1]) >= policy.rest

    for attempt in attempts:
        if attempt.state is AttemptState.PLANNED:
            continue
        if rested(attempt.begun_at):
            lately.clear()
        lately.append(attempt)
    if rested(now):
        lately.clear()
    return lately


def _used_up(attempts: Sequence[Attempt], address: Address, policy: Policy) -> bool:
    tried = [each.state for each in attempts if each.place == address]
    return len(tried) >= policy.tries or AttemptState.REFUSED in tried


def _ended(attempt: Attempt) -> datetime:
    return attempt.ended_at or attempt.begun_at


def _ready(tried: Sequence[Attempt], now: datetime, policy: Policy) -> datetime:
    """When the pause after the last failure is over, now at the earliest."""
    if not tried:
        return now
    pause = policy.back_off[min(len(tried), len(policy.back_off)) - 1]
    return max(now, _ended(tried[-1]) + pause)


def _slot(  # noqa: PLR0917 - one thought, taken out of next_step to be read alone
    address: Address,
    ready: datetime,
    planned: Sequence[Attempt],
    now: datetime,
    policy: Policy,
    limits: Mapping[Address, int | None],
    taken: Taken,
) -> datetime:
    """The moment kept for the message if it can still be used, else the first that is free."""
    for attempt in planned:
        if now <= attempt.begun_at + policy.leeway:
            return max(now, attempt.begun_at)
    limit = limits.get(address)
    if limit is None:
        return ready
    span = policy.window + policy.leeway
    return _first_free(taken(address, ready - span), ready, max(1, limit), span)


def _first_free(
    taken: Sequence[datetime], start: datetime, limit: int, span: timedelta
) -> datetime:
    """The first moment from `start` that leaves no span with more than `limit` messages."""
    moments = {start, *(each + span for each in taken if each + span > start)}
    return next(each for each in sorted(moments) if _fits(taken, each, limit, span))


def _fits(taken: Sequence[datetime], moment: datetime, limit: int, span: timedelta) -> bool:
    place = bisect_right(taken, moment)
    around = [*taken[max(0, place - limit) : place], moment, *taken[place : place + limit]]
    return all(
        after - before >= span for before, after in zip(around, around[limit:], strict=False)
    )
