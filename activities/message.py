"""One reminder as one person reads it: what is owed, by whom, until when, under which article."""

import hashlib
from datetime import date, datetime
from typing import TYPE_CHECKING

from pydantic.dataclasses import dataclass

from case.records import Reminder
from law import SHANGHAI
from law.arrangement import WEEKDAYS
from law.deadline import chinese_day

if TYPE_CHECKING:
    from law.calendar import WorkingCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One person to be told, in one capacity (personal data)."""

    unit: str
    unit_name: str
    role: str
    """经办人 or 负责人."""
    person: str
    channel: str
    """Kind of channel."""
    address: str
    in_place_of: str = ""
    """Name of the unit that should have been told but has nobody; empty where it is this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to one person (personal data). Identity: message_id."""

    message_id: str
    """SHA-256, hexadecimal, of what is told (case, duty, last day, rung) and to whom."""
    case_id: str
    duty_id: str
    rung: str
    unit: str
    role: str
    person: str
    channel: str
    address: str
    at: datetime
    subject: str
    text: str


def render(reminder: Reminder, recipient: Recipient, calendar: "WorkingCalendar") -> Message:
    """The message about one rung of one duty to one person.

    The subject begins with the last day, so that messages sort by it. The same arguments give the
    same message.
    """
    provisional = "·暂定" if reminder.provisional else ""
    subject = (
        f"【{reminder.last_day}止{provisional}】{reminder.case_id} {reminder.case_name} "
        f"第{reminder.step}步 {reminder.title}（{reminder.unit_name}）"
    )
    return Message(
        message_id=identity(reminder, recipient),
        case_id=reminder.case_id,
        duty_id=reminder.duty_id,
        rung=reminder.rung,
        unit=recipient.unit,
        role=recipient.role,
        person=recipient.person,
        channel=recipient.channel,
        address=recipient.address,
        at=reminder.at,
        subject=subject,
        text=_body(reminder, recipient, calendar),
    )


def identity(reminder: Reminder, recipient: Recipient) -> str:
    """What makes two messages one.

    The last day belongs to it: when the date of a duty moves, its ladder is told again.
    """
    parts = (
        reminder.case_id,
        reminder.duty_id,
        reminder.last_day.isoformat(),
        reminder.rung,
        recipient.unit,
        recipient.role,
        recipient.person,
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _body(reminder: Reminder, recipient: Recipient, calendar: "WorkingCalendar") -> str:
    today = reminder.at.astimezone(SHANGHAI).date()
    lines = [
        f"{recipient.unit_name} {recipient.person}（{recipient.role}）：",
        "",
        f"项目：{reminder.case_name}（{reminder.case_id}）",
        f"事项：第{reminder.step}步 {reminder.title}",
        f"责任单位：{reminder.unit_name}",
        f"截止：{_day(reminder.last_day)}24时，{_distance(today, reminder.last_day, calendar)}",
        f"依据：{_basis(reminder)}",
    ]
    if reminder.provisional:
        lines.append(
            "暂定：截止日的推算用到国务院办公厅尚未公布放假安排的日期，安排公布后可能变动。"
        )
    if reminder.rolled_last_day != reminder.last_day:
        lines.append(
            f"备注：截止日不是工作日，依民法典第二百零三条可顺延至{_day(reminder.rolled_last_day)}，"
            "但请按上述截止日办理，不要等到顺延日。"
        )
    lines += [
        f"办结标准：{reminder.evidence}",
        f"报送方式：{_reporting(reminder)}",
        f"下一次提醒：{reminder.next_telling or '无，本次为最后一次提醒'}",
    ]
    if recipient.in_place_of:
        lines += ["", f"本消息应送{recipient.in_place_of}，因通讯录中无其人员，改送您处，请转告。"]
    return "\n".join(lines) + "\n"


def _reporting(reminder: Reminder) -> str:
    if not reminder.command:
        return "随所列各项办结，不必另行登记"
    return f"starter.py act {reminder.case_id} {reminder.command}"


def _basis(reminder: Reminder) -> str:
    if reminder.statutory:
        return f"法定期限，{reminder.article}"
    return f"内部时限（非法定期限；事项依据{reminder.article}）"


def _distance(today: date, last_day: date, calendar: "WorkingCalendar") -> str:
    if today < last_day:
        return f"还剩{calendar.working_days_between(today, last_day)}个工作日（不含今日）"
    if today == last_day:
        return "今日到期"
    late = calendar.working_days_between(last_day, today)
    return f"已逾期{(today - last_day).days}日（{late}个工作日）"


def _day(day: date) -> str:
    return f"{chinese_day(day)}（{WEEKDAYS[day.weekday()]}）"
