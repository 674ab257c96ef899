"""From a form to the command itself: what was left out is taken from the case where it is plain.

A value that follows from the one duty the command would meet (the village, the places, the notice)
need not be written; a number always must.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from case.command import Actor, Command
from case.commands import COMMAND, COMMANDS, AnyCommand
from case.duty import Preset
from case.faults import sentence_of
from case.state import State
from case.view import DutyView
from desk.errors import BadInput
from desk.fields import name_of, option_name, values_of
from desk.form import Form, entry_id
from desk.present import Present

_UNKNOWN = "bureau"
"""Stands in for the unit until the command is read and says whose act it is."""

_FROM_TEXT = {
    "int_parsing": "应当是整数",
    "decimal_parsing": "应当是数，不带单位",
    "decimal_type": "应当是数，不带单位",
    "date_from_datetime_parsing": "应当是日期，写作 2026-05-06",
    "date_parsing": "应当是日期，写作 2026-05-06",
    "date_type": "应当是日期，写作 2026-05-06",
    "date_from_datetime_inexact": "应当是日期，写作 2026-05-06",
    "string_pattern_mismatch": "只能用字母、数字和“.”“_”“-”，以字母或数字开头，不超过80个字符",
}
_CARRIED = {
    "occurred_on": "实际发生日",
    "document_number": "文号",
    "id": "登记号",
    "evidence": "佐证材料",
    "by": "办理人",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A command ready to be said, and which of its values came from the duty it meets."""

    command: AnyCommand
    taken: frozenset[str]


def fill(form: Form, present: Present, directory: frozenset[str]) -> Filled:
    """The command that a form means in a case; `directory` holds the units that have people.

    Raises BadInput with everything that is wrong with the form.
    """
    duties = _meant(form, present)
    values = dict(form.values)
    taken = set()
    for name, value in (duties[0].preset if duties else {}).items():
        certain = all(duty.preset.get(name) == value for duty in duties)
        if certain and name not in values and not isinstance(value, int):
            values[name] = value
            taken.add(name)
    carried = form.carried
    content = {
        **values,
        "command": name_of(form.kind),
        # A number that is not given is made of the content, once that is known.
        "id": carried.get("id", "unnumbered"),
        "occurred_on": carried.get("occurred_on", present.today),
        "document_number": carried.get("document_number"),
        "evidence": form.evidence,
        "by": {
            "unit": _UNKNOWN,
            **{name: carried[name] for name in ("role", "name") if name in carried},
        },
    }
    if "id" not in carried:
        content["id"] = "unnumbered"
    command = _read(form, content, duties)
    command = replace(
        command, by=replace(command.by, unit=_unit(command, form, present.state, duties, directory))
    )
    if "id" not in carried:
        plain = COMMAND.dump_python(command, mode="json")
        id_ = entry_id(command.command, present.state.brief.case_id, plain)
        command = replace(command, id=id_)
    return Filled(command=command, taken=frozenset(taken))


def _meant(form: Form, present: Present) -> list[DutyView]:
    """The open duties that the command can be meant to meet."""
    name = name_of(form.kind)
    unit = form.carried.get("unit")
    return [
        duty
        for duty in present.view().duties
        if duty.command == name
        and (unit is None or unit in {duty.unit, duty.unit_name})
        and all(_fits(form.values.get(key), value) for key, value in duty.preset.items())
    ]


def _fits(written: Any, preset: Preset) -> bool:
    if written is None or isinstance(preset, int):
        return True
    if isinstance(preset, tuple):
        return isinstance(written, tuple) and set(written) <= set(preset)
    return bool(written == preset)


def _unit(
    command: Command,
    form: Form,
    state: State,
    duties: list[DutyView],
    directory: frozenset[str],
) -> str:
    """Whose act it is: as written, else the duty's unit, else the first that has people."""
    doers = [unit for unit in command.doers(state) if unit]
    written = form.carried.get("unit")
    if written is not None:
        by_name = {state.unit_name(unit): unit for unit in doers}
        return by_name.get(str(written), str(written))
    owing = [duty.unit for duty in duties if duty.unit in doers]
    peopled = [unit for unit in doers if unit in directory]
    # A village that the case does not have has no doers; the case itself says so.
    return next(iter((*owing[:1], *peopled, *doers)), _UNKNOWN)


def _read(form: Form, content: Mapping[str, Any], duties: list[DutyView]) -> AnyCommand:
    try:
        return COMMAND.validate_python(content)
    except ValidationError as error:
        faults = [_sentence(form, each, duties) for each in error.errors(include_url=False)]
        raise BadInput.listing(dict.fromkeys(faults)) from error


def _sentence(form: Form, error: ErrorDetails, duties: list[DutyView]) -> str:
    """One of pydantic's errors with the option it is about."""
    path = [step for step in error["loc"] if step not in COMMANDS]
    inside = path[:1] == ["replacement"]
    deeper = inside or path[:1] == ["by"]
    name = str(path[1] if deeper and len(path) > 1 else path[0] if path else "")
    kind = form.kind
    if inside:
        kind = next((COMMANDS[str(step)] for step in error["loc"][1:] if step in COMMANDS), kind)
    values = {value.name: value for value in values_of(kind)}
    value = values.get(name)
    place = f"--set {name}" if inside else option_name(name)
    if error["type"] in _FROM_TEXT:
        return f"{place}：“{error['input']}”不对，{_FROM_TEXT[error['type']]}"
    title = value.label if value else _CARRIED.get(name)
    if error["type"] == "missing":
        return f"{place}：缺少这一项（{title or name}）{_offered(name, duties)}"
    known = (*values, "occurred_on", "document_number", "evidence", "id", "unit", "role", "name")
    return f"{place}：{sentence_of(error, title, known)}"


def _offered(name: str, duties: list[DutyView]) -> str:
    """What may stand here, going by the duties that are open."""
    offers = list(dict.fromkeys(_offers(name, duties)))
    return f"；待办的有：{'、'.join(offers)}" if offers else ""


def _offers(name: str, duties: list[DutyView]) -> Iterator[str]:
    for duty in duties:
        preset = duty.preset.get(name)
        if isinstance(preset, tuple):
            yield " ".join(preset)
        elif preset is not None:
            yield str(preset)


def written_values(command: AnyCommand) -> dict[str, Any]:
    """A command's own values, as plain values by name."""
    own = {value.name for value in values_of(type(command))}
    plain = COMMAND.dump_python(command, mode="json")
    return {field.name: plain[field.name] for field in fields(command) if field.name in own}


def unit_of(actor: Actor, state: State) -> str:
    """A unit with its name, as people know it."""
    name = state.unit_name(actor.unit)
    return name if name == actor.unit else f"{name}（{actor.unit}）"
