"""Telling people about their duties: each rung once, at a decent hour, upward where nobody answers.

Who is told is the directory's answer, how it is worded the office's, and whether it goes out the
courier's. What is left here is what follows from each: to wait, to tell the next person upward, and
to say so.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import structlog
from temporalio import activity

from activities.channels.titles import CHANNEL_TITLES
from activities.clock import case_clock
from activities.courier import Courier, Outcome, Sent
from activities.directory import Directory, acknowledged
from activities.message import Address, Message, Recipient, render
from activities.registry import Registry, Withdrawn
from activities.reminder_file import ReminderSettings
from activities.reminder_settings import Office
from activities.templates import Templates
from activities.trying import GaveUp, Later
from case.records import Delivered, Reminder
from law import SHANGHAI
from law.calendar import WorkingCalendar

logger = structlog.get_logger(__name__)

OUTBOX = "outbox"


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

        Outside the office's hours all of it waits for the next opening. The count takes in what an
        earlier attempt at the same rungs sent, so that a repeat answers the same. Where a person
        cannot be reached, the next one upward is told instead. No failure of a channel raises;
        UnknownCase, CalendarUnusable and SettingsUnusable do.
        """
        now = case_clock()
        calendar, settings = self._office.calendar(), self._office.reminders()
        opens = settings.hours.next_open(now, calendar)
        if opens > now:
            return Delivered(sent=0, pending=tuple(map(_name, reminders)), again_at=opens)
        telling = _Telling(
            registry=self._registry,
            courier=self._courier,
            calendar=calendar,
            settings=settings,
            templates=self._office.templates(),
            today=now.astimezone(SHANGHAI).date(),
        )
        for reminder in reminders:
            telling.tell(reminder)
        return telling.delivered()


@dataclass(slots=True, kw_only=True)
class _Telling:
    """One batch being told, and what came of it so far."""

    registry: Registry
    courier: Courier
    calendar: WorkingCalendar
    settings: ReminderSettings
    templates: Templates
    today: date
    directories: dict[str, Directory] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    undeliverable: list[str] = field(default_factory=list)
    waiting: dict[str, datetime] = field(default_factory=dict)
    troubles: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def tell(self, reminder: Reminder) -> None:
        """Tell everybody of one rung."""
        recipients = self._directory(reminder.case_id).recipients(reminder)
        if not recipients:
            self.undeliverable.append(_name(reminder))
        before = len(self.sent)
        outcomes = [self._reach(reminder, recipient) for recipient in recipients]
        moments = [each.until for each in outcomes if isinstance(each, Later)]
        if moments:
            self.waiting[_name(reminder)] = min(moments)
        logger.info(
            "reminder told" if recipients else "reminder reaches nobody",
            case_id=reminder.case_id,
            duty_id=reminder.duty_id,
            rung=reminder.rung,
            count=len(self.sent) - before,
            waiting=len(moments),
        )

    def delivered(self) -> Delivered:
        """What came of the batch."""
        return Delivered(
            sent=len(self.sent),
            undeliverable=tuple(self.undeliverable),
            pending=tuple(self.waiting),
            again_at=min(self.waiting.values(), default=None),
            troubles={duty: "；".join(dict.fromkeys(said)) for duty, said in self.troubles.items()},
        )

    def _directory(self, case_id: str) -> Directory:
        if case_id not in self.directories:
            case = self.registry.case(case_id)
            self.directories[case_id] = Directory(
                self.registry.file(case_id), case.districts, self.settings.stand_ins, self.today
            )
        return self.directories[case_id]

    def _reach(self, reminder: Reminder, recipient: Recipient) -> Outcome:
        """Tell a person, or whoever must be told instead."""
        outcome = self._tell(reminder, recipient)
        if isinstance(outcome, GaveUp):
            return self._reach_upward(reminder, recipient)
        return self._said(reminder, outcome)

    def _reach_upward(self, reminder: Reminder, unreached: Recipient) -> Outcome:
        """Tell the nearest people above who can be reached, or leave a letter in the outbox."""
        directory = self._directory(reminder.case_id)
        below: tuple[Recipient, ...] = (unreached,)
        seen = {unreached.position}
        while above := _above(directory, below, reminder, seen):
            seen.update(each.position for each in above)
            # Also to who has acknowledged: it is told in place of somebody who has not.
            outcomes = {each.position: self._send(self._message(reminder, each)) for each in above}
            if told := [each for each in above if isinstance(outcomes[each.position], Sent)]:
                names = "、".join(dict.fromkeys(_place(each, unreached) for each in told))
                self._trouble(reminder, f"各渠道均未送达，已改送{names}")
            reached = [each for each in outcomes.values() if not isinstance(each, GaveUp)]
            if reached:
                return next((each for each in reached if isinstance(each, Later)), reached[0])
            below = above
        letter = replace(
            self._message(reminder, unreached),
            addresses=(Address(kind=OUTBOX, address=f"{unreached.unit} {unreached.role}"),),
        )
        outcome = self._said(reminder, self._send(letter))
        if isinstance(outcome, GaveUp):
            self._trouble(reminder, "各渠道均未送达，上级无人可送，发件夹也写不进，请人工转告")
        return outcome

    def _message(self, reminder: Reminder, recipient: Recipient) -> Message:
        return render(reminder, recipient, self.calendar, self.templates, self.settings.link)

    def _tell(self, reminder: Reminder, recipient: Recipient) -> Outcome:
        message = self._message(reminder, recipient)
        if acknowledged(recipient, reminder):
            self.registry.withdraw(message)
            return Withdrawn()
        return self._send(message)

    def _send(self, message: Message) -> Outcome:
        activity.heartbeat()
        outcome = self.courier.send(message, case_clock())
        if isinstance(outcome, Sent):
            self.sent.add(message.message_id)
        return outcome

    def _said(self, reminder: Reminder, outcome: Outcome) -> Outcome:
        """The outcome; where another channel had to do, that is put down."""
        if isinstance(outcome, Sent) and outcome.instead_of:
            failed = "、".join(CHANNEL_TITLES.get(kind, kind) for kind in outcome.instead_of)
            instead = (
                "已存入发件夹，请人工转告"
                if outcome.channel == OUTBOX
                else f"已改送{CHANNEL_TITLES.get(outcome.channel, outcome.channel)}"
            )
            self._trouble(reminder, f"{failed}不通，{instead}")
        return outcome

    def _trouble(self, reminder: Reminder, said: str) -> None:
        self.troubles[reminder.duty_id].append(
            f"{reminder.rung_title or reminder.rung}的提醒：{said}"
        )


def _name(reminder: Reminder) -> str:
    return f"{reminder.duty_id}/{reminder.rung}"


def _above(
    directory: Directory,
    below: Iterable[Recipient],
    reminder: Reminder,
    seen: set[tuple[str, str, str]],
) -> tuple[Recipient, ...]:
    """The people next above, each once, but for those tried before."""
    found = {
        above.position: above
        for each in below
        for above in directory.above(each, reminder)
        if above.position not in seen
    }
    return tuple(found.values())


def _place(told: Recipient, unreached: Recipient) -> str:
    """Whom a message went to instead, without a name."""
    return told.unit_name + told.role if told.unit == unreached.unit else told.unit_name
