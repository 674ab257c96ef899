"""When something is due and when it is told: what a case asks of the calendar, and the answer.

The state never reads a calendar. It says what it wants reckoned (`Request`); an activity answers
(`Schedule`), so that history keeps the days as they were reckoned.
"""

from dataclasses import replace
from datetime import date, datetime

from pydantic.dataclasses import dataclass

from case.ladder import Rung, ladder
from law.calendar import WorkingCalendar
from law.deadline import Deadline, reckon
from law.rules import rule


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

    def asks_the_same(self, other: "Request") -> bool:
        """Whether `other` asks the same; on which day it was asked does not matter."""
        return replace(self, known_on=other.known_on) == other


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The answer to a request: the deadline, and the rungs if they were asked for."""

    request: Request
    deadline: Deadline
    rungs: tuple[Rung, ...] = ()

    @property
    def ends_at(self) -> datetime:
        return self.deadline.ends_at


def reckon_schedule(request: Request, calendar: WorkingCalendar) -> Schedule:
    """Count `request` on `calendar`; an amended day takes the place of the counted one."""
    deadline = reckon(
        rule(request.rule),
        request.trigger,
        calendar,
        length=request.length,
        printed=request.printed,
    )
    if request.amended:
        rolled = calendar.first_working_day_from(request.amended)
        deadline = replace(
            deadline,
            last_day=request.amended,
            rolled_last_day=rolled,
            provisional=False,
            earliest=request.amended,
            latest=request.amended,
            rolled_earliest=rolled,
            rolled_latest=rolled,
        )
    if not request.ladder:
        return Schedule(request=request, deadline=deadline)
    return Schedule(
        request=request,
        deadline=deadline,
        rungs=ladder(
            deadline.last_day,
            max(request.opened_on, request.known_on),
            calendar,
            statutory=deadline.statutory,
        ),
    )
