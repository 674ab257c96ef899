"""Telling people of one batch of rungs: upward where nobody answers, in writing where nobody can.

Who is told is the directory's answer, how it is worded the office's, and whether it goes out the
courier's. What is left here is what follows from each: to wait, to tell the next person upward, and
to say so.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import structlog
from temporalio import activity

from activities.channels.outbox import OUTBOX
from activities.channels.titles import CHANNEL_TITLES
from activities.office.reminder_file import ReminderSettings
from activities.office.templates import Templates
from activities.registry import Registry, Withdrawn
from activities.telling.courier import Courier, Outcome, Sent, withdrawn
from activities.telling.directory import Directory, acknowledged
from activities.telling.message import Address, Message, Recipient, render
from activities.telling.trying import GaveUp, Later
from case.records import Delivered, Reminder
from law import SHANGHAI
from law.calendar import WorkingCalendar

logger = structlog.get_logger(__name__)

NOBODY_AGAIN = timedelta(hours=1)
"""When a rung that reached nobody is tried again; by then its messages may have fresh tries."""


@dataclass(slots=True, kw_only=True)
class Telling:
    """One batch being told, and what came of it so far."""

    registry: Registry
    courier: Courier
    calendar: WorkingCalendar
    settings: ReminderSettings
    templates: Templates
    clock: Callable[[], datetime]
    """The case's."""
    today: date
    """The day of telling, in Shanghai."""
    directories: dict[str, Directory] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    undeliverable: list[str] = field(default_factory=list)
    waiting: dict[str, datetime] = field(default_factory=dict)
    troubles: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    written: set[str] = field(default_factory=set)
    """Ids of the messages about the rung being told."""

    def tell(self, reminder: Reminder) -> None:
        """Tell everybody of one rung, unless the office is closed by now."""
        now = self.clock()
        if (opens := self._open(now, reminder)) > now:
            self.waiting[_name(reminder)] = opens
            return
        recipients = self._directory(reminder.case_id).recipients(reminder)
        before = len(self.sent)
        self.written.clear()
        outcomes = [self._reach(reminder, recipient) for recipient in recipients]
        moments = [each.until for each in outcomes if isinstance(each, Later)]
        if outcomes and all(isinstance(each, GaveUp) for each in outcomes):
            moments.append(self.clock() + NOBODY_AGAIN)
        if not recipients:
            self.undeliverable.append(_name(reminder))
            self._trouble(reminder, "通讯录中没有可以告知的人，请人工转告")
        if moments:
            self.waiting[_name(reminder)] = self._open(min(moments), reminder)
        else:
            self.registry.withdraw_orphans(
                reminder.case_id, reminder.duty_id, reminder.rung, self.written
            )
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

    def _open(self, moment: datetime, reminder: Reminder) -> datetime:
        """`moment` in the office's hours, else the case's own on the next working morning.

        All cases at the very opening would be a crowd.
        """
        opens = self.settings.hours.next_open(moment, self.calendar)
        if opens <= moment:
            return moment
        day = opens.astimezone(SHANGHAI).date()
        return max(opens, self.settings.ladders.moment(day, reminder.case_id))

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
            return self._reach_upward(reminder, recipient, outcome)
        return self._said(reminder, outcome)

    def _reach_upward(self, reminder: Reminder, unreached: Recipient, gave_up: GaveUp) -> Outcome:
        """Tell the nearest people above who can be reached, or leave a letter in the outbox."""
        missed = "各渠道没有回执" if gave_up.unanswered else "各渠道均未送达"
        directory = self._directory(reminder.case_id)
        below: tuple[Recipient, ...] = (unreached,)
        seen = {unreached.position}
        while above := _above(directory, below, reminder, seen):
            seen.update(each.position for each in above)
            # Also to who has acknowledged: it is told in place of somebody who has not.
            outcomes = {each.position: self._send(self._message(reminder, each)) for each in above}
            if told := [each for each in above if isinstance(outcomes[each.position], Sent)]:
                names = "、".join(dict.fromkeys(_place(each, unreached) for each in told))
                self._trouble(reminder, f"{missed}，已改送{names}")
            reached = [each for each in outcomes.values() if not isinstance(each, GaveUp)]
            if reached:
                for each in reached:
                    self._said(reminder, each)
                return next((each for each in reached if isinstance(each, Later)), reached[0])
            below = above
        letter = replace(
            self._message(reminder, unreached),
            addresses=(Address(kind=OUTBOX, address=f"{unreached.unit_name}{unreached.role}"),),
        )
        outcome = self._said(reminder, self._send(letter))
        if isinstance(outcome, GaveUp):
            self._trouble(reminder, f"{missed}，上级无人可送，发件夹也写不进，请人工转告")
        return outcome

    def _message(self, reminder: Reminder, recipient: Recipient) -> Message:
        message = render(
            reminder,
            recipient,
            self.calendar,
            self.templates,
            self.settings.link,
            today=self.today,
        )
        self.written.add(message.message_id)
        return message

    def _tell(self, reminder: Reminder, recipient: Recipient) -> Outcome:
        message = self._message(reminder, recipient)
        if acknowledged(recipient, reminder, self.today):
            self.registry.withdraw(message)
            withdrawn(message)
            return Withdrawn()
        return self._send(message)

    def _send(self, message: Message) -> Outcome:
        activity.heartbeat()
        outcome = self.courier.send(message, self.clock())
        if isinstance(outcome, Sent):
            self.sent.add(message.message_id)
        return outcome

    def _said(self, reminder: Reminder, outcome: Outcome) -> Outcome:
        """The outcome; where it did not go by the person's own channel, that is put down."""
        if isinstance(outcome, Sent) and outcome.instead_of:
            instead = (
                "已存入发件夹，请人工转告"
                if outcome.channel == OUTBOX
                else f"已改送{_titles([outcome.channel])}"
            )
            self._trouble(reminder, f"{_why(outcome)}，{instead}")
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


def _why(outcome: Sent) -> str:
    """Why the message did not go by the channels before the one it took."""
    if outcome.not_configured:
        return f"没有配置{_titles(outcome.not_configured)}"
    down = [kind for kind in outcome.instead_of if kind not in outcome.unanswered]
    said = [f"{_titles(down)}不通"] if down else []
    if outcome.unanswered:
        said.append(f"{_titles(outcome.unanswered)}没有回执")
    return "，".join(said)


def _titles(kinds: Iterable[str]) -> str:
    return "、".join(CHANNEL_TITLES.get(kind, kind) for kind in kinds)
