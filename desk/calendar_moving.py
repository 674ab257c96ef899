"""Bringing the open cases to the adopted papers: asked of the server, waited for, and shown."""

import asyncio
from dataclasses import asdict, replace
from datetime import datetime, timedelta

import click
from rich.console import Console
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.service import RPCError

from case.moving import ROWS_KEPT, Adoption, Moves
from deploy.settings import Settings
from desk.connection import ANSWERING, with_server
from desk.errors import BadInput, Unreachable
from desk.screen import last_day, print_table, table
from law import SHANGHAI
from law.calendar import WorkingCalendar
from workflows.moving_dates import MoveDates

LOOK_AGAIN_SECONDS = 0.5
STANDING_STILL = timedelta(minutes=3)
"""How long nothing may happen before the desk stops waiting; the work goes on without it."""

NOT_YET = "通知已经采用，但在办案件的期限还没有重算，请稍后用 starter.py calendar move 重算。"


def adoption_of(
    calendar: WorkingCalendar, *, dry_run: bool = False, proposed: str | None = None
) -> Adoption:
    """What the open cases are asked: to be counted by `calendar`, or only to say what would move.

    `proposed` is the text of a paper that belongs to the calendar and is not adopted yet.
    """
    return Adoption(calendar=calendar.digest, dry_run=dry_run, proposed=proposed)


def workflow_id_of(adoption: Adoption) -> str:
    """One run at a time for each calendar; dry runs apart."""
    return f"calendar-{adoption.calendar[:12]}{'-trial' if adoption.dry_run else ''}"


def move(settings: Settings, adoption: Adoption) -> Moves:
    """Bring all open cases to a calendar and wait for it, progress told on stderr.

    Where it is under way already, that is waited for. Raises Unreachable where no server or no
    worker answers, and BadInput with the worker's own words where it has other papers.
    """
    return with_server(settings, lambda client: _move(client, settings, adoption))


async def _move(client: Client, settings: Settings, adoption: Adoption) -> Moves:
    handle = await start(client, settings.task_queue, adoption)
    try:
        return await _awaited(handle)
    except WorkflowFailureError as error:
        raise BadInput(_said(error)) from error


async def start(
    client: Client, task_queue: str, adoption: Adoption
) -> WorkflowHandle[MoveDates, Moves]:
    """Have it begun; one that runs already is taken for it."""
    return await client.start_workflow(
        MoveDates.run,
        adoption,
        id=workflow_id_of(adoption),
        task_queue=task_queue,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary=("试算" if adoption.dry_run else "重算") + "在办案件的期限：放假安排变动",
    )


async def _awaited(handle: WorkflowHandle[MoveDates, Moves]) -> Moves:
    result = asyncio.create_task(handle.result())
    loop = asyncio.get_running_loop()
    told, moved_at = -1, loop.time()
    try:
        while not (await asyncio.wait({result}, timeout=LOOK_AGAIN_SECONDS))[0]:
            seen = await _progress(handle)
            if seen.done != told:
                told, moved_at = seen.done, loop.time()
                click.echo(f"受影响的案件 {seen.cases} 件，已办 {seen.done} 件", err=True)
            elif loop.time() - moved_at > STANDING_STILL.total_seconds():
                raise _away(handle.id)
        return result.result()
    finally:
        result.cancel()


async def _progress(handle: WorkflowHandle[MoveDates, Moves]) -> Moves:
    try:
        return await handle.query(MoveDates.progress, rpc_timeout=ANSWERING)
    except RPCError as error:
        raise _away(handle.id) from error


def _away(workflow_id: str) -> Unreachable:
    return Unreachable(
        f"服务器在运行，但执行进程（worker）没有应答。重算已经交给服务器（{workflow_id}），"
        "执行进程运行以后自动继续；再运行一次 starter.py calendar move 可看结果。"
    )


def _said(error: WorkflowFailureError) -> str:
    cause = error.cause.cause if isinstance(error.cause, ActivityError) else error.cause
    if isinstance(cause, ApplicationError) and cause.type == "OtherCalendar":
        return cause.message
    return (
        "在办案件的期限没有重算，执行进程的日志写明原因；可以再运行一次 starter.py calendar move。"
    )


def print_moves(console: Console, moves: Moves, *, dry_run: bool, overtaken: bool = False) -> None:
    """What moved, or would move: the days, who hears of it, and what could not be done.

    `overtaken` says that this office has adopted another paper meanwhile.
    """
    if not moves.cases:
        console.print(
            "没有需要重算的在办案件：期限与放假安排的变动无关，或者都已按现在的安排计算。",
            soft_wrap=True,
        )
        return
    counted = f"{'试算' if dry_run else '重算'} {moves.counted} 件"
    standing = f"，{moves.standing} 件此前已按这一放假安排计算" if moves.standing else ""
    ended = f"，{moves.ended} 件其间办结" if moves.ended else ""
    console.print(
        f"受影响的在办案件 {moves.cases} 件：{counted}{standing}{ended}。", soft_wrap=True
    )
    if moves.rows:
        made = table("案件", "事项", "责任单位", "原截止日", "新截止日", "依据文号")
        for row in moves.rows:
            made.add_row(
                row.case_id,
                row.title,
                row.unit_name,
                last_day(row.old_last_day, provisional=row.old_provisional),
                last_day(row.new_last_day, provisional=row.new_provisional),
                row.document_number,
            )
        would = "将变动的期限" if dry_run else "变动的期限"
        print_table(console, f"{would} {moves.moved} 项", made)
        if moves.moved > ROWS_KEPT:
            console.print(f"只列出前 {ROWS_KEPT} 项，全部的在登记簿里。")
        console.print(_telling(moves, dry_run=dry_run), soft_wrap=True)
    elif moves.done > len(moves.failed) + moves.left:
        console.print("没有截止日变动。")
    for failed in moves.failed:
        console.print(f"案件 {failed.case_id} 没有重算：{failed.why}", soft_wrap=True)
    if moves.left:
        why = _OVERTAKEN if overtaken else _OTHER_PAPERS
        console.print(f"其余 {moves.left} 件没有重算：{why}", soft_wrap=True)
    if dry_run:
        console.print("这是试算：没有送出，没有登记。")


_OVERTAKEN = "其间又采用了通知，由采用那份通知的重算一并办理。"
_OTHER_PAPERS = (
    "执行进程已按另外的放假安排计算，请核对它的文件夹（LAND_OFFICE），"
    "再运行一次 starter.py calendar move。"
)


def _telling(moves: Moves, *, dry_run: bool) -> str:
    if not moves.told or moves.told_from is None or moves.told_until is None:
        return "没有需要另行告知的人。"
    first, last = moves.told_from.astimezone(SHANGHAI), moves.told_until.astimezone(SHANGHAI)
    when = _moment(first) if first == last else f"{_moment(first)} 至 {_moment(last)}"
    return f"变动{'将' if dry_run else ''}于 {when} 告知 {moves.told} 人（每个案件分别计算）。"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def moves_as_json(moves: Moves, calendar: WorkingCalendar, *, dry_run: bool) -> dict[str, object]:
    """The same for programs."""
    rows = [asdict(row) for row in moves.rows]
    counts = asdict(replace(moves, rows=(), failed=()))
    del counts["rows"], counts["failed"]
    return {
        "dry_run": dry_run,
        "calendar": {"version": calendar.version, "digest": calendar.digest},
        **counts,
        "rows": rows,
        "failed": [asdict(each) for each in moves.failed],
    }


def require_all(moves: Moves, *, overtaken: bool = False) -> None:
    """Raises BadInput where a case could not be counted anew, or was left to nobody's run."""
    if undone := len(moves.failed) + (0 if overtaken else moves.left):
        raise BadInput(
            f"{undone} 件没有办成，原因见上；处理以后再运行一次 starter.py calendar move。"
        )
