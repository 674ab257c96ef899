"""How the tests claim a message: as the courier does, by the usual policy."""

from datetime import datetime
from functools import partial

from activities.registry import Claim, Registry
from activities.telling.message import Message
from activities.telling.trying import Policy, next_step
from tests.activities.samples import message

POLICY = Policy()
NOW = message().at


def claim(
    registry: Registry,
    told: Message | None = None,
    now: datetime = NOW,
    limit: int | None = None,
    asked: frozenset[int] = frozenset(),
) -> Claim:
    """Claim a message as the courier does."""
    told = told or message()
    decide = partial(
        next_step,
        addresses=told.addresses,
        now=now,
        policy=POLICY,
        limits=dict.fromkeys(told.addresses, limit),
        cannot_tell=asked,
    )
    return registry.claim(told, now, decide)
