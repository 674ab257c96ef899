"""Settling a change: counted on the calendar, recorded once however often it is repeated."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.office.reminder_settings import Office
from activities.registry import Registry, UnknownCase
from activities.settling import OTHER_CALENDAR, Settling
from case.brief import brief, digest
from case.change import Change
from case.command import Actor
from case.conduct import Recount
from case.file import load
from case.notices import DraftInitiation
from case.procedure import apply
from case.schedule import Schedule
from case.state import State
from law.calendar import official_calendar
from law.order import INITIATION_NOTICE_CONTENTS

FILE = load(Path("examples/one-village.yaml"))
NOWHERE = Path("no-office-here")
"""Without papers, settings and templates of its own an office has the usual ones."""
NOW = datetime(2026, 9, 28, 2, tzinfo=UTC)


def _drafted() -> Change:
    draft = DraftInitiation(
        id="a1",
        occurred_on=date(2026, 9, 28),
        by=Actor(unit="bureau", name="张三"),
        contents=INITIATION_NOTICE_CONTENTS,
    )
    state = State(brief=brief(FILE), launched_on=date(2026, 9, 28))
    return Change(state=apply(state, draft), command=draft, at=NOW)


def _admit(registry: Registry) -> None:
    case = brief(FILE)
    registry.admit(
        case.case_id, case.name, "{}", digest(FILE), ("鹿城区",), ("藤桥镇",), "LA-x", NOW
    )


def _settle(registry: Registry, change: Change) -> list[Schedule]:
    work = Settling(registry, Office(NOWHERE)).settle
    answer: list[Schedule] = ActivityEnvironment().run(work, change)
    return answer


def test_what_a_command_opens_is_counted_and_recorded_once(registry: Registry) -> None:
    _admit(registry)
    first = _settle(registry, _drafted())
    assert first == _settle(registry, _drafted())
    # Drafted on Monday 2026-09-28; five working days on, over 国庆: 29, 30, 10-08, 09, Sat 10-10.
    approval = next(schedule for schedule in first if schedule.request.id == "approve/initiation")
    assert approval.deadline.last_day == date(2026, 10, 10)
    (entry,) = registry.entries(brief(FILE).case_id)
    assert (entry.entry_id, entry.person) == ("a1", "张三")
    rows = {duty.duty_id: duty for duty in registry.duties(brief(FILE).case_id)}
    assert rows["approve/initiation"].last_day == date(2026, 10, 10)


def test_a_rewritten_command_is_not_tried_again(registry: Registry) -> None:
    _admit(registry)
    change = _drafted()
    _settle(registry, change)
    assert change.command is not None
    other = replace(change.command, document_number="另一文号")
    with pytest.raises(ApplicationError, match="a1") as refused:
        _settle(registry, replace(change, command=other))
    assert refused.value.non_retryable


def test_a_case_that_was_not_admitted_can_be_settled_once_it_is(registry: Registry) -> None:
    with pytest.raises(UnknownCase):
        _settle(registry, _drafted())
    _admit(registry)
    assert _settle(registry, _drafted())


def test_a_case_is_not_counted_by_other_papers_than_it_is_told(registry: Registry) -> None:
    """第四条：the papers that a case is said to be counted by are those it was counted by."""
    _admit(registry)
    drafted = _drafted()
    told = Recount(
        id="r1",
        occurred_on=date(2026, 9, 28),
        by=Actor(unit="bureau"),
        document_number="国办发明电〔2026〕9号",
        calendar="0" * 64,
    )
    with pytest.raises(ApplicationError, match="放假安排与要求的不同") as refused:
        _settle(registry, replace(drafted, command=told))
    assert (refused.value.type, refused.value.non_retryable) == (OTHER_CALENDAR, True)
    assert not registry.entries(brief(FILE).case_id)
    same = replace(told, calendar=official_calendar().digest)
    _settle(registry, replace(drafted, command=same))
    assert [entry.command for entry in registry.entries(brief(FILE).case_id)] == ["recount"]
