"""The office's hours: when people are told anything at all, which is never on a rest day."""

from datetime import datetime, time

from pydantic.dataclasses import dataclass

from law.calendar import WorkingCalendar
from law.deadline import SHANGHAI


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """From when until when people are told on a working day, Shanghai time; opens before closes."""

    opens: time
    closes: time

    def next_open(self, now: datetime, calendar: WorkingCalendar) -> datetime:
        """The first moment from `now` at which the office is open: `now` itself where it is.

        Raises BadPeriod beyond the calendar.
        """
        local = now.astimezone(SHANGHAI)
        day, moment = local.date(), local.time()
        if calendar.is_working(day):
            if self.opens <= moment < self.closes:
                return now
            if moment < self.opens:
                return datetime.combine(day, self.opens, SHANGHAI)
        return datetime.combine(calendar.nth_working_day_after(day, 1), self.opens, SHANGHAI)
