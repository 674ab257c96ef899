"""A changed calendar is adopted while many cases run: what moves, and who hears of it, once.

    python -m tests.shows.moving [--cases 200]

A dry run says what would move; then the paper counts; on the next working morning people hear of
it; a second run finds nothing. Ends with 1 where that does not hold, or a last day is not the one
that the same case has in memory.
"""

import argparse
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from rich.console import Console

from case.moving import MovedDate
from deploy.server import local_server
from deploy.settings import VAR
from desk.calendar_moving import print_moves
from desk.screen import print_table, screen, table
from tests.shows.moving_bureau import HEARD, PAPER, PERIOD, Adopted, adopt
from tests.shows.printing import log_to, run

FOLDER = VAR / "moving"
CASES = 200
LISTED = 20
GLIMPSE = 3
"""How much of the dry run is listed."""


def show(console: Console, found: Adopted) -> None:
    """Print what moved, who heard of it, one letter, and the second run."""
    console.print()
    console.print("试算", style="bold")
    print_moves(console, replace(found.foretold, rows=found.foretold.rows[:GLIMPSE]), dry_run=True)
    console.print(f"以上只列前 {GLIMPSE} 项。")
    console.print()
    console.print(f"采用“{PAPER.name}”以后重算，历时 {found.seconds:.0f} 秒", style="bold")
    print_moves(console, replace(found.done, rows=found.done.rows[:LISTED]), dry_run=False)
    console.print(f"以上只列前 {LISTED} 项。")
    _print_kinds(console, found.done.rows)
    _print_heard(console, found)
    console.print("再次重算", style="bold")
    print_moves(console, found.again, dry_run=False)


def _print_kinds(console: Console, rows: Sequence[MovedDate]) -> None:
    made = table("事项", "变动", "推迟", "提前", "最多推迟（日）", "最多提前（日）")
    kinds: dict[str, list[int]] = {}
    for row in rows:
        kinds.setdefault(row.title, []).append((row.new_last_day - row.old_last_day).days)
    for title, days in sorted(kinds.items(), key=lambda kind: -len(kind[1])):
        later, sooner = [day for day in days if day > 0], [-day for day in days if day < 0]
        made.add_row(
            title,
            *map(str, (len(days), len(later), len(sooner))),
            *(str(max(each, default=0)) for each in (later, sooner)),
        )
    print_table(console, "按事项合计", made)


def _print_heard(console: Console, found: Adopted) -> None:
    made = table("单位", "职责", "收到“截止日变动”的消息")
    heard = Counter((found.units[each.unit], each.role) for each in found.letters)
    for (unit, role), number in sorted(heard.items()):
        made.add_row(unit, role, str(number))
    print_table(console, f"{HEARD}早晨的消息 {len(found.letters)} 条", made)
    periods = sum(each.duty_id.startswith(PERIOD) for each in found.letters)
    late = len(found.letters) - found.knew - periods
    console.print(
        f"其中知道原截止日的 {found.knew} 人次，负责公告期的 {periods} 人次，"
        f"新的截止日已过、逐级上报的 {late} 人次。"
    )
    farthest = max(found.done.rows, key=lambda row: row.new_last_day - row.old_last_day)
    for each in found.letters:
        if (each.case_id, each.duty_id) == (farthest.case_id, farthest.duty_id):
            console.print(f"其中一条：{each.subject}", style="bold", soft_wrap=True)
            console.print(each.text, soft_wrap=True)
            break


def _many(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.shows.moving",
        description="许多案件在办，采用变动了的放假安排：变动哪些截止日，告知谁，再次重算不再变动。",
    )
    parser.add_argument("--cases", type=int, default=CASES, metavar="N", help="案件数，默认 200")
    many: int = parser.parse_args(arguments).cases
    return many


async def main(console: Console, many: int) -> int:
    """Play and print it; 1 where something does not hold."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    log_to(FOLDER / "worker.log")
    async with local_server(virtual_time=True) as server:
        found = await adopt(server, FOLDER, many, console)
    show(console, found)
    for fault in found.faults:
        console.print(fault, style="bold red")
    console.print("有不符之处。" if found.faults else "逐项核对相符。", style="bold")
    return 1 if found.faults else 0


if __name__ == "__main__":
    run(main(screen(), _many(sys.argv[1:])))
