"""The command `calendar`: what the holiday papers say, and how a new one is adopted."""

import json
from pathlib import Path

import click

from activities.office.calendars import CalendarUnusable, Proposal, keep_paper, propose
from case.faults import Faults
from deploy.settings import load
from desk.calendar_moving import (
    NOT_YET,
    adoption_of,
    moves_as_json,
    print_moves,
    require_all,
)
from desk.calendar_moving import move as move_cases
from desk.calendar_shown import (
    difference_as_json,
    print_annual,
    print_difference,
    print_paper,
    year_as_json,
)
from desk.cases import now, office_calendar
from desk.errors import BadInput, Unreachable
from desk.screen import screen
from law import BadPeriod
from law.annual import annual
from law.calendar import official_calendar
from law.difference import difference
from law.doubts import doubts

RUNNING = (
    "从现在起新的测算都按新日历，执行进程（worker）不必重新启动；在办案件已经算定的期限随即重算。"
)

HOW_TO_CONFIRM = "与文件原文核对无误、来源可靠的，采用时加 --confirmed"

as_json_option = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")


@click.group(
    "calendar",
    help="""查看、核对、采用年度放假安排。

工作日按国务院办公厅每年的放假安排计算。程序自带的安排之外，新一年的通知、年中调整的通知，
由本单位照原文写成文件采用；没有采用新通知的年份，只有法定节假日是确定的，其余为推算（暂定）。

\b
例：
  starter.py calendar show 2027                                   某一年的安排，官方或者推算
  starter.py calendar check examples/calendars/2027-example.yaml  核对一份通知，一次列出全部问题
  starter.py calendar diff examples/calendars/2027-example.yaml   采用它会变动哪些日子和期限
  starter.py calendar adopt 通知.yaml                             采用
  starter.py calendar adopt 通知.yaml --confirmed                 有“请核对”的，核对来源后采用
  starter.py calendar diff                                        已采用的通知变动了什么
  starter.py calendar move                                        按已采用的通知重算在办案件
  starter.py calendar move 通知.yaml --dry-run                    采用它会变动哪些在办案件的期限
""",
)
def calendar() -> None:
    """The group of the calendar's commands."""


@calendar.command(
    "show", help="列出一年的放假安排：每个节日、调休上班、依据；没有通知的年份列出可能的变动。"
)
@click.argument("year", metavar="年份")
@as_json_option
def show(year: str, *, as_json: bool) -> None:
    """Show one year; exit code 2 for one outside the calendar."""
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise BadInput(f"年份应写作四位数字，如 2027，不能是“{year}”。")
    counted_by = office_calendar(load())
    try:
        shown = annual(counted_by, int(year))
    except BadPeriod as error:
        raise BadInput(str(error)) from error
    if as_json:
        click.echo(_written(year_as_json(shown, counted_by)))
    else:
        print_annual(screen(), shown, counted_by)


@calendar.command("check", help="核对一份放假通知，一次列出全部问题；没有问题的列出它写了什么。")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Check one paper; exit code 2 with every fault."""
    proposal = _proposal(file)
    console = screen()
    found = doubts(proposal.overlay)
    print_paper(console, proposal.overlay, found)
    if proposal.adopted:
        console.print("这份通知已经采用。")
    elif found:
        console.print(f"没有错误，有 {len(found)} 处请核对；{HOW_TO_CONFIRM}。", soft_wrap=True)
    else:
        console.print("没有问题，可以采用。")


@calendar.command(
    "diff",
    help="""列出一份通知会变动什么：哪些日子、日历定到哪一天、哪些期限的截止日。

期限按法定的各种天数逐一比较：10个工作日、15个工作日、30日、60日（按日的，末日逢休息日顺延）。
写文件的，与现在使用的日历比较；不写文件的，列出已采用的通知比程序自带的安排变动了什么。
""",
)
@click.argument("file", metavar="[文件]", type=click.Path(path_type=Path), required=False)
@as_json_option
def diff(file: Path | None, *, as_json: bool) -> None:
    """Show what a paper, or all adopted ones, move."""
    proposal = _proposal(file) if file else None
    if proposal is None:
        before, after = official_calendar(), office_calendar(load())
    else:
        before, after = proposal.before, proposal.after
    found = difference(before, after)
    if as_json:
        click.echo(_written(difference_as_json(found)))
        return
    console = screen()
    if proposal is not None and proposal.adopted:
        console.print("这份通知已经采用，不再变动什么。")
    elif proposal is None and not after.papers.overlays:
        console.print("没有采用任何通知，按程序自带的安排计算。")
    else:
        print_difference(console, found)


@calendar.command(
    "adopt",
    help="""采用一份放假通知：核对，存入本单位的文件夹，列出由此变动的日子和期限，再重算在办案件。

服务器没有应答的，通知照样采用，过后用 calendar move 重算在办案件。

通知里有不寻常的地方（请核对）的，与文件原文、来源核对以后，加 --confirmed 才采用。
""",
)
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@click.option("--confirmed", is_flag=True, help="已核对来源：列出的“请核对”均与原文核对无误。")
def adopt(file: Path, *, confirmed: bool) -> None:
    """Adopt one paper; a repeat is harmless, another content under an adopted number is refused.

    One with doubts is adopted only where somebody says to have looked at its source.
    """
    proposal, console = _proposal(file), screen()
    overlay = proposal.overlay
    if proposal.adopted:
        console.print(f"“{overlay.number}”此前已经采用，没有变动；重算在办案件用 calendar move。")
        return
    found = doubts(overlay)
    if found and not confirmed:
        raise BadInput.listing(
            [*(f"请核对：{doubt}。" for doubt in found), f"没有采用：{HOW_TO_CONFIRM}。"]
        )
    settings = load()
    try:
        kept = keep_paper(settings.office, overlay, proposal.text)
    except OSError as error:
        raise BadInput(f"没有采用：写不了“{error.filename}”，请检查文件夹有无权限。") from error
    # Told once it is done: whoever stops reading half way does not stop it.
    print_paper(console, overlay, found)
    console.print(f"已采用“{overlay.number}”，存入 {kept}", soft_wrap=True)
    print_difference(console, difference(proposal.before, proposal.after))
    console.print(RUNNING, soft_wrap=True)
    counted_by = office_calendar(settings)
    try:
        moves = move_cases(settings, adoption_of(counted_by))
    except Unreachable as away:
        console.print(f"{NOT_YET}（{away.message}）", soft_wrap=True)
        return
    overtaken = office_calendar(settings).digest != counted_by.digest
    print_moves(console, moves, dry_run=False, overtaken=overtaken)
    require_all(moves, overtaken=overtaken)


@calendar.command(
    "move",
    help="""按已采用的放假通知，重算受影响的在办案件的期限，列出变动的截止日、何时告知多少人。

可以重复运行：已经算过的案件不再变动。加 --dry-run 只列出会变动什么，不送出、不登记；
写文件的，列出采用这份通知会变动什么，只能与 --dry-run 同用。
""",
)
@click.argument("file", metavar="[文件]", type=click.Path(path_type=Path), required=False)
@click.option("--dry-run", is_flag=True, help="只列出会变动什么，不送出、不登记。")
@as_json_option
def move(file: Path | None, *, dry_run: bool, as_json: bool) -> None:
    """Bring all open cases to the adopted papers, or say what that would move.

    Exit codes: 2 where a case could not be counted anew, 4 where nobody answers.
    """
    if file and not dry_run:
        raise BadInput("写文件的只能与 --dry-run 同用；要采用这份通知，请用 calendar adopt。")
    settings, console = load(), screen()
    proposal = _proposal(file) if file else None
    proposed = proposal.text if proposal and not proposal.adopted else None
    adopted = office_calendar(settings)
    counted_by = proposal.after if proposal else adopted
    moves = move_cases(settings, adoption_of(counted_by, dry_run=dry_run, proposed=proposed))
    overtaken = office_calendar(settings).digest != adopted.digest
    if as_json:
        click.echo(_written(moves_as_json(moves, counted_by, dry_run=dry_run)))
    else:
        print_moves(console, moves, dry_run=dry_run, overtaken=overtaken)
    require_all(moves, overtaken=overtaken)


def _proposal(file: Path) -> Proposal:
    """What the paper would do; a paper that nobody can have read yet is refused."""
    try:
        proposal = propose(load().office, file)
    except Faults as faults:
        raise BadInput.listing(str(fault) for fault in faults) from faults
    except CalendarUnusable as error:
        raise BadInput.listing(error.faults) from error
    today = now().date()
    if proposal.overlay.published_on > today:
        published = proposal.overlay.published_on
        raise BadInput(f"公布日期{published}还没有到（今天是{today}），请与文件原文核对。")
    return proposal


def _written(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, default=str)
