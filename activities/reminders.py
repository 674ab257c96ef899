"""Telling people about their duties: each rung once, each message claimed before it goes out."""

from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.directory import Directory
from activities.message import Message, render
from activities.outbox import Channel
from activities.registry import Claim, DeliveryState, Registry
from case.records import Delivered, Reminder
from law.calendar import WorkingCalendar

logger = structlog.get_logger(__name__)


def _wall_clock() -> datetime:
    return datetime.now(UTC)


class Reminders:
    """The activity that tells people; what happened to each message stands in the registry."""

    def __init__(
        self,
        registry: Registry,
        channel: Channel,
        calendar: WorkingCalendar,
        clock: Callable[[], datetime] = _wall_clock,
    ) -> None:
        """`channel` delivers every message for now; its row keeps the channel the person has."""
        self._registry = registry
        self._channel = channel
        self._calendar = calendar
        self._clock = clock

    @activity.defn(name="send_reminders")
    def send_reminders(self, reminders: list[Reminder]) -> Delivered:
        """Tell every person of every rung, and say how many messages are out.

        The count takes in what an earlier attempt at the same rungs sent, so that a repeat answers
        the same. `undeliverable` names as "duty/rung" what nobody could be told. Messages that the
        channel refuses are settled as failed and the activity fails, to be tried again; nobody who
        was told is told twice. Raises UnknownCase.
        """
        directories: dict[str, Directory] = {}
        sent = failed = 0
        undeliverable: list[str] = []
        for reminder in reminders:
            if reminder.case_id not in directories:
                directories[reminder.case_id] = self._directory(reminder.case_id)
            recipients = directories[reminder.case_id].recipients(reminder)
            if not recipients:
                undeliverable.append(f"{reminder.duty_id}/{reminder.rung}")
            outcomes = [
                self._tell(render(reminder, recipient, self._calendar)) for recipient in recipients
            ]
            sent += sum(outcomes)
            failed += len(outcomes) - sum(outcomes)
            logger.info(
                "reminder told" if recipients else "reminder reaches nobody",
                case_id=reminder.case_id,
                duty_id=reminder.duty_id,
                rung=reminder.rung,
                count=sum(outcomes),
            )
        if failed:
            raise ApplicationError(
                f"有{failed}条提醒未能送出，将重试。", type="ReminderNotDelivered"
            )
        return Delivered(sent=sent, undeliverable=tuple(undeliverable))

    def _directory(self, case_id: str) -> Directory:
        case = self._registry.case(case_id)
        return Directory(self._registry.file(case_id), case.districts)

    def _tell(self, message: Message) -> bool:
        """Whether the message is out, now or from before."""
        if self._registry.claim(message) is Claim.ALREADY_SENT:
            return True
        try:
            self._channel.deliver(message)
        except Exception as error:
            # One channel that fails must not keep the others from being told. The error's own text
            # may name a person, so only its kind is kept.
            note = type(error).__name__
            self._registry.settle(message.message_id, DeliveryState.FAILED, self._clock(), note)
            logger.warning(
                "message not delivered",
                case_id=message.case_id,
                duty_id=message.duty_id,
                rung=message.rung,
                error=note,
            )
            return False
        self._registry.settle(message.message_id, DeliveryState.SENT, self._clock())
        return True
