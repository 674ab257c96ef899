"""`todo` answers from the registry alone."""

import json
from pathlib import Path

import pytest

from activities.registry import Registry
from case.brief import brief, digest
from case.file import load
from case.reckoning import reckon_all
from case.recording import records
from case.state import State
from law.calendar import official_calendar
from tests.desk.commandline import EXAMPLE, Office, environment
from tests.desk.test_filling import AT, DAY


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A desk whose registry holds one case, launched on 2026-05-06."""
    folder: Path = tmp_path_factory.mktemp("todo")
    found = environment(folder, TEMPORAL_ADDRESS="127.0.0.1:1")
    file = load(EXAMPLE)
    case = brief(file)
    launched = State(brief=case, launched_on=DAY)
    state, owed, _ = reckon_all(launched, DAY, official_calendar())
    with Registry.open(found["LAND_REGISTRY_URL"]) as registry:
        registry.admit(
            case.case_id,
            case.name,
            file.model_dump_json(),
            digest(file),
            ("鹿城区",),
            ("藤桥镇",),
            f"LA-{case.case_id}",
            AT,
        )
        registry.record(records(state, owed, AT, None))
    return Office(found)


def test_the_table_says_who_owes_what_by_when(office: Office) -> None:
    """Five working days after 2026-05-06; Saturday 2026-05-09 is worked."""
    said = office.done("todo", "--on", "2026-05-07")
    for part in ("2026-05-12", "剩 4 个工作日", "WZ-LC-2026-001", "市自然资源和规划局", "内部时限"):
        assert part in said


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ((), 1),
        (("--township", "藤桥镇"), 1),
        (("--unit", "自然资源"), 1),
        (("--unit", "bureau", "--case", "LA-WZ-LC-2026-001"), 1),
        (("--unit", "township:tengqiao"), 0),
        (("--overdue", "--on", "2026-05-12"), 0),
        (("--overdue", "--on", "2026-05-13"), 1),
    ],
)
def test_filters(office: Office, filters: tuple[str, ...], count: int) -> None:
    rows = json.loads(office.done("todo", "--json", "--on", "2026-05-12", *filters))
    assert len(rows) == count
    if count:
        assert rows[0]["duty_id"] == "draft/initiation"
        assert rows[0]["overdue"] == ("--overdue" in filters)
    else:
        assert "没有" in office.done("todo", "--on", "2026-05-12", *filters)
