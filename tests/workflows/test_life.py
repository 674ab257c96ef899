"""The whole life of both examples: every step, in the order of the order, no day too soon."""

from datetime import timedelta

import pytest

from case.state import Status
from law.calendar import official_calendar
from tests.workflows.chronicle import chronicle
from tests.workflows.counting import HORIZON
from tests.workflows.expected import Case
from tests.workflows.playing import Played

ONE = timedelta(days=1)

SPINE = [
    "draft_initiation",
    "approve/initiation",
    "notify_departments",
    "submit_survey",
    "draft_plan",
    "approve/compensation",
    "return_receipt",
    "hold_hearing",
    "finalise_plan",
    "approve/plan",
    "record_agreements",
    "report_unsigned",
    "forward_unsigned",
    "submit_for_approval",
    "receive_approval",
    "draft_acquisition",
    "approve/acquisition",
    "hand_over",
]
"""The acts whose order the order itself fixes, each when it was first done."""

FIRST_BEFORE_FIRST = [
    ("notify_departments", "acknowledge_freeze"),
    ("file_risk_assessment", "draft_plan"),
    ("draft_plan", "register_rights"),
    ("register_rights", "serve_survey_result"),
    ("serve_survey_result", "report_unsigned"),
    ("certify_funds", "submit_for_approval"),
    ("receive_approval", "propose_decision"),
    ("propose_decision", "decide_compensation"),
    ("receive_approval", "verify_quota"),
    ("verify_quota", "hand_over"),
    ("decide_compensation", "hand_over"),
    ("confirm_payment", "hand_over"),
]


@pytest.fixture(params=["one-village", "three-villages"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def played(name: str, one_village: Played, three_villages: Played) -> Played:
    return {"one-village": one_village, "three-villages": three_villages}[name]


@pytest.fixture
def case(name: str, played: Played) -> Case:
    return Case(name, chronicle(played.histories).entries)


def test_horizon_counted_with_here_is_the_calendars() -> None:
    assert official_calendar().horizon == HORIZON


def test_case_ends_closed(played: Played) -> None:
    stage = played.stage
    last = chronicle(played.histories).entries[-1]
    assert played.outcome.status is Status.CLOSED
    assert played.outcome.case_id == stage.case_id
    assert played.outcome.ended_on == last.at.date() == last.day
    assert stage.registry.case(stage.case_id).status == "closed"


def test_every_step_is_done(played: Played) -> None:
    assert [step.number for step in played.view.steps] == list(range(1, 15))
    assert {step.state for step in played.view.steps} == {"done"}
    assert all(step.begun_on and step.done_on for step in played.view.steps)
    assert not played.view.duties
    assert {duty.state for duty in played.stage.registry.duties()} == {"met", "cancelled"}


def test_registry_holds_every_accepted_command_in_order(played: Played) -> None:
    entries = chronicle(played.histories).entries
    registered = played.stage.registry.entries(played.stage.case_id)
    assert [entry.entry_id for entry in registered] == [entry.id for entry in entries]
    assert [entry.command for entry in registered] == [entry.name for entry in entries]
    assert [entry.occurred_on for entry in registered] == [entry.day for entry in entries]


def test_commands_come_in_the_order_of_the_order(played: Played) -> None:
    names = [
        f"approve/{entry.values['notice']}" if entry.name == "approve" else entry.name
        for entry in chronicle(played.histories).entries
    ]
    assert [name for name in dict.fromkeys(names) if name in SPINE] == SPINE


def test_no_command_comes_before_what_it_rests_on(played: Played) -> None:
    names = [entry.name for entry in chronicle(played.histories).entries]
    for before, after in FIRST_BEFORE_FIRST:
        assert names.index(before) < names.index(after), (before, after)
    # Payment in full everywhere comes before the first hand-over (第十七条).
    assert "confirm_payment" not in names[names.index("hand_over") :]


@pytest.mark.parametrize(
    ("notice", "following"),
    [
        ("initiation", ("submit_survey", "file_risk_assessment")),
        ("compensation", ("return_receipt", "finalise_plan")),
        ("acquisition", ("hand_over",)),
    ],
)
def test_next_step_waits_until_the_notice_has_hung(
    case: Case, played: Played, notice: str, following: tuple[str, ...]
) -> None:
    end = case.period_end(notice)
    acts = [act for name in following for act in case.said(name)]
    assert acts
    assert min(act.day for act in acts) > end
    (row,) = [
        each
        for each in played.stage.registry.notices(played.stage.case_id)
        if each.notice == notice
    ]
    assert (row.last_day, row.may_proceed_on) == (end, end + ONE)
    assert row.posted_on == case.last_posting(notice)
    if notice == "compensation" or end <= HORIZON:
        assert not row.provisional


def test_next_duties_open_the_day_after_the_notice_has_hung(case: Case, played: Played) -> None:
    opened = {duty.duty_id: duty.opened_on for duty in played.stage.registry.duties()}
    for township in case.file["townships"]:
        for kind in ("survey", "risk"):
            assert opened[f"{kind}/{township['id']}"] == case.period_end("initiation") + ONE
    for village in case.villages:
        assert opened[f"receipt/{village}"] == case.period_end("compensation") + ONE


def test_printed_periods_are_kept(case: Case) -> None:
    draft = case.said("draft_plan")[0].values
    registered = [act.values["occurred_on"] for act in case.said("register_rights")]
    assert draft["registration_from"] <= min(registered)
    assert max(registered) <= draft["registration_until"]
    assert min(act.day for act in case.said("serve_survey_result")) > case.printed_end(
        "registration_until"
    )
    assert min(act.day for act in case.said("report_unsigned")) > case.printed_end("signing_until")


def test_payment_is_due_thirty_days_after_the_approval_arrives(case: Case, played: Played) -> None:
    received = case.said("receive_approval")[0].day
    due = {duty.duty_id: duty.last_day for duty in played.stage.registry.duties()}
    for village in case.villages:
        assert due[f"payment/{village}"] == received + timedelta(days=30)
        (paid,) = case.said("confirm_payment", village=village)
        assert received < paid.day <= due[f"payment/{village}"]


def test_every_last_day_is_the_one_counted_here(case: Case, played: Played) -> None:
    duties = played.stage.registry.duties()
    assert {duty.duty_id: duty.last_day for duty in duties} == {
        duty.duty_id: case.last_day(duty) for duty in duties
    }


def test_hearing_is_held_where_more_than_half_object(case: Case) -> None:
    """Exactly half is not enough: 塘下垟村 of the three villages holds none (第十一条)."""
    heard = {village for act in case.said("hold_hearing") for village in act.values["villages"]}
    objecting = {
        act.values["village"]
        for act in case.said("return_receipt")
        if 2 * act.values["objecting_members"] > case.villages[act.values["village"]][0]["members"]
    }
    assert heard == objecting != set()


def test_no_run_has_more_than_500_events(played: Played) -> None:
    assert len(played.histories) >= 5
    assert max(len(history.events) for history in played.histories) <= 500
