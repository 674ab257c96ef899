"""`rules`: the dated tables as a person reads them."""

import json
from pathlib import Path

import pytest

from tests.desk.commandline import Office, environment


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(environment(tmp_path))


def listed(office: Office, on: str) -> dict[str, dict[str, object]]:
    return {row["id"]: row for row in json.loads(office.done("rules", "--on", on, "--json"))}


def test_each_rule_says_its_article_instrument_days_and_value(office: Office) -> None:
    found = listed(office, "2026-06-01")
    notice = found["initiation-notice"]
    assert (notice["article"], notice["instrument"]) == ("第六条", "温政令〔2020〕7号")
    assert (notice["in_force_from"], notice["in_force_to"]) == ("2020-12-15", "2030-12-14")
    assert (notice["layer"], notice["value"]) == ("本办法", "不少于10个工作日")
    assert found["final-notice-by"]["layer"] == "上位法"
    assert found["hearing-notice"]["confirmed"] is False
    assert {row["kind"] for row in found.values()} == {"期限", "条件", "标准", "价格"}


def test_only_what_is_in_force_that_day_is_listed(office: Office) -> None:
    assert "final-notice-by" not in listed(office, "2021-08-31")
    assert "final-notice-by" in listed(office, "2021-09-01")
    assert "initiation-notice" not in listed(office, "2020-12-14")
    said = office.done("rules", "--on", "2030-12-15")
    assert "已经失效" in said
    assert "上位法（未核实）" in said


def test_a_faulty_price_file_is_said_and_nothing_listed(office: Office, tmp_path: Path) -> None:
    (tmp_path / "office").mkdir()
    (tmp_path / "office" / "prices.yaml").write_text("prices: 九万", encoding="utf-8")
    assert "价格文件" in office.refused(2, "rules")
