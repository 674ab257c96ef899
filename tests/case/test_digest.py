"""The digest of a morning: whose duties stand in which list, and who reads nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case.digest import (
    BUREAU,
    Digest,
    Standing,
    Unit,
    UnitKind,
    digests,
    end_of_week,
    hears_when_late,
    owes,
    sees_to,
)
from case.records import DutyRecord
from law.calendar import official_calendar

CALENDAR = official_calendar()
NANHUI = Unit(kind=UnitKind.TOWNSHIP, district="鹿城区", township="南汇街道")
GUOXI = Unit(kind=UnitKind.TOWNSHIP, district="瓯海区", township="郭溪街道")
LUCHENG = Unit(kind=UnitKind.DISTRICT, district="鹿城区")
OUHAI = Unit(kind=UnitKind.DISTRICT, district="瓯海区")
TODAY = date(2026, 11, 25)
"""A Wednesday in a week without holidays."""

NAMES = {
    "bureau": "市自然资源和规划局",
    "city": "市人民政府",
    "district:鹿城区": "鹿城区人民政府（功能区管委会）",
    "township:nanhui": "南汇街道",
    "township:guoxi": "郭溪街道",
    "village:huanfu": "环府村",
    "department:税务": "税务部门",
    "land_user": "用地单位",
}
AREAS = {"township:nanhui": "南汇街道", "township:guoxi": "郭溪街道", "village:huanfu": "南汇街道"}


def standing(case_id: str = "A", status: str = "running", *, only: str = "") -> Standing:
    """A case over 南汇街道 (鹿城区) and 郭溪街道 (瓯海区), or over `only` one of them."""
    places = (("nanhui", "南汇街道", "鹿城区"), ("guoxi", "郭溪街道", "瓯海区"))
    file = ", ".join(
        f'{{"id": "{id_}", "name": "{name}", "district": "{district}"}}'
        for id_, name, district in places
        if only in ("", id_)
    )
    return Standing.of(case_id, f"{case_id}项目", status, f'{{"townships": [{file}]}}')


def duty(unit: str, last_day: date, case_id: str = "A", **changes: object) -> DutyRecord:
    """An open duty of `unit` due on `last_day`."""
    made = DutyRecord(
        case_id=case_id,
        duty_id=f"duty/{unit}/{last_day}",
        step=1,
        title="张贴公告",
        unit=unit,
        unit_name=NAMES[unit],
        township=AREAS.get(unit),
        article="第六条",
        statutory=True,
        opened_on=date(2026, 9, 1),
        last_day=last_day,
        rolled_last_day=last_day,
        provisional=False,
        earliest=last_day,
        latest=last_day,
        evidence="张贴照片",
        command="confirm_posting",
        state="open",
        met_on=None,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def read(duties: list[DutyRecord], today: date = TODAY, *cases: Standing) -> dict[Unit, Digest]:
    found = digests(cases or (standing(),), duties, today, CALENDAR)
    assert len({digest.unit for digest in found}) == len(found)
    return {digest.unit: digest for digest in found}


def days(digest: Digest, name: str) -> list[str]:
    return [f"{each.duty.unit} {each.duty.last_day:%m-%d}" for each in getattr(digest, name)]


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2026, 11, 25), date(2026, 11, 29)),  # Wednesday: the weekend nobody works on
        (date(2026, 11, 27), date(2026, 11, 29)),  # Friday
        (date(2026, 9, 14), date(2026, 9, 20)),  # Monday: Sunday 09-20 is worked
        (date(2026, 9, 20), date(2026, 9, 20)),  # that Sunday itself, Monday is worked too
        (date(2026, 9, 29), date(2026, 10, 7)),  # Tuesday: 国庆 begins on Thursday
        (date(2026, 10, 8), date(2026, 10, 11)),  # Thursday: Saturday 10-10 is worked
        (date(2026, 2, 11), date(2026, 2, 23)),  # Wednesday: Saturday 02-14 worked, then 春节
        (date(2026, 4, 3), date(2026, 4, 6)),  # Friday: 清明 to Monday
    ],
)
def test_week_ends_before_the_next_working_week_begins(today: date, until: date) -> None:
    assert end_of_week(today, CALENDAR) == until


def test_each_duty_of_the_unit_stands_in_the_list_of_its_day() -> None:
    at = {n: TODAY + timedelta(n) for n in (-1, 0, 1, 4, 5)}
    digest = read([duty("township:nanhui", day) for day in at.values()])[NANHUI]
    assert days(digest, "overdue") == ["township:nanhui 11-24"]
    assert days(digest, "due_today") == ["township:nanhui 11-25"]
    assert days(digest, "due_this_week") == ["township:nanhui 11-26", "township:nanhui 11-29"]
    assert digest.waiting == ()


def test_lateness_is_said_in_days_and_working_days() -> None:
    """2026-10-08 after 国庆: since 09-30 eight days have passed, of which one was worked."""
    owed = [duty("bureau", date(2026, 9, 30)), duty("bureau", date(2026, 10, 10))]
    after = read(owed, date(2026, 10, 8))[BUREAU]
    assert [(each.days, each.working_days) for each in after.overdue] == [(-8, -1)]
    assert [(each.days, each.working_days) for each in after.due_this_week] == [(2, 2)]


def test_townships_wait_for_their_villages_and_all_others_of_the_case() -> None:
    soon = TODAY + timedelta(40)
    others = ["bureau", "department:税务", "township:guoxi", "village:huanfu"]
    digest = read([duty("township:nanhui", TODAY), *(duty(unit, soon) for unit in others)])[NANHUI]
    assert [each.duty.unit for each in digest.waiting] == others
    assert all(each.working_days for each in digest.waiting)


def test_what_others_owe_is_no_digest_by_itself() -> None:
    assert set(read([duty("village:huanfu", TODAY), duty("department:税务", TODAY)])) == set()
    assert set(read([duty("township:nanhui", TODAY + timedelta(5))])) == set()


def test_lateness_is_shown_upward() -> None:
    """The district reads of its townships and villages, not of another's; the bureau of all."""
    late = TODAY - timedelta(1)
    units = ("city", "department:税务", "township:guoxi", "township:nanhui", "village:huanfu")
    made = read([duty(unit, late) for unit in units])
    assert set(made) == {NANHUI, GUOXI, LUCHENG, OUHAI, BUREAU}
    assert days(made[NANHUI], "overdue") == ["township:nanhui 11-24"]
    assert days(made[LUCHENG], "overdue") == ["township:nanhui 11-24", "village:huanfu 11-24"]
    assert days(made[OUHAI], "overdue") == ["township:guoxi 11-24"]
    assert [each.duty.unit for each in made[BUREAU].overdue] == list(units)
    assert made[BUREAU].waiting == ()
    assert [each.duty.unit for each in made[LUCHENG].waiting] == list(units[:3])


def test_one_digest_over_all_cases_of_a_unit_whatever_its_id_there() -> None:
    other = Standing.of(
        "B",
        "B项目",
        "running",
        '{"townships": [{"id": "nh", "name": "南汇街道", "district": "鹿城区"}]}',
    )
    duties = [
        duty("township:nanhui", TODAY),
        replace(duty("township:nanhui", TODAY, "B"), unit="township:nh"),
    ]
    digest = read(duties, TODAY, standing(), other)[NANHUI]
    assert [(each.duty.case_id, each.case_name) for each in digest.due_today] == [
        ("A", "A项目"),
        ("B", "B项目"),
    ]
    assert other.units[NANHUI] == "township:nh"
    assert NANHUI.id == "township:鹿城区/南汇街道"


@pytest.mark.parametrize("status", ["suspended", "terminated", "closed", "admitted"])
def test_a_case_that_does_not_run_stands_in_no_digest(status: str) -> None:
    duties = [duty("township:nanhui", TODAY, "A"), duty("bureau", TODAY, "B")]
    made = read(duties, TODAY, standing("A", status), standing("B"))
    assert set(made) == {BUREAU}


def test_met_and_cancelled_duties_stand_in_no_digest() -> None:
    met = duty("bureau", TODAY, state="met", met_on=TODAY)
    assert read([met, replace(met, duty_id="x", state="cancelled", met_on=None)]) == {}


UNITS = st.sampled_from(tuple(NAMES))
DUTIES = st.lists(
    st.builds(
        duty,
        UNITS,
        st.integers(-30, 30).map(lambda n: TODAY + timedelta(n)),
        st.sampled_from(("A", "B")),
    ),
    max_size=12,
    unique_by=lambda each: (each.case_id, each.duty_id),
)


@given(DUTIES)
def test_no_duty_due_or_late_is_read_by_nobody_nor_twice(duties: list[DutyRecord]) -> None:
    """The bureau reads every late duty; each list of a digest is apart from the others."""
    cases = (standing("A"), standing("B", only="nanhui"))
    made = read(duties, TODAY, *cases)
    late = {(each.case_id, each.duty_id) for each in duties if each.last_day < TODAY}
    shown = made[BUREAU].overdue if BUREAU in made else ()
    assert {(each.duty.case_id, each.duty.duty_id) for each in shown} == late
    for digest in made.values():
        assert digest.due_today or digest.due_this_week or digest.overdue
        listed = [
            (each.duty.case_id, each.duty.duty_id)
            for name in ("due_today", "due_this_week", "overdue", "waiting")
            for each in getattr(digest, name)
        ]
        assert len(listed) == len(set(listed))


@given(DUTIES)
def test_every_duty_stands_in_a_calendar_and_first_in_its_own_units(
    duties: list[DutyRecord],
) -> None:
    cases = {"A": standing("A"), "B": standing("B", only="nanhui")}
    for each in duties:
        case = cases[each.case_id]
        assert any(sees_to(unit, each, case) for unit in case.units)
        for unit in case.units:
            if owes(unit, each, case):
                assert sees_to(unit, each, case)
                assert hears_when_late(unit, each, case)
