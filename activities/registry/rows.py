"""What the registry answers with where case.records has no row of its own: frozen, no session."""

from dataclasses import dataclass
from datetime import datetime


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one person about one rung of one duty."""

    message_id: str
    case_id: str
    duty_id: str
    rung: str
    unit: str
    role: str
    person: str
    channel: str
    """Kind of channel that the case file names for the person."""
    address: str
    state: str
    """claimed (about to go out), sent, or failed."""
    at: datetime
    """When the rung fell due."""
    sent_at: datetime | None
    note: str
    subject: str
    text: str
