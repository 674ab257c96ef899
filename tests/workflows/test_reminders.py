"""Every reminder of a whole life: each rung of each duty once, on its day, to those it is for."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from law.deadline import SHANGHAI
from tests.workflows.chronicle import chronicle
from tests.workflows.counting import half_past_eight, midnight_after, working, working_day_after
from tests.workflows.expected import HANDLER, HEAD, Case
from tests.workflows.playing import Played
from tests.workflows.test_life import case, name, played

__all__ = ["case", "name", "played"]

AT_ONCE = timedelta(minutes=1)
"""A reminder goes out within this, on the case's clock, of its moment."""


def test_deliveries_are_exactly_the_rungs_counted_here(case: Case, played: Played) -> None:
    duties = played.stage.registry.duties()
    wanted = {rung for duty in duties for rung in case.told(duty)}
    assert len(wanted) > len(duties)
    moved = case.told_of_moved_periods()
    assert moved
    assert {
        (sent.duty_id, sent.rung, sent.unit, sent.role, sent.at)
        for sent in played.stage.registry.deliveries()
    } == wanted | moved


def test_nobody_is_told_twice(played: Played) -> None:
    sent = played.stage.registry.deliveries()
    counted = Counter((each.duty_id, each.rung, each.unit, each.role) for each in sent)
    assert set(counted.values()) == {1}
    assert {each.state for each in sent} == {"sent"}


def test_everybody_is_told_at_half_past_eight_on_a_working_day(played: Played) -> None:
    for sent in played.stage.registry.deliveries():
        at = sent.at.astimezone(SHANGHAI)
        assert working(at.date()), sent
        assert at == half_past_eight(at.date())


def test_reminders_go_out_at_their_moment(played: Played) -> None:
    told = [
        (telling.at - datetime.fromisoformat(reminder["at"]), reminder["duty_id"])
        for telling in chronicle(played.histories).tellings
        for reminder in telling.reminders
    ]
    assert told
    assert all(timedelta() <= late < AT_ONCE for late, _ in told)


def test_nothing_is_told_of_a_duty_once_it_is_met(case: Case, played: Played) -> None:
    over = {duty.duty_id: case.over_at(duty) for duty in played.stage.registry.duties()}
    for notice in ("initiation", "compensation", "acquisition"):
        over[f"period/{notice}"] = midnight_after(case.period_end(notice))
    assert all(sent.at < over[sent.duty_id] for sent in played.stage.registry.deliveries())


def test_outbox_holds_exactly_what_was_delivered(played: Played) -> None:
    files = sorted(played.stage.settings.outbox.iterdir())
    sent = played.stage.registry.deliveries()
    assert len(files) == len(sent)
    letters = {file.name.removesuffix(".txt")[-12:]: file.read_text("utf-8") for file in files}
    for each in sent:
        letter = letters[each.message_id[:12]]
        assert each.subject in letter
        assert letter.endswith(each.text)


@pytest.mark.parametrize(
    ("duty_id", "unit", "rungs"),
    [
        (
            "post/initiation/township:tengqiao",  # 内部时限3个工作日，第8天才张贴
            "township:tengqiao",
            [
                ("open", 1, {HANDLER: 1}),
                ("-1", 2, {HANDLER: 1}),
                ("0", 3, {HANDLER: 1}),
                ("+1", 4, {HANDLER: 1, HEAD: 1}),
                ("+3", 6, {HANDLER: 1, HEAD: 1, "district": 1}),
                ("+5", 8, {HANDLER: 1, HEAD: 1, "district": 1, "bureau": 1}),
            ],
        ),
        (
            "acknowledge_freeze/税务",  # 内部时限5个工作日，第12天才回复；该部门没有负责人
            "department:税务",
            [
                ("open", 1, {HANDLER: 1}),
                ("-1", 4, {HANDLER: 1}),
                ("0", 5, {HANDLER: 1}),
                ("+1", 6, {HANDLER: 1}),
                ("+3", 8, {HANDLER: 1, "district": 1}),
                ("+5", 10, {HANDLER: 1, "district": 1, "bureau": 1}),
            ],
        ),
    ],
)
def test_late_duty_climbs_the_ladder(
    one_village: Played, duty_id: str, unit: str, rungs: list[tuple[str, int, dict[str, int]]]
) -> None:
    """Written out by hand: rung, working days since the duty opened, who is told how often."""
    registry = one_village.stage.registry
    entries = registry.entries(one_village.stage.case_id)
    asked = "approve" if duty_id.startswith("post/") else "notify_departments"
    done = "confirm_posting" if duty_id.startswith("post/") else "acknowledge_freeze"
    opened = next(entry.occurred_on for entry in entries if entry.command == asked)
    over = next(e.accepted_at for e in entries if e.command == done and e.unit == unit)
    last = next(duty.last_day for duty in registry.duties() if duty.duty_id == duty_id)
    told = Counter(
        (sent.rung, sent.at, sent.role if sent.unit == unit else sent.unit.partition(":")[0])
        for sent in registry.deliveries(duty_id=duty_id)
    )
    by_hand = {
        (f"{last}/{rung}", half_past_eight(working_day_after(opened, days)), who): times
        for rung, days, audience in rungs
        for who, times in audience.items()
    }
    assert told == {key: times for key, times in by_hand.items() if key[1] < over}
    assert any(rung.endswith("+1") for rung, _, _ in told), "the duty was not late"
