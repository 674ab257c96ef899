"""Every command of a case can be written with options, all of them described."""

import pytest

from case.command import Command
from case.commands import COMMANDS
from desk.act import act
from desk.fields import COMMON, values_of
from law.order import DEPARTMENTS, PLAN_CONTENTS


@pytest.mark.parametrize("kind", COMMANDS.values(), ids=COMMANDS)
def test_every_value_of_a_command_has_an_option_of_its_own(kind: type[Command]) -> None:
    name = next(name for name, each in COMMANDS.items() if each is kind)
    command = act.get_command(act.make_context("act", ["A", name]), name.replace("_", "-"))
    assert command is not None
    flags = [flag for option in command.params for flag in option.opts]
    assert len(flags) == len(set(flags))
    wanted = set(vars(kind)["__pydantic_fields__"]) - COMMON - {"replacement"}
    assert wanted <= {option.name for option in command.params}
    for value in values_of(kind):
        if value.name in wanted:
            assert value.flag in flags
            assert value.title != value.name, "no description"
            assert value.label
            assert " " not in value.label


@pytest.mark.parametrize("kind", COMMANDS.values(), ids=COMMANDS)
def test_all_stands_for_what_the_order_lists(kind: type[Command]) -> None:
    for value in values_of(kind):
        listed = value.name.endswith("contents") or value.name == "departments"
        assert bool(value.legal) == listed


def test_kinds_of_values() -> None:
    plan = {value.name: value for value in values_of(COMMANDS["draft_plan"])}
    assert plan["plan_contents"].legal == PLAN_CONTENTS
    assert plan["plan_contents"].many
    assert plan["signing_until"].called == "年-月-日"
    survey = {value.name: value for value in values_of(COMMANDS["submit_survey"])}
    assert survey["measured"].truth
    assert not survey["surveyor"].required
    (departments,) = values_of(COMMANDS["notify_departments"])
    assert departments.legal == DEPARTMENTS
    approve = values_of(COMMANDS["approve"])[0]
    assert approve.choices == ("initiation", "compensation", "plan", "acquisition")
    assert approve.meaning("plan") == "plan 征地补偿安置方案"
    kind = {value.name: value for value in values_of(COMMANDS["record_agreements"])}["kind"]
    assert kind.meaning("contractor") == "contractor 土地承包经营权人、林地使用权人"
