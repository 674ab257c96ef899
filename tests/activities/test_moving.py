"""Which open cases depend on a paper's days, told from the rows of a real registry."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.dependence import (
    Dependence,
    calendars_before,
    changed_days,
    mark,
    numbers_since,
    paper_numbers,
)
from activities.moving import Moving
from activities.office.calendars import read_paper
from activities.office.reminder_settings import Office
from activities.registry import Registry
from case.ladder import DEFAULT_LADDERS
from case.moving import ROWS_KEPT, Adoption, CaseMoved, MoveCase, MovedDate, Moves, NotMoved
from case.records import DutyRecord
from deploy.settings import REPOSITORY
from law.calendar import WorkingCalendar, official_calendar
from law.papers import package_papers
from tests.activities.samples import AT, admit, duty, notice, records
from tests.law.overlays import as_printed, content, sound

PACKAGE = official_calendar()
LATE_PAPER = sound(
    content(
        number="国办发明电〔2026〕9号",
        title="国务院办公厅关于调整2026年国庆节放假安排的通知",
        published_on="2026-09-10",
        year=2026,
        amends="国办发明电〔2025〕7号",
        holidays=[
            {
                "name": "国庆节",
                "first": "2026-10-01",
                "last": "2026-10-08",
                "make_up_days": ["2026-09-20", "2026-10-10", "2026-10-11"],
            }
        ],
    )
)
"""Thursday 10-08 is off as well, and Sunday 10-11 is worked for it."""
TAKING_BACK = sound(
    content(
        number="国办发明电〔2026〕10号",
        title="国务院办公厅关于2026年国庆节放假安排仍按原通知执行的通知",
        published_on="2026-09-14",
        year=2026,
        amends="国办发明电〔2025〕7号",
        holidays=[
            {
                "name": "国庆节",
                "first": "2026-10-01",
                "last": "2026-10-07",
                "make_up_days": ["2026-09-20", "2026-10-10"],
            }
        ],
    )
)
"""All is as it was before LATE_PAPER."""
LONGER = WorkingCalendar.of(package_papers().adopting([LATE_PAPER]))
BACK = WorkingCalendar.of(package_papers().adopting([LATE_PAPER, TAKING_BACK]))
STRANGE = "chinese-calendar 1.9.0·0123456789ab·2024-12-26"
"""The stamp of a calendar that nobody can build any more."""


def dependence(present: WorkingCalendar) -> Dependence:
    return Dependence(present, calendars_before(present), DEFAULT_LADDERS)


DEPENDENCE = dependence(LONGER)


class Counting(Office):
    """An office that counts by one calendar and reminds as usual."""

    def __init__(self, counts_by: WorkingCalendar) -> None:
        super().__init__(Path("no-office-here"))
        self._counts_by = counts_by

    def calendar(self) -> WorkingCalendar:
        return self._counts_by


def owed(opened: date, last: date, **changes: Any) -> DutyRecord:
    """An open duty from one day to another, its last day certain, counted by the package."""
    certain = {
        "rolled_last_day": last,
        "earliest": last,
        "latest": last,
        "calendar": PACKAGE.stamp,
    }
    return replace(duty("d-1", opened_on=opened, last_day=last), **{**certain, **changes})


def test_changed_days_are_those_the_paper_changes() -> None:
    assert changed_days(PACKAGE, LONGER) == (date(2026, 10, 8), date(2026, 10, 11))
    assert changed_days(PACKAGE, PACKAGE) == ()


@pytest.mark.parametrize(
    ("opened", "last", "depends"),
    [
        # Five working days after 09-28 are 29, 30, then 10-08, 09, 10: the rung +3 is on 10-08.
        (date(2026, 9, 1), date(2026, 9, 28), True),
        # Five after 09-22 are 23, 24, 28, 29, 30, since Friday 25 is 中秋: all before 10-08.
        (date(2026, 9, 1), date(2026, 9, 22), False),
        (date(2026, 9, 28), date(2026, 10, 30), True),
        # Opened on the last changed day, and on the day after it.
        (date(2026, 10, 11), date(2026, 10, 20), True),
        (date(2026, 10, 12), date(2026, 10, 20), False),
    ],
)
def test_duty_depends_from_its_opening_to_its_last_rung(
    opened: date, last: date, *, depends: bool
) -> None:
    assert DEPENDENCE.of_duty(owed(opened, last)) is depends


def test_rung_after_the_last_day_reaches_as_far_as_the_office_s_ladder() -> None:
    """+5 is the usual; an office that tells once more after twenty days depends longer."""
    last = date(2026, 9, 22)
    patient = replace(DEFAULT_LADDERS, statutory={**DEFAULT_LADDERS.statutory, 20: ()})
    assert replace(DEPENDENCE, ladders=patient).of_duty(owed(date(2026, 9, 1), last))


@pytest.mark.parametrize("state", ["met", "cancelled"])
def test_what_is_owed_no_more_depends_on_nothing(state: str) -> None:
    whole = owed(date(2026, 9, 28), date(2026, 10, 30))
    assert not DEPENDENCE.of_duty(replace(whole, state=state))
    assert DEPENDENCE.of_duty(replace(whole, state="overdue"))


def test_provisional_day_depends_up_to_its_latest() -> None:
    opened, last = date(2026, 9, 1), date(2026, 9, 22)
    assert DEPENDENCE.of_duty(owed(opened, last, latest=date(2026, 10, 9)))


def test_what_the_present_calendar_counted_depends_on_nothing() -> None:
    row = owed(date(2026, 9, 28), date(2026, 10, 30), calendar=LONGER.stamp)
    assert not DEPENDENCE.of_duty(row)
    assert DEPENDENCE.of_duty(replace(row, calendar=PACKAGE.stamp))


def test_paper_that_takes_back_an_earlier_one_moves_what_that_one_counted() -> None:
    """The days are the package's again; what was counted between the two is not."""
    assert BACK.digest == PACKAGE.digest
    between = owed(date(2026, 9, 28), date(2026, 10, 30), calendar=LONGER.stamp)
    assert dependence(BACK).of_duty(between)
    assert not dependence(BACK).of_duty(replace(between, calendar=PACKAGE.stamp))
    # It reaches none of the days that came and went.
    far = owed(date(2026, 10, 12), date(2026, 10, 20), calendar=LONGER.stamp)
    assert not dependence(BACK).of_duty(far)


@pytest.mark.parametrize("stamp", ["", STRANGE])
def test_what_an_unknown_calendar_counted_depends(stamp: str) -> None:
    """A row older than the stamps, and one of an older package or a paper taken away."""
    row = owed(date(2026, 11, 2), date(2026, 11, 30), calendar=stamp)
    assert dependence(PACKAGE).of_duty(row)
    period = replace(notice(), calendar=stamp)
    assert dependence(PACKAGE).of_notice(period, date(2026, 11, 20))


RELEASED = WorkingCalendar.of(
    replace(
        package_papers().adopting([sound(content())]), version="chinese-calendar 9.0", overlays=()
    )
)
"""A release that carries 2027."""


@pytest.mark.skipif(PACKAGE.horizon.year > 2026, reason="2027 is arranged by now")
def test_rungs_on_days_that_a_release_of_the_package_settles_depend_too() -> None:
    """Thirty days are thirty days and never provisional, but who is told when hangs on 春节."""
    row = owed(date(2027, 1, 11), date(2027, 2, 10))
    assert dependence(RELEASED).of_duty(row)
    # What the programs of before cannot rebuild depends as well, whatever its days.
    assert Dependence(RELEASED, {}, DEFAULT_LADDERS).of_duty(row)
    assert not dependence(RELEASED).of_duty(replace(row, calendar=RELEASED.stamp))


@pytest.mark.parametrize(
    ("today", "depends"), [(date(2026, 10, 9), True), (date(2026, 10, 10), False)]
)
def test_period_depends_while_it_runs(today: date, *, depends: bool) -> None:
    period = replace(
        notice(),
        posted_on=date(2026, 9, 20),
        last_day=date(2026, 10, 9),
        calendar=PACKAGE.stamp,
    )
    assert DEPENDENCE.of_notice(period, today) is depends
    assert not DEPENDENCE.of_notice(replace(period, posted_on=None, last_day=None), today)


def test_papers_are_named_that_make_the_difference() -> None:
    both = package_papers().adopting([LATE_PAPER, as_printed(2025)])
    assert paper_numbers(PACKAGE, WorkingCalendar.of(both)) == (LATE_PAPER.number,)
    assert paper_numbers(PACKAGE, PACKAGE) == ()


def test_case_moves_by_the_papers_that_are_new_to_it() -> None:
    assert numbers_since([PACKAGE.stamp], LONGER) == (LATE_PAPER.number,)
    assert numbers_since([LONGER.stamp], BACK) == (TAKING_BACK.number,)
    assert numbers_since([LONGER.stamp, LONGER.stamp], LONGER) == ()
    assert numbers_since([STRANGE], LONGER) == (LATE_PAPER.number,)


def test_calendars_of_before_are_those_with_fewer_papers() -> None:
    assert set(calendars_before(BACK)) == {mark(PACKAGE.stamp), mark(LONGER.stamp)}
    # Of two that say the same, the one with more papers: the fewer are new to whom it counted.
    assert calendars_before(BACK)[mark(PACKAGE.stamp)] is BACK


@pytest.fixture
def moving(registry: Registry) -> Callable[[WorkingCalendar], Moving]:
    """The activities over the registry; no case is spoken with, so the client never connects."""
    client = asyncio.run(Client.connect("127.0.0.1:1", lazy=True))

    def made(calendar: WorkingCalendar) -> Moving:
        return Moving(client, registry, Counting(calendar))

    return made


def _asked(moving: Moving, adoption: Adoption) -> list[str]:
    found: list[str] = ActivityEnvironment().run(moving.dependent_cases, adoption)
    return found


def test_open_cases_that_depend_are_found(
    registry: Registry, moving: Callable[[WorkingCalendar], Moving]
) -> None:
    """Running and suspended ones; not one that is untouched, ended, or has met what touched it."""
    touched = owed(date(2026, 9, 28), date(2026, 10, 30))
    untouched = owed(date(2026, 11, 2), date(2026, 11, 30))
    rows = {
        "running": ("running", touched),
        "suspended": ("suspended", touched),
        "untouched": ("running", untouched),
        "met": ("running", replace(touched, state="met", met_on=date(2026, 10, 9))),
        "closed": ("closed", touched),
        "terminated": ("terminated", touched),
    }
    for case_id, (status, row) in rows.items():
        admit(registry, case_id)
        standing = records(case_id, duties=(replace(row, case_id=case_id),), notices=())
        registry.record(replace(standing, case=replace(standing.case, status=status)))
    admit(registry, "only admitted")
    adoption = Adoption(calendar=LONGER.digest)
    assert _asked(moving(LONGER), adoption) == ["running", "suspended"]
    assert _asked(moving(PACKAGE), Adoption(calendar=PACKAGE.digest)) == []


def test_case_counted_between_two_papers_is_found(
    registry: Registry, moving: Callable[[WorkingCalendar], Moving]
) -> None:
    """The second takes the first back: no day differs from the package's, the case's days do."""
    admit(registry)
    row = owed(date(2026, 9, 28), date(2026, 10, 30), calendar=LONGER.stamp)
    registry.record(records(duties=(row,), notices=()))
    assert _asked(moving(BACK), Adoption(calendar=BACK.digest)) == [row.case_id]
    registry.record(
        records(duties=(replace(row, calendar=BACK.stamp),), notices=(), minutes=1, entry=None)
    )
    assert _asked(moving(BACK), Adoption(calendar=BACK.digest)) == []


def test_proposed_paper_is_laid_over_the_adopted_ones(
    registry: Registry, moving: Callable[[WorkingCalendar], Moving]
) -> None:
    path = REPOSITORY / "examples" / "calendars" / "2027-example.yaml"
    text = path.read_text(encoding="utf-8")
    admit(registry, "next year")
    row = replace(owed(date(2027, 2, 1), date(2027, 2, 10)), case_id="next year")
    registry.record(records("next year", duties=(row,), notices=()))
    both = _with(path)
    asked = Adoption(calendar=both.digest, dry_run=True, proposed=text)
    assert _asked(moving(LONGER), asked) == ["next year"]


def _with(path: Path) -> WorkingCalendar:
    return WorkingCalendar.of(package_papers().adopting([LATE_PAPER, read_paper(path)]))


def test_other_papers_than_asked_for_are_refused_for_now(
    moving: Callable[[WorkingCalendar], Moving],
) -> None:
    """A worker whose folder lags behind may have them at the next try."""
    with pytest.raises(ApplicationError, match="与要求的不同") as refused:
        _asked(moving(PACKAGE), Adoption(calendar=LONGER.digest))
    assert refused.value.type == "OtherCalendar"
    assert not refused.value.non_retryable


def test_entries_of_two_adoptions_of_one_calendar_differ() -> None:
    first = MoveCase(case_id="c", calendar=LONGER.digest, run="0123abcd")
    assert first.entry.startswith(f"recount-{LONGER.digest[:12]}-")
    assert replace(first, run="4567cdef").entry != first.entry
    assert replace(first, calendar=PACKAGE.digest).entry != first.entry


def _moved(case_id: str, days: int) -> CaseMoved:
    row = MovedDate(
        case_id=case_id,
        duty_id="d",
        title="t",
        unit_name="u",
        old_last_day=date(2026, 10, 9),
        new_last_day=date(2026, 10, 12),
        old_provisional=False,
        new_provisional=False,
        document_number="n",
    )
    return CaseMoved(case_id=case_id, counted=True, moved=(row,) * days)


def test_moves_are_told_in_one_order_and_listed_up_to_a_number() -> None:
    moves = Moves(cases=4).including(_moved("b", ROWS_KEPT)).including(_moved("a", 1))
    moves = moves.including(CaseMoved(case_id="c", counted=False, ended=True))
    moves = moves.without(NotMoved(case_id="d", why="w"))
    assert (moves.done, moves.counted, moves.ended) == (4, 2, 1)
    assert (moves.moved, len(moves.rows)) == (ROWS_KEPT + 1, ROWS_KEPT)
    two = Moves().including(_moved("b", 1)).including(_moved("a", 1)).in_order()
    assert [row.case_id for row in two.rows] == ["a", "b"]


def test_everybody_s_mornings_are_spanned() -> None:
    """Cases are told at moments of their own; one in which nobody is told adds none."""
    moves = Moves()
    for told_at in (AT + timedelta(minutes=5), None, AT):
        case = replace(_moved("a", 1), told=2 if told_at else 0, told_at=told_at)
        moves = moves.including(case)
    assert (moves.told, moves.told_from, moves.told_until) == (4, AT, AT + timedelta(minutes=5))
