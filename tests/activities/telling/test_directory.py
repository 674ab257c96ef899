"""Who is told at each level, and who in their place where nobody is named."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.office.stand_ins import StandIn
from activities.telling.directory import Directory, acknowledged
from activities.telling.message import Recipient
from case.ladder import Level
from tests.activities.samples import DIRECTORY, DISTRICTS, file_json, person, reminder


def _told(directory: list[dict[str, Any]] | None = None, **changes: Any) -> list[str]:
    found = Directory(file_json(directory), DISTRICTS).recipients(reminder(**changes))
    return [recipient.person for recipient in found]


def _without(*units: str) -> list[dict[str, Any]]:
    return [entry for entry in DIRECTORY if entry["unit"] not in units]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"audience": ("handler",)}, ["南甲"]),
        ({"audience": ("head",)}, ["南乙"]),
        ({"audience": ("district",)}, ["鹿甲"]),
        ({"audience": ("district",), "district": None}, ["鹿甲", "瓯甲"]),
        ({"audience": ("bureau",)}, ["局乙"]),
        ({"audience": ("city",)}, ["市甲"]),
        (
            {"audience": ("handler", "head", "district", "bureau", "city")},
            ["南甲", "南乙", "鹿甲", "局乙", "市甲"],
        ),
        ({"audience": ("handler",), "unit": "bureau"}, ["局甲"]),
        # The bureau's own duty: its head stands at two levels and is told once.
        ({"audience": ("handler", "head", "bureau"), "unit": "bureau"}, ["局甲", "局乙"]),
    ],
)
def test_each_level_is_told(changes: dict[str, Any], told: list[str]) -> None:
    assert _told(**changes) == told


def test_a_missing_role_falls_to_the_other_and_is_told_once() -> None:
    guoxi: dict[str, Any] = {
        "unit": "township:guoxi",
        "unit_name": "郭溪街道",
        "district": "瓯海区",
    }
    assert _told(audience=("handler", "head"), **guoxi) == ["郭甲"]
    assert _told(audience=("city", "head"), unit="city") == ["市甲"]


def test_everybody_in_the_role_is_told() -> None:
    two = [*DIRECTORY, person("township:nanhui", "经办人", "南丙")]
    assert _told(two) == ["南甲", "南丙"]


@pytest.mark.parametrize(
    ("unit", "nobody_in", "told"),
    [
        ("village:nanhui-village", (), "南甲"),
        ("village:nanhui-village", ("township:nanhui",), "鹿甲"),
        ("village:unheard-of", (), "鹿甲"),
        ("township:nanhui", ("township:nanhui",), "鹿甲"),
        ("township:nanhui", ("township:nanhui", "district:鹿城区"), "局甲"),
        ("township:nanhui", ("township:nanhui", "district:鹿城区", "bureau"), "市甲"),
        ("department:公安", (), "局甲"),
        ("land_user", (), "局甲"),
        ("city", ("city",), "局甲"),
    ],
)
def test_a_unit_without_anybody_passes_upward(
    unit: str, nobody_in: tuple[str, ...], told: str
) -> None:
    assert _told(_without(*nobody_in), unit=unit) == [told]


def test_who_stands_in_knows_for_whom() -> None:
    directory = Directory(file_json(_without("township:nanhui")), DISTRICTS)
    (stand_in,) = directory.recipients(reminder())
    assert stand_in.unit == "district:鹿城区"
    assert stand_in.in_place_of == "南汇街道"


def test_one_district_without_anybody_does_not_silence_the_other() -> None:
    told = _told(_without("district:鹿城区"), audience=("district",), district=None)
    assert told == ["局甲", "瓯甲"]


def test_only_an_empty_directory_reaches_nobody() -> None:
    everybody = ("handler", "head", "district", "bureau", "city")
    assert _told([], audience=everybody) == []
    for entry in DIRECTORY:
        if entry["unit"] in {"bureau", "city"}:
            assert _told([entry], audience=everybody) == [entry["name"]]


def test_a_person_is_reached_on_the_channel_and_then_on_the_others() -> None:
    clerk = person("township:nanhui", "经办人", "南甲", "email", ("sms",))
    head = person("township:nanhui", "负责人", "南乙")
    found = Directory(file_json([clerk, head]), DISTRICTS).recipients(
        reminder(audience=("handler", "head"))
    )
    assert [[each.kind for each in told.addresses] for told in found] == [
        ["email", "sms"],
        ["outbox"],
    ]


def _leave(name: str, stand_in: str, **changes: str) -> StandIn:
    written = {
        "unit": "township:nanhui",
        "role": "经办人",
        "name": name,
        "from": "2026-10-12",
        "until": "2026-10-16",
        "stand_in": {"name": stand_in, "channel": {"kind": "outbox", "address": stand_in}},
    }
    return StandIn.model_validate(written | changes)


def _on(
    day: date | None,
    *leaves: StandIn,
    directory: list[dict[str, Any]] | None = None,
    **changes: Any,
) -> list[tuple[str, str]]:
    found = Directory(file_json(directory), DISTRICTS, leaves, day).recipients(reminder(**changes))
    return [(told.person, told.stands_in_for) for told in found]


AWAY = date(2026, 10, 14)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 10, 11), ("南甲", "")),
        (date(2026, 10, 12), ("南丁", "南甲")),
        (date(2026, 10, 16), ("南丁", "南甲")),
        (date(2026, 10, 17), ("南甲", "")),
        (None, ("南甲", "")),
    ],
)
def test_a_stand_in_is_told_on_the_days_of_leave(day: date | None, told: tuple[str, str]) -> None:
    assert _on(day, _leave("南甲", "南丁")) == [told]


@pytest.mark.parametrize(
    "other",
    [{"unit": "township:guoxi"}, {"role": "负责人"}, {"name": "南乙"}],
)
def test_leave_is_of_one_person_in_one_role_of_one_unit(other: dict[str, str]) -> None:
    assert _on(AWAY, _leave(**{"name": "南甲", "stand_in": "南丁", **other})) == [("南甲", "")]


def test_a_stand_in_on_leave_is_not_followed() -> None:
    leaves = (_leave("南甲", "南丁"), _leave("南丁", "南戊"))
    assert _on(AWAY, *leaves) == [("南丁", "南甲")]


def test_a_colleague_who_stands_in_is_told_once_and_a_head_in_each_role() -> None:
    two = [*DIRECTORY, person("township:nanhui", "经办人", "南丙")]
    assert _on(AWAY, _leave("南甲", "南丙"), directory=two) == [("南丙", "")]
    both = ("handler", "head")
    assert _on(AWAY, _leave("南甲", "南乙"), audience=both) == [("南乙", "南甲"), ("南乙", "")]


def test_a_stand_in_takes_the_place_of_the_person() -> None:
    directory = Directory(file_json(), DISTRICTS, (_leave("南甲", "南丁"),), AWAY)
    (stand_in,) = directory.recipients(reminder())
    assert stand_in.position == ("township:nanhui", "经办人", "南甲")
    assert [each.address for each in stand_in.addresses] == ["南丁"]


def _climb(directory: Directory, start: Recipient, **changes: Any) -> list[tuple[str, str]]:
    """Who is told one after the other while nobody can be reached, and in whose place."""
    climbed = []
    below: tuple[Recipient, ...] = (start,)
    while below := tuple(
        up for one in below[:1] for up in directory.above(one, reminder(**changes))
    ):
        climbed.append((below[0].person, below[0].in_place_of))
        assert len(climbed) < 12
    return climbed


@pytest.mark.parametrize(
    ("changes", "climbed"),
    [
        (
            {},
            [
                ("南乙", "南汇街道经办人"),
                ("鹿甲", "南汇街道经办人"),
                # The district has no head, so the bureau's clerk follows its clerk.
                ("局甲", "南汇街道经办人"),
                ("局乙", "南汇街道经办人"),
                ("市甲", "南汇街道经办人"),
            ],
        ),
        (
            {"audience": ("head",)},
            [
                ("鹿甲", "南汇街道"),
                ("局甲", "南汇街道"),
                ("局乙", "南汇街道"),
                ("市甲", "南汇街道"),
            ],
        ),
        (
            {"audience": ("district",)},
            [
                ("局甲", "鹿城区人民政府（功能区管委会）"),
                ("局乙", "鹿城区人民政府（功能区管委会）"),
                ("市甲", "鹿城区人民政府（功能区管委会）"),
            ],
        ),
        ({"audience": ("bureau",)}, [("市甲", "市自然资源和规划局")]),
        # Above the city nobody stands: the bureau runs the case and must see to it.
        ({"audience": ("city",)}, [("局甲", "市人民政府"), ("局乙", "市人民政府")]),
    ],
)
def test_whom_no_channel_reaches_is_told_of_to_the_next_upward(
    changes: dict[str, Any], climbed: list[tuple[str, str]]
) -> None:
    directory = Directory(file_json(), DISTRICTS)
    (start,) = directory.recipients(reminder(**changes))
    assert _climb(directory, start, **changes) == climbed


def test_a_head_who_is_the_clerk_too_is_not_tried_twice() -> None:
    alone = [
        *_without("township:nanhui"),
        person("township:nanhui", "经办人", "南甲"),
        {**person("township:nanhui", "经办人", "南甲"), "role": "负责人"},
    ]
    directory = Directory(file_json(alone), DISTRICTS)
    (start,) = directory.recipients(reminder())
    assert [told.person for told in directory.above(start, reminder())] == ["鹿甲"]


_ROLES = ("经办人", "负责人")
_UNITS = ("village:nanhui-village", "township:nanhui", "district:鹿城区", "bureau", "city")


@given(
    st.lists(st.tuples(st.sampled_from(_UNITS), st.sampled_from(_ROLES)), unique=True),
    st.sampled_from((*_UNITS, "department:公安", "land_user")),
    st.sets(st.sampled_from(list(Level)), min_size=1),
)
def test_upward_always_comes_to_an_end_and_never_back(
    people: list[tuple[str, str]], unit: str, audience: set[Level]
) -> None:
    entries = [person(each, role, f"{each}/{role}") for each, role in people]
    changes = {"unit": unit, "unit_name": unit, "audience": tuple(sorted(audience))}
    directory = Directory(file_json(entries), DISTRICTS)
    found = directory.recipients(reminder(**changes))
    assert bool(found) == bool({each for each, _ in people} & _upward_of(unit, audience))
    for start in found:
        climbed = [name for name, _ in _climb(directory, start, **changes)]
        assert len({start.person, *climbed}) == 1 + len(climbed)


def _upward_of(unit: str, audience: set[Level]) -> set[str]:
    """Bureau and city always; below them only what lies on the way of a level told."""
    reached = {"bureau", "city"}
    if audience & {Level.HANDLER, Level.HEAD} and unit in _UNITS:
        reached |= set(_UNITS[_UNITS.index(unit) :])
    if Level.DISTRICT in audience:
        reached.add("district:鹿城区")
    return reached


@pytest.mark.parametrize(
    ("said", "day", "silent"),
    [
        (("township:nanhui|经办人",), date(2026, 11, 30), True),
        (("township:nanhui|经办人",), date(2026, 12, 7), True),
        # Once the last day is over, everybody is told again.
        (("township:nanhui|经办人",), date(2026, 12, 8), False),
        (("township:nanhui|负责人", "bureau|经办人"), date(2026, 11, 30), False),
        ((), date(2026, 11, 30), False),
    ],
)
def test_who_has_acknowledged_is_not_told_before_the_last_day_is_over(
    said: tuple[str, ...], day: date, silent: bool
) -> None:
    told = reminder(acknowledged=said)
    (clerk,) = Directory(file_json(), DISTRICTS).recipients(told)
    assert acknowledged(clerk, told, day) is silent
