"""The activity that measures a registered sheet: real registry, real rates, the office's prices."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.measuring import UNMEASURABLE, Measures
from activities.registry import Registry
from case.brief import brief, digest
from case.compensation import redated
from case.entries import CaseFile
from case.file import load
from case.measurement import Measurement, Measuring
from deploy.settings import REPOSITORY
from desk.sheets import register_sheet

EXAMPLES = REPOSITORY / "examples"
OFFICE = EXAMPLES / "office"
APPROVED = date(2026, 9, 1)
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


def measure(
    registry: Registry,
    file: CaseFile,
    *,
    office: Path = OFFICE,
    sheet: str | None = None,
    villages: tuple[str, ...] = (),
) -> Measurement:
    asked = Measuring(
        case_id=file.project.number,
        entry="e1",
        sheet=sheet or register_sheet(registry, file, NOW),
        plan_approved_on=APPROVED,
        villages=villages or tuple(village.id for _, village in file.villages),
    )
    return ActivityEnvironment().run(Measures(registry, office).measure, asked)


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


def test_a_sheet_appraised_as_of_another_day_is_refused_with_every_fault(
    registry: Registry,
) -> None:
    file = redated(load(EXAMPLES / "one-village.yaml"), date(2026, 8, 1))
    with pytest.raises(ApplicationError) as refused:
        measure(registry, file)
    assert (refused.value.type, refused.value.non_retryable) == (UNMEASURABLE, True)
    assert "2026-08-01" in refused.value.message
    assert "第二十条" in refused.value.message


def test_a_village_without_a_price_is_refused_and_never_measured_at_nothing(
    registry: Registry, tmp_path: Path
) -> None:
    file = redated(load(EXAMPLES / "three-villages.yaml"), APPROVED)
    with pytest.raises(ApplicationError, match="二类区片"):
        measure(registry, file, office=tmp_path)


def test_a_sheet_of_other_villages_is_refused(registry: Registry) -> None:
    file = redated(load(EXAMPLES / "one-village.yaml"), APPROVED)
    with pytest.raises(ApplicationError, match="与本案的村（shibuxi、xicun）不一致"):
        measure(registry, file, villages=("shibuxi", "xicun"))


def test_a_sheet_that_was_never_registered_is_refused(registry: Registry) -> None:
    with pytest.raises(ApplicationError) as refused:
        measure(registry, load(EXAMPLES / "one-village.yaml"), sheet="0" * 64)
    assert refused.value.type == UNMEASURABLE
