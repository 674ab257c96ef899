"""`due`: count one period from a day and show when it ends, and why."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

import click
from rich.table import Table

from deploy.settings import load
from desk.cases import office_calendar
from desk.clauses import in_clauses
from desk.days import day_of
from desk.errors import BadInput
from desk.screen import print_table, screen, table
from law import BadPeriod
from law.calendar import FIRST_DAY, WorkingCalendar
from law.counting import WAYS, Counting
from law.day_zero import DayZero, LastOfPostings, Receipt
from law.deadline import Deadline, ProofRow, certainty, proof, reckon, weekday
from law.rules import ASKED, Rule

COUNTINGS = {
    (False, False): Counting.AT_LEAST_DAYS,
    (False, True): Counting.AT_LEAST_WORKING_DAYS,
    (True, False): Counting.WITHIN_DAYS,
    (True, True): Counting.WITHIN_WORKING_DAYS,
}
"""The way of counting by (within, working)."""


@click.command(
    "due",
    help="""测算一个期限的截止日。起算日（张贴、收到或事项发生当日）不计入，次日起算。

\b
示例：
  starter.py due 2024-09-20 --days 10 --working          公告不少于10个工作日
  starter.py due 2024-09-20 --days 30                    公告不少于30日
  starter.py due 2024-09-20 --days 30 --within           事项发生之日起30日内
  starter.py due 2026-05-08 --days 30 --within --receipt 土地征收批准文件
                                                         收到文件之日起30日内
  starter.py due --posted 藤桥镇=2026-03-16 --posted 石埠溪村=2026-03-18 --days 10 --working
                                                         各处张贴日不同，以最后张贴日为准
  starter.py due 2024-09-20 --days 10 --working --proof  逐日列出计算依据
  starter.py due 2024-09-20 --days 10 --working --json   供程序读取

怎样计算、怎样核对，见 docs/counting.md。
""",
)
@click.argument("trigger", metavar="起算日", required=False)
@click.option("--days", "length", metavar="天数", help="期限天数（必填）。")
@click.option("--working", is_flag=True, help="按工作日计算；不写则按自然日。")
@click.option("--within", is_flag=True, help="“若干日内”；不写则为“不少于若干日”。")
@click.option("--receipt", metavar="文件", help="期限自收到这份文件之日起；与 --within 同用。")
@click.option(
    "--posted",
    "postings",
    metavar="地点=日期",
    multiple=True,
    help="一处的张贴日，可以写多次，代替起算日；以最后张贴日为准。",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--proof", "with_proof", is_flag=True, help="逐日列出计算依据。")
def due(
    *,
    trigger: str | None,
    length: str | None,
    working: bool,
    within: bool,
    receipt: str | None,
    postings: tuple[str, ...],
    as_json: bool,
    with_proof: bool,
) -> None:
    """Count one period; bad input ends with exit code 2 and a Chinese sentence for every fault."""
    calendar = office_calendar(load())
    faults: list[str] = []
    if receipt is not None and not receipt.strip():
        faults.append("--receipt 没有写明收到的是什么文件，例如 --receipt 土地征收批准文件。")
    if receipt is not None and not within:
        faults.append("--receipt 用于“收到之日起若干日内”，请同时写 --within。")
    if receipt is not None and postings:
        faults.append("--receipt 与 --posted 只能写一种：期限不是自收到起，就是自张贴起。")
    zero = _day_zero(trigger, postings, receipt, calendar, faults)
    days = _length(length, faults)
    if zero is None or days is None or faults:
        raise BadInput.listing(faults)
    try:
        deadline = reckon(_asked(COUNTINGS[within, working]), zero, calendar, length=days)
    except BadPeriod as refusal:
        raise BadInput(str(refusal)) from refusal
    rows = proof(deadline, calendar) if with_proof else ()
    posted = zero if isinstance(zero, LastOfPostings) else None
    if as_json:
        click.echo(_as_json(deadline, posted, calendar, rows))
    else:
        _show(deadline, posted, calendar, rows)


def _day_zero(
    trigger: str | None,
    postings: Iterable[str],
    receipt: str | None,
    calendar: WorkingCalendar,
    faults: list[str],
) -> date | DayZero | None:
    """Day zero as asked; None, with what is wrong added to `faults`, where it cannot be read."""
    if postings:
        if trigger is not None:
            faults.append("起算日与 --posted 只能写一种；各处都写在 --posted 里。")
        return _last_of(postings, calendar, faults)
    if trigger is None:
        faults.append("请写明起算日，例如 starter.py due 2024-09-20 --days 10 --working。")
        return None
    day = _day(trigger, calendar, faults)
    return day if day is None or receipt is None else Receipt(receipt.strip(), day)


def _last_of(
    postings: Iterable[str], calendar: WorkingCalendar, faults: list[str]
) -> LastOfPostings | None:
    places: dict[str, date | None] = {}
    before = len(faults)
    for text in postings:
        place, _, day = (part.strip() for part in text.partition("="))
        if not place:
            faults.append(f"“{text}”没有写明地点，应写作 藤桥镇=2026-03-16。")
        elif place in places:
            faults.append(f"“{place}”写了两次，一处只有一个张贴日。")
        else:
            places[place] = _day(day, calendar, faults) if day else None
    if len(faults) > before:
        return None
    try:
        return LastOfPostings(places)
    except BadPeriod as refusal:
        faults.append(str(refusal))
        return None


def _day(text: str, calendar: WorkingCalendar, faults: list[str]) -> date | None:
    try:
        day = day_of(text)
        calendar.require(day)
    except ValueError as fault:
        faults.append(str(fault))
        return None
    return day


def _length(text: str | None, faults: list[str]) -> int | None:
    if text is None:
        faults.append("请用 --days 写明天数。")
        return None
    if not (text.isascii() and text.isdigit() and text.strip("0")):
        faults.append(f"天数必须是正整数，不能是“{text}”。")
        return None
    # Longer than any calendar; Python itself refuses to read thousands of digits.
    return int(text.lstrip("0")[:18])


def _asked(counting: Counting) -> Rule:
    return Rule(
        id="asked",
        article=ASKED,
        instrument=ASKED,
        in_force_from=FIRST_DAY,
        in_force_to=None,
        counting=counting,
        length=None,
        unit=WAYS[counting].unit,
        title="自行测算的期限",
    )


def _as_json(
    deadline: Deadline,
    posted: LastOfPostings | None,
    calendar: WorkingCalendar,
    rows: tuple[ProofRow, ...],
) -> str:
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
        "certainty": certainty(deadline, calendar),
        "calendar": {
            "version": calendar.version,
            "digest": calendar.digest,
            "horizon": calendar.horizon,
        },
    }
    if posted:
        answer |= {"postings": dict(posted.postings), "governed_by": posted.governing}
    if rows:
        answer["proof"] = [asdict(row) for row in rows]
    return json.dumps(answer, ensure_ascii=False, indent=2, default=str)


def _show(
    deadline: Deadline,
    posted: LastOfPostings | None,
    calendar: WorkingCalendar,
    rows: tuple[ProofRow, ...],
) -> None:
    console = screen()
    summary = Table.grid(padding=(0, 2, 0, 0))
    summary.add_column(no_wrap=True)
    # Chinese has no spaces to wrap at; without folding the reason is cut off.
    summary.add_column(overflow="fold")
    if posted:
        hung = "，".join(f"{place} {day}" for place, day in posted.postings.items())
        summary.add_row("张贴", f"{hung}；以最后张贴的{'、'.join(posted.governing)}为准")
    summary.add_row("起算日（不计入）", f"{deadline.trigger} {weekday(deadline.trigger)}")
    summary.add_row("算法", deadline.counting.phrase(deadline.length))
    unsettled = "（暂定）" if deadline.provisional else ""
    summary.add_row("截止日", f"{deadline.last_day} {weekday(deadline.last_day)}{unsettled}")
    if deadline.provisional:
        summary.add_row("最早／最迟", f"{deadline.earliest} ／ {deadline.latest}")
    rolled = deadline.rolled_last_day
    rolls_open = deadline.rolled_earliest != deadline.rolled_latest
    summary.add_row("逢休息日顺延", f"{rolled} {weekday(rolled)}{'（暂定）' if rolls_open else ''}")
    if rolls_open:
        bounds = f"{deadline.rolled_earliest} ／ {deadline.rolled_latest}"
        summary.add_row("顺延最早／最迟", bounds)
    if deadline.counting.at_least:
        summary.add_row("可进入下一步", f"{deadline.may_proceed_on}{unsettled}")
    summary.add_row("理由", in_clauses(deadline.reason(), console))
    summary.add_row("是否确定", in_clauses(certainty(deadline, calendar), console))
    summary.add_row("日历", f"{calendar.version}，已定至 {calendar.horizon}")
    console.print(summary)
    if rows:
        console.print()
        days = table("日期", "星期", "第几日", "说明", "依据")
        for row in rows:
            days.add_row(
                str(row.day),
                row.weekday,
                "不计" if row.number is None else str(row.number),
                row.reason,
                row.basis,
            )
        print_table(console, "逐日计算", days)
