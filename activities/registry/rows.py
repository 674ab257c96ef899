"""What the registry answers with where case.records has no row of its own: frozen, no session."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from activities.telling.message import Address
from activities.telling.trying import Ask, Attempt, GaveUp, Later


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredCase:
    """A case as admitted, and where it stood when it was last recorded."""

    case_id: str
    name: str
    number: str
    digest: str
    """SHA-256 of the case file, hexadecimal."""
    districts: tuple[str, ...]
    townships: tuple[str, ...]
    """Names, as in the case file."""
    workflow_id: str
    stage: int
    """Number of the step; 0 until the case is first recorded."""
    stage_title: str
    status: str
    """admitted until first recorded; then running, suspended, terminated or closed."""
    admitted_at: datetime
    updated_at: datetime


class DeliveryState(StrEnum):
    """Where a message stands."""

    CLAIMED = "claimed"
    """It is to go out, and is not known to have gone."""
    SENT = "sent"
    FAILED = "failed"
    """Every channel of the person was given up."""
    WITHDRAWN = "withdrawn"
    """When it was to go out, what it tells was owed no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one person, mostly about one rung of one duty."""

    message_id: str
    case_id: str | None
    """None for what is not about one case: a digest, an alarm, a test."""
    kind: str
    """As in Message."""
    duty_id: str
    rung: str
    unit: str
    role: str
    person: str
    channel: str
    """Kind of channel by which it went out; of the first attempt, or to be tried first, until it
    has."""
    address: str
    state: str
    """See DeliveryState."""
    repeated: bool
    """Whether what was sent is marked as perhaps sent before."""
    at: datetime
    """When it fell due."""
    sent_at: datetime | None
    note: str
    """Why the last attempt failed; empty once it is sent."""
    subject: str
    text: str
    brief: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A claim that found the message due: deliver it now, and settle the attempt of that number."""

    number: int
    address: Address
    repeated: bool
    before: tuple[Attempt, ...]
    """The attempts before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadySent:
    """A claim that found the message gone out: leave it."""

    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A claim that found what the message tells owed no more: nothing goes out."""


Claim = Begun | AlreadySent | Withdrawn | Ask | Later | GaveUp
"""What claiming a message found, and so what is to be done."""
