"""The rows that a change of a case leaves in the registry, derived from its state."""

from collections.abc import Iterator
from datetime import datetime

from case.change import Change
from case.commands import COMMAND, AnyCommand
from case.conduct import Correct
from case.duty import Duty
from case.ledger import Kind
from case.payment import VerifyQuota
from case.procedure import current_step
from case.records import (
    CaseRecord,
    DutyRecord,
    EntryRecord,
    GrantRecord,
    MoveRecord,
    NoticeRecord,
    PostingRecord,
    Records,
    RungRecord,
)
from case.state import State
from case.telling import identity
from case.view import overdue
from case.wording import NOTICE_ARTICLES, NOTICE_TITLES, Notice, period_title
from law.deadline import SHANGHAI


def records(change: Change, state: State, duties: tuple[Duty, ...]) -> Records:
    """Everything that `change` writes; `state` is the case with all of it counted."""
    now, command = change.at, change.command
    return Records(
        case=_case(state, now),
        entry=_entry(state, command, now) if command else None,
        notices=tuple(_notices(state)),
        postings=tuple(_postings(state)),
        duties=tuple(_duty(state, duty, now) for duty in duties if duty.id in state.schedules),
        grants=tuple(_grants(state)),
        moves=tuple(_moves(change, state, duties)),
    )


def _moves(change: Change, state: State, duties: tuple[Duty, ...]) -> Iterator[MoveRecord]:
    """The last days of open duties and running periods that differ from those before."""
    owed = {duty.id: duty for duty in duties}
    for key, schedule in state.schedules.items():
        before = change.state.schedules.get(key)
        if before is None or before.deadline.last_day == schedule.deadline.last_day:
            continue
        duty = owed.get(key)
        unit = duty.unit if duty else ""
        yield MoveRecord(
            case_id=state.brief.case_id,
            duty_id=key,
            cause_id=change.command.id if change.command else str(change.today),
            title=duty.title if duty else period_title(key),
            unit=unit,
            unit_name=state.unit_name(unit) if unit else "",
            old_last_day=before.deadline.last_day,
            new_last_day=schedule.deadline.last_day,
            old_provisional=before.deadline.provisional,
            new_provisional=schedule.deadline.provisional,
            cause=change.cause,
            document_number=change.command.document_number if change.command else None,
            moved_at=change.at,
        )


def _case(state: State, now: datetime) -> CaseRecord:
    step = current_step(state, now.astimezone(SHANGHAI).date())
    return CaseRecord(
        case_id=state.brief.case_id,
        stage=step.number if step else 14,
        stage_title=step.title if step else "办结",
        status=state.status.value,
        updated_at=now,
    )


def _entry(state: State, command: AnyCommand, now: datetime) -> EntryRecord:
    return EntryRecord(
        case_id=state.brief.case_id,
        entry_id=command.id,
        command=command.command,
        occurred_on=command.occurred_on,
        accepted_at=now,
        unit=command.by.unit,
        role=command.by.role,
        person=command.by.name,
        document_number=command.document_number,
        reason=getattr(command, "reason", None),
        corrects=command.entry if isinstance(command, Correct) else None,
        values=COMMAND.dump_json(command).decode(),
        evidence=command.evidence,
    )


def _notices(state: State) -> list[NoticeRecord]:
    found = []
    for notice in Notice:
        if f"draft/{notice.value}" not in state.standing:
            continue
        approval = state.standing.get(f"approval/{notice.value}")
        period = state.period(notice)
        found.append(
            NoticeRecord(
                case_id=state.brief.case_id,
                notice=notice.value,
                edition=1,
                title=NOTICE_TITLES[notice],
                document_number=approval.document_number if approval else None,
                approved_on=approval.occurred_on if approval else None,
                posted_on=state.posted_on(notice),
                last_day=period.last_day if period else None,
                may_proceed_on=period.may_proceed_on if period else None,
                provisional=period.provisional if period else False,
                article=NOTICE_ARTICLES[notice],
                calendar=period.calendar if period else "",
            )
        )
    return found


def _postings(state: State) -> list[PostingRecord]:
    found = []
    for key, act in state.standing.items():
        kind, _, rest = key.partition("/")
        if kind != "posting":
            continue
        notice, _, place = rest.partition("/")
        found.append(
            PostingRecord(
                case_id=state.brief.case_id,
                notice=notice,
                edition=1,
                place=place,
                place_name=state.unit_name(place),
                posted_on=act.occurred_on,
                entry_id=act.id,
            )
        )
    return found


def _duty(state: State, duty: Duty, now: datetime) -> DutyRecord:
    schedule = state.schedules[duty.id]
    deadline = schedule.deadline
    if duty.met_on:
        standing = "met"
    elif duty.lapsed or state.ended:
        standing = "cancelled"
    else:
        standing = "overdue" if overdue(schedule, now) else "open"
    return DutyRecord(
        case_id=state.brief.case_id,
        duty_id=duty.id,
        step=duty.step,
        title=duty.title,
        unit=duty.unit,
        unit_name=state.unit_name(duty.unit),
        township=state.township_name(duty.unit, duty.village),
        article=duty.article,
        statutory=duty.statutory,
        opened_on=duty.opened_on,
        last_day=deadline.last_day,
        rolled_last_day=deadline.rolled_last_day,
        provisional=deadline.provisional,
        earliest=deadline.earliest,
        latest=deadline.latest,
        evidence=duty.evidence,
        command=duty.command,
        state=standing,
        met_on=duty.met_on,
        rungs=tuple(
            RungRecord(rung=identity(state, schedule, rung), at=rung.at)
            for rung in schedule.rungs
            if standing in {"open", "overdue"}
        ),
        calendar=deadline.calendar,
    )


def _grants(state: State) -> list[GrantRecord]:
    """What the verified quotas grant to the villages' accounts (第十六条、第二十四条)."""
    found = []
    for quota in state.each(VerifyQuota, "quota/"):
        village = state.village(quota.village)
        township = state.township(village.township) if village else None
        if village is None or township is None:
            continue
        for kind, amount in (
            (Kind.QUOTA, quota.housing_quota),
            (Kind.SUBSIDY, quota.retained_land_subsidy),
        ):
            if amount is not None:
                found.append(
                    GrantRecord(
                        case_id=state.brief.case_id,
                        fact=quota.facts()[0],
                        district=township.district,
                        township=township.name,
                        village=village.name,
                        kind=kind.value,
                        amount=amount,
                        verified_on=quota.occurred_on,
                        document_number=quota.document_number or "",
                        entry_id=quota.id,
                        unit=quota.by.unit,
                        role=quota.by.role,
                    )
                )
    return found
