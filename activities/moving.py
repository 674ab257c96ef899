"""The activities of moving dates: which open cases depend on a changed day, and counting one anew.

For real, a case is told `recount` like any other command and does the rest itself. In a dry run the
same is reckoned from its state, and nothing is said or written.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache

import structlog
from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from activities.asking import CANNOT, look, say
from activities.dependence import Dependence, calendars_before, counted_by, numbers_since
from activities.office.reminder_settings import Office
from activities.registry import RegisteredCase, Registry
from activities.settling import OTHER_CALENDAR
from activities.telling.directory import Directory
from case.change import Change
from case.command import Actor
from case.conduct import Recount
from case.duties import duties
from case.duty import Duty
from case.moving import Adoption, CaseMoved, MoveCase, MovedDate
from case.procedure import apply
from case.reckoning import Reckoning, reckon_all
from case.recording import records
from case.records import MoveRecord
from case.source import read
from case.state import State
from case.telling import due_reminders
from law.calendar import WorkingCalendar, official_calendar
from law.deadline import SHANGHAI
from law.overlay import Overlay, read_overlay
from law.papers import Unfitting, package_papers

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A case counted anew, and the days that moved by it."""

    state: State
    duties: tuple[Duty, ...]
    moves: tuple[MoveRecord, ...]


class Moving:
    """The activities by which adopted papers reach the open cases."""

    def __init__(self, client: Client, registry: Registry, office: Office) -> None:
        """`client` speaks with the cases; `office` is asked each time."""
        self._client = client
        self._registry = registry
        self._office = office

    @activity.defn(name="dependent_cases")
    def dependent_cases(self, adoption: Adoption) -> list[str]:
        """The open cases with a duty or a running period that another calendar counted, in order.

        One that reaches no day of which the two say otherwise is none of them. Raises an
        ApplicationError of type OtherCalendar where this office has other papers.
        """
        calendar = self._calendar(adoption.calendar, adoption.proposed)
        dependence = Dependence(
            calendar, calendars_before(calendar), self._office.reminders().ladders
        )
        return [
            case.case_id
            for case in self._registry.cases()
            if case.status in {"running", "suspended"} and self._depends(case, dependence)
        ]

    def _depends(self, case: RegisteredCase, dependence: Dependence) -> bool:
        # A rehearsed case's own time runs ahead of everybody's.
        today = max(case.updated_at, datetime.now(UTC)).astimezone(SHANGHAI).date()
        owed = self._registry.duties(case.case_id, open_only=True)
        return dependence.of_case(owed, self._registry.notices(case.case_id), today)

    @activity.defn(name="move_dates")
    async def move_dates(self, asked: MoveCase) -> CaseMoved:
        """Have one case count anew all that is open in it; what moved by it.

        A repeat sends nothing again and answers the same. A case that stands by the calendar
        already is left alone. Raises an ApplicationError with a Chinese sentence: of type
        OtherCalendar while papers differ, of type CannotMove where no further try helps.
        """
        case_id = asked.case_id
        calendar = await asyncio.to_thread(self._calendar, asked.calendar, asked.proposed)
        case = await asyncio.to_thread(self._registry.case, case_id)
        handle = self._client.get_workflow_handle(case.workflow_id)
        state, at = await look(handle)
        if state.ended:
            return CaseMoved(case_id=case_id, counted=False, ended=True)
        said = next((entry for entry in state.seen if entry.startswith(asked.entry)), None)
        if said is None and _stands_by(state, calendar, at):
            return CaseMoved(case_id=case_id, counted=False)
        on = _day_of(said) if said else at.astimezone(SHANGHAI).date()
        command = await asyncio.to_thread(self._recount, asked, calendar, state, on)
        if asked.dry_run:
            found = _reckoned(state, command, self._reckoning(calendar, at))
            return await self._answer(case, found, at)
        # Also what an attempt that died has said: the case answers a repeat once it is through with
        # the first, and takes it in where that came to nothing.
        await say(handle, command)
        state, at = await look(handle)
        if state.ended:
            return CaseMoved(case_id=case_id, counted=False, ended=True)
        rows = await asyncio.to_thread(self._registry.moves, case_id)
        moves = tuple(row for row in rows if row.cause_id.startswith(asked.entry))
        logger.info("case counted anew", case_id=case_id, moved=len(moves))
        owed = duties(state, at.astimezone(SHANGHAI).date())
        return await self._answer(case, _Counted(state, owed, moves), at)

    def _recount(
        self, asked: MoveCase, calendar: WorkingCalendar, state: State, on: date
    ) -> Recount:
        """The command; that of an attempt that died once more, as it was said."""
        entry = f"{asked.entry}{on:%Y%m%d}"
        known = self._registry.entry(asked.case_id, entry)
        return Recount(
            id=entry,
            occurred_on=on,
            by=Actor(unit="bureau"),
            document_number=known.document_number if known else _numbers(state, calendar, on),
            calendar=calendar.digest,
        )

    async def _answer(self, case: RegisteredCase, found: _Counted, at: datetime) -> CaseMoved:
        told_at, told = await asyncio.to_thread(self._told, case, found, at)
        return CaseMoved(
            case_id=case.case_id,
            counted=True,
            moved=tuple(
                MovedDate(
                    case_id=move.case_id,
                    duty_id=move.duty_id,
                    title=move.title,
                    unit_name=move.unit_name,
                    old_last_day=move.old_last_day,
                    new_last_day=move.new_last_day,
                    old_provisional=move.old_provisional,
                    new_provisional=move.new_provisional,
                    document_number=move.document_number or "",
                )
                for move in found.moves
            ),
            told=told,
            told_at=told_at,
        )

    def _told(
        self, case: RegisteredCase, found: _Counted, at: datetime
    ) -> tuple[datetime | None, int]:
        """When people hear that their days moved, and how many; of what was told already, none."""
        moved = {move.duty_id for move in found.moves}
        moments = {
            rung.at
            for duty_id in moved & found.state.schedules.keys()
            for rung in found.state.schedules[duty_id].rungs
            if rung.is_move and rung.at > at
        }
        if not moments:
            return None, 0
        told_at = min(moments)
        directory = Directory(self._registry.file(case.case_id), case.districts)
        people = {
            (person.unit, person.role, person.person)
            for reminder in due_reminders(found.state, found.duties, told_at)
            if reminder.duty_id in moved and reminder.moved_from
            for person in directory.recipients(reminder)
        }
        return (told_at, len(people)) if people else (None, 0)

    def _reckoning(self, calendar: WorkingCalendar, at: datetime) -> Reckoning:
        return Reckoning(at=at, calendar=calendar, ladders=self._office.reminders().ladders)

    def _calendar(self, digest: str, proposed: str | None) -> WorkingCalendar:
        """The calendar of that digest: of the adopted papers, and of the proposed one."""
        calendar = self._office.calendar()
        if proposed is not None:
            calendar = _with_paper(calendar.papers.overlays, proposed)
        if calendar.digest != digest:
            raise ApplicationError(
                "执行进程所用的放假安排与要求的不同：请核对它的文件夹（LAND_OFFICE），"
                "其间又采用了别的通知的，再运行一次 starter.py calendar move。",
                type=OTHER_CALENDAR,
            )
        return calendar


@lru_cache(maxsize=4)
def _with_paper(adopted: tuple[Overlay, ...], text: str) -> WorkingCalendar:
    """The calendar with one more paper, whose text was checked where it was proposed."""
    overlay, faults = read_overlay(read(text).content)
    if overlay is None:
        sentences = "；".join(fault.sentence for fault in faults)
        raise ApplicationError(sentences, type=CANNOT, non_retryable=True)
    try:
        return WorkingCalendar.of(package_papers().adopting((*adopted, overlay)))
    except Unfitting as error:
        raise ApplicationError(str(error), type=OTHER_CALENDAR) from error


def _numbers(state: State, calendar: WorkingCalendar, today: date) -> str:
    """What a case's days move by: the papers that are new to it, or a release of the package."""
    numbers = numbers_since(_stamps(state, today), calendar)
    return "、".join(numbers) or f"{official_calendar().version} 所载通知"


def _day_of(entry: str) -> date:
    """The day with which the id of such an entry ends."""
    return date.fromisoformat(entry.rpartition("-")[2])


def _stands_by(state: State, calendar: WorkingCalendar, at: datetime) -> bool:
    """Whether everything open in a case is counted by the days of this calendar already."""
    stamps = _stamps(state, at.astimezone(SHANGHAI).date())
    return all(counted_by(stamp, calendar) for stamp in stamps)


def _stamps(state: State, today: date) -> tuple[str, ...]:
    """The stamps of the calendars that counted what is open; a period that has run out is not."""
    return tuple(
        schedule.deadline.calendar
        for key, schedule in state.schedules.items()
        if not (key.startswith("period/") and schedule.deadline.last_day < today)
    )


def _reckoned(state: State, command: Recount, reckoning: Reckoning) -> _Counted:
    """What the command would do, by the same functions by which a case does it."""
    change = Change(state=apply(state, command), command=command, at=reckoning.at)
    after, owed, _ = reckon_all(change.state, replace(reckoning, cause=change.cause))
    return _Counted(after, owed, records(change, after, owed).moves)
