"""Sending the morning digest: to whom, in which words, each message once.

What stands in a digest is decided in `case.digest`. Readers are the clerk and the head of each unit
in the directories of the cases that run; whoever is on leave is stood in for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import structlog
from temporalio import activity

from activities.channels.outbox import OUTBOX
from activities.clock import case_clock
from activities.office.reminder_settings import Office, ReminderSettings
from activities.registry import RegisteredCase, Registry
from activities.telling.courier import Courier, Outcome, Sent
from activities.telling.directory import Directory
from activities.telling.message import Address, Message, Recipient, circular
from activities.telling.trying import GaveUp, Later
from case.digest import Digest, DigestSent, Owed, Standing, Unit, digests
from law import SHANGHAI
from law.arrangement import WEEKDAYS
from law.calendar import WorkingCalendar

logger = structlog.get_logger(__name__)

KIND = "digest"
LISTED = 30
"""How many duties one list of a digest names; the rest is counted. Robots take 20,000 bytes."""


class Digests:
    """The activity that sends one morning's digests; what went out stands in the registry."""

    def __init__(
        self,
        registry: Registry,
        courier: Courier,
        office: Office,
        clock: Callable[[], datetime] = case_clock,
    ) -> None:
        """`office` is read anew for every morning."""
        self._registry, self._courier, self._office = registry, courier, office
        self._clock = clock

    @activity.defn(name="send_digests")
    def send_digests(self, day: date) -> DigestSent:
        """Tell every unit what `day` holds; on a rest day nobody is told anything.

        From the time that the office sets for the digest until it closes. Asked again about the
        same day, it sends what is not out yet. Whom no channel reaches has it in the outbox. No
        failure of a channel raises; CalendarUnusable and SettingsUnusable do.
        """
        now = self._clock()
        calendar, settings = self._office.calendar(), self._office.reminders()
        if not calendar.is_working(day):
            return DigestSent(day=day)
        begins = datetime.combine(day, settings.digest_at, SHANGHAI)
        if now < begins:
            return DigestSent(day=day, again_at=begins)
        ends = datetime.combine(day, settings.hours.closes, SHANGHAI)
        if now >= ends:
            return DigestSent(day=day, troubles=("已过办公时间，当日晨报不再发送",))
        return self._send(day, calendar, settings, begins=begins, ends=ends)

    def _send(
        self,
        day: date,
        calendar: WorkingCalendar,
        settings: ReminderSettings,
        *,
        begins: datetime,
        ends: datetime,
    ) -> DigestSent:
        templates = self._office.templates()
        readers = _Readers(self._registry, settings, day)
        made = digests(readers.standings, self._registry.duties(open_only=True), day, calendar)
        sent = 0
        unreachable: list[str] = []
        waiting: list[datetime] = []
        troubles: list[str] = []
        for digest in made:
            recipients = readers.of(digest.unit)
            if not recipients:
                unreachable.append(digest.unit.id)
            for recipient in recipients:
                message = circular(
                    KIND,
                    str(day),
                    recipient,
                    templates,
                    at=begins,
                    fields=fields(digest, calendar),
                )
                place = f"{recipient.unit_name}{recipient.role}"
                match self._reach(message, recipient):
                    case Sent() as out:
                        sent += 1
                        if out.channel == OUTBOX and out.instead_of:
                            why = "渠道没有配置" if out.not_configured else "各渠道均未送达"
                            troubles.append(f"{place}的晨报{why}，已存入发件夹，请人工转告")
                    case Later(until=until):
                        waiting.append(until)
                    case GaveUp():
                        troubles.append(f"{place}的晨报各渠道均未送达，发件夹也写不进")
                if activity.in_activity():
                    activity.heartbeat()
        again = min(waiting, default=None)
        if again and again >= ends:
            troubles.append(f"至下班仍有{len(waiting)}条晨报未送出")
            again = None
        logger.info(
            "digests sent",
            day=str(day),
            units=len(made),
            sent=sent,
            waiting=len(waiting),
            unreachable=len(unreachable),
        )
        return DigestSent(
            day=day,
            units=len(made),
            sent=sent,
            unreachable=tuple(unreachable),
            pending=len(waiting),
            again_at=again,
            troubles=tuple(dict.fromkeys(troubles)),
        )

    def _reach(self, message: Message, recipient: Recipient) -> Outcome:
        """Send a digest; the outbox has what every channel of its reader has given up."""
        outcome = self._courier.send(message, self._clock())
        if not isinstance(outcome, GaveUp):
            return outcome
        outbox = Address(kind=OUTBOX, address=f"{recipient.unit_name} {recipient.role}")
        return self._courier.send(replace(message, addresses=(outbox,)), self._clock())


class _Readers:
    """The people of each unit over all cases that run, from the cases' directories."""

    def __init__(self, registry: Registry, settings: ReminderSettings, day: date) -> None:
        self._directories: dict[str, Directory] = {}
        self._cases: list[tuple[RegisteredCase, Standing]] = []
        # The newest case first: where directories differ about a person, it is the one to believe.
        newest = sorted(registry.cases(), key=lambda case: case.admitted_at, reverse=True)
        for case in newest:
            file = registry.file(case.case_id)
            standing = Standing.of(case.case_id, case.name, case.status, file)
            if standing.running:
                self._cases.append((case, standing))
                self._directories[case.case_id] = Directory(
                    file, case.districts, settings.stand_ins, day
                )

    @property
    def standings(self) -> tuple[Standing, ...]:
        return tuple(standing for _, standing in self._cases)

    def of(self, unit: Unit) -> tuple[Recipient, ...]:
        """The clerks and heads of a unit, nobody twice, by whichever role comes first."""
        answering: dict[tuple[str, str, str], Recipient] = {}
        for case, standing in self._cases:
            id_ = standing.units.get(unit)
            if id_ is None:
                continue
            for found in self._directories[case.case_id].answering(id_):
                recipient = replace(found, unit=unit.id)
                answering.setdefault(recipient.position, recipient)
        people: dict[tuple[str, object], Recipient] = {}
        # One who stands in for a colleague of the same unit reads it once, as who they are.
        for recipient in sorted(answering.values(), key=lambda each: bool(each.stands_in_for)):
            people.setdefault((recipient.person, recipient.addresses), recipient)
        return tuple(people.values())


def fields(digest: Digest, calendar: WorkingCalendar) -> Mapping[str, str]:
    """The values of the digest's template, but for those of the reader; empty where nothing is."""
    lists = {
        "今日到期": digest.due_today,
        "本周到期": digest.due_this_week,
        "已逾期": digest.overdue,
        "等待他人": digest.waiting,
    }
    return {
        "日期": digest.day.isoformat(),
        **{name: "\n".join(_lines(owed, calendar)) for name, owed in lists.items()},
        **{f"{name}数": str(len(owed)) for name, owed in lists.items() if name != "等待他人"},
    }


def _lines(owed: Sequence[Owed], calendar: WorkingCalendar) -> Iterable[str]:
    for number, each in enumerate(owed[:LISTED], 1):
        duty = each.duty
        provisional = "·暂定" if duty.provisional else ""
        basis = duty.article if duty.statutory else f"{duty.article}（内部时限）"
        yield (
            f"{number}. {duty.last_day}（{WEEKDAYS[duty.last_day.weekday()]}）止{provisional}，"
            f"{_distance(each, calendar)}：{duty.title}（{duty.unit_name}）；"
            f"{duty.case_id} {each.case_name}，第{duty.step}步，{basis}"
        )
    if len(owed) > LISTED:
        yield f"另有{len(owed) - LISTED}项未列出，用 starter.py todo 查看全部"


def _distance(owed: Owed, calendar: WorkingCalendar) -> str:
    days, working = owed.days, owed.working_days
    if days == 0:
        return "今日到期"
    if days < 0:
        counted = "" if working is None else f"（{-working}个工作日）"
        return f"已逾期{-days}日{counted}"
    if working is None:
        return f"还剩{days}日"
    if working == 0:
        return "截止日前除今日外已无工作日"
    rest = "" if calendar.is_working(owed.duty.last_day) else "，截止日为休息日"
    return f"还剩{working}个工作日（不含今日）{rest}"
