"""`show`: one case — its fourteen steps, what runs, who owes what, what was told."""

import json

import click
from pydantic import TypeAdapter
from rich.console import Console
from temporalio.client import Client, WorkflowExecutionStatus

from activities.registry import Delivery, DeliveryState, Registry, UnknownCase
from case.commands import COMMANDS
from case.records import EntryRecord
from case.view import STATUS_TITLES, CaseView
from deploy.settings import load
from desk.cases import case_id, office_calendar, registry
from desk.connection import with_server
from desk.errors import BadInput
from desk.launching import workflow_id
from desk.present import present
from desk.reminders import UnitNames, counted, moments, said_of
from desk.screen import basis, duties_table, last_day, print_table, remaining, screen, table
from law import SHANGHAI
from law.calendar import WorkingCalendar

VIEW: TypeAdapter[CaseView] = TypeAdapter(CaseView)
ENTRIES: TypeAdapter[tuple[EntryRecord, ...]] = TypeAdapter(tuple[EntryRecord, ...])
PROGRESS = {"done": "已完成", "current": "进行中", "waiting": ""}
_STOPPED = {
    WorkflowExecutionStatus.CANCELED,
    WorkflowExecutionStatus.TERMINATED,
    WorkflowExecutionStatus.FAILED,
    WorkflowExecutionStatus.TIMED_OUT,
}
LATEST = 8
"""How many of the newest reminders are shown."""


@click.command(
    "show",
    help="""查看一个案件：十四个步骤的进度和依据、正在进行的公告期、各单位的待办事项和截止日、已发的提醒。

\b
例：
  starter.py show WZ-LC-2026-001
  starter.py show WZ-LC-2026-001 --entries   已登记的事项和登记号（更正时用）
  starter.py show LA-WZ-LC-2026-001 --json   供程序读取

编号前的 LA- 可写可不写。
""",
)
@click.argument("case", metavar="案件编号")
@click.option("--entries", is_flag=True, help="列出已登记的事项和登记号；读登记簿，不连服务器。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def show(case: str, *, entries: bool, as_json: bool) -> None:
    """Show one case; exit code 2 for an unknown one."""
    settings, id_ = load(), case_id(case)
    if entries:
        with registry(settings) as opened:
            _print_entries(screen(), id_, opened, as_json=as_json)
        return
    calendar = office_calendar(settings)
    seen, stopped = with_server(settings, lambda client: _seen(client, id_, calendar))
    if stopped:
        click.echo(
            "注意：此案的工作流已在服务器上被停止，不再推进和提醒，请联系运行维护人员。", err=True
        )
    link = settings.ui_link(workflow_id(id_))
    with registry(settings) as opened:
        deliveries = opened.deliveries(id_)
        names = UnitNames(opened, deliveries)
    if as_json:
        content = VIEW.dump_python(seen, mode="json")
        sent = sum(each.state == DeliveryState.SENT for each in deliveries)
        content |= {"ui_url": link, "reminders_sent": sent}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    console = screen()
    _print(console, seen, calendar)
    _print_deliveries(console, deliveries, names)
    if link:
        console.print(f"网页界面：{link}", soft_wrap=True)


async def _seen(client: Client, id_: str, calendar: WorkingCalendar) -> tuple[CaseView, bool]:
    """The case, and whether its workflow was stopped on the server without the case's end."""
    seen = (await present(client, id_, calendar)).view()
    described = await client.get_workflow_handle(workflow_id(id_)).describe()
    return seen, described.status in _STOPPED


def _print(console: Console, seen: CaseView, calendar: WorkingCalendar) -> None:
    on = seen.at.astimezone(SHANGHAI).date()
    blocked = f"，{seen.blocked}" if seen.blocked else ""
    console.print(f"{seen.name}（{seen.case_id}）  {STATUS_TITLES[seen.status]}{blocked}  {on}")
    if seen.rules:
        console.print(f"适用规定：{seen.rules}")
    steps = table("步", "步骤", "依据", "进度", "开始", "完成", "尚缺")
    for step in seen.steps:
        steps.add_row(
            str(step.number),
            step.title,
            step.article,
            PROGRESS[step.state],
            str(step.begun_on or ""),
            str(step.done_on or ""),
            (step.lacks or "") if step.state == "current" else "",
        )
    print_table(console, "十四个步骤", steps)
    if seen.periods:
        periods = table("公告期", "张贴日", "最后一日", "剩余", "依据", "编号")
        for period in seen.periods:
            periods.add_row(
                period.title,
                str(period.opened_on),
                last_day(period.last_day, provisional=period.provisional),
                remaining(period.last_day, on, calendar),
                basis(period.article, statutory=period.statutory),
                period.id,
            )
        print_table(console, "正在进行的公告期", periods)
    if seen.duties:
        print_table(console, "待办事项", duties_table(seen.duties, on, calendar))
        for said in seen.beside:
            console.print(f"与上位法对照：{said}。")
        numbers = "  ".join(f"{duty.id}" for duty in seen.duties)
        console.print(f"责任编号（amend-deadline、acknowledge 用）：{numbers}")
        for duty in seen.duties:
            if duty.trouble:
                console.print(f"提醒送达异常：{duty.title}——{duty.trouble}", style="bold red")
    else:
        console.print("没有待办事项。")


def _print_entries(console: Console, id_: str, opened: Registry, *, as_json: bool) -> None:
    try:
        name, found = opened.case(id_).name, opened.entries(id_)
    except UnknownCase as error:
        raise BadInput(str(error)) from error
    if as_json:
        click.echo(ENTRIES.dump_json(found, indent=2, ensure_ascii=False).decode())
        return
    if not found:
        console.print(f"{name}：还没有登记任何事项。")
        return
    rows = table("发生日", "事项", "单位", "文号", "登记号", "备注")
    for entry in found:
        note = f"更正 {entry.corrects}：{entry.reason}" if entry.corrects else entry.reason or ""
        rows.add_row(
            str(entry.occurred_on),
            COMMANDS[entry.command].title,
            entry.unit,
            entry.document_number or "",
            entry.entry_id,
            note,
        )
    print_table(console, f"{name}：已登记 {len(found)} 项", rows)


def _print_deliveries(console: Console, deliveries: tuple[Delivery, ...], names: UnitNames) -> None:
    if not deliveries:
        console.print("还没有发过提醒。")
        return
    title = counted(deliveries)
    if len(deliveries) > LATEST:
        title += f"。最近 {LATEST} 件"
    sent = table("应发时间", "送出时间", "收件人", "内容", "结果")
    for each in deliveries[-LATEST:]:
        sent.add_row(
            *moments(each),
            f"{names.of(each)} {each.role} {each.person}",
            each.subject,
            said_of(each),
        )
    print_table(console, title, sent)
