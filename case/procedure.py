"""What a case answers to a command: whether it may be, and what the case is afterwards. Pure.

The same three functions serve the workflow's validators, a dry run at the command line, the
rehearsal and the property tests.
"""

import hashlib
from dataclasses import replace
from datetime import date

from case.approval import MeasureCompensation
from case.command import Command, Refusal
from case.commands import COMMAND, AnyCommand
from case.conduct import Acknowledge, Correct, Recount, Resume, Terminate
from case.facts import unknown_departments, unknown_township, unknown_village
from case.measurement import Measurement, Measuring
from case.state import State, Status
from case.steps import STEPS, Step

_WHILE_SUSPENDED = Resume | Terminate | Correct | Recount | Acknowledge
_ENDED = {Status.TERMINATED: "案件已经终止", Status.CLOSED: "案件已经办结"}


def digest(command: AnyCommand) -> str:
    """A short digest of a command's content, by which a repeat is told from another command."""
    return hashlib.sha256(COMMAND.dump_json(command)).hexdigest()[:16]


def repeated(state: State, command: AnyCommand) -> bool:
    """Whether exactly this command was accepted before: then it is harmless and changes nothing."""
    return state.seen.get(command.id) == digest(command)


def faults(state: State, command: AnyCommand) -> tuple[str, ...]:
    """What in a command names something that the case does not have: all of it, in Chinese."""
    found: list[str | None] = []
    if command.id in state.seen and not repeated(state, command):
        found.append(f"登记号{command.id}已用于另一项内容不同的登记，请换一个登记号")
    parts: list[Command] = [command]
    if isinstance(command, Correct):
        parts.append(command.replacement)
        if command.replacement.id not in {command.id, command.entry}:
            found.append("更正后的登记号应与更正或被更正的登记号相同")
    for part in parts:
        village, township = getattr(part, "village", None), getattr(part, "township", None)
        villages = (village,) if village else getattr(part, "villages", ())
        found.extend(unknown_village(state, name) for name in villages)
        found.append(unknown_township(state, township) if township else None)
        found.append(unknown_departments(getattr(part, "departments", ())))
    return tuple(fault for fault in found if fault)


def refusal(state: State, command: AnyCommand, today: date) -> Refusal | None:
    """Why the law or the case's state does not allow `command` today; None if it does.

    Expects a command without `faults`.
    """
    return _refused_by_conduct(state, command) or _refused_by_law(state, command, today)


def _refused_by_conduct(state: State, command: AnyCommand) -> Refusal | None:
    if state.status in _ENDED:
        return _refuse(command, _ENDED[state.status])
    if state.suspended and not isinstance(command, _WHILE_SUSPENDED):
        return _refuse(command, "案件已经中止，恢复以前不办理其他事项")
    return None


def _refused_by_law(state: State, command: AnyCommand, today: date) -> Refusal | None:
    parts = (command, command.replacement) if isinstance(command, Correct) else (command,)
    for part in parts:
        if part.occurred_on > today:
            return _refuse(command, f"发生日{part.occurred_on}晚于今天{today}")
        doers = part.doers(state)
        if part.by.unit not in doers:
            names = "或".join(state.unit_name(unit) for unit in doers)
            return _refuse(command, f"“{part.title}”应由{names}办理")
    if lack := command.unproven():
        return _refuse(command, lack)
    if not command.renewable:
        standing = next((key for key in command.facts() if key in state.standing), None)
        if standing:
            return _refuse(
                command,
                f"已经办理（登记号{state.standing[standing].id}），如有错误请用 correct 更正",
            )
    lack = command.too_late(state) or command.lacking(state)
    return _refuse(command, lack) if lack else None


def _refuse(command: AnyCommand, why: str) -> Refusal:
    return Refusal(sentence=f"不能{command.title}：{why}", article=command.basis)


def measuring(state: State, command: AnyCommand) -> Measuring | None:
    """What must be measured before `command` stands; None for a command that needs nothing."""
    approved = state.day("approval/plan")
    if not isinstance(command, MeasureCompensation) or approved is None:
        return None
    return Measuring(
        case_id=state.brief.case_id,
        entry=command.id,
        sheet=command.sheet,
        plan_approved_on=approved,
    )


def apply(state: State, command: AnyCommand, measured: Measurement | None = None) -> State:
    """The case after `command`, which must not be refused. A repeat changes nothing.

    `measured` is the answer to what `measuring` asked for.
    """
    if repeated(state, command):
        return state
    changed = command.applied(state)
    if measured:
        changed = replace(changed, measured=measured)
    return replace(changed, seen={**changed.seen, command.id: digest(command)})


def current_step(state: State, today: date) -> Step | None:
    """The first step that is not complete today; None when all fourteen are."""
    return next((step for step, lack in zip(STEPS, state.lacks(today), strict=True) if lack), None)


def complete(state: State, number: int, today: date) -> bool:
    """Whether step `number` (1 to 14) is complete today."""
    return state.lacks(today)[number - 1] is None


def close(state: State) -> State:
    """The case once hand-over is complete; a terminated case stays terminated."""
    return state if state.ended else replace(state, status=Status.CLOSED)
