"""`todo`: who owes what by when, across all cases, from the registry alone."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from activities.registry import RegisteredCase, Registry, UnknownCase
from case.records import DutyRecord
from deploy.settings import load
from desk.cases import case_id, now, office_calendar, registry
from desk.days import Day
from desk.errors import BadInput
from desk.screen import basis, last_day, print_table, remaining, screen, table
from desk.todo_feed import USUAL_NAME, write_feed
from law.calendar import WorkingCalendar


@click.command(
    "todo",
    help="""列出全部案件的待办事项：截止日、剩余工作日、事项、责任单位和依据，最急的在前。读登记簿，不需要连服务器。

\b
例：
  starter.py todo
  starter.py todo --township 藤桥镇 --overdue
  starter.py todo --unit 市自然资源和规划局
  starter.py todo --case WZ-LC-2026-001 --json
  starter.py todo --township 藤桥镇 --ics 藤桥镇.ics

期限注明“内部时限”的，是本单位自定的办理时限，不是法定期限；“暂定”的，所跨年份的放假安排尚未公布。

--ics 写出的日历文件可以导入手机、Outlook 等日历程序。每件事项有固定的编号（UID）：
再次导入，日历程序支持按编号更新的，截止日变动的事项随之移动，不会重复；不支持的会多出一件。
已经办结的，再次导入不会消失，要自己删；只有订阅的日历（见 docs/reminders.md）里才会自动消失。
""",
)
@click.option("--township", metavar="名称", help="只列这个乡镇（街道）范围内的。")
@click.option("--unit", metavar="单位", help="只列这个单位的；写单位名称（或其中几个字）或者代号。")
@click.option("--case", "case", metavar="案件编号", help="只列这个案件的。")
@click.option("--overdue", is_flag=True, help="只列已经逾期的。")
@click.option("--on", type=Day(), metavar="年-月-日", help="以哪一天为准计算剩余天数；默认今天。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option(
    "--ics",
    "ics",
    is_flag=False,
    flag_value=USUAL_NAME,
    metavar="[文件]",
    help=f"把所列事项写成日历文件；不写文件名的，写入当前文件夹的“{USUAL_NAME}”。",
)
def todo(
    *,
    township: str | None,
    unit: str | None,
    case: str | None,
    overdue: bool,
    on: date | None,
    as_json: bool,
    ics: str | None,
) -> None:
    """List open duties; exit code 2 for a case, township or unit that no case has."""
    if ics and as_json:
        raise BadInput("--ics 和 --json 只能选一个。")
    settings, today = load(), on or now().date()
    calendar = office_calendar(settings)
    with registry(settings) as opened:
        cases = {each.case_id: each for each in _cases(opened, case, township)}
        found = [
            duty
            for duty in opened.duties(
                case_id(case) if case else None,
                township=township,
                overdue_on=today if overdue else None,
                open_only=True,
            )
            if duty.case_id in cases and (unit is None or _is_of(duty, unit))
        ]
        if unit and not found:
            _require_unit(opened, unit)
        written = write_feed(Path(ics), found, cases, opened, calendar) if ics else ""
    if written:
        click.echo(written)
    elif as_json:
        rows = [_as_json(duty, today, calendar) for duty in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
    elif not found:
        click.echo(f"{today}：没有{'逾期的' if overdue else ''}待办事项。")
    else:
        _print(found, cases, today, calendar)


def _cases(opened: Registry, case: str | None, township: str | None) -> tuple[RegisteredCase, ...]:
    if case:
        try:
            cases: tuple[RegisteredCase, ...] = (opened.case(case_id(case)),)
        except UnknownCase as error:
            raise BadInput(str(error)) from error
    else:
        cases = opened.cases()
    known = sorted({name for each in cases for name in each.townships})
    if township and township not in known:
        listed = f"（有：{'、'.join(known)}）" if known else ""
        raise BadInput(f"登记的案件都不涉及“{township}”{listed}。")
    return cases


def _is_of(duty: DutyRecord, unit: str) -> bool:
    return unit == duty.unit or unit in duty.unit_name


def _require_unit(opened: Registry, unit: str) -> None:
    """An empty list must not hide a name that was mistyped."""
    known = {duty.unit: duty.unit_name for duty in opened.duties()}
    for each in opened.cases():
        file = json.loads(opened.file(each.case_id))
        known |= {person["unit"]: known.get(person["unit"], "") for person in file["directory"]}
    if not any(unit == id_ or unit in name for id_, name in known.items()):
        raise BadInput(f"没有单位“{unit}”（有：{'、'.join(sorted(known))}）。")


def _print(
    duties: Iterable[DutyRecord],
    cases: dict[str, RegisteredCase],
    today: date,
    calendar: WorkingCalendar,
) -> None:
    rows = list(duties)
    late = sum(duty.last_day < today for duty in rows)
    title = f"待办事项 {len(rows)} 件，其中逾期 {late} 件（{today}）"
    made = table("截止日", "剩余", "案件", "步骤", "事项", "责任单位", "依据")
    for duty in rows:
        suspended = cases[duty.case_id].status == "suspended"
        made.add_row(
            last_day(duty.last_day, provisional=duty.provisional),
            remaining(duty.last_day, today, calendar),
            duty.case_id,
            str(duty.step),
            f"{duty.title}（案件已中止）" if suspended else duty.title,
            duty.unit_name,
            basis(duty.article, statutory=duty.statutory),
            style="bold red" if duty.last_day < today else None,
        )
    print_table(screen(), title, made)


def _as_json(duty: DutyRecord, today: date, calendar: WorkingCalendar) -> dict[str, object]:
    """A duty's record with what follows from the day: whether it is late, and how far off it is."""
    return asdict(duty) | {
        "overdue": duty.last_day < today,
        "remaining": remaining(duty.last_day, today, calendar),
    }
