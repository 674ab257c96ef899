"""The protocol of a case: fourteen steps with their days, articles and the reminders sent."""

from collections import Counter

from rich.console import Console
from rich.table import Table

from activities.registry import Registry
from case.view import STATUS_TITLES, CaseView


def protocol(console: Console, view: CaseView, registry: Registry) -> None:
    """Print the table of a case and how many reminders went to whom."""
    deliveries = [each for each in registry.deliveries(view.case_id) if each.sent_at]
    steps = {duty.duty_id: duty.step for duty in registry.duties(view.case_id)}
    by_step = Counter(steps.get(each.duty_id, 0) for each in deliveries)
    raised = Counter(
        steps.get(each.duty_id, 0) for each in deliveries if each.rung.rpartition("/")[2][:1] == "+"
    )
    table = Table(title=f"{view.name}（{view.case_id}）　{STATUS_TITLES[view.status]}")
    for column in ("步", "步骤", "依据", "开始", "完成"):
        table.add_column(column, no_wrap=column != "依据")
    table.add_column("提醒", justify="right", no_wrap=True)
    table.add_column("逾期升级", justify="right", no_wrap=True)
    for step in view.steps:
        table.add_row(
            str(step.number),
            step.title,
            step.article,
            str(step.begun_on or "（无需办理）"),
            str(step.done_on or ""),
            str(by_step[step.number] or ""),
            str(raised[step.number] or ""),
        )
    table.add_section()
    table.add_row("", "合计", "", "", "", str(len(deliveries)), str(sum(raised.values()) or ""))
    console.print(table)
