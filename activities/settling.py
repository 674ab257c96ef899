"""Settling a change of a case: its deadlines are counted, and all of it is recorded."""

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.office.reminder_settings import Office
from activities.registry import EntryConflict, GrantSpent, Registry
from case.change import Change
from case.conduct import Recount
from case.reckoning import Reckoning, reckon_all
from case.recording import records
from case.schedule import Schedule
from law.calendar import WorkingCalendar

OTHER_CALENDAR = "OtherCalendar"
"""Type of the error for a case told to count by papers that this process does not have."""

logger = structlog.get_logger(__name__)


class Settling:
    """The activity that every change of a case passes through before it counts as accepted."""

    def __init__(self, registry: Registry, office: Office) -> None:
        """`office` is asked at every change: a paper adopted meanwhile counts at once."""
        self._registry = registry
        self._office = office

    @activity.defn(name="settle")
    def settle(self, change: Change) -> list[Schedule]:
        """Count what the change makes due, record the case, and answer what was counted.

        A repeat counts and records the same. What was counted goes into history, so that a case
        keeps the days that its calendar gave. An entry id that returns with other content, and a
        correction of a quota that is spent already, fail for good: no retry makes them right.
        Raises UnknownCase, which an officer can mend by admitting the case.
        """
        calendar = self._office.calendar()
        _require_calendar(change, calendar)
        state, duties, counted = reckon_all(
            change.state,
            Reckoning(
                at=change.at,
                calendar=calendar,
                ladders=self._office.reminders().ladders,
                cause=change.cause,
            ),
        )
        rows = records(change, state, duties)
        try:
            self._registry.record(rows)
        except (EntryConflict, GrantSpent) as error:
            raise ApplicationError(
                str(error), type=type(error).__name__, non_retryable=True
            ) from error
        logger.info(
            "settled",
            case_id=rows.case.case_id,
            command=change.command.command if change.command else None,
            stage=rows.case.stage,
            counted=len(counted),
        )
        return list(counted)


def _require_calendar(change: Change, calendar: WorkingCalendar) -> None:
    """A case told to count by a calendar is not counted by another one."""
    if isinstance(change.command, Recount) and change.command.calendar != calendar.digest:
        raise ApplicationError(
            "执行进程的放假安排与要求的不同，没有重算，请稍后再试。",
            type=OTHER_CALENDAR,
            non_retryable=True,
        )
