"""The activity that counts deadlines, so that history keeps the days as they were counted."""

from temporalio import activity

from case.schedule import Request, Schedule, reckon_schedule
from law.calendar import official_calendar


@activity.defn(name="compute_deadlines")
def compute_deadlines(requests: list[Request]) -> list[Schedule]:
    """Count each request on the official calendar, in the order given.

    Raises law.BadPeriod for a request that cannot be counted.
    """
    calendar = official_calendar()
    return [reckon_schedule(request, calendar) for request in requests]
