"""The current details of a case for the Web UI: a Markdown page of steps, duties and deadlines."""

from datetime import datetime

from case.duty import Duty
from case.state import State
from case.view import CaseView, DutyView, view

_MARKS = {"done": "√", "current": "▶", "waiting": "·"}


def details(state: State, duties: tuple[Duty, ...], now: datetime) -> str:
    """Markdown in Chinese; no personal data, since the page is stored as it is."""
    return page(view(state, duties, now))


def page(seen: CaseView) -> str:
    """The page for a view."""
    parts = [f"**{seen.name}**（{seen.case_id}，{seen.place}）"]
    if seen.blocked:
        parts.append(f"**受阻：{seen.blocked}**")
    parts.extend(
        f"**提醒送达异常：第{duty.step}步 {duty.title}——{duty.trouble}**"
        for duty in seen.duties
        if duty.trouble
    )
    if seen.periods or seen.duties:
        parts.append(
            "| 步骤 | 期限或责任 | 责任单位 | 截止日 | 依据 |\n|---|---|---|---|---|\n"
            + "\n".join(_row(duty) for duty in (*seen.periods, *seen.duties))
        )
    parts.extend(f"> {said}" for said in seen.beside)
    if seen.rules:
        parts.append(f"适用规定：{seen.rules}")
    parts.append(
        "| | 步骤 | 依据 | 开始 | | 完成 |\n|---|---|---|---|---|---|\n"
        + "\n".join(
            f"| {_MARKS[step.state]} | {step.number} {step.title} | {step.article} "
            f"| {step.begun_on or ''} | {'—' if step.done_on else ''} | {step.done_on or ''} |"
            for step in seen.steps
        )
    )
    return "\n\n".join(parts)


def _row(duty: DutyView) -> str:
    kind = duty.article if duty.statutory else f"内部时限（{duty.article}）"
    day = f"{duty.last_day}{'（暂定）' if duty.provisional else ''}"
    day = f"**{day} 逾期**" if duty.overdue else day
    return f"| {duty.step} | {duty.title} | {duty.unit_name} | {day} | {kind} |"
