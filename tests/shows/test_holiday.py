"""A payment ignored over the National Day (第十六条): every telling on its day, counted by hand."""

from datetime import date

import pytest
import pytest_asyncio

from deploy.server import LocalServer
from tests.shows.holiday import Ignored, in_memory, on_a_server, on_rest_days

USER, DISTRICT = "用地单位", "鹿城区人民政府（功能区管委会）"
BUREAU, CITY = "市自然资源和规划局", "市人民政府"
HANDLER = {(USER, "经办人")}
"""The land user has nobody else: its 经办人 is told in place of its 负责人."""
UP_TO_DISTRICT = HANDLER | {(DISTRICT, "经办人")}
UP_TO_BUREAU = UP_TO_DISTRICT | {(BUREAU, "负责人")}
UP_TO_CITY = UP_TO_BUREAU | {(CITY, "经办人")}
TOLD = [
    ("-10", HANDLER),
    ("-5", HANDLER),
    ("-2", HANDLER),
    ("-1", HANDLER),
    ("0", HANDLER),
    ("+1", UP_TO_DISTRICT),
    ("+3", UP_TO_BUREAU),
    ("+5", UP_TO_CITY),
]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ignored(server: LocalServer, tmp_path_factory: pytest.TempPathFactory) -> Ignored:
    """In 2027, under the adopted paper."""
    return await on_a_server(server, tmp_path_factory.mktemp("holiday"), date(2027, 8, 30))


def told(found: Ignored) -> list[tuple[date, str, set[tuple[str, str]]]]:
    """Day, rung and people; the land user by what all land users are called."""
    return [
        (
            each.day,
            each.rung,
            {(USER if unit.startswith(USER) else unit, role) for unit, role in each.told},
        )
        for each in found.tellings
    ]


def by_hand(opened: date, days: list[date]) -> list[tuple[date, str, set[tuple[str, str]]]]:
    rungs = [(day, rung, who) for day, (rung, who) in zip(days, TOLD, strict=True)]
    return [(opened, "open", HANDLER), *rungs]


def test_national_day_2027_on_a_server(ignored: Ignored) -> None:
    """09-26 (Sunday) counts; 10-01 to 10-07 are silent; the bureau hears on Saturday 10-09."""
    days = [
        date(2027, 9, 16),
        date(2027, 9, 23),
        date(2027, 9, 27),
        date(2027, 9, 28),
        date(2027, 9, 29),
        date(2027, 9, 30),
        date(2027, 10, 9),
        date(2027, 10, 12),
    ]
    assert ignored.last_day == date(2027, 9, 29)
    assert ignored.until == date(2027, 10, 19)
    assert told(ignored) == by_hand(date(2027, 8, 31), days)


def test_national_day_2026_with_the_last_day_just_before_it() -> None:
    """Late from 10-01 on, told of it first on 10-08; the bureau hears on Saturday 10-10."""
    days = [
        date(2026, 9, 16),
        date(2026, 9, 22),
        date(2026, 9, 28),
        date(2026, 9, 29),
        date(2026, 9, 30),
        date(2026, 10, 8),
        date(2026, 10, 10),
        date(2026, 10, 13),
    ]
    found = in_memory(date(2026, 8, 31))
    assert found.last_day == date(2026, 9, 30)
    assert told(found) == by_hand(date(2026, 9, 1), days)


def test_both_make_up_days_of_2026_are_told_on() -> None:
    """Received on a Saturday: five days before is Sunday 09-20, five after is Saturday 10-10."""
    days = [
        date(2026, 9, 14),
        date(2026, 9, 20),
        date(2026, 9, 23),
        date(2026, 9, 24),
        date(2026, 9, 28),
        date(2026, 9, 29),
        date(2026, 10, 8),
        date(2026, 10, 10),
    ]
    found = in_memory(date(2026, 8, 29))
    assert found.last_day == date(2026, 9, 28)
    assert found.until == date(2026, 10, 16)
    assert told(found) == by_hand(date(2026, 8, 31), days)


def test_nobody_is_told_on_a_rest_day(ignored: Ignored) -> None:
    assert on_rest_days(ignored) == ()
    free = {date(2027, 9, 15), *(date(2027, 10, day) for day in range(1, 8))}
    assert not free & {each.day for each in ignored.tellings}
