"""When something is due and when it is told: what a case asks of the calendar, and the answer.

The state never reads a calendar. It says what it wants reckoned (`Request`); an activity answers
(`Schedule`), so that history keeps the days as they were reckoned.
"""

from dataclasses import replace
from datetime import date, datetime

from pydantic.dataclasses import dataclass

from case.ladder import MOVED, Ladders, Level, Rung, ladder
from law.calendar import WorkingCalendar
from law.deadline import Counting, Deadline, reckon
from law.rules import rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A period of the higher law for the same thing, with the day it is counted from."""

    rule: str
    trigger: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A deadline to reckon. `ladder` asks for the rungs of reminding as well."""

    id: str
    rule: str
    trigger: date
    """The day of the event; it is not counted."""
    length: int | None = None
    """Working days of an office target (内部时限)."""
    printed: date | None = None
    """The last day that a notice or a decision names."""
    amended: date | None = None
    """The last day that a person set instead, with reason and document."""
    opened_on: date
    known_on: date
    """The day the case learned of it: nothing is told before, however long ago it began."""
    ladder: bool = True
    rules_of: date | None = None
    """The day whose rules the case is reckoned by; None for a case older than such days."""
    others: tuple[Other, ...] = ()
    """Periods that the higher law sets for the same thing: the stricter day is worked to."""
    counted_by: str = ""
    """The entry by which the case was last told to count anew; empty before there was one."""

    def asks_the_same(self, other: "Request") -> bool:
        """Whether `other` asks the same; on which day it was asked does not matter."""
        return replace(self, known_on=other.known_on) == other


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """That a last day moved: from which day, and why."""

    last_day: date
    """The last day before."""
    cause: str
    """In Chinese, with the number of the document."""
    heard: tuple[Level, ...]
    """Who has been told of the day before, and hears that it moved."""
    since: date | None = None
    """Since when the ladder of the day before stood."""
    before: "Moved | None" = None
    """What had moved that day itself, and was told; should it stand again, so does this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The answer to a request: the deadline, and the rungs if they were asked for.

    `others` are the days that another body of law sets for the same thing, none of them stricter.
    """

    request: Request
    deadline: Deadline
    rungs: tuple[Rung, ...] = ()
    others: tuple[Deadline, ...] = ()
    moved: Moved | None = None
    """What moved the last day, if it did since the duty opened."""
    since: date | None = None
    """The day since which its ladder stands; None where it was counted before that was kept."""

    @property
    def stands_since(self) -> date:
        """The day since which its ladder stands: nothing is told on it or before."""
        return self.since or max(self.request.opened_on, self.request.known_on)

    @property
    def ends_at(self) -> datetime:
        return self.deadline.ends_at


def reckon_schedule(request: Request, calendar: WorkingCalendar) -> Schedule:
    """Count `request` on `calendar`, without rungs; an amended day takes the counted one's place.

    It does so only as far as the order leaves room: where the counted day has moved past it since,
    the counted day stands, and while it can still move past it the day is provisional.
    """
    deadline, others = _strictest(request, calendar)
    if request.amended and _has_room(deadline, request.amended):
        deadline = _amended(deadline, request.amended, calendar)
    return Schedule(request=request, deadline=deadline, others=others)


def with_rungs(
    schedule: Schedule,
    calendar: WorkingCalendar,
    ladders: Ladders,
    *,
    case_id: str,
    since: date,
) -> Schedule:
    """The schedule with the ladder that its request asks for, standing since a day.

    A notice's period has none, since nobody owes it; but once it moved, that is told.
    """
    moved = schedule.moved
    if schedule.request.ladder:
        rungs = ladder(
            schedule.deadline.last_day,
            since,
            calendar,
            ladders,
            statutory=schedule.deadline.statutory,
            case_id=case_id,
            moved=moved is not None,
            heard=moved.heard if moved else (),
        )
    else:
        rungs = (_told_once(calendar, ladders, case_id, since),) if moved else ()
    return replace(schedule, rungs=rungs, since=since)


def _told_once(calendar: WorkingCalendar, ladders: Ladders, case_id: str, since: date) -> Rung:
    """The one rung of a period that moved, on the next working morning."""
    at = ladders.moment(calendar.nth_working_day_after(since, 1), case_id)
    return Rung(name=f"{MOVED}@{since}", at=at, audience=(Level.HANDLER,))


def _strictest(
    request: Request, calendar: WorkingCalendar
) -> tuple[Deadline, tuple[Deadline, ...]]:
    """The day to work to and, beside it, what the other bodies of law ask: of *at least* the last
    day, of *within* the first (第二条：法律、法规另有规定的，从其规定)."""
    counted = [
        reckon(
            rule(request.rule, request.rules_of),
            request.trigger,
            calendar,
            length=request.length,
            printed=request.printed,
        ),
        *(
            reckon(rule(other.rule, request.rules_of), other.trigger, calendar)
            for other in request.others
        ),
    ]
    pick = max if counted[0].counting.at_least else min
    worked_to = pick(counted, key=lambda deadline: deadline.last_day)
    return worked_to, tuple(deadline for deadline in counted if deadline is not worked_to)


def only_shrinks(deadline: Deadline) -> bool:
    """Whether a law wants something done *within* this period, so that nobody may lengthen it."""
    within = (Counting.WITHIN_DAYS, Counting.WITHIN_WORKING_DAYS)
    return deadline.statutory and deadline.counting in within


def _has_room(deadline: Deadline, amended: date) -> bool:
    """Whether the order leaves room for `amended`: a least only grows, a most only shrinks."""
    if not deadline.statutory:
        return True
    if only_shrinks(deadline):
        return amended < deadline.last_day
    return amended > deadline.last_day


def _amended(deadline: Deadline, amended: date, calendar: WorkingCalendar) -> Deadline:
    latest = max(amended, deadline.latest) if deadline.counting.at_least else amended
    earliest = min(amended, deadline.earliest) if only_shrinks(deadline) else amended
    return replace(
        deadline,
        last_day=amended,
        rolled_last_day=calendar.first_working_day_from(amended),
        provisional=latest > earliest,
        earliest=earliest,
        latest=latest,
        rolled_earliest=calendar.first_working_day_from(earliest),
        rolled_latest=calendar.first_working_day_from(latest),
    )
