"""`due`: count one period from a day and show when it ends, and why."""

import json
from dataclasses import asdict
from datetime import date

import click
from rich.console import Console
from rich.table import Table

from law import BadPeriod
from law.calendar import FIRST_DAY, WorkingCalendar, official_calendar
from law.counting import Counting
from law.deadline import Deadline, ProofRow, proof, reckon
from law.rules import ASKED, Rule

COUNTINGS = {
    (False, False): Counting.AT_LEAST_DAYS,
    (False, True): Counting.AT_LEAST_WORKING_DAYS,
    (True, False): Counting.WITHIN_DAYS,
    (True, True): Counting.WITHIN_WORKING_DAYS,
}
"""The way of counting by (within, working)."""


class Day(click.ParamType[date]):
    """A day written YYYY-MM-DD."""

    name = "日期"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """The day; a UsageError in Chinese for anything that is not one."""
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}”不是日期，应写作 2024-09-20。", param, ctx)


class Length(click.ParamType[int]):
    """A positive whole number of days."""

    name = "天数"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """The number; a UsageError in Chinese for anything that is not one."""
        text = str(value)
        if not (text.isascii() and text.isdigit() and int(text) > 0):
            self.fail(f"天数必须是正整数，不能是“{value}”。", param, ctx)
        return int(text)


@click.command(
    "due",
    help="""测算一个期限的截止日。起算日（张贴或事项发生当日）不计入，次日起算。

\b
示例：
  starter.py due 2024-09-20 --days 10 --working          公告不少于10个工作日
  starter.py due 2024-09-20 --days 30                    公告不少于30日
  starter.py due 2024-09-20 --days 30 --within           收到批复之日起30日内
  starter.py due 2024-09-20 --days 10 --working --proof  逐日列出计算依据
  starter.py due 2024-09-20 --days 10 --working --json   供程序读取
""",
)
@click.argument("trigger", metavar="起算日", type=Day(), required=False)
@click.option("--days", "length", type=Length(), metavar="天数", help="期限天数（必填）。")
@click.option("--working", is_flag=True, help="按工作日计算；不写则按自然日。")
@click.option("--within", is_flag=True, help="“若干日内”；不写则为“不少于若干日”。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--proof", "with_proof", is_flag=True, help="逐日列出计算依据。")
def due(
    *,
    trigger: date | None,
    length: int | None,
    working: bool,
    within: bool,
    as_json: bool,
    with_proof: bool,
) -> None:
    """Count one period; bad input ends with exit code 2 and one Chinese sentence."""
    if trigger is None:
        raise click.UsageError("请写明起算日，例如 starter.py due 2024-09-20 --days 10 --working。")
    if length is None:
        raise click.UsageError("请用 --days 写明天数。")
    calendar = official_calendar()
    try:
        deadline = reckon(_asked(COUNTINGS[within, working]), trigger, calendar, length=length)
    except BadPeriod as refusal:
        raise click.UsageError(str(refusal)) from refusal
    rows = proof(deadline, calendar) if with_proof else ()
    if as_json:
        click.echo(_as_json(deadline, calendar, rows))
    else:
        _show(deadline, calendar, rows)


def _asked(counting: Counting) -> Rule:
    return Rule(
        id="asked",
        article=ASKED,
        instrument=ASKED,
        in_force_from=FIRST_DAY,
        in_force_to=None,
        counting=counting,
        length=None,
        unit=counting.unit,
        title="自行测算的期限",
    )


def _as_json(deadline: Deadline, calendar: WorkingCalendar, rows: tuple[ProofRow, ...]) -> str:
    answer: dict[str, object] = {
        "trigger": deadline.trigger,
        "counting": deadline.counting,
        "length": deadline.length,
        "last_day": deadline.last_day,
        "rolled_last_day": deadline.rolled_last_day,
        "may_proceed_on": deadline.may_proceed_on if deadline.counting.at_least else None,
        "provisional": deadline.provisional,
        "earliest": deadline.earliest,
        "latest": deadline.latest,
        "rolled_earliest": deadline.rolled_earliest,
        "rolled_latest": deadline.rolled_latest,
        "reason": deadline.reason(),
        "calendar": {
            "version": calendar.version,
            "digest": calendar.digest,
            "horizon": calendar.horizon,
        },
    }
    if rows:
        answer["proof"] = [asdict(row) for row in rows]
    return json.dumps(answer, ensure_ascii=False, indent=2, default=str)


def _show(deadline: Deadline, calendar: WorkingCalendar, rows: tuple[ProofRow, ...]) -> None:
    console = Console()
    summary = Table(show_header=False)
    summary.add_column(no_wrap=True)
    # Chinese has no spaces to wrap at; without folding the reason is cut off.
    summary.add_column(overflow="fold")
    summary.add_row("起算日（不计入）", str(deadline.trigger))
    summary.add_row("算法", deadline.counting.phrase(deadline.length))
    summary.add_row("截止日", f"{deadline.last_day}{' 暂定' if deadline.provisional else ''}")
    if deadline.provisional:
        summary.add_row("最早／最迟", f"{deadline.earliest} ／ {deadline.latest}")
    summary.add_row("逢休息日顺延", str(deadline.rolled_last_day))
    if deadline.rolled_earliest != deadline.rolled_latest:
        summary.add_row("顺延最早／最迟", f"{deadline.rolled_earliest} ／ {deadline.rolled_latest}")
    if deadline.counting.at_least:
        summary.add_row("可进入下一步", str(deadline.may_proceed_on))
    summary.add_row("理由", deadline.reason())
    summary.add_row("日历", f"{calendar.version}，已定至 {calendar.horizon}")
    console.print(summary)
    if rows:
        days = Table("日期", "星期", "第几日", "说明", "依据", title="逐日计算")
        for row in rows:
            days.add_row(
                str(row.day),
                row.weekday,
                "" if row.number is None else str(row.number),
                row.reason,
                "官方安排" if row.official else "推算",
            )
        console.print(days)
