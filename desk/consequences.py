"""What an act changed in a case: steps passed, duties met and arisen, periods begun."""

from dataclasses import dataclass
from datetime import date

from rich.console import Console

from case.view import STATUS_TITLES, CaseView, DutyView, StepView
from desk.screen import duties_table, last_day, print_table, remaining
from law.calendar import WorkingCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """The difference between two views of one case."""

    passed: tuple[StepView, ...]
    reopened: tuple[StepView, ...]
    gone: tuple[DutyView, ...]
    """Duties that are owed no more."""
    arisen: tuple[DutyView, ...]
    moved: tuple[tuple[DutyView, DutyView], ...]
    """Duties whose last day is another one, before and after."""
    begun: tuple[DutyView, ...]
    """Periods that run now."""


def consequences(before: CaseView, after: CaseView) -> Consequences:
    """Compare two views of one case."""
    done = {step.number for step in before.steps if step.state == "done"}
    now_done = {step.number for step in after.steps if step.state == "done"}
    owed = {duty.id: duty for duty in before.duties}
    now_owed = {duty.id: duty for duty in after.duties}
    running = {period.id: period.last_day for period in before.periods}
    return Consequences(
        passed=tuple(step for step in after.steps if step.number in now_done - done),
        reopened=tuple(step for step in after.steps if step.number in done - now_done),
        gone=tuple(duty for id_, duty in owed.items() if id_ not in now_owed),
        arisen=tuple(duty for id_, duty in now_owed.items() if id_ not in owed),
        moved=tuple(
            (owed[id_], duty)
            for id_, duty in now_owed.items()
            if id_ in owed and owed[id_].last_day != duty.last_day
        ),
        begun=tuple(
            period for period in after.periods if running.get(period.id) != period.last_day
        ),
    )


def show_consequences(
    console: Console,
    found: Consequences,
    after: CaseView,
    today: date,
    calendar: WorkingCalendar,
    *,
    planned: bool,
) -> None:
    """Say what has changed, or what would (`planned`), and where the case stands then."""
    will = "将" if planned else "已"
    for step in found.passed:
        console.print(f"第{step.number}步“{step.title}”{will}完成。")
    for step in found.reopened:
        console.print(f"第{step.number}步“{step.title}”{will}重新打开：{step.lacks}")
    for duty in found.gone:
        console.print(f"{will}了结：{duty.title}（{duty.unit_name}）")
    for old, new in found.moved:
        console.print(f"截止日{will}由 {old.last_day} 改为 {new.last_day}：{new.title}")
    for period in found.begun:
        day = last_day(period.last_day, provisional=period.provisional)
        left = remaining(period.last_day, today, calendar)
        console.print(f"{period.title}至 {day} 24:00（{left}，{period.article}）")
    if found.arisen:
        title = "将产生的责任" if planned else "新产生的责任"
        print_table(console, title, duties_table(found.arisen, today, calendar))
    if not any((found.passed, found.reopened, found.gone, found.arisen, found.moved, found.begun)):
        console.print("步骤和待办事项没有变化。")
    console.print(_standing(after))


def _standing(after: CaseView) -> str:
    current = next((step for step in after.steps if step.state != "done"), None)
    if current is None or after.status.value in {"terminated", "closed"}:
        return f"案件{STATUS_TITLES[after.status]}。"
    blocked = f"；{after.blocked}" if after.blocked else ""
    step = f"第{current.number}步“{current.title}”（{current.article}）"
    return f"现在：{step}，{current.lacks}{blocked}"
