"""The activity that measures a registered sheet: real registry, real rates, the office's prices."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.measuring import UNMEASURABLE, Measures, measured
from activities.registry import Registry
from case.brief import brief, digest
from case.compensation import redated
from case.entries import CaseFile
from case.faults import Faults
from case.file import load
from case.measurement import Measurement, Measuring
from deploy.settings import REPOSITORY
from desk.sheets import register_sheet

EXAMPLES = REPOSITORY / "examples"
OFFICE = EXAMPLES / "office"
APPROVED = date(2026, 9, 1)
EARLIER = date(2026, 8, 1)
NOW = datetime(2026, 9, 2, tzinfo=UTC)


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry.open(f"sqlite:///{tmp_path / 'registry.db'}") as opened:
        for name in ("one-village", "three-villages"):
            file = load(EXAMPLES / f"{name}.yaml")
            case = brief(file)
            opened.admit(
                case.case_id, case.name, file.model_dump_json(), digest(file), (), (), "w", NOW
            )
        yield opened


def asked(file: CaseFile, sheet: str) -> Measuring:
    return Measuring(
        case_id=file.project.number, entry="e1", sheet=sheet, plan_approved_on=APPROVED
    )


def measure(
    registry: Registry,
    file: CaseFile,
    *,
    office: Path = OFFICE,
    sheet: str | None = None,
) -> Measurement:
    wanted = asked(file, sheet or register_sheet(registry, file, NOW))
    return ActivityEnvironment().run(Measures(registry, office).measure, wanted)


@pytest.mark.parametrize("name", ["one-village", "three-villages"])
def test_the_funds_and_what_no_fund_pays_make_up_the_total(registry: Registry, name: str) -> None:
    found = measure(registry, redated(load(EXAMPLES / f"{name}.yaml"), APPROVED))
    subsidies = sum(each.retained_land_subsidy or Decimal(0) for each in found.villages)
    assert sum(found.funds.values()) + subsidies == found.total
    assert found.plan_approved_on == APPROVED
    assert all(amount == amount.to_integral() for amount in found.funds.values())
    for village in found.villages:
        assert (village.housing_quota is None) is not (village.retained_land_subsidy is None)


def test_no_house_and_no_owner_is_kept(registry: Registry) -> None:
    file = redated(load(EXAMPLES / "one-village.yaml"), APPROVED)
    kept = str(measure(registry, file))
    for _, village in file.villages:
        assert not [house.owner for house in village.houses if house.owner in kept]


def refused(registry: Registry, file: CaseFile, *, office: Path = OFFICE) -> tuple[str, list[str]]:
    """What the activity says of a sheet, and the faults that the desk lists for it."""
    with pytest.raises(ApplicationError) as error:
        measure(registry, file, office=office)
    assert (error.value.type, error.value.non_retryable) == (UNMEASURABLE, True)
    with pytest.raises(Faults) as faults:
        measured(registry, office, asked(file, register_sheet(registry, file, NOW)))
    return error.value.message, [fault.sentence for fault in faults.value]


def test_a_sheet_of_another_day_is_refused_in_one_sentence(
    registry: Registry,
) -> None:
    said, faults = refused(registry, redated(load(EXAMPLES / "one-village.yaml"), EARLIER))
    (fault,) = faults
    assert "写的方案批准之日是2026-08-01，本案登记的是2026-09-01" in fault
    assert said.startswith("测算表有 1 处问题"), "what the faults say stays out of the history"


def test_a_village_without_a_price_is_refused_and_never_measured_at_nothing(
    registry: Registry, tmp_path: Path
) -> None:
    file = redated(load(EXAMPLES / "three-villages.yaml"), APPROVED)
    _, faults = refused(registry, file, office=tmp_path)
    assert [fault for fault in faults if "二类区片" in fault]


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("use", "项目一节与立案时不同"),
        ("village", "村“xicun”（.*）与立案时（没有）不同"),
        ("zone", "洞头区、北岙街道、石埠溪村、2类区片"),
        ("shape", "已不合现在的格式"),
    ],
)
def test_a_sheet_of_another_project_is_refused(registry: Registry, part: str, words: str) -> None:
    file = redated(load(EXAMPLES / "one-village.yaml"), APPROVED)
    said = json.loads(file.model_dump_json(by_alias=True))
    if part == "use":
        said["project"]["industrial_or_commercial"] = True
    elif part == "village":
        said["townships"][0]["villages"][0]["id"] = "xicun"
        said["compensation"]["villages"][0]["village"] = "xicun"
    elif part == "zone":
        said["townships"][0] |= {"district": "洞头区", "name": "北岙街道"}
        said["townships"][0]["villages"][0]["zone"] = 2
    else:
        del said["signing"]
    sheet = part.ljust(64, "0")
    registry.register_sheet(file.project.number, sheet, json.dumps(said), NOW)
    with pytest.raises(Faults, match=words):
        measured(registry, OFFICE, asked(file, sheet))


def test_areas_as_surveyed_may_differ_from_those_at_launch(registry: Registry) -> None:
    file = redated(load(EXAMPLES / "one-village.yaml"), APPROVED)
    before = measure(registry, file)
    said = json.loads(file.model_dump_json(by_alias=True))
    said["townships"][0]["villages"][0]["parcels"].append(
        {"class": "未利用地", "area": "1", "unit": "亩"}
    )
    after = measure(registry, CaseFile.model_validate(said))
    assert after.funds["land"] == before.funds["land"] + 90_000


def test_unlawful_houses_bring_no_fund_for_houses(registry: Registry) -> None:
    file = redated(load(EXAMPLES / "one-village.yaml"), APPROVED)
    said = json.loads(file.model_dump_json(by_alias=True))
    section = said["compensation"]["villages"][0]
    section["uncompensated"] += [
        {"item": "无证房屋", "house": house["house"], "ground": "违法", "basis": "某文1号"}
        for house in section["houses"]
    ]
    section["houses"] = []
    assert measure(registry, CaseFile.model_validate(said)).funds["houses"] == 0


def test_a_sheet_that_was_never_registered_is_refused(registry: Registry) -> None:
    with pytest.raises(ApplicationError) as refused:
        measure(registry, load(EXAMPLES / "one-village.yaml"), sheet="0" * 64)
    assert refused.value.type == UNMEASURABLE
