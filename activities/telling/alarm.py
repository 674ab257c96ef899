"""The alarm: what the operators are told when reminders are late or a case has stopped."""

from collections.abc import Iterable, Iterator

import structlog
from temporalio import activity

from activities.office.reminder_settings import Office
from activities.telling.courier import Courier, Sent
from activities.telling.message import Address, Message, Recipient, circular
from activities.telling.trying import GaveUp, Later
from case.watching import Alarm, Alarmed, how_late
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
"""Who is told where the office names nobody, or nobody it names can be reached: whoever looks after
the outbox."""


class Alarms:
    """The activity that tells the operators."""

    def __init__(self, courier: Courier, office: Office) -> None:
        self._courier = courier
        self._office = office

    @activity.defn(name="send_alarm")
    def send_alarm(self, alarm: Alarm) -> Alarmed:
        """Tell the operators what is late and which cases have stopped, in the office's hours.

        The same content tells nobody twice on the same day. Where none of those named can be
        reached any more, it lies in the outbox. What told nobody is to be tried again. Raises
        CalendarUnusable and SettingsUnusable.
        """
        settings = self._office.reminders()
        if settings.hours.next_open(alarm.at, self._office.calendar()) > alarm.at:
            return Alarmed(told=0, again=True)
        told, waiting = self._tell(alarm, settings.operators)
        if not told and not waiting:
            told, waiting = self._tell(alarm, (NOBODY_NAMED,))
        return Alarmed(told=told, again=waiting or not told)

    def _tell(self, alarm: Alarm, recipients: Iterable[Recipient]) -> tuple[int, bool]:
        """How many were told, and whether somebody's channel is still waited for."""
        outcomes = [
            self._courier.send(self._message(alarm, recipient), alarm.at)
            for recipient in recipients
        ]
        if given_up := sum(isinstance(each, GaveUp) for each in outcomes):
            logger.error("operators could not be told of what is late", count=given_up)
        return (
            sum(isinstance(each, Sent) for each in outcomes),
            any(isinstance(each, Later) for each in outcomes),
        )

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
