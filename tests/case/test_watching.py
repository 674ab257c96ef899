"""What is late: office time counted by hand over weekends, make-up days and 国庆."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from case.hours import Hours
from case.ladder import DEFAULT_LADDERS
from case.records import DutyRecord, EntryRecord, RungRecord
from case.watching import (
    how_late,
    known_since,
    late_before,
    maybe_silent,
    patience,
    silent,
)
from law import SHANGHAI
from law.calendar import official_calendar
from tests.activities.samples import duty, entry

HOURS = Hours(opens=time(8, 30), closes=time(17))
LADDERS = replace(DEFAULT_LADDERS, window_minutes=0)
CALENDAR = official_calendar()


def at(day: str, moment: str = "08:30") -> datetime:
    """A moment in Shanghai, of November 2026 where only the day of the month is given."""
    full = day if "-" in day else f"2026-11-{day}"
    return datetime.fromisoformat(f"{full}T{moment}").replace(tzinfo=SHANGHAI)


def test_a_telling_may_take_its_window_and_half_an_hour() -> None:
    assert patience(DEFAULT_LADDERS) == timedelta(minutes=50)


@pytest.mark.parametrize(
    ("now", "allowed", "before"),
    [
        (at("30", "09:20"), 50, at("30", "08:30")),
        (at("30", "08:40"), 50, at("27", "16:20")),  # 周一的10分钟，周五的40分钟
        (at("30", "07:00"), 50, at("27", "16:10")),
        (at("28", "12:00"), 50, at("27", "16:10")),  # 周六
        (at("27", "23:00"), 50, at("27", "16:10")),
        (at("27", "17:00"), 50, at("27", "16:10")),
        (at("30", "09:00"), 600, at("26", "16:00")),  # 30＋510＋60分钟
        (at("2026-10-08", "08:35"), 50, at("2026-09-30", "16:15")),  # 国庆
        (at("2026-10-10", "09:00"), 50, at("2026-10-09", "16:40")),  # 周六调休上班
        (at("2026-10-11", "09:00"), 50, at("2026-10-10", "16:10")),  # 周日
    ],
)
def test_only_office_time_makes_late(now: datetime, allowed: int, before: datetime) -> None:
    for moment in (now, now.astimezone(UTC)):
        assert late_before(moment, timedelta(minutes=allowed), HOURS, CALENDAR) == before


def opened(**changes: Any) -> DutyRecord:
    """Open since Friday 2026-11-20, due on Monday 2026-12-07."""
    return duty("d-1", **changes)


def rung(moment: datetime) -> RungRecord:
    return RungRecord(rung="2026-12-07/open", at=moment)


@pytest.mark.parametrize(
    ("found", "now", "wanted"),
    [
        (opened(), at("24", "16:00"), False),  # 第2个工作日
        (opened(), at("25", "09:20"), True),  # 第3个
        (opened(opened_on=date(2026, 11, 19)), at("22"), False),  # 周日：只过了1个工作日
        (opened(opened_on=date(2026, 12, 2)), at("25"), False),  # 还没到的日子（演练）
        (opened(rungs=(rung(at("23")),)), at("25", "09:20"), False),  # 有到时的，另有一处去看
        (opened(rungs=(rung(at("26")),)), at("25", "09:20"), True),  # 都还在后面
    ],
)
def test_silence_is_looked_for_where_nothing_planned_came_due(
    found: DutyRecord, now: datetime, *, wanted: bool
) -> None:
    before = late_before(now, timedelta(minutes=30), HOURS, CALENDAR)
    assert maybe_silent(found, now, before, CALENDAR) is wanted


def accepted(command: str, occurred: str, moment: datetime) -> EntryRecord:
    return replace(
        entry("e-9"),
        command=command,
        occurred_on=date.fromisoformat(f"2026-11-{occurred}"),
        accepted_at=moment,
    )


@pytest.mark.parametrize(
    ("entries", "known"),
    [
        ([], "20"),
        ([accepted("approve", "20", at("20", "10:00"))], "20"),
        ([accepted("confirm_posting", "18", at("25", "23:59"))], "25"),  # 补登
        ([accepted("confirm_posting", "24", at("24"))], "20"),  # 与它的产生无关
        ([accepted("correct", "24", at("24"))], "24"),
        ([accepted("resume", "26", at("26")), accepted("correct", "24", at("24"))], "26"),
        ([accepted("send_back", "23", at("23"))], "23"),
    ],
)
def test_nobody_could_be_told_before_the_case_knew(entries: list[EntryRecord], known: str) -> None:
    assert known_since(opened(), entries) == date.fromisoformat(f"2026-11-{known}")


@pytest.mark.parametrize(
    ("known_on", "first"),
    [
        ("2026-11-20", ("2026-11-23", "-10")),  # 次一工作日，正是到期前10个工作日
        ("2026-11-24", ("2026-11-25", "open")),
        ("2026-12-07", ("2026-12-08", "+1")),
    ],
)
def test_the_first_telling_is_counted_whatever_the_case_planned(
    known_on: str, first: tuple[str, str]
) -> None:
    day, name = first
    known = date.fromisoformat(known_on)
    found = opened(rungs=(rung(at("2027-01-04")),))
    later = silent(found, known, "LA-1", at(day, "08:31"), calendar=CALENDAR, ladders=LADDERS)
    assert later is not None
    assert later.at == at(day)
    assert later.workflow_id == "LA-1"
    assert later.rung == f"2026-12-07/{name}"
    assert silent(found, known, "LA-1", at(day), calendar=CALENDAR, ladders=LADDERS) is None


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0分"),
        (59.9, "59分"),
        (60, "1小时0分"),
        (47 * 60 + 59, "47小时59分"),
        (48 * 60, "2日"),
        (71 * 60, "2日"),
        (-5, "0分"),
    ],
)
def test_how_late_is_said_in_words(minutes: float, said: str) -> None:
    assert how_late(at("30"), at("30") + timedelta(minutes=minutes)) == said
