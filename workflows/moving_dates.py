"""Moving dates: a holiday paper counts, and every open case that depends on it counts anew.

One run goes through all such cases, a few at a time. What is done is kept, so that a worker's death
costs nothing; no case is told twice. Cases that come to depend while others have their turn have
theirs in a further round. Once another paper counts, its own run has what is left. Operators see
how far it has come.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from case.moving import Adoption, CaseMoved, MoveCase, Moves, NotMoved

AT_ONCE = 8
"""Cases that are counted anew side by side."""
CASES_A_RUN = 100
"""Cases after which a run hands over to the next one."""

ROUNDS = 3
"""How often it is looked which cases depend: a worker that read the older papers just before may
write what it counted just after."""

COUNTED_WITHIN = timedelta(seconds=35)
"""How long a case may take; a worker's death is noticed no sooner."""

_PATIENTLY = RetryPolicy(maximum_interval=timedelta(seconds=30), maximum_attempts=8)
"""Some two minutes: as long as a worker with older papers, or a busy case, may take."""


@workflow.defn(name="MoveDates")
class MoveDates:
    """Every open case that depends on changed days, brought to one calendar."""

    @workflow.init
    def __init__(self, adoption: Adoption) -> None:
        self._adoption = adoption
        self._moves = adoption.so_far
        self._overtaken = False
        """Whether whoever counts has other papers by now, for good."""

    @workflow.query
    def progress(self) -> Moves:
        """How far it has come; without the rows, of which there may be many."""
        return replace(self._moves, rows=())

    @workflow.run
    async def run(self, adoption: Adoption) -> Moves:
        """Count all cases anew, or reckon what that would move; what moved, and what could not be.

        Fails only where no list of cases is to be had.
        """
        waiting = adoption.waiting
        if waiting is None:
            waiting = await self._dependent()
        turn, later = waiting[:CASES_A_RUN], waiting[CASES_A_RUN:]
        self._show()
        await self._count(turn)
        if self._overtaken:
            self._leave(later)
        elif later:
            self._go_on(later, adoption.round)
        elif found := await self._since():
            self._go_on(found, adoption.round + 1)
        self._moves = self._moves.in_order()
        self._show()
        return self._moves

    def _go_on(self, waiting: tuple[str, ...], number: int) -> None:
        workflow.continue_as_new(
            replace(self._adoption, waiting=waiting, round=number, so_far=self._moves)
        )

    async def _since(self) -> tuple[str, ...]:
        """The cases that depend by now; none that could not be counted anew."""
        if self._adoption.dry_run or self._adoption.round == ROUNDS:
            return ()
        try:
            return await self._dependent()
        except ActivityError as error:
            if not _is_of_other_papers(error):
                raise
            # Its run looks itself.
            return ()

    async def _dependent(self) -> tuple[str, ...]:
        found = await workflow.execute_activity(
            "dependent_cases",
            # What is done and what waits grows with the cases; the question does not need it.
            replace(self._adoption, waiting=None, so_far=Moves()),
            result_type=list[str],
            start_to_close_timeout=timedelta(minutes=5),
            retry_policy=_PATIENTLY,
            summary="查找期限受放假安排变动影响的在办案件",
        )
        failed = {each.case_id for each in self._moves.failed}
        cases = tuple(case_id for case_id in found if case_id not in failed)
        self._moves = replace(self._moves, cases=self._moves.cases + len(cases))
        return cases

    async def _count(self, cases: Iterable[str]) -> None:
        """Let each case have its turn, a few at a time; one that fails stops no other."""
        free = asyncio.Semaphore(AT_ONCE)

        async def turn(case_id: str) -> None:
            async with free:
                if self._overtaken:
                    self._leave((case_id,))
                else:
                    await self._one(case_id)

        await asyncio.gather(*(turn(case_id) for case_id in cases))

    async def _one(self, case_id: str) -> None:
        adoption = self._adoption
        asked = MoveCase(
            case_id=case_id,
            calendar=adoption.calendar,
            dry_run=adoption.dry_run,
            proposed=adoption.proposed,
            run=f"{workflow.info().first_execution_run_id[-8:]}{adoption.round}",
        )
        try:
            moved: CaseMoved = await workflow.execute_activity(
                "move_dates",
                asked,
                result_type=CaseMoved,
                start_to_close_timeout=COUNTED_WITHIN,
                retry_policy=_PATIENTLY,
                summary=f"{'试算' if adoption.dry_run else '重算'}案件{case_id}的期限",
            )
            self._moves = self._moves.including(moved)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            if _is_of_other_papers(error):
                self._overtaken = True
                self._leave((case_id,))
            else:
                self._moves = self._moves.without(NotMoved(case_id=case_id, why=_why(error)))
        self._show()

    def _leave(self, cases: tuple[str, ...]) -> None:
        """Leave cases alone because whoever counts has other papers."""
        self._moves = replace(self._moves, left=self._moves.left + len(cases))

    def _show(self) -> None:
        workflow.set_current_details(page(self._moves, dry_run=self._adoption.dry_run))


def _is_of_other_papers(error: ActivityError) -> bool:
    return isinstance(error.cause, ApplicationError) and error.cause.type == "OtherCalendar"


def _why(error: ActivityError) -> str:
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type in _SAID:
        return cause.message
    # Another error's own text is no sentence for officials, and may name a person.
    return "没有在时限内办完，请稍后再运行一次。"


_SAID = frozenset({"CannotMove", "NoAnswer", "NotRecounted"})
"""Types of the errors whose messages are Chinese sentences."""


def page(moves: Moves, *, dry_run: bool) -> str:
    """How far it has come, for the Web UI: Markdown in Chinese."""
    parts = [
        "**试算：不送出、不登记**" if dry_run else "**按新的放假安排重算在办案件的期限**",
        "| 受影响的案件 | 已重算 | 此前已按此计算 | 其间办结 | 没有办成 | 留待另办 | 变动的期限 |\n"
        "|---|---|---|---|---|---|---|\n"
        f"| {moves.cases} | {moves.counted} | {moves.standing} | {moves.ended} "
        f"| {len(moves.failed)} | {moves.left} | {moves.moved} |",
    ]
    if moves.left:
        parts.append("执行进程已按另外的放假安排计算，留待另办的案件由采用那份通知的重算办理。")
    parts += [f"- 案件{each.case_id}：{each.why}" for each in moves.failed[:20]]
    return "\n\n".join(parts)
