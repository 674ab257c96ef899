"""What a person leaves out is taken from the case; what is wrong is said all at once."""

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from case.brief import brief
from case.commands import COMMANDS, AnyCommand
from case.file import load
from case.notices import ConfirmPosting
from case.procedure import apply, faults, refusal
from case.rights import RegisterRights
from case.state import State
from desk.errors import BadInput
from desk.filling import fill
from desk.form import Form, form
from desk.present import Present
from law import SHANGHAI
from law.calendar import official_calendar
from tests.desk.commandline import EXAMPLE

DAY = date(2026, 5, 6)
AT = datetime(2026, 5, 6, 10, tzinfo=SHANGHAI)
PEOPLED = frozenset({"bureau", "city", "township:tengqiao"})


def written(command: str, values: dict[str, Any] | None = None, **carried: Any) -> Form:
    """A form written with options alone."""
    return form(
        COMMANDS[command], values or {}, carried, evidence=(), evidence_kind=None, file=None
    )


def filled(
    present: Present, command: str, values: dict[str, Any] | None = None, **carried: Any
) -> AnyCommand:
    return fill(written(command, values, **carried), present, PEOPLED).command


@pytest.fixture(scope="module")
def approved() -> Present:
    """A case whose initiation notice is approved and hangs nowhere yet."""
    present = Present(State(brief=brief(load(EXAMPLE)), launched_on=DAY), AT, official_calendar())
    for name, values in (("draft_initiation", {"contents": ("全部",)}), ("approve", {})):
        command = filled(present, name, values, document_number="〔2026〕1号")
        assert not faults(present.state, command)
        assert refusal(present.state, command, DAY) is None
        present = Present(apply(present.state, command), AT, present.calendar)
    return present


def test_the_duty_says_which_notice_and_places_are_meant(approved: Present) -> None:
    command = filled(approved, "confirm_posting", unit="藤桥镇")
    assert isinstance(command, ConfirmPosting)
    assert command.by.unit == "township:tengqiao"
    assert command.notice == "initiation"
    assert command.places == ("township:tengqiao", "village:shibuxi")
    assert command.occurred_on == DAY


def test_where_several_duties_can_be_meant_all_are_named(approved: Present) -> None:
    with pytest.raises(BadInput) as raised:
        filled(approved, "confirm_posting")
    assert "--places：缺少这一项" in raised.value.message
    assert "待办的有：portal、township:tengqiao village:shibuxi" in raised.value.message


def test_a_number_is_never_taken_from_the_duty(approved: Present) -> None:
    with pytest.raises(BadInput, match="--holders：缺少这一项"):
        filled(approved, "register_rights", {"village": "shibuxi"})


def test_the_unit_is_whose_act_it_is(approved: Present) -> None:
    registered = filled(approved, "register_rights", {"village": "shibuxi", "holders": "3"})
    assert isinstance(registered, RegisterRights)
    assert registered.by.unit == "township:tengqiao"
    assert filled(approved, "terminate", {"reason": "撤销"}).by.unit == "city"
    # Both a village and its township may return a receipt; the village has nobody listed here.
    receipt = {"village": "shibuxi", "opinions": "无", "objecting_members": "0"}
    assert filled(approved, "return_receipt", receipt).by.unit == "township:tengqiao"


def test_the_same_content_gets_the_same_number(approved: Present) -> None:
    values = {"village": "shibuxi", "holders": "3"}
    first, second = (filled(approved, "register_rights", values) for _ in range(2))
    assert first == second
    assert first.id.startswith("register_rights-")
    assert filled(approved, "register_rights", {**values, "holders": "4"}).id != first.id
    assert filled(approved, "register_rights", values, id="x-1").id == "x-1"


def test_everything_wrong_is_said_at_once(approved: Present) -> None:
    values = {
        "registration_from": "5月6日",
        "registration_until": "2026-13-01",
        "registration_unit": " ",
        "plan_contents": ("全部",),
    }
    with pytest.raises(BadInput) as raised:
        filled(approved, "draft_plan", values, occurred_on="昨天", id="a b")
    lines = raised.value.message.splitlines()
    assert lines[0] == "共 8 处"
    told = raised.value.message
    for option in (
        "--notice-contents：缺少这一项（公告的内容）",
        "--registration-from：“5月6日”不对，应当是日期",
        "--registration-until：“2026-13-01”不对",
        "--registration-unit：“补偿登记单位”不能为空",
        "--registration-place：缺少这一项（补偿登记地点）",
        "--signing-until：缺少这一项",
        "--occurred-on：“昨天”不对",
        "--id：“a b”不对，只能用字母",
    ):
        assert option in told


def test_a_file_gives_values_and_options_override_them(approved: Present, tmp_path: Path) -> None:
    photo = tmp_path / "张贴.jpg"
    photo.write_bytes(b"photo")
    file = tmp_path / "values.yaml"
    file.write_text(
        f"notice: initiation\nplaces: [portal]\noccurred_on: 2026-05-05\n"
        f"unit: bureau\nname: 某人\nevidence: ['{photo}']\n",
        encoding="utf-8",
    )
    asked = form(
        ConfirmPosting,
        {"notice": None, "places": ()},
        {"occurred_on": "2026-05-06"},
        evidence=(),
        evidence_kind=None,
        file=file,
    )
    command = fill(asked, approved, PEOPLED).command
    assert isinstance(command, ConfirmPosting)
    assert (command.occurred_on, command.places) == (DAY, ("portal",))
    assert (command.by.unit, command.by.name) == ("bureau", "某人")
    (piece,) = command.evidence
    assert (piece.kind, piece.place) == ("照片", str(photo))
    assert piece.sha256 == hashlib.sha256(b"photo").hexdigest()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- 1\n", "应当是一组“名称: 值”"),
        ("by: {unit: bureau}\n", "unit、role、name"),
        ("a: [\n", "values.yaml"),
        ("notices: plan\n", "没有“notices”这一项，是否应为“notice”"),
        ("evidence: [没有.jpg]\n", "读不了佐证材料“没有.jpg”"),
    ],
)
def test_a_faulty_file_is_bad_input(
    approved: Present, tmp_path: Path, text: str, sentence: str
) -> None:
    file = tmp_path / "values.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        asked = form(COMMANDS["approve"], {}, {}, evidence=(), evidence_kind=None, file=file)
        fill(asked, approved, PEOPLED)
    assert sentence in raised.value.message
