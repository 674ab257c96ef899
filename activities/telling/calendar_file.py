"""A calendar file (iCalendar, RFC 5545): last days as events that calendar programs show.

A duty is one event for as long as it is owed: when its last day moves, the same event moves, and
when it is met the event is gone. A file holds no personal data, and says the same bytes for the
same rows of the registry, whenever it is written.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import get_ident

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard

from activities.registry import RegisteredCase
from case.records import DutyRecord, MoveRecord
from law import SHANGHAI, BadPeriod
from law.arrangement import ONE_DAY, WEEKDAYS
from law.calendar import WorkingCalendar
from law.deadline import chinese_day

ALARM_AT = time(8, 30)
"""When a calendar program that keeps alarms rings, on the working day before the last day."""
REFRESH = timedelta(hours=6)
"""How often a subscribed program is asked to look again: the first way is the standard's
(RFC 7986), the second what Outlook reads."""


def feed(
    name: str,
    duties: Iterable[DutyRecord],
    cases: Mapping[str, RegisteredCase],
    calendar: WorkingCalendar,
    moves: Iterable[MoveRecord] = (),
) -> bytes:
    """An iCalendar file (RFC 5545) named `name`, with an all-day event for each open duty.

    All-day events, since the programs that subscribe show no to-dos (VTODO) of a feed. `cases`
    holds the case of each duty; `moves` every move of its last day, each of which raises the
    event's SEQUENCE by one. No duty gives a valid file without events.
    """
    made = Calendar()
    made.add("prodid", "-//land-acquisition//截止日//ZH")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", SHANGHAI.key)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", f"PT{REFRESH // timedelta(hours=1)}H")
    # A calendar without any component is not valid; the zone stands even where no event does.
    made.add_component(_zone())
    number: Counter[tuple[str, str]] = Counter()
    moved: dict[tuple[str, str], datetime] = {}
    for move in moves:
        key = move.case_id, move.duty_id
        number[key] += 1
        moved[key] = max(moved.get(key, move.moved_at), move.moved_at)
    still = (duty for duty in duties if duty.state in ("open", "overdue"))
    for duty in sorted(still, key=lambda each: (each.last_day, each.case_id, each.duty_id)):
        key = duty.case_id, duty.duty_id
        opened = datetime.combine(duty.opened_on, time(), SHANGHAI)
        made.add_component(
            _event(
                duty,
                cases[duty.case_id],
                calendar,
                sequence=number[key],
                changed=max(opened, moved.get(key, opened)),
            )
        )
    return bytes(made.to_ical())


def uid(case_id: str, duty_id: str) -> str:
    """What an event is known by as long as its duty is owed, whatever its last day."""
    digest = hashlib.sha256(f"{case_id}\x1f{duty_id}".encode()).hexdigest()
    return f"{digest[:32]}@land-acquisition"


def _event(
    duty: DutyRecord,
    case: RegisteredCase,
    calendar: WorkingCalendar,
    *,
    sequence: int,
    changed: datetime,
) -> Event:
    event = Event()
    kind = "法定" if duty.statutory else "内部时限"
    provisional = "·暂定" if duty.provisional else ""
    suspended = case.status == "suspended"
    event.add("uid", uid(duty.case_id, duty.duty_id))
    event.add("sequence", sequence)
    # The programs compare these; the moment of writing would make every event look changed.
    for name in ("dtstamp", "last-modified"):
        event.add(name, changed.astimezone(UTC))
    event.add("dtstart", duty.last_day)
    event.add("dtend", duty.last_day + ONE_DAY)
    event.add(
        "summary",
        f"【{kind}{provisional}】{duty.title}（{duty.unit_name}）{case.name}"
        f"{'（案件已中止）' if suspended else ''}",
    )
    event.add("description", "\n".join(_lines(duty, case)))
    event.add("status", "TENTATIVE" if duty.provisional else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("categories", [kind])
    if not suspended:
        event.add_component(_alarm(duty, calendar))
    return event


def _lines(duty: DutyRecord, case: RegisteredCase) -> Iterable[str]:
    yield f"项目：{case.name}（{duty.case_id}）"
    yield f"事项：第{duty.step}步 {duty.title}"
    yield f"责任单位：{duty.unit_name}"
    yield f"截止：{_day(duty.last_day)}24时"
    yield (
        f"依据：法定期限，{duty.article}"
        if duty.statutory
        else f"依据：内部时限（非法定期限；事项依据{duty.article}）"
    )
    if duty.provisional:
        yield f"暂定：所跨年份的放假安排尚未公布，最早{duty.earliest}，最晚{duty.latest}"
    if duty.rolled_last_day != duty.last_day:
        yield f"备注：截止日不是工作日，可顺延至{duty.rolled_last_day}，请仍按截止日办理"
    yield f"办结标准：{duty.evidence}"
    if duty.command:
        yield f"报送方式：starter.py act {duty.case_id} {duty.command.replace('_', '-')}"


def _day(day: date) -> str:
    return f"{chinese_day(day)}（{WEEKDAYS[day.weekday()]}）"


def _alarm(duty: DutyRecord, calendar: WorkingCalendar) -> Alarm:
    """Rings on the working day before, by a distance from the event: it moves with it."""
    try:
        before = calendar.nth_working_day_before(duty.last_day, 1)
    except BadPeriod:
        before = duty.last_day - ONE_DAY
    rings = datetime.combine(before, ALARM_AT) - datetime.combine(duty.last_day, time())
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", rings)
    alarm.add("description", f"{duty.title}（{duty.unit_name}）截止{_day(duty.last_day)}")
    return alarm


def _zone() -> Timezone:
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", SHANGHAI.key)
    standard.add("dtstart", datetime(1992, 1, 1))  # noqa: DTZ001 - local by definition
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def write_whole(target: Path, text: bytes) -> bool:
    """Write a file whole or not at all, and only where it says something new; whether it did.

    Raises OSError.
    """
    with suppress(FileNotFoundError):
        if target.read_bytes() == text:
            return False
    target.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own for each writer: the watchdog and the digest may write at the same time.
    draft = target.with_name(f".{target.name}.{os.getpid()}.{get_ident()}")
    try:
        with draft.open("wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return True
