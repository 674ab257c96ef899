"""Who is told at each level, and who in their place where nobody is named."""

from typing import Any

import pytest

from activities.directory import Directory
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
