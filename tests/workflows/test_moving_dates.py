"""A holiday paper is adopted while cases run: days move, people hear of it, nothing moves twice.

Eight cases whose own time is 2 February 2027, before 春节. The paper of the examples is adopted:
off from 5 to 13 February, worked on Sundays 31 January and 14 February. Every day here is counted
by hand; without the paper only 5 to 8 February are off, and no Sunday is worked.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
import yaml
from temporalio.client import WorkflowHandle
from temporalio.common import RetryPolicy
from temporalio.testing import ActivityEnvironment

from activities.moving import Moving
from activities.office.calendars import keep_paper, propose, working_calendar
from activities.office.reminder_settings import Office
from case.file import load
from case.moving import CaseMoved, MoveCase, Moves
from case.places import poster_of
from case.records import MoveRecord
from case.wording import Notice
from deploy.server import LocalServer
from deploy.settings import REPOSITORY
from desk.calendar_moving import adoption_of, start
from law import SHANGHAI
from law.calendar import WorkingCalendar, official_calendar
from law.order import INITIATION_NOTICE_CONTENTS
from tests.activities import samples
from tests.workflows.playing import EXAMPLES, Stage, histories, punctual_office
from tests.workflows.replaying import replay
from workflows import moving_dates
from workflows.moving_dates import MoveDates

pytestmark = pytest.mark.skipif(
    official_calendar().horizon.year > 2026, reason="2027 is arranged by now"
)

PAPER = REPOSITORY / "examples" / "calendars" / "2027-example.yaml"
NUMBER = "示例〔2026〕1号"
APPROVE, PERIOD = "approve/initiation", "period/initiation"
DRAFTED_ON = {
    # The fifth working day after: old day, new day.
    "late": date(2027, 2, 1),  # 02-02 to 04, then 09, 10; now 02 to 04, Sun 14, Mon 15
    "early": date(2027, 1, 29),  # 02-01 to 04, then 09; now Sun 01-31, 02-01 to 04
    "sooner": date(2027, 1, 27),  # 01-28, 29, 02-01, 02, 03; now 01-28, 29, 31, 02-01, 02
    "settled": date(2027, 1, 21),  # 01-22, 25 to 28, whatever becomes of Sunday 31
    "amended": date(2027, 2, 1),
    "suspended": date(2027, 2, 1),
    "terminated": date(2027, 2, 1),
}
POSTED_ON = date(2027, 1, 25)
BY_HAND = {
    ("late", APPROVE): (date(2027, 2, 10), date(2027, 2, 15)),
    ("early", APPROVE): (date(2027, 2, 9), date(2027, 2, 4)),
    ("sooner", APPROVE): (date(2027, 2, 3), date(2027, 2, 2)),
    ("suspended", APPROVE): (date(2027, 2, 10), date(2027, 2, 15)),
    # Ten after Monday 25 January: 26 to 29, 02-01 to 04, 09, 10; now Sunday 31 and then Sunday 14.
    ("posted", PERIOD): (date(2027, 2, 10), date(2027, 2, 14)),
}
NOON = time(12)
TODAY = date(2027, 2, 2)
TOMORROW = date(2027, 2, 3)
LONGEST_SECONDS = 90


@dataclass
class Bureau:
    """The cases of one bureau, and what its adopting a paper brought."""

    stages: dict[str, Stage]
    asked: dict[str, Moves]
    """What each run of MoveDates answered, by its name."""
    moves: dict[str, dict[tuple[str, str], MoveRecord]]
    """The registry's rows after it, by case and duty."""
    entries: dict[str, Counter[str]]
    """How many entries each case had after it."""
    workflows: dict[str, str]

    @property
    def first(self) -> Stage:
        return self.stages["late"]

    def rows(self, name: str) -> dict[tuple[str, str], tuple[date, date]]:
        """Old and new day of what a run moved, by case and duty."""
        by_id = {stage.case_id: case for case, stage in self.stages.items()}
        return {
            (by_id[row.case_id], row.duty_id): (row.old_last_day, row.new_last_day)
            for row in self.asked[name].rows
        }

    async def run(self, name: str, *, dry_run: bool = False, proposed: bool = False) -> None:
        """Have the dates moved, as the desk does, and note what came of it."""
        settings = self.first.settings
        calendar = working_calendar(settings.office)
        text = None
        if proposed:
            proposal = propose(settings.office, PAPER)
            calendar, text = proposal.after, proposal.text
        adoption = adoption_of(calendar, dry_run=dry_run, proposed=text)
        handle = await start(self.first.client, settings.task_queue, adoption)
        self.asked[name] = await asyncio.wait_for(handle.result(), LONGEST_SECONDS)
        self.workflows[name] = handle.id
        self.note(name)

    def note(self, name: str) -> None:
        registry = self.first.registry
        self.moves[name] = {
            (case, row.duty_id): row
            for case, stage in self.stages.items()
            for row in registry.moves(stage.case_id)
        }
        self.entries[name] = Counter(
            {case: len(registry.entries(stage.case_id)) for case, stage in self.stages.items()}
        )


async def _bureau(server: LocalServer, folder: Path, names: tuple[str, ...]) -> Bureau:
    """Cases of one registry and one task queue, each launched."""
    first = await Stage.prepare(server, "one-village", folder)
    text = (EXAMPLES / "one-village.yaml").read_text(encoding="utf-8")
    stages = {}
    for name in names:
        number = f"WZ-LC-{uuid4().hex[:8].upper()}"
        stages[name] = replace(first, file=load(text.replace("WZ-LC-2026-001", number)))
        await stages[name].launch()
    return Bureau(stages, {}, {}, {}, {})


async def _draft(stage: Stage, on: date) -> None:
    await stage.say(
        "draft_initiation", "bureau", contents=INITIATION_NOTICE_CONTENTS, occurred_on=on
    )


def _adopt(stage: Stage) -> WorkingCalendar:
    """Put the paper into the folder of the case's office; the calendar then."""
    office = stage.settings.office
    proposal = propose(office, PAPER)
    keep_paper(office, proposal.overlay, proposal.text)
    return working_calendar(office)


async def _post(stage: Stage) -> None:
    """Drafted, approved and posted at every place on one day."""
    await _draft(stage, POSTED_ON)
    await stage.say("approve", "city", notice="initiation", occurred_on=POSTED_ON)
    state = await stage.state()
    for place in state.places(Notice.INITIATION):
        poster = poster_of(state.brief, place)
        await stage.say(
            "confirm_posting", poster, notice="initiation", places=[place], occurred_on=POSTED_ON
        )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bureau(
    server: LocalServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Bureau]:
    folder = tmp_path_factory.mktemp("moving")
    found = await _bureau(server, folder, (*DRAFTED_ON, "posted"))
    stages = found.stages
    async with found.first.worker():
        for name, stage in stages.items():
            await stage.forward(datetime.combine(date(2027, 2, 1), NOON, SHANGHAI))
            await (_post(stage) if name == "posted" else _draft(stage, DRAFTED_ON[name]))
            await stage.settled()
        await stages["terminated"].say("terminate", "city", reason="项目取消")
        for name, stage in stages.items():
            if name != "terminated":
                await stage.forward(datetime.combine(TODAY, NOON, SHANGHAI))
        await stages["amended"].say(
            "amend_deadline", "bureau", duty=APPROVE, day=date(2027, 2, 19), reason="材料不齐"
        )
        await stages["suspended"].say("suspend", "bureau", reason="停")
        found.note("before")
        await found.run("proposed", dry_run=True, proposed=True)
        _adopt(found.first)
        await found.run("adopted")
        await found.run("again")
        await found.run("trial", dry_run=True)
        for name, stage in stages.items():
            if name != "terminated":
                await stage.forward(datetime.combine(TOMORROW, NOON, SHANGHAI))
        yield found


def test_last_days_move_to_those_counted_by_hand(bureau: Bureau) -> None:
    done = bureau.asked["adopted"]
    assert bureau.rows("adopted") == BY_HAND
    assert done.moved == len(done.rows) == len(BY_HAND)
    assert {row.document_number for row in done.rows} == {NUMBER}
    assert done.failed == ()


def test_what_only_becomes_certain_is_counted_and_moves_nowhere(bureau: Bureau) -> None:
    """The terminated case is left alone; the settled and the amended one keep their days."""
    done = bureau.asked["adopted"]
    assert (done.cases, done.counted, done.standing, done.ended) == (7, 7, 0, 0)
    counted = bureau.entries["adopted"] - bureau.entries["before"]
    assert counted == Counter(dict.fromkeys(set(bureau.stages) - {"terminated"}, 1))
    assert {"settled", "amended"}.isdisjoint(case for case, _ in bureau.rows("adopted"))


async def test_settled_days_are_provisional_no_more(bureau: Bureau) -> None:
    for name in ("late", "settled", "posted"):
        view = await bureau.stages[name].settled()
        days = (*view.duties, *view.periods)
        assert days
        assert not any(day.provisional for day in days)


def test_registry_keeps_old_day_new_day_cause_and_number(bureau: Bureau) -> None:
    row = bureau.moves["adopted"]["late", APPROVE]
    assert (row.old_last_day, row.new_last_day) == BY_HAND["late", APPROVE]
    assert (row.old_provisional, row.new_provisional) == (True, False)
    assert (row.cause, row.document_number) == (f"按新的放假安排重算期限（{NUMBER}）", NUMBER)
    entry = bureau.first.registry.entry(row.case_id, row.cause_id)
    assert entry is not None
    assert (entry.command, entry.unit, entry.occurred_on) == ("recount", "bureau", TODAY)


def test_amended_day_goes_the_same_way(bureau: Bureau) -> None:
    """变更期限 leaves its row; the paper finds the amended day standing and moves nothing."""
    row = bureau.moves["before"]["amended", APPROVE]
    assert (row.old_last_day, row.new_last_day) == (date(2027, 2, 10), date(2027, 2, 19))
    assert row.cause.startswith("变更期限：材料不齐")
    assert bureau.moves["adopted"]["amended", APPROVE] == row


def test_dry_run_foretells_all_of_it_and_writes_nothing(bureau: Bureau) -> None:
    foretold, done = bureau.asked["proposed"], bureau.asked["adopted"]
    assert foretold.rows
    assert foretold == done
    assert bureau.moves["proposed"] == bureau.moves["before"]
    assert bureau.entries["proposed"] == bureau.entries["before"]


def test_second_run_moves_nothing(bureau: Bureau) -> None:
    for name in ("again", "trial"):
        again = bureau.asked[name]
        assert (again.cases, again.counted, again.standing) == (0, 0, 0)
        assert (again.moved, again.rows, again.told) == (0, (), 0)
        assert bureau.entries[name] == bureau.entries["adopted"]


def test_whoever_heard_the_old_day_is_told_on_the_next_working_morning(bureau: Bureau) -> None:
    """The opening of Tuesday morning spoke of the old day; Wednesday's message says it moved."""
    stage = bureau.stages["late"]
    sent = bureau.first.registry.deliveries(stage.case_id, APPROVE)
    told = {each.rung: each for each in sent}
    assert set(told) == {"2027-02-10/open", f"2027-02-15/moved@{TODAY}"}
    moved = told[f"2027-02-15/moved@{TODAY}"]
    assert moved.at == datetime.combine(TOMORROW, time(8, 30), SHANGHAI)
    for said in ("原截止：2027年2月10日", "现截止：2027年2月15日", NUMBER):
        assert said in moved.text


def test_suspended_case_moves_in_silence(bureau: Bureau) -> None:
    stage = bureau.stages["suspended"]
    sent = bureau.first.registry.deliveries(stage.case_id, APPROVE)
    assert {each.rung for each in sent} == {"2027-02-10/open"}


def test_people_who_hear_of_it_are_counted(bureau: Bureau) -> None:
    """As many as messages went out on the morning, each person once a case."""
    done = bureau.asked["adopted"]
    morning = datetime.combine(TOMORROW, time(8, 30), SHANGHAI)
    assert (done.told_from, done.told_until) == (morning, morning)
    people = {
        (each.case_id, each.unit, each.role, each.person)
        for stage in bureau.stages.values()
        for each in bureau.first.registry.deliveries(stage.case_id)
        if f"/moved@{TODAY}" in each.rung and "2027-02-19" not in each.rung
    }
    assert done.told == len(people) > 0


async def _turn(bureau: Bureau, name: str, run: str) -> CaseMoved:
    """One case's turn, as the activity takes it."""
    first = bureau.first
    office = Office(first.settings.office)
    asked = MoveCase(
        case_id=bureau.stages[name].case_id, calendar=office.calendar().digest, run=run
    )
    moving = Moving(first.client, first.registry, office)
    answer: CaseMoved = await ActivityEnvironment().run(moving.move_dates, asked)
    return answer


async def test_attempt_after_one_that_died_answers_the_same(bureau: Bureau) -> None:
    """It says the same again, which the case knows; another adoption's turn finds it done."""
    row = bureau.moves["adopted"]["late", APPROVE]
    run = row.cause_id.split("-")[2]
    again = await _turn(bureau, "late", run)
    assert again.counted
    assert [(each.duty_id, each.new_last_day) for each in again.moved] == [
        (APPROVE, BY_HAND["late", APPROVE][1])
    ]
    other = await _turn(bureau, "late", "0" * 8)
    assert (other.counted, other.moved) == (False, ())
    entries = bureau.first.registry.entries(row.case_id)
    assert [each.command for each in entries] == ["draft_initiation", "recount"]


async def test_case_that_ended_before_its_turn_has_not_failed(bureau: Bureau) -> None:
    ended = await _turn(bureau, "terminated", "0" * 8)
    assert (ended.ended, ended.counted, ended.moved) == (True, False, ())


async def test_runs_replay(bureau: Bureau) -> None:
    for id_ in set(bureau.workflows.values()):
        await replay(await histories(bureau.first.client, id_), MoveDates)


async def _until_begun(handle: WorkflowHandle[MoveDates, Moves], done: int) -> Moves:
    for _ in range(1000):
        seen: Moves = await handle.query(MoveDates.progress)
        if seen.done >= done:
            return seen
        await asyncio.sleep(0.01)
    raise AssertionError("it did not begin")


async def test_worker_stopped_in_the_middle_tells_nobody_twice(
    server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other, two cases a run; three workers share the work."""
    monkeypatch.setattr(moving_dates, "AT_ONCE", 1)
    monkeypatch.setattr(moving_dates, "CASES_A_RUN", 2)
    names = ("a", "b", "c", "d", "e")
    found = await _bureau(server, tmp_path, names)
    first = found.stages["a"]
    found.stages["late"] = first
    async with first.worker():
        for name in names:
            stage = found.stages[name]
            await stage.forward(datetime.combine(date(2027, 2, 1), NOON, SHANGHAI))
            await _draft(stage, date(2027, 2, 1))
            await stage.settled()
    adoption = adoption_of(_adopt(first))
    # The other tests' runs by this calendar have ended; on one server ids are shared.
    handle: Any = await start(first.client, first.settings.task_queue, adoption)
    stopped_at = []
    for done in (1, 3):
        async with first.worker():
            stopped_at.append((await _until_begun(handle, done)).done)
    assert stopped_at[0] < len(names)
    async with first.worker():
        moves: Moves = await asyncio.wait_for(handle.result(), LONGEST_SECONDS)
    assert (moves.cases, moves.counted, moves.failed) == (5, 5, ())
    for name in names:
        case_id = found.stages[name].case_id
        entries = [each.command for each in first.registry.entries(case_id)]
        assert entries == ["draft_initiation", "recount"]
        (row,) = first.registry.moves(case_id)
        assert (row.old_last_day, row.new_last_day) == (date(2027, 2, 10), date(2027, 2, 15))
    runs = await histories(first.client, handle.id)
    assert len(runs) == 3
    await replay(runs, MoveDates)


async def _drafted(stage: Stage) -> None:
    """Its own time the first of February, and the approval owed."""
    await stage.forward(datetime.combine(date(2027, 2, 1), NOON, SHANGHAI))
    await _draft(stage, date(2027, 2, 1))
    await stage.settled()


async def test_second_paper_takes_over_what_the_first_run_has_left(
    server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One case finds out; nobody asks for the others, which the second paper's run brings."""
    monkeypatch.setattr(moving_dates, "AT_ONCE", 1)
    quickly = RetryPolicy(initial_interval=timedelta(milliseconds=10), maximum_attempts=2)
    monkeypatch.setattr(moving_dates, "_PATIENTLY", quickly)
    names = ("a", "b", "c", "d", "e", "late")
    found = await _bureau(server, tmp_path, names)
    first = found.first
    async with first.worker():
        for stage in found.stages.values():
            await _drafted(stage)
    handle: Any = await start(first.client, first.settings.task_queue, adoption_of(_adopt(first)))
    async with first.worker():
        done = (await _until_begun(handle, 1)).done
    assert done < len(names) - 1
    amending = await asyncio.to_thread(_with_longer_festival, first)
    async with first.worker():
        moves: Moves = await asyncio.wait_for(handle.result(), LONGEST_SECONDS)
        await found.run("second")
    assert (moves.counted + moves.left, moves.failed) == (len(names), ())
    assert moves.left > 1
    asked = [
        event.activity_task_scheduled_event_attributes.activity_type.name
        for run in await histories(first.client, handle.id)
        for event in run.events
        if event.HasField("activity_task_scheduled_event_attributes")
    ]
    assert asked.count("move_dates") == moves.counted + 1
    second = found.asked["second"]
    assert (second.cases, second.counted, second.left) == (len(names), len(names), 0)
    # Some days had moved by the first paper: those move by the second alone.
    by_case = {row.case_id: row.document_number for row in second.rows}
    assert Counter(by_case.values()) == Counter(
        {amending: moves.counted, f"{NUMBER}、{amending}": moves.left}
    )
    await replay(await histories(first.client, handle.id), MoveDates)


def _with_longer_festival(stage: Stage) -> str:
    """Adopt a second paper: 春节 until Tuesday the 16th; its number."""
    number = "示例〔2026〕2号"
    paper = {
        "number": number,
        "title": "示例：延长2027年春节假期（非正式文件）",
        "published_on": "2026-11-12",
        "year": 2027,
        "amends": NUMBER,
        "holidays": [
            {
                "name": "春节",
                "first": "2027-02-05",
                "last": "2027-02-16",
                "make_up_days": ["2027-01-31"],
            }
        ],
    }
    path = stage.folder / "second.yaml"
    path.write_text(yaml.safe_dump(paper, allow_unicode=True), encoding="utf-8")
    proposal = propose(stage.settings.office, path)
    keep_paper(stage.settings.office, proposal.overlay, proposal.text)
    return number


async def test_case_that_comes_to_depend_meanwhile_has_its_turn_too(
    server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that has not the paper yet counts one more case after all were listed."""
    monkeypatch.setattr(moving_dates, "AT_ONCE", 1)
    found = await _bureau(server, tmp_path, ("a", "late"))
    first = found.first
    async with first.worker():
        for stage in found.stages.values():
            await _drafted(stage)
    handle: Any = await start(first.client, first.settings.task_queue, adoption_of(_adopt(first)))
    async with first.worker():
        assert (await _until_begun(handle, 1)).done < 3
    behind = tmp_path / "behind"
    behind.mkdir()
    settings = first.settings.model_copy(
        update={
            "office": punctual_office(behind),
            "task_queue": f"{first.settings.task_queue}-behind",
        }
    )
    text = (EXAMPLES / "one-village.yaml").read_text(encoding="utf-8")
    number = f"WZ-LC-{uuid4().hex[:8].upper()}"
    late = replace(first, file=load(text.replace("WZ-LC-2026-001", number)), settings=settings)
    await late.launch()
    async with late.worker():
        await _drafted(late)
        _adopt(late)
        async with first.worker():
            moves: Moves = await asyncio.wait_for(handle.result(), LONGEST_SECONDS)
    assert (moves.cases, moves.counted, moves.failed) == (3, 3, ())
    (row,) = first.registry.moves(late.case_id)
    assert (row.old_last_day, row.new_last_day) == BY_HAND["late", APPROVE]


async def test_case_stands_by_what_counted_it_and_not_by_what_it_was_told(
    server: LocalServer, tmp_path: Path
) -> None:
    """The paper is away for a day; a duty that opens then is counted without it."""
    found = await _bureau(server, tmp_path, ("late",))
    stage = found.first
    async with stage.worker():
        await _drafted(stage)
        calendar = _adopt(stage)
        await found.run("adopted")
        for paper in (stage.settings.office / "calendars").iterdir():
            paper.unlink()
        await stage.say("approve", "city", notice="initiation", occurred_on=date(2027, 2, 1))
        before = await stage.state()
        _adopt(stage)
        await found.run("again")
        after = await stage.state()
    assert before.recount is not None
    assert before.recount.calendar == calendar.digest
    assert {each.deadline.calendar for each in before.schedules.values()} != {calendar.stamp}
    assert (found.asked["again"].cases, found.asked["again"].counted) == (1, 1)
    assert {each.deadline.calendar for each in after.schedules.values()} == {calendar.stamp}


async def test_cases_that_are_not_on_the_server_stop_no_other(
    server: LocalServer, tmp_path: Path
) -> None:
    """One of which only the rows are there, and one that an operator stopped."""
    found = await _bureau(server, tmp_path, ("stopped", "late"))
    stopped, late = found.stages["stopped"], found.stages["late"]
    registry = late.registry
    samples.admit(registry, "WZ-LC-LOST")
    day = date(2027, 2, 10)
    owed = samples.duty("d-1", "WZ-LC-LOST", last_day=day, rolled_last_day=day, latest=day)
    registry.record(samples.records("WZ-LC-LOST", duties=(owed,)))
    async with late.worker():
        for stage in (stopped, late):
            await stage.forward(datetime.combine(date(2027, 2, 1), NOON, SHANGHAI))
            await _draft(stage, date(2027, 2, 1))
            await stage.settled()
        await stopped.handle.terminate()
        _adopt(late)
        await found.run("adopted")
    done = found.asked["adopted"]
    assert (done.cases, done.counted, done.standing) == (3, 1, 0)
    assert {each.case_id: each.why for each in done.failed} == {
        "WZ-LC-LOST": "服务器上没有这个案件。",
        stopped.case_id: "案件没有办结，它的流程却已在服务器上停止。",
    }
    assert found.rows("adopted") == {("late", APPROVE): BY_HAND["late", APPROVE]}
