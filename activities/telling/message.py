"""One message as one person reads it: what is owed, by whom, until when, under which article."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from pydantic.dataclasses import dataclass

from case.ladder import OPENING
from case.records import Reminder
from law.arrangement import WEEKDAYS
from law.deadline import chinese_day

if TYPE_CHECKING:
    from activities.office.templates import Templates
    from law.calendar import WorkingCalendar

LAST = "此后不再单独提醒，每个工作日列入晨间摘要，直至办结"
CASE_IN_LINK = "{案件编号}"
"""What stands in the office's link for the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a person is reached: the kind of channel, and what that channel calls the person."""

    kind: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One person to be told, in one capacity (personal data)."""

    unit: str
    unit_name: str
    role: str
    """经办人 or 负责人."""
    person: str
    addresses: tuple[Address, ...]
    """In the order in which they are tried."""
    in_place_of: str = ""
    """Name of the unit that should have been told but cannot be; empty where it is this one."""
    stands_in_for: str = ""
    """Name of the person on leave for whom this one stands in; empty where it is the person."""

    @property
    def position(self) -> tuple[str, str, str]:
        """Unit, role and the person who holds it: a stand-in takes the place of that person."""
        return self.unit, self.role, self.stands_in_for or self.person


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to one person (personal data). Identity: message_id."""

    message_id: str
    """SHA-256, hexadecimal, of what is told (case, duty, last day, rung) and to whom, in whose
    place."""
    kind: str
    """The template it was written by: reminder, overdue, moved, digest, alarm or test."""
    case_id: str | None
    """None for what is not about one case: a digest, an alarm, a test."""
    duty_id: str
    rung: str
    unit: str
    role: str
    person: str
    addresses: tuple[Address, ...]
    at: datetime
    """When it fell due."""
    subject: str
    text: str
    brief: str
    """The same in one short sentence, for channels that carry no more."""


def render(
    reminder: Reminder,
    recipient: Recipient,
    calendar: "WorkingCalendar",
    templates: "Templates",
    link: str = "",
    *,
    today: date,
) -> Message:
    """The message about one rung of one duty to one person, as it reads on the day of sending.

    `today` is that day in Shanghai, which is later than the rung's where the message had to wait:
    the days left, and whether the last day is over, are counted from it. `link` is where the duty
    is reported, with CASE_IN_LINK for the case; empty where there is none. The subject begins with
    the last day, so that messages sort by it. The same arguments give the same message.
    """
    late = reminder.overdue_on(today)
    kind = "moved" if reminder.moved_from else "overdue" if late else "reminder"
    fields = {**_duty(reminder, calendar, link, today), **_reader(recipient)}
    fields["收到方式"] = _acknowledging(reminder, recipient)
    written = templates.render(kind, fields)
    return Message(
        message_id=identity(reminder, recipient),
        kind=kind,
        case_id=reminder.case_id,
        duty_id=reminder.duty_id,
        rung=reminder.rung,
        unit=recipient.unit,
        role=recipient.role,
        person=recipient.person,
        addresses=recipient.addresses,
        at=reminder.at,
        subject=written.subject,
        text=written.text,
        brief=written.brief,
    )


def identity(reminder: Reminder, recipient: Recipient) -> str:
    """What makes two messages one.

    The last day belongs to it: when the date of a duty moves, its ladder is told again. So does in
    whose place the reader is told: who is an addressee already is asked besides to pass it on.
    """
    in_place_of = (recipient.in_place_of,) if recipient.in_place_of else ()
    return _digest(
        reminder.case_id,
        reminder.duty_id,
        reminder.last_day.isoformat(),
        reminder.rung,
        *recipient.position,
        *in_place_of,
    )


def circular(
    kind: str,
    about: str,
    recipient: Recipient,
    templates: "Templates",
    *,
    at: datetime,
    fields: Mapping[str, str],
) -> Message:
    """A message about no single case: a digest, an alarm, a test.

    `about` tells it from others of its kind to the same person, such as the day of a digest; it
    is not shown. `fields` are those of the kind (templates.FIELDS) but for the reader's own.
    """
    written = templates.render(kind, {**_reader(recipient), **fields})
    return Message(
        message_id=_digest(kind, about, *recipient.position),
        kind=kind,
        case_id=None,
        duty_id="",
        rung="",
        unit=recipient.unit,
        role=recipient.role,
        person=recipient.person,
        addresses=recipient.addresses,
        at=at,
        subject=written.subject,
        text=written.text,
        brief=written.brief,
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _reader(recipient: Recipient) -> dict[str, str]:
    return {
        "收件单位": recipient.unit_name,
        "收件人": recipient.person,
        "职务": recipient.role,
        "被代理人": recipient.stands_in_for,
        "应送单位": recipient.in_place_of,
    }


def _duty(
    reminder: Reminder, calendar: "WorkingCalendar", link: str, today: date
) -> dict[str, str]:
    rolled = reminder.rolled_last_day
    late = max((today - reminder.last_day).days, 0)
    number = quote(reminder.case_id)
    return {
        "案件编号": reminder.case_id,
        "项目": reminder.case_name,
        "步骤": str(reminder.step),
        "事项": reminder.title,
        "责任单位": reminder.unit_name,
        "责任编号": reminder.duty_id,
        "截止日": reminder.last_day.isoformat(),
        "截止": _end(reminder.last_day),
        "余日": _distance(today, reminder.last_day, calendar),
        "逾期": f"{late}日" if late else "",
        "暂定": "暂定" if reminder.provisional else "",
        "暂定标记": "·暂定" if reminder.provisional else "",
        "内部标记": "" if reminder.statutory else "·内部时限",
        "顺延日": _day(rolled) if rolled != reminder.last_day else "",
        "条款": reminder.article,
        "依据": _basis(reminder),
        "办结标准": reminder.evidence,
        "报送方式": _reporting(reminder),
        "报送网址": "" if _is_period(reminder) else link.replace(CASE_IN_LINK, number),
        "本次提醒": _occasion(reminder, calendar, today),
        "告知对象": reminder.told,
        "下一次提醒": "" if _is_period(reminder) else reminder.next_telling or LAST,
        "原截止": _end(reminder.moved_from) if reminder.moved_from else "",
        "变动原因": reminder.moved_by,
    }


def _is_period(reminder: Reminder) -> bool:
    """Whether it tells of a notice's period, which nobody owes and nobody reports."""
    return reminder.duty_id.startswith("period/")


def _occasion(reminder: Reminder, calendar: "WorkingCalendar", today: date) -> str:
    """Why the reader hears of it today."""
    if reminder.moved_from:
        return "截止日变动"
    if today > reminder.last_day:
        return "逾期催办"
    if reminder.rung.partition("/")[2].startswith(OPENING):
        return "责任产生"
    if today == reminder.last_day:
        return "到期当日提醒"
    if calendar.working_days_between(today, reminder.last_day) == 0:
        return "到期前最后一个工作日提醒"
    return "到期前提醒"


def _reporting(reminder: Reminder) -> str:
    if _is_period(reminder):
        return ""
    if not reminder.command:
        return "随所列各项办结，不必另行登记"
    return f"starter.py act {reminder.case_id} {reminder.command.replace('_', '-')}"


def _acknowledging(reminder: Reminder, recipient: Recipient) -> str:
    """The command by which this reader, in this capacity, says 收到; none for a period."""
    if _is_period(reminder):
        return ""
    return (
        f"starter.py act {reminder.case_id} acknowledge --duty {reminder.duty_id} "
        f"--unit {recipient.unit} --role {recipient.role}"
    )


def _basis(reminder: Reminder) -> str:
    if reminder.statutory:
        return f"法定期限，{reminder.basis or reminder.article}"
    return f"内部时限（非法定期限；事项依据{reminder.article}）"


def _distance(today: date, last_day: date, calendar: "WorkingCalendar") -> str:
    if today < last_day:
        return f"还剩{calendar.working_days_between(today, last_day)}个工作日（不含今日）"
    if today == last_day:
        return "今日到期"
    late = calendar.working_days_between(last_day, today)
    return f"已逾期{(today - last_day).days}日（{late}个工作日）"


def _end(day: date) -> str:
    return f"{_day(day)}24时"


def _day(day: date) -> str:
    return f"{chinese_day(day)}（{WEEKDAYS[day.weekday()]}）"
