"""Writing what a case did to the registry."""

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.registry import EntryConflict, Registry
from case.records import Records

logger = structlog.get_logger(__name__)


class CaseRecords:
    """The activity that records each change of a case."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    @activity.defn(name="record")
    def record(self, records: Records) -> None:
        """Record one change; a repeat harms nothing.

        An entry id that returns with other content fails for good: no retry makes it right. Raises
        UnknownCase, which an officer can mend by admitting the case.
        """
        try:
            self._registry.record(records)
        except EntryConflict as error:
            raise ApplicationError(str(error), type="EntryConflict", non_retryable=True) from error
        logger.info(
            "recorded",
            case_id=records.case.case_id,
            stage=records.case.stage,
            duties=len(records.duties),
        )
