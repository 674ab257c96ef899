"""`act CASE correct`: the entry that stands, with what is put right in it."""

import json
from collections.abc import Iterable
from typing import Any

from activities.registry import Registry
from case.command import Command
from case.commands import COMMANDS
from desk.errors import BadInput
from desk.fields import ALL, values_of

_ACTOR = ("unit", "role", "name")
_CARRIED = ("occurred_on", "document_number")


def replacement(
    opened: Registry, case_id: str, entry: str, put_right: Iterable[str]
) -> dict[str, Any]:
    """The entry's content as it now stands, with `field=value` put right in it.

    A corrected entry keeps its number, so that it can be corrected again under it. Raises BadInput
    for an entry that the registry does not have and for every field that it has not.
    """
    content = _standing(opened, case_id, entry)
    kind = COMMANDS[content["command"]]
    faults: list[str] = []
    changes = _changes(put_right, kind, faults)
    if not changes and not faults:
        faults.append("--set：没有写要改成什么，如 --set occurred_on=2026-05-06")
    if faults:
        raise BadInput.listing(faults)
    actor = {name: changes.pop(name) for name in _ACTOR if name in changes}
    return content | changes | {"by": content["by"] | actor, "id": entry}


def _standing(opened: Registry, case_id: str, entry: str) -> dict[str, Any]:
    """What the registry holds of an entry: as first accepted, or as last corrected."""
    found: dict[str, Any] | None = None
    for each in opened.entries(case_id):
        if each.entry_id == entry:
            found = json.loads(each.values)
        elif each.corrects == entry:
            found = json.loads(each.values)["replacement"]
    if found is None:
        raise BadInput(f"--entry：登记簿中没有登记号“{entry}”，登记号见 show --entries。")
    if found["command"] not in COMMANDS or COMMANDS[found["command"]].step == 0:
        title = COMMANDS[found["command"]].title
        raise BadInput(f"--entry：“{title}”不是程序中的事项，不能更正。")
    return found


def _changes(put_right: Iterable[str], kind: type[Command], faults: list[str]) -> dict[str, Any]:
    own = {value.name: value for value in values_of(kind)}
    changes: dict[str, Any] = {}
    for written in put_right:
        name, equals, text = written.partition("=")
        name = name.strip().replace("-", "_")
        if not equals:
            faults.append(f"--set：“{written}”应写作 名称=值")
        elif name in own and own[name].many:
            items = own[name].legal if text == ALL and own[name].legal else (text,)
            changes[name] = (*changes.get(name, ()), *items)
        elif name in own or name in (*_CARRIED, *_ACTOR):
            # Nothing after the sign takes back a value that need not be there.
            changes[name] = text or None
        else:
            known = "、".join((*own, *_CARRIED, *_ACTOR))
            faults.append(f"--set：“{kind.title}”没有“{name}”这一项（有：{known}）")
    return changes
