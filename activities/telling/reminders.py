"""The activity that tells people about their duties: each rung once, at a decent hour.

It never sleeps and never fails because a channel does: what must wait it hands back to the case,
with the moment at which to ask again.
"""

from temporalio import activity

from activities.clock import case_clock
from activities.office.reminder_settings import Office
from activities.registry import Registry
from activities.telling.batch import Telling
from activities.telling.courier import Courier
from case.records import Delivered, Reminder
from law import SHANGHAI


class Reminders:
    """The activity that tells people; what happened to each message stands in the registry."""

    def __init__(self, registry: Registry, courier: Courier, office: Office) -> None:
        """`office` is read anew for every batch."""
        self._registry = registry
        self._courier = courier
        self._office = office

    @activity.defn(name="send_reminders")
    def send_reminders(self, reminders: list[Reminder]) -> Delivered:
        """Tell every person of every rung, and say how many messages are out and what must wait.

        What the office's hours do not leave time for waits until the case's own moment on the next
        working morning. The count takes in what an earlier attempt at the same rungs sent, so that
        a repeat answers the same. Where a person cannot be reached, the next one upward is told
        instead; where nobody at all can, the rung is tried again after an hour. No failure of a
        channel raises; UnknownCase, CalendarUnusable and SettingsUnusable do.
        """
        now = case_clock()
        telling = Telling(
            registry=self._registry,
            courier=self._courier,
            calendar=self._office.calendar(),
            settings=self._office.reminders(),
            templates=self._office.templates(),
            clock=case_clock,
            today=now.astimezone(SHANGHAI).date(),
        )
        for reminder in reminders:
            telling.tell(reminder)
        return telling.delivered()
