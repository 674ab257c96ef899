"""How an act is done: filled in from the case, shown, said, and what it changed told."""

import json
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from temporalio.client import Client

from activities.measuring import measured, sheet_of
from activities.registry import Registry, UnknownCase, UnknownSheet
from case.approval import MeasureCompensation
from case.brief import brief
from case.commands import COMMAND, AnyCommand
from case.conduct import Correct
from case.faults import Faults
from case.measurement import Measurement, Measuring
from case.procedure import apply, faults, measuring, refusal, repeated
from deploy.settings import load
from desk.amounts import show_amounts
from desk.cases import office_calendar, registry
from desk.connection import say, with_server
from desk.consequences import consequences, show_consequences
from desk.correction import replacement
from desk.errors import BadInput, Refused
from desk.fields import values_of
from desk.filling import Filled, fill, unit_of, written_values
from desk.form import Form
from desk.present import Present, present
from desk.screen import print_table, screen, table
from law.calendar import WorkingCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How to go about it: say nothing to the case, or ask the person first."""

    dry_run: bool
    ask: bool


def perform(case_id: str, form: Form, manner: Manner) -> None:
    """Do what a form says; raises BadInput, Refused or Unreachable."""
    settings = load()
    calendar = office_calendar(settings)
    with registry(settings) as opened:
        with_server(
            settings,
            lambda client: _perform(
                client, opened, case_id, form, manner, calendar=calendar, office=settings.office
            ),
        )


async def _perform(
    client: Client,
    opened: Registry,
    case_id: str,
    form: Form,
    manner: Manner,
    *,
    calendar: WorkingCalendar,
    office: Path,
) -> None:
    before = await present(client, case_id, calendar)
    if form.kind is Correct:
        form = _corrected(opened, case_id, form)
    if form.kind is MeasureCompensation:
        form = _with_sheet(opened, case_id, form)
    filled = fill(form, before, _directory(opened, case_id))
    command, console = filled.command, screen()
    _show(console, before, filled)
    again = repeated(before.state, command)
    amounts = None
    if not again and (asked := measuring(before.state, command)):
        amounts = _measured(opened, office, asked)
        show_amounts(console, before.state, amounts, brief(sheet_of(opened, asked)).villages)
    if manner.dry_run:
        after = _foreseen(before, command, amounts)
    else:
        if manner.ask and sys.stdin.isatty() and not click.confirm("确认登记？", default=False):
            console.print("没有登记。")
            return
        await say(client, case_id, command)
        after = await present(client, case_id, calendar)
    if again:
        console.print(
            "同样的内容此前已经登记，没有重复登记；确是另一次的，请用 --id 另给登记号。",
            soft_wrap=True,
        )
    else:
        console.print("可以登记（尚未送出）。" if manner.dry_run else "已登记。")
    seen = after.view()
    found = consequences(before.view(), seen)
    show_consequences(console, found, seen, after.today, calendar, planned=manner.dry_run)


def _foreseen(before: Present, command: AnyCommand, amounts: Measurement | None) -> Present:
    """The case as it would be; the same judgement as the case's own, on the state it answered."""
    if wrong := faults(before.state, command):
        raise BadInput.listing(wrong)
    if not repeated(before.state, command) and (
        refused := refusal(before.state, command, before.today)
    ):
        raise Refused(str(refused))
    return Present(apply(before.state, command, amounts), before.at, before.calendar)


def _measured(opened: Registry, office: Path, asked: Measuring) -> Measurement:
    try:
        return measured(opened, office, asked)
    except UnknownSheet as error:
        raise BadInput(str(error)) from error
    except Faults as faults:
        raise BadInput.listing(str(fault) for fault in faults) from faults


def _with_sheet(opened: Registry, case_id: str, form: Form) -> Form:
    """The sheet registered last, where none is named."""
    newest = opened.newest_sheet(case_id)
    if "sheet" in form.values or newest is None:
        return form
    return replace(form, values={**form.values, "sheet": newest[0]})


def _corrected(opened: Registry, case_id: str, form: Form) -> Form:
    entry = form.values.get("entry")
    if not entry:
        raise BadInput("--entry：缺少这一项（被更正的登记号）")
    content = replacement(opened, case_id, str(entry), form.put_right)
    return replace(form, values={**form.values, "replacement": content})


def _directory(opened: Registry, case_id: str) -> frozenset[str]:
    """The units in which the case file names somebody; none for a case of another registry."""
    with suppress(UnknownCase):
        file = json.loads(opened.file(case_id))
        return frozenset(person["unit"] for person in file["directory"])
    return frozenset()


def _show(console: Console, before: Present, filled: Filled) -> None:
    command, state = filled.command, before.state
    rows = table("项目", "内容")
    rows.show_header = False
    rows.add_row("实际发生日", str(command.occurred_on))
    rows.add_row("办理单位", unit_of(command.by, state))
    rows.add_row("办理人", f"{command.by.role} {command.by.name}".strip())
    if command.document_number:
        rows.add_row("文号", command.document_number)
    titles = {value.name: value for value in values_of(type(command))}
    for name, written in written_values(command).items():
        if written in (None, []):
            continue
        value, note = titles[name], "（取自待办事项）" if name in filled.taken else ""
        chosen = value.meaning(written) if isinstance(written, str) else ""
        rows.add_row(value.label, f"{chosen or _shown(written)}{note}")
    for piece in command.evidence:
        rows.add_row("佐证", f"{piece.kind} {piece.place}  SHA-256 {piece.sha256[:16]}…")
    rows.add_row("登记号", command.id)
    print_table(console, f"{state.brief.name}（{state.brief.case_id}）：{command.title}", rows)


def _shown(written: Any) -> str:
    if isinstance(written, bool):
        return "是" if written else "否"
    if isinstance(written, list):
        return "、".join(str(item) for item in written)
    if isinstance(written, dict):
        plain = COMMAND.dump_python(COMMAND.validate_python(written), mode="json")
        return "；".join(
            f"{name}={_shown(value)}"
            for name, value in plain.items()
            if value not in (None, [], "") and name not in {"by", "evidence", "id", "command"}
        )
    return str(written)
