"""The alarm: what the operators are told when reminders are late or a case has stopped."""

from collections.abc import Iterator
from typing import Protocol

import structlog
from temporalio import activity

from activities.courier import Courier
from activities.message import Address, Message, Recipient, circular
from activities.reminder_settings import ReminderSettings
from activities.templates import Templates
from activities.trying import GaveUp, Later
from case.watching import Alarm, Alarmed, how_late
from law.calendar import WorkingCalendar
from law.deadline import SHANGHAI

logger = structlog.get_logger(__name__)

MOST_LINES = 50
"""Lines in one alarm; it says how many more there are."""

NOBODY_NAMED = Recipient(
    unit="operators",
    unit_name="系统运行",
    role="值守人员",
    person="值守人员",
    addresses=(Address(kind="outbox", address="系统运行值守人员"),),
)
"""Who is told where the office names nobody: whoever looks after the outbox."""


class Office(Protocol):
    """What the office keeps, each time as it is then."""

    def calendar(self) -> WorkingCalendar: ...

    def reminders(self) -> ReminderSettings: ...

    def templates(self) -> Templates: ...


class Alarms:
    """The activity that tells the operators."""

    def __init__(self, courier: Courier, office: Office) -> None:
        self._courier = courier
        self._office = office

    @activity.defn(name="send_alarm")
    def send_alarm(self, alarm: Alarm) -> Alarmed:
        """Tell the operators what is late and which cases have stopped, in the office's hours.

        The same content tells nobody twice on the same day. Raises CalendarUnusable and
        SettingsUnusable.
        """
        settings = self._office.reminders()
        if settings.hours.next_open(alarm.at, self._office.calendar()) > alarm.at:
            return Alarmed(told=0, again=True)
        told = 0
        again = False
        for recipient in settings.operators or (NOBODY_NAMED,):
            outcome = self._courier.send(self._message(alarm, recipient), alarm.at)
            match outcome:
                case Later():
                    again = True
                case GaveUp():
                    logger.error("an operator could not be told of what is late")
                case _:
                    told += 1
        return Alarmed(told=told, again=again)

    def _message(self, alarm: Alarm, recipient: Recipient) -> Message:
        local = alarm.at.astimezone(SHANGHAI)
        return circular(
            "alarm",
            "/".join((str(local.date()), str(alarm.count), *alarm.marks)),
            recipient,
            self._office.templates(),
            at=alarm.at,
            fields={
                "时间": f"{local:%Y-%m-%d %H:%M}",
                "条数": str(alarm.count),
                "清单": "\n".join(_lines(alarm)),
            },
        )


def _lines(alarm: Alarm) -> Iterator[str]:
    """The alarm's list, one line each, the stopped cases first."""
    lines = [f"案件{each.case_id}的流程不在运行：{each.said}。" for each in alarm.stopped]
    lines += [
        f"案件{each.case_id} {each.title}（{each.unit_name}）："
        f"应在{each.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}提醒，"
        f"已迟{how_late(each.at, alarm.at)}。"
        for each in alarm.late.oldest
    ]
    yield from lines[:MOST_LINES]
    more = alarm.count - min(len(lines), MOST_LINES)
    if more:
        yield f"另有{more}条没有列出。"
