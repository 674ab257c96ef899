"""Settling a change of a case: its deadlines are counted, and all of it is recorded."""

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.registry import EntryConflict, GrantSpent, Registry
from case.change import Change
from case.reckoning import reckon_all
from case.recording import records
from case.schedule import Schedule
from law.calendar import WorkingCalendar
from law.deadline import SHANGHAI

logger = structlog.get_logger(__name__)


class Settling:
    """The activity that every change of a case passes through before it counts as accepted."""

    def __init__(self, registry: Registry, calendar: WorkingCalendar) -> None:
        self._registry = registry
        self._calendar = calendar

    @activity.defn(name="settle")
    def settle(self, change: Change) -> list[Schedule]:
        """Count what the change makes due, record the case, and answer what was counted.

        A repeat counts and records the same. What was counted goes into history, so that a case
        keeps the days that its calendar gave. An entry id that returns with other content, and a
        correction of a quota that is spent already, fail for good: no retry makes them right.
        Raises UnknownCase, which an officer can mend by admitting the case.
        """
        today = change.at.astimezone(SHANGHAI).date()
        state, duties, counted = reckon_all(change.state, today, self._calendar)
        rows = records(state, duties, change.at, change.command)
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
