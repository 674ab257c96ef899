"""A case as it stands at this moment, though its own clock was last read when something happened.

A case that waits answers a query with the moment of its last event. Its state is what counts; what
follows from the day is reckoned here, by the same functions that the case itself uses.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from temporalio.client import Client

from case.reckoning import Reckoning, reckon_all
from case.state import State
from case.view import CaseView, view
from desk.cases import now
from desk.connection import ANSWERING, state_of, view_of
from law import SHANGHAI
from law.calendar import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Present:
    """A case's state, the moment at which it is looked at, and the calendar to count by."""

    state: State
    at: datetime
    calendar: WorkingCalendar
    """What this office counts by."""

    @property
    def today(self) -> date:
        """The day, Asia/Shanghai."""
        return self.at.astimezone(SHANGHAI).date()

    def view(self) -> CaseView:
        """What people see of it, with every deadline counted that this moment asks for."""
        state, duties, _ = reckon_all(self.state, Reckoning(at=self.at, calendar=self.calendar))
        return view(state, duties, self.at)


async def present(
    client: Client, case_id: str, calendar: WorkingCalendar, patience: timedelta = ANSWERING
) -> Present:
    """A running case now: by the wall clock, or by its own where virtual time is ahead of it."""
    state = await state_of(client, case_id, patience)
    seen = await view_of(client, case_id, patience)
    moment = seen.at if state.ended else max(seen.at, now())
    return Present(state, moment.astimezone(SHANGHAI), calendar)
