"""Rungs that nobody was told of, and last days that moved."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from activities.registry import Begun, Registry
from activities.telling.trying import AttemptState
from case.records import MoveRecord, RungRecord
from case.watching import Late
from tests.activities.claims import NOW, claim
from tests.activities.samples import AT, CASE, RUNG, admit, duty, message, records


@pytest.fixture
def admitted(registry: Registry) -> Registry:
    """A registry with the case in it."""
    admit(registry)
    return registry


def _rung(name: str, day: int) -> RungRecord:
    return RungRecord(rung=f"2026-12-07/{name}", at=AT + timedelta(days=day))


RUNGS = (_rung("-5", 0), _rung("-2", 3), _rung("0", 7))
GRACE = timedelta(hours=1)


def _untold(registry: Registry, hours: float) -> list[str]:
    return [
        each.rung.partition("/")[2] for each in registry.untold(AT + timedelta(hours=hours), GRACE)
    ]


def _told(registry: Registry, rung: str, number: int, state: AttemptState) -> None:
    told = message(number, rung=f"2026-12-07/{rung}")
    found = claim(registry, told)
    assert isinstance(found, Begun)
    registry.settle(told.message_id, found.number, state, NOW)


@pytest.fixture
def owing(admitted: Registry) -> Registry:
    """A registry with one duty and its three rungs."""
    admitted.record(records(duties=(duty("d-1", rungs=RUNGS),)))
    return admitted


def test_rungs_come_back_as_they_were(owing: Registry) -> None:
    (found,) = owing.duties(CASE)
    assert found.rungs == RUNGS
    owing.record(records(minutes=1, duties=()))
    (found,) = owing.duties(CASE)
    assert (found.state, found.rungs) == ("cancelled", ())


def test_a_rung_is_late_once_its_grace_is_over(owing: Registry) -> None:
    assert [_untold(owing, hours) for hours in (0, 1, 1.5, 73.5)] == [
        [],
        [],
        ["-5"],
        ["-5", "-2"],
    ]
    (late,) = owing.untold(AT + timedelta(hours=2), GRACE)
    assert late == Late(
        case_id=CASE,
        workflow_id=CASE,
        duty_id="d-1",
        rung=RUNG,
        at=AT,
        title="张贴公告",
        unit_name="南汇街道",
    )


def test_a_rung_that_was_told_or_passed_is_not_late(owing: Registry) -> None:
    _told(owing, "-2", 1, AttemptState.SENT)
    assert _untold(owing, 73.5) == []
    assert _untold(owing, 24 * 8) == ["0"]


def test_a_rung_taken_in_where_the_day_is_told_to_have_moved_is_not_late(
    admitted: Registry,
) -> None:
    """The worker was away on the morning of the move: both fell due, and were told as one."""
    rungs = (_rung("moved@2026-11-27", 0), _rung("-5", 1), _rung("-2", 3))
    admitted.record(records(duties=(duty("d-1", rungs=rungs),)))
    told = message(1, kind="moved", rung="2026-12-07/moved@2026-11-27")
    found = claim(admitted, told)
    assert isinstance(found, Begun)
    sent_at = AT + timedelta(days=1, hours=2)
    admitted.settle(told.message_id, found.number, AttemptState.SENT, sent_at)
    assert _untold(admitted, 30) == []
    assert _untold(admitted, 80) == ["-2"]


def test_a_rung_withdrawn_is_not_late(owing: Registry) -> None:
    owing.withdraw(message())
    assert _untold(owing, 2) == []


def test_a_rung_for_which_somebody_still_waits_is_late(owing: Registry) -> None:
    _told(owing, "-5", 1, AttemptState.SENT)
    _told(owing, "-5", 2, AttemptState.FAILED)
    assert _untold(owing, 2) == ["-5"]


@pytest.mark.parametrize(
    ("standing", "status"),
    [({"state": "met"}, "running"), ({}, "suspended"), ({}, "terminated"), ({}, "closed")],
)
def test_where_nothing_is_owed_nothing_is_late(
    owing: Registry, standing: dict[str, Any], status: str
) -> None:
    change = records(minutes=1, duties=(duty("d-1", rungs=RUNGS, **standing),))
    owing.record(replace(change, case=replace(change.case, status=status)))
    assert _untold(owing, 24 * 30) == []


def _move(cause_id: str, minutes: int = 0) -> MoveRecord:
    return MoveRecord(
        case_id=CASE,
        duty_id="d-1",
        cause_id=cause_id,
        title="张贴公告",
        unit="township:nanhui",
        unit_name="南汇街道",
        old_last_day=date(2026, 12, 7),
        new_last_day=date(2026, 12, 8),
        old_provisional=True,
        new_provisional=False,
        cause="采用新的放假安排",
        document_number="国办发明电〔2026〕9号",
        moved_at=AT + timedelta(minutes=minutes),
    )


def test_moved_days_are_added_once_and_stay(admitted: Registry) -> None:
    first, second = _move("e-1"), _move("e-2", minutes=3)
    admitted.record(records(minutes=5, moves=(second,)))
    admitted.record(records(minutes=6, moves=(replace(second, cause="改"),)))
    # A change that arrives late keeps what is only ever added.
    admitted.record(records(minutes=1, moves=(first,)))
    assert admitted.moves(CASE) == (first, second)
    assert admitted.moves("WZ-NO") == ()
