"""Silence noticed: which tellings are late, and which duties nobody was told of.

A case tells by its own timers. Here the rows that it left are held against the ladders and the
calendar, apart from what the case itself waits for, so that one that has fallen silent is noticed
whatever the cause. Only office time counts: what fell due at 08:30 is not late at 08:40.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from pydantic.dataclasses import dataclass

from case.hours import Hours
from case.ladder import Ladders, ladder
from case.records import DutyRecord, EntryRecord
from law.calendar import WorkingCalendar
from law.deadline import SHANGHAI

PATIENCE = timedelta(minutes=30)
"""Office time that may pass after the morning's window before a telling is late."""
SETTLING_DAYS = 2
"""Working days after its opening before a duty that nobody was told of is held to be silent."""
LOOKS_BACK = frozenset({"correct", "resume", "send_back"})
"""Commands after which a duty is owed since a day that is past."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A telling whose time is past and of which nobody heard. Identity: (case, duty, rung)."""

    case_id: str
    workflow_id: str
    duty_id: str
    rung: str
    at: datetime
    """When it fell due."""
    title: str
    unit_name: str

    @property
    def mark(self) -> str:
        """Its identity in sixteen hexadecimal characters."""
        return _mark(self.case_id, self.duty_id, self.rung)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """A case under way in the registry whose workflow does not run: it tells nobody any more."""

    case_id: str
    workflow_id: str
    said: str
    """What became of the workflow, in Chinese."""

    @property
    def mark(self) -> str:
        """Its identity in sixteen hexadecimal characters."""
        return _mark(self.case_id, "stopped")


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRungs:
    """What is late at a look: how many tellings, and the oldest of them."""

    count: int
    oldest: tuple[Late, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What the operators are to be told at a moment."""

    at: datetime
    late: LateRungs
    stopped: tuple[Stopped, ...] = ()

    @property
    def count(self) -> int:
        """How much there is to be seen to."""
        return self.late.count + len(self.stopped)

    @property
    def marks(self) -> tuple[str, ...]:
        """What it is about, each by its mark, in order."""
        late = (each.mark for each in self.late.oldest)
        return tuple(sorted((*late, *(each.mark for each in self.stopped))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarmed:
    """What came of an alarm: how many were told, and whether it must be tried again.

    To be tried again is what told nobody, or waits for somebody's channel.
    """

    told: int
    again: bool


def _mark(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def patience(ladders: Ladders) -> timedelta:
    """How much office time a telling may take: the morning's window, and half an hour."""
    return timedelta(minutes=ladders.window_minutes) + PATIENCE


def late_before(
    now: datetime, allowed: timedelta, hours: Hours, calendar: WorkingCalendar
) -> datetime:
    """The moment before which what fell due is late: so much office time ago.

    Raises BadPeriod outside the calendar.
    """
    day = now.astimezone(SHANGHAI).date()
    if not calendar.is_working(day):
        day = calendar.nth_working_day_before(day, 1)
    left = allowed
    while True:
        opens = datetime.combine(day, hours.opens, SHANGHAI)
        until = min(now, datetime.combine(day, hours.closes, SHANGHAI))
        if until - opens >= left:
            return until - left
        left -= max(until - opens, timedelta())
        day = calendar.nth_working_day_before(day, 1)


def maybe_silent(
    duty: DutyRecord, now: datetime, before: datetime, calendar: WorkingCalendar
) -> bool:
    """Whether nothing that the case planned for an open duty has come due in all that time.

    It has no rungs (its row is from before there were any, or its schedule was lost), or all of
    them lie ahead. What has come due is judged by whether it was told (Registry.untold).
    """
    today = now.astimezone(SHANGHAI).date()
    if any(rung.at < before for rung in duty.rungs) or duty.opened_on > today:
        return False
    return calendar.working_days_between(duty.opened_on, today) > SETTLING_DAYS


def known_since(duty: DutyRecord, entries: Iterable[EntryRecord]) -> date:
    """The day by which the case knew of a duty at the latest, from what was entered.

    An entry made in arrears, a correction and a resumption open duties since days that are past;
    nobody could be told of them before.
    """
    accepted = [
        entry.accepted_at.astimezone(SHANGHAI).date()
        for entry in entries
        if entry.occurred_on <= duty.opened_on or entry.command in LOOKS_BACK
    ]
    return max((duty.opened_on, *accepted))


def silent(
    duty: DutyRecord,
    known_on: date,
    workflow_id: str,
    before: datetime,
    *,
    calendar: WorkingCalendar,
    ladders: Ladders,
) -> Late | None:
    """The first telling that an open duty of which nobody ever heard should have had by then.

    The ladder is counted here, whatever the case planned. None where it begins later.
    """
    first = ladder(
        duty.last_day,
        known_on,
        calendar,
        ladders,
        statutory=duty.statutory,
        case_id=duty.case_id,
    )[0]
    if first.at >= before:
        return None
    return Late(
        case_id=duty.case_id,
        workflow_id=workflow_id,
        duty_id=duty.duty_id,
        rung=f"{duty.last_day}/{first.name}",
        at=first.at,
        title=duty.title,
        unit_name=duty.unit_name,
    )


def how_late(at: datetime, now: datetime) -> str:
    """How long ago a telling fell due, in Chinese: minutes, hours, or days from the second on."""
    minutes = max(int((now - at) / timedelta(minutes=1)), 0)
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24}日"
    return f"{hours}小时{minutes}分" if hours else f"{minutes}分"
