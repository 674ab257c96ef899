"""Rows of one small case over two townships, as the workflow would hand them over."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from activities.registry import Registry
from activities.telling.message import Address, Message
from case.records import (
    CaseRecord,
    DutyRecord,
    EntryRecord,
    Evidence,
    NoticeRecord,
    PostingRecord,
    Records,
    Reminder,
)
from law import SHANGHAI

CASE = "WZ-LC-2026-001"
AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
RUNG = "2026-12-07/-5"
"""Of the reminder below."""
DISTRICTS = ("鹿城区", "瓯海区")
TOWNSHIPS = ("南汇街道", "郭溪街道")


def person(
    unit: str, role: str, name: str, kind: str = "outbox", fallback: tuple[str, ...] = ()
) -> dict[str, Any]:
    """One entry of the directory, with the kinds of channel on which to try the person."""
    channels = [{"kind": each, "address": f"{unit}-{role}"} for each in (kind, *fallback)]
    return {
        "unit": unit,
        "role": role,
        "name": name,
        "channel": channels[0],
        **({"fallback": channels[1:]} if fallback else {}),
    }


DIRECTORY = [
    person("bureau", "经办人", "局甲"),
    person("bureau", "负责人", "局乙", "dingtalk"),
    person("city", "经办人", "市甲"),
    person("district:鹿城区", "经办人", "鹿甲"),
    person("district:瓯海区", "经办人", "瓯甲"),
    person("township:nanhui", "经办人", "南甲"),
    person("township:nanhui", "负责人", "南乙"),
    person("township:guoxi", "经办人", "郭甲"),
]


def file_json(directory: list[dict[str, Any]] | None = None) -> str:
    """A case file as registered, as far as telling needs it."""
    townships = [
        {
            "id": slug,
            "name": name,
            "district": district,
            "villages": [{"id": f"{slug}-village", "name": f"{name}某村"}],
        }
        for slug, name, district in zip(("nanhui", "guoxi"), TOWNSHIPS, DISTRICTS, strict=True)
    ]
    found = DIRECTORY if directory is None else directory
    return json.dumps({"townships": townships, "directory": found}, ensure_ascii=False)


def admit(
    registry: Registry, case_id: str = CASE, directory: list[dict[str, Any]] | None = None
) -> None:
    """Admit the case (again)."""
    registry.admit(
        case_id, "温州某项目", file_json(directory), "a" * 64, DISTRICTS, TOWNSHIPS, case_id, AT
    )


def entry(entry_id: str, case_id: str = CASE, minutes: int = 0) -> EntryRecord:
    """An accepted posting with two pieces of evidence."""
    return EntryRecord(
        case_id=case_id,
        entry_id=entry_id,
        command="confirm_posting",
        occurred_on=date(2026, 11, 20),
        accepted_at=AT + timedelta(minutes=minutes),
        unit="township:nanhui",
        role="经办人",
        person="南甲",
        document_number=None,
        reason=None,
        corrects=None,
        values='{"amount": "12.50", "rate": 0.10}',
        evidence=(
            Evidence(kind="照片", sha256="1" * 64, place="案卷/1.jpg"),
            Evidence(kind="照片", sha256="2" * 64, place="案卷/2.jpg"),
        ),
    )


def notice(case_id: str = CASE, edition: int = 1) -> NoticeRecord:
    """The initiation notice, hanging."""
    return NoticeRecord(
        case_id=case_id,
        notice="initiation",
        edition=edition,
        title="土地征收启动公告",
        document_number="温征启〔2026〕1号",
        approved_on=date(2026, 11, 18),
        posted_on=date(2026, 11, 20),
        last_day=date(2026, 12, 4),
        may_proceed_on=date(2026, 12, 5),
        provisional=False,
        article="第六条",
    )


def posting(place: str, case_id: str = CASE) -> PostingRecord:
    """The initiation notice at one place."""
    return PostingRecord(
        case_id=case_id,
        notice="initiation",
        edition=1,
        place=place,
        place_name=place,
        posted_on=date(2026, 11, 20),
        entry_id="e-1",
    )


def duty(duty_id: str, case_id: str = CASE, **changes: Any) -> DutyRecord:
    """An open duty of 南汇街道 due on Monday 2026-12-07."""
    standing = DutyRecord(
        case_id=case_id,
        duty_id=duty_id,
        step=1,
        title="张贴公告",
        unit="township:nanhui",
        unit_name="南汇街道",
        township="南汇街道",
        article="第六条",
        statutory=True,
        opened_on=date(2026, 11, 20),
        last_day=date(2026, 12, 7),
        rolled_last_day=date(2026, 12, 7),
        provisional=False,
        earliest=date(2026, 12, 7),
        latest=date(2026, 12, 7),
        evidence="张贴照片",
        command="confirm_posting",
        state="open",
        met_on=None,
    )
    return replace(standing, **changes)


def records(case_id: str = CASE, minutes: int = 0, **changes: Any) -> Records:
    """One change of the case, `minutes` after its launch."""
    standing = Records(
        case=CaseRecord(
            case_id=case_id,
            stage=1,
            stage_title="土地征收启动公告",
            status="running",
            updated_at=AT + timedelta(minutes=minutes),
        ),
        entry=entry("e-1", case_id),
        notices=(notice(case_id),),
        postings=(posting("portal", case_id), posting("township:nanhui", case_id)),
        duties=(duty("d-1", case_id), duty("d-2", case_id)),
    )
    return replace(standing, **changes)


def corrected(case_id: str = CASE) -> Records:
    """A later change that takes a posting, a notice's edition and a duty out of the case."""
    return records(
        case_id,
        minutes=5,
        entry=replace(entry("e-2", case_id, minutes=5), command="correct", corrects="e-1"),
        notices=(notice(case_id, edition=2),),
        postings=(posting("portal", case_id),),
        duties=(duty("d-1", case_id, state="met", met_on=date(2026, 11, 23)),),
    )


def reminder(**changes: Any) -> Reminder:
    """The rung five working days before the duty above is due."""
    standing = Reminder(
        case_id=CASE,
        case_name="温州某项目",
        duty_id="d-1",
        rung=RUNG,
        audience=("handler",),
        at=datetime(2026, 11, 30, 8, 30, tzinfo=SHANGHAI),
        step=1,
        title="张贴公告",
        unit="township:nanhui",
        unit_name="南汇街道",
        township="南汇街道",
        district="鹿城区",
        article="第六条",
        statutory=True,
        last_day=date(2026, 12, 7),
        rolled_last_day=date(2026, 12, 7),
        provisional=False,
        evidence="张贴照片",
        command="confirm_posting",
        next_telling="12月3日告知经办人",
        rung_title="到期前5个工作日",
    )
    return replace(standing, **changes)


MAIL = Address(kind="email", address="nanjia@example.gov.cn")
TEXT = Address(kind="sms", address="13800000000")


def message(number: int = 1, **changes: Any) -> Message:
    """The reminder above as 南甲 reads it; another `number`, another message."""
    told = reminder()
    standing = Message(
        message_id=f"{number:064}",
        kind="reminder",
        case_id=told.case_id,
        duty_id=told.duty_id,
        rung=told.rung,
        unit=told.unit,
        role="经办人",
        person="南甲",
        addresses=(MAIL, TEXT),
        at=told.at,
        subject="【2026-12-07止】张贴公告",
        text="请张贴公告。\n",
        brief="张贴公告，12月7日止",
    )
    return replace(standing, **changes)


def whole(registry: Registry, case_id: str = CASE) -> tuple[object, ...]:
    """Everything the registry holds of the case."""
    return (
        registry.case(case_id),
        registry.entries(case_id),
        registry.duties(case_id),
        *(registry.notices(case_id, current=current) for current in (True, False)),
        *(registry.postings(case_id, current=current) for current in (True, False)),
        registry.deliveries(case_id),
        registry.attempts(case_id),
        registry.moves(case_id),
    )
