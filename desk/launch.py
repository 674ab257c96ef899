"""`launch`: from a checked case file to a running case."""

from datetime import timedelta
from pathlib import Path

import click
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.registry import AlreadyAdmitted, Registry
from case.brief import brief
from case.entries import CaseFile
from case.faults import Faults
from case.file import load as read
from case.state import State
from deploy.settings import Settings, load
from desk import launching
from desk.cases import now, office_calendar, registry
from desk.connection import with_server
from desk.errors import BadInput, Refused, Unreachable
from desk.launching import workflow_id
from desk.present import Present, present
from desk.screen import duties_table, print_table, screen
from law.calendar import WorkingCalendar
from law.rules import out_of_force

FIRST_ANSWER = timedelta(seconds=4)
"""How long a launch waits to show the first duties; it is done without them."""


@click.command(
    "launch",
    help="""检查项目文件，登记案件并启动办理流程；启动后就有第一批待办事项。

同一个文件再启动一次，不会重复；同一个编号的文件内容变了，则不能启动。

\b
例：
  starter.py launch examples/one-village.yaml --dry-run   只看会启动什么
  starter.py launch examples/one-village.yaml
""",
)
@click.argument("file", metavar="项目文件", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查和显示，不登记，不启动。")
def launch(file: Path, *, dry_run: bool) -> None:
    """Launch one case; exit code 2 for a faulty file or a number that has another one, 3 on a day
    when the order is not in force (第三十五条)."""
    try:
        written = read(file)
    except Faults as faults:
        raise BadInput.listing(str(fault) for fault in faults) from faults
    settings = load()
    calendar = office_calendar(settings)
    if expired := out_of_force(now().date()):
        raise Refused(f"不能启动：{expired}。")
    if dry_run:
        planned = Present(State.launched(brief(written), now().date()), now(), calendar)
        click.echo(f"将启动：{_title(written)}（尚未启动）")
        _print_duties(planned)
        return
    with registry(settings) as opened:
        with_server(settings, lambda client: _launch(client, settings, opened, calendar, written))


async def _launch(
    client: Client,
    settings: Settings,
    opened: Registry,
    calendar: WorkingCalendar,
    file: CaseFile,
) -> None:
    number = file.project.number
    before = await _status(client, number)
    try:
        await launching.launch(client, settings, opened, file, now().date())
    except AlreadyAdmitted as error:
        raise BadInput(str(error)) from error
    except WorkflowAlreadyStartedError:
        click.echo(f"此前已经启动，并且已经结束：{_title(file)}")
        return
    running = before is WorkflowExecutionStatus.RUNNING
    click.echo(f"{'此前已经启动，没有重复启动' if running else '已启动'}：{_title(file)}")
    click.echo(f"工作流 {workflow_id(number)}")
    if link := settings.ui_link(workflow_id(number)):
        click.echo(f"网页界面：{link}")
    try:
        _print_duties(await present(client, number, calendar, FIRST_ANSWER))
    except (Unreachable, RPCError):
        # The case is launched for good; only its first answer has to wait.
        click.echo("执行进程（worker）还没有应答，它运行以后案件自动开始办理。", err=True)
        return
    click.echo(f"下一步：starter.py show {number}，starter.py act {number} --help")


async def _status(client: Client, number: str) -> WorkflowExecutionStatus | None:
    try:
        return (await client.get_workflow_handle(workflow_id(number)).describe()).status
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND and "amespace" not in error.message:
            return None
        raise


def _title(file: CaseFile) -> str:
    townships = "、".join(township.name for township in file.townships)
    return f"{file.project.name}（{file.project.number}，{townships}）"


def _print_duties(found: Present) -> None:
    if owed := found.view().duties:
        print_table(screen(), "待办事项", duties_table(owed, found.today, found.calendar))
