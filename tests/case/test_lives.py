"""Whole lives in memory: both examples by their casts, and the rows they leave in the registry."""

from datetime import timedelta
from functools import cache

import pytest
from pydantic import TypeAdapter

from case.change import Change
from case.commands import COMMAND, COMMANDS
from case.procedure import complete
from case.recording import records
from case.records import Records
from case.state import State, Status
from case.view import is_late, view
from tests.case.bringing import post_everywhere, reach
from tests.case.casting import Played
from tests.case.driver import Driver, small_brief
from tests.case.life import breaches

BOTH = ("one-village", "three-villages")


@cache
def life(example: str) -> Played:
    return Played.of(example)


@pytest.mark.parametrize("example", BOTH)
def test_an_example_lives_from_launch_to_hand_over_and_keeps_the_order(example: str) -> None:
    case = life(example).case
    assert case.state.status is Status.CLOSED
    assert all(complete(case.state, number, case.today) for number in range(1, 15))
    assert not list(breaches(case.state))
    seen = view(case.state, case.owed, case.morning())
    assert [step.state for step in seen.steps] == ["done"] * 14
    begun = [step.begun_on for step in seen.steps if step.begun_on]
    assert len(begun) >= 13, "every step but an unneeded hearing has begun"
    read = TypeAdapter(State).validate_json(TypeAdapter(State).dump_json(case.state))
    assert read == case.state


@pytest.mark.parametrize("example", BOTH)
def test_its_reminders_escalate_and_each_rung_is_told_once(example: str) -> None:
    told = life(example).told
    rungs = [(each.duty_id, each.rung) for each in told]
    assert len(rungs) == len(set(rungs))
    assert [each for each in told if "/+" in each.rung], "somebody was late"
    assert [each for each in told if len(each.audience) > 1], "and somebody above heard of it"


@pytest.mark.parametrize("example", BOTH)
def test_its_story_has_a_hearing_a_decision_and_a_correction(example: str) -> None:
    said = {each.command for each in life(example).said}
    assert {"hold_hearing", "decide_compensation", "correct", "request_information"} <= said


def test_both_lives_say_every_command_but_the_conduct_and_two_more() -> None:
    said = {each.command for example in BOTH for each in life(example).said}
    conduct = {name for name, kind in COMMANDS.items() if kind.step == 0}
    assert set(COMMANDS) - said - conduct == {"record_objections", "order_hearing"}


# What is shown and recorded half way


def test_a_life_half_way_is_shown_with_its_period_and_its_duties() -> None:
    case = reach("post/compensation")
    post_everywhere(case, "compensation")
    seen = view(case.state, case.owed, case.morning())
    assert [step.state for step in seen.steps[:5]] == ["done", "done", "done", "current", "waiting"]
    (period,) = seen.periods
    assert period.last_day == case.today + timedelta(days=30)
    assert {"register/xi", "register/xia"} <= {duty.id for duty in seen.duties}
    assert seen.blocked is None
    case.go(to=period.last_day + timedelta(days=1))
    case.do("return_receipt", village="xi", objecting_members=9)
    assert view(case.state, case.owed, case.morning()).blocked == "应当举行听证会"


def test_a_suspended_case_is_shown_as_blocked_and_a_late_duty_as_late() -> None:
    case = Driver(small_brief())
    (draft,) = case.owed
    case.go(to=case.last_day(draft.id))
    assert not is_late(case.state, draft, case.morning())
    case.go(days=1)
    assert is_late(case.state, draft, case.morning())
    (shown,) = view(case.state, case.owed, case.morning()).duties
    assert shown.overdue
    case.do("suspend")
    assert view(case.state, case.owed, case.morning()).blocked == "案件已中止"


def test_the_rows_of_a_life_half_way() -> None:
    case = reach("post/compensation")
    post_everywhere(case, "compensation")
    case.go(days=2)
    said = case.command(
        "register_rights", village="xi", holders=2, by={"unit": "township:shan", "name": "金阿福"}
    )
    case.take(said)
    rows = records(Change(state=case.state, command=said, at=case.morning()), case.state, case.owed)
    assert (rows.case.stage, rows.case.stage_title) == (4, "征地补偿安置公告")
    assert rows.case.status == "running"
    assert rows.entry is not None
    assert (rows.entry.entry_id, rows.entry.command) == (said.id, "register_rights")
    assert (rows.entry.unit, rows.entry.person) == ("township:shan", "金阿福")
    assert rows.entry.corrects is None
    notices = {row.notice: row for row in rows.notices}
    assert set(notices) == {"initiation", "compensation"}
    compensation = notices["compensation"]
    assert compensation.posted_on == case.today - timedelta(days=2)
    assert compensation.may_proceed_on == compensation.posted_on + timedelta(days=31)
    assert (compensation.article, compensation.provisional) == ("第十条", False)
    assert len(rows.postings) == 2 * 6, "portal, two townships, two villages, one group"
    group = next(row for row in rows.postings if row.place == "group:xi/g1")
    assert (group.place_name, group.notice) == ("xi村第一小组", "initiation")
    duties = {row.duty_id: row for row in rows.duties}
    assert duties["register/xi"].state == "open"
    assert duties["register/xi"].township == "山镇"
    assert TypeAdapter(Records).validate_json(TypeAdapter(Records).dump_json(rows)) == rows


def test_a_duty_s_row_is_open_then_overdue_then_met_or_cancelled() -> None:
    case = Driver(small_brief())

    def row(state: State) -> str:
        rows = records(Change(state=state, command=None, at=case.morning()), state, case.owed)
        return next(each.state for each in rows.duties if each.duty_id == "draft/initiation")

    assert row(case.state) == "open"
    case.go(to=case.last_day("draft/initiation"))
    assert row(case.state) == "open"
    case.go(days=1)
    assert row(case.state) == "overdue"
    assert row(case.state.terminate()) == "cancelled"
    settled = case.state
    case.do("draft_initiation")
    assert row(settled) == "met"


def test_a_correction_s_row_names_what_it_corrects() -> None:
    case = reach("draft/acquisition")
    wrong = case.state.standing["approval-received"]
    right = COMMAND.dump_python(wrong) | {"authority": "国务院"}
    said = case.command("correct", entry=wrong.id, replacement=right)
    case.take(said)
    entry = records(
        Change(state=case.state, command=said, at=case.morning()), case.state, case.owed
    ).entry
    assert entry is not None
    assert (entry.corrects, entry.reason) == (wrong.id, "登记有误")
