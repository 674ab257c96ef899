"""How the desk shows things: one width, tables without clutter, days in words."""

import sys
from datetime import date

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from case.view import DutyView
from law import BadPeriod
from law.calendar import WorkingCalendar

PAPER_WIDTH = 140
"""Columns where the reader is a file or another program and has no width of its own."""


WHOLE = frozenset({"截止日", "最后一日", "案件", "登记号"})
"""Columns to be read at a glance or copied: never broken, however narrow the screen."""


def screen() -> Console:
    """Standard output, without colours that numbers and names would get by themselves."""
    width = None if sys.stdout.isatty() else PAPER_WIDTH
    return Console(width=width, highlight=False, markup=False)


def table(*columns: str) -> Table:
    """An empty table. Chinese has no spaces to wrap at, so its cells are folded."""
    made = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for column in columns:
        made.add_column(column, overflow="fold", no_wrap=column in WHOLE)
    return made


def print_table(console: Console, title: str, made: Table) -> None:
    """A table under its title, which may be wider than a narrow table."""
    console.print(title, style="bold", soft_wrap=True)
    console.print(made)


def remaining(last_day: date, on: date, calendar: WorkingCalendar) -> str:
    """How long there is until the strict last day, in words."""
    try:
        if last_day == on:
            return "今天到期"
        if last_day < on:
            days = calendar.working_days_between(last_day, on)
            return f"逾期 {days} 个工作日"
        return f"剩 {calendar.working_days_between(on, last_day)} 个工作日"
    except BadPeriod:
        days = (last_day - on).days
        return f"剩 {days} 日" if days > 0 else f"逾期 {-days} 日"


def last_day(day: date, *, provisional: bool) -> str:
    """A last day as shown: a provisional one says so."""
    return f"{day} 暂定" if provisional else str(day)


def basis(article: str, *, statutory: bool) -> str:
    """What a last day rests on: the article, or the office's own target under it."""
    return article if statutory else f"{article}（内部时限）"


def duties_table(duties: tuple[DutyView, ...], on: date, calendar: WorkingCalendar) -> Table:
    """Open duties of one case, the most urgent first."""
    made = table("截止日", "剩余", "步骤", "事项", "责任单位", "依据", "命令")
    for duty in sorted(duties, key=lambda duty: (duty.last_day, duty.step, duty.id)):
        made.add_row(
            last_day(duty.last_day, provisional=duty.provisional),
            remaining(duty.last_day, on, calendar),
            str(duty.step),
            duty.title,
            duty.unit_name,
            basis(duty.article, statutory=duty.statutory),
            duty.command.replace("_", "-"),
        )
    return made
