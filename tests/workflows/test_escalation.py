"""A statutory duty that nobody meets: the whole ladder, late at 24:00, silent once it is met.

One case is played to its approval; nobody pays the first thirty days and more (第十六条). On the
way it is asked for by the filters that operators use.
"""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
import pytest_asyncio

from case.records import DutyRecord
from case.state import State
from case.view import CaseView
from deploy.server import LocalServer
from tests.workflows.counting import half_past_eight, midnight_after, working_day_after
from tests.workflows.counting import working_day_before as before
from tests.workflows.listing import listed
from tests.workflows.playing import Stage, current
from workflows.attributes import BLOCKED, NEXT_DUE, NEXT_DUTY, OVERDUE, STAGE
from workflows.land_acquisition import LandAcquisition

DUTY = "payment/shibuxi"
MINUTE = timedelta(minutes=1)


@dataclass
class Unpaid:
    """What was seen of the case on its way."""

    stage: Stage
    received: date
    rows: dict[str, DutyRecord] = field(default_factory=dict)
    """The duty in the registry, by moment."""
    overdue: dict[str, bool | None] = field(default_factory=dict)
    """The search attribute, by moment."""
    found: dict[str, bool] = field(default_factory=dict)
    """Whether a list filter found the case, by filter."""
    views: dict[str, CaseView] = field(default_factory=dict)

    @property
    def last_day(self) -> date:
        return self.received + timedelta(days=30)

    async def look(self, moment: str) -> None:
        registry = self.stage.registry
        self.rows[moment] = next(row for row in registry.duties() if row.duty_id == DUTY)
        attributes = (await self.stage.handle.describe()).typed_search_attributes
        self.overdue[moment] = attributes.get(OVERDUE)
        self.views[moment] = await self.stage.settled()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def unpaid(
    server: LocalServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Unpaid]:
    stage = await Stage.prepare(
        server,
        "one-village",
        tmp_path_factory.mktemp("unpaid"),
        silence=("payment/*", "vacate/*", "hand_over/*"),
    )
    await stage.launch()
    async with stage.worker():
        player = stage.player()
        await player.play_until(_provisional)
        found = {"Provisional": await listed(stage, "Provisional = true")}
        await player.play_until(lambda view: view.blocked is not None)
        found["Blocked"] = await listed(stage, "Blocked = true")
        await player.play_until(lambda view: view.blocked is None)
        found["not Blocked"] = await listed(stage, "Blocked = false")
        # Everybody else has done their part once only the payment is missing.
        await player.play_until(lambda view: current(view) == 13 and len(view.duties) == 2)
        received = next(
            entry.occurred_on
            for entry in stage.registry.entries(stage.case_id)
            if entry.command == "receive_approval"
        )
        seen = Unpaid(stage, received, found=found)
        await _grow_late(seen)
        yield seen


def _provisional(view: CaseView) -> bool:
    """Whether an open day may still be moved by a paper that is not out."""
    return any(duty.provisional for duty in (*view.duties, *view.periods))


async def _grow_late(seen: Unpaid) -> None:
    stage, last = seen.stage, seen.last_day
    end = midnight_after(last)
    since, until = (end - MINUTE).isoformat(), (end + MINUTE).isoformat()
    seen.found["NextDue"] = await listed(stage, f"NextDue > '{since}' AND NextDue < '{until}'")
    seen.found["Stage"] = await listed(stage, "Stage STARTS_WITH '13'")
    seen.found["not Overdue"] = await listed(stage, "Overdue = false")
    await stage.forward(midnight_after(last) - MINUTE)
    await seen.look("before 24:00")
    await stage.forward(midnight_after(last) + MINUTE)
    await seen.look("after 24:00")
    seen.found["Overdue"] = await listed(stage, "Overdue = true AND Township = '藤桥镇'")
    await stage.forward(half_past_eight(working_day_after(last, 5)) + MINUTE)
    state: State = await stage.handle.query(LandAcquisition.state)
    owed = state.measurement.of("shibuxi") if state.measurement else None
    assert owed
    await stage.say(
        "confirm_payment", "land_user", village="shibuxi", payable=owed.payable, paid=owed.payable
    )
    await stage.settled()
    await seen.look("paid")
    await stage.forward(half_past_eight(working_day_after(last, 12)))


def test_every_rung_is_told_to_its_audience_on_its_day(unpaid: Unpaid) -> None:
    """第十六条, by hand: three mornings alone, two with its head, then upward level by level.

    The land user and the city have no 负责人 in the directory: their 经办人 stand for both.
    """
    last = unpaid.last_day
    user, district = ("land_user", "经办人"), ("district:鹿城区", "经办人")
    bureau, city = ("bureau", "负责人"), ("city", "经办人")
    on_the_day = last if before(last + timedelta(days=1), 1) == last else before(last, 1)
    by_hand = {
        "-10": (before(last, 10), [user]),
        "-5": (before(last, 5), [user]),
        "-2": (before(last, 2), [user]),
        "-1": (before(last, 1), [user]),
        "0": (on_the_day, [user]),
        "+1": (working_day_after(last, 1), [user, district]),
        "+3": (working_day_after(last, 3), [user, district, bureau]),
        "+5": (working_day_after(last, 5), [user, district, bureau, city]),
    }
    by_day = {day: (rung, told) for rung, (day, told) in by_hand.items()}
    opening = working_day_after(unpaid.received, 1)
    by_day.setdefault(opening, ("open", [user]))
    wanted = Counter(
        (f"{last}/{rung}", half_past_eight(day), *who)
        for day, (rung, told) in by_day.items()
        for who in told
    )
    deliveries = unpaid.stage.registry.deliveries(duty_id=DUTY)
    assert Counter((sent.rung, sent.at, sent.unit, sent.role) for sent in deliveries) == wanted


def test_the_duty_is_late_from_24_hours_of_its_last_day(unpaid: Unpaid) -> None:
    assert unpaid.rows["before 24:00"].last_day == unpaid.last_day
    states = {moment: row.state for moment, row in unpaid.rows.items()}
    assert states == {"before 24:00": "open", "after 24:00": "overdue", "paid": "met"}
    assert unpaid.overdue == {"before 24:00": False, "after 24:00": True, "paid": False}
    late = {
        moment: {duty.id for duty in view.duties if duty.overdue}
        for moment, view in unpaid.views.items()
    }
    assert late == {"before 24:00": set(), "after 24:00": {DUTY}, "paid": set()}


def test_nothing_is_told_once_it_is_met(unpaid: Unpaid) -> None:
    """The case ran on for a week after the payment."""
    met = unpaid.rows["paid"].met_on
    assert met is not None
    sent = unpaid.stage.registry.deliveries(duty_id=DUTY)
    assert max(each.at for each in sent) < half_past_eight(met + timedelta(days=1))


def test_subjects_say_who_owes_what_until_when(unpaid: Unpaid) -> None:
    sent = unpaid.stage.registry.deliveries(duty_id=DUTY)
    last, number = unpaid.last_day, unpaid.stage.case_id
    marks = {}
    for each in sent:
        mark, _, rest = each.subject.partition("】")
        assert rest.startswith(f"{number} "), each.subject
        marks[each.rung.rpartition("/")[2]] = mark
    late = {
        rung: (working_day_after(last, int(rung)) - last).days
        for rung in marks
        if rung.startswith("+")
    }
    assert late
    assert marks == {
        rung: f"【{last}止·逾期{late[rung]}日" if rung in late else f"【{last}止" for rung in marks
    }


@pytest.mark.parametrize(
    "filter_",
    ["Provisional", "Blocked", "not Blocked", "NextDue", "Stage", "not Overdue", "Overdue"],
)
def test_operators_filters_find_the_case(unpaid: Unpaid, filter_: str) -> None:
    assert unpaid.found[filter_]


async def test_attributes_hold_the_next_duty_and_its_end(unpaid: Unpaid) -> None:
    """Once paid, what remains is the hand-over and the day set by the decision (第十七条)."""
    attributes = (await unpaid.stage.handle.describe()).typed_search_attributes
    view = await unpaid.stage.settled()
    first = min(view.duties, key=lambda duty: duty.last_day)
    assert attributes.get(NEXT_DUE) == midnight_after(first.last_day)
    assert attributes.get(NEXT_DUTY) == first.title
    assert attributes.get(STAGE) == "14 交地"
    assert attributes.get(BLOCKED) is False
