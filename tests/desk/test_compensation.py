"""The command `compensation`: table, JSON, a workbook that recomputes, and every fault at once."""

import json
import shutil
import subprocess
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from case.file import load
from desk.compensation import compensation
from desk.sheet_names import LONGEST, TAKEN, sheet_names
from desk.workbook import write_workbook
from tests.case.costing import computed, file, house, land
from tests.desk.recomputing import Recomputed

EXAMPLES = Path(__file__).parents[2] / "examples"
TOTALS = {"one-village": 58_912_929, "three-villages": 63_810_049}
SOFFICE = shutil.which("soffice")


def run(*arguments: str | Path, office: Path | None = None) -> Result:
    environment = {"LAND_OFFICE": str(office or "no-office")}
    return CliRunner().invoke(compensation, [str(each) for each in arguments], env=environment)


def done(*arguments: str | Path, office: Path | None = None) -> str:
    result = run(*arguments, office=office)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module", params=sorted(TOTALS))
def example(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def workbook(example: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("workbook") / f"{example}.xlsx"
    done(EXAMPLES / f"{example}.yaml", "--xlsx", path)
    return path


def people(name: str) -> set[str]:
    case = load(EXAMPLES / f"{name}.yaml")
    return {person.name for person in case.directory} | {
        text
        for _, village in case.villages
        for each in village.houses
        for text in (each.owner, each.title)
    }


def test_table_shows_the_total_and_no_person(example: str) -> None:
    said = done(EXAMPLES / f"{example}.yaml")
    assert f"合计 {TOTALS[example]:,} 元" in said
    assert not [name for name in people(example) if name in said]


def test_table_gathers_houses_paid_for_in_one_row_and_those_exchanged_in_another() -> None:
    said = done(EXAMPLES / "three-villages.yaml")
    rows = [line for line in said.splitlines() if line.strip().startswith("房屋 ")]
    assert [row.split()[1] for row in rows] == ["9", "3", "5", "2"]


def test_json_lines_can_be_checked_by_another_program(example: str) -> None:
    found: dict[str, Any] = json.loads(done(EXAMPLES / f"{example}.yaml", "--json"))
    assert found["total"] == str(TOTALS[example])
    for line in found["lines"]:
        scale = 10_000 if line["rate_unit"].startswith("万元") else 1
        product = Decimal(line["base"]) * Decimal(line["rate"]) * scale
        assert product.quantize(Decimal(1), rounding=ROUND_HALF_UP) == Decimal(line["amount"])
        assert line["collective"]
        assert line["article"]
        assert line["item"]
        assert line["unit"]
    assert sum(Decimal(line["amount"]) for line in found["lines"]) == TOTALS[example]
    assert sum(Decimal(village["subtotal"]) for village in found["villages"]) == TOTALS[example]
    assert sum(Decimal(each["amount"]) for each in found["payments"]) == TOTALS[example]
    retained = [line for line in found["lines"] if line["fund"] is None]
    assert sum(map(Decimal, found["funds"].values())) == TOTALS[example] - sum(
        Decimal(line["amount"]) for line in retained
    )


def test_workbook_recomputes_to_the_total(example: str, workbook: Path) -> None:
    book = Recomputed(workbook)
    row, _ = book.find("汇总", "合计")
    totals = {book.at("汇总", row, column) for column in range(2, 10)}
    assert TOTALS[example] in totals
    check, _ = book.find("汇总", "校核：两表合计之差（应为 0）")
    assert book.at("汇总", check, 2) == 0


def test_workbook_shows_before_it_is_recomputed_what_it_recomputes_to(workbook: Path) -> None:
    book, shown = Recomputed(workbook), load_workbook(workbook, data_only=True)
    formulas = list(book.formulas())
    assert len(formulas) > 40
    for sheet, cell, formula in formulas:
        at = shown[sheet][cell]
        assert at.value == pytest.approx(book.at(sheet, at.row, at.column), abs=1e-9), formula


def test_workbook_names_no_person(example: str, workbook: Path) -> None:
    text = "\n".join(Recomputed(workbook).texts())
    assert "房屋 " in text
    assert not [name for name in people(example) if name in text]


@pytest.mark.skipif(SOFFICE is None, reason="没有 LibreOffice，不用它重算")
def test_libreoffice_recomputes_to_the_same_total(
    example: str, workbook: Path, tmp_path: Path
) -> None:
    stale = tmp_path / "stale.xlsx"
    book = load_workbook(workbook)  # written back by openpyxl, it holds formulas and no values
    book.save(stale)
    assert load_workbook(stale, data_only=True)["汇总"]["B5"].value is None
    folder = tmp_path / "out"
    command = [str(SOFFICE), f"-env:UserInstallation=file://{tmp_path / 'profile'}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(folder), str(stale)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    sheet = load_workbook(folder / "stale.xlsx", data_only=True)["汇总"]
    values = {cell.value for row in sheet.iter_rows() for cell in row}
    assert TOTALS[example] in values
    assert not [value for value in values if isinstance(value, str) and value.startswith("#")]


_AREAS = st.decimals(min_value="0.0001", max_value="99.9999", places=4)


@settings(max_examples=30, deadline=None)
@given(_AREAS, st.decimals(min_value="10", max_value="600", places=2), st.booleans())
def test_any_surveyed_area_recomputes_to_the_exact_amount(
    tmp_path_factory: pytest.TempPathFactory, area: Decimal, footprint: Decimal, second: bool
) -> None:
    zone = 2 if second else 1
    case = file(
        zone,
        land("耕地", str(area), "公顷"),
        land("建设用地", "9999.99", "平方米"),
        houses=(("a", str(footprint)),),
        sheet={"houses": [house("a", "500000.5", zone)], "graves": 1},
    )
    found = computed(case)
    path = tmp_path_factory.mktemp("any") / "any.xlsx"
    write_workbook(found, path)
    book = Recomputed(path)
    row, _ = book.find("某村", "小计")
    assert book.at("某村", row, 8) == float(found.total)


def test_a_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    sheet = {"uncompensated": [{"item": "=1+1", "ground": "违法", "basis": "http://a.example"}]}
    path = tmp_path / "text.xlsx"
    write_workbook(computed(file(1, land("耕地", "1"), sheet=sheet)), path)
    assert not [text for _, _, text in Recomputed(path).formulas() if "1+1" in text]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (["石埠溪村"], ["石埠溪村"]),
        (["某村", "某村"], ["某村", "某村(2)"]),
        (["汇总", "A/B:村*", "'村'"], ["汇总(2)", "A_B_村_", "村"]),
        (["长" * 40, "长" * 40], ["长" * 31, "长" * 28 + "(2)"]),
        (["Abc", "aBC", "History", "''"], ["Abc", "aBC(2)", "History(2)", "村"]),
    ],
)
def test_sheets_have_names_that_every_program_takes(wanted: list[str], names: list[str]) -> None:
    assert list(sheet_names(wanted)) == names


@given(st.lists(st.text(max_size=40), max_size=8))
def test_no_two_sheets_are_named_alike(wanted: list[str]) -> None:
    names = sheet_names(wanted)
    assert len({name.casefold() for name in names} | {*TAKEN}) == len(names) + len(TAKEN)
    assert all(0 < len(name) <= LONGEST for name in names)


def test_every_fault_of_the_issue_is_said_at_once() -> None:
    result = run(EXAMPLES / "broken" / "compensation-all-faults.yaml")
    assert result.exit_code == 2
    assert result.stdout == ""
    for said in (
        "没有二类区片耕地、林地、设施农用地、建设用地在2025-06-10的征地区片综合地价",
        "“面积”应当大于0",
        "应当是征地补偿安置方案批准之日2025-06-10",
        "瓯海区没有“仙岩镇”这个乡镇（街道），是否应为“仙岩街道”",
        "“门台”须经区人民政府或者功能区管委会同意",
    ):
        assert said in result.stderr
    assert "共 5 处" in result.stderr


def test_a_house_below_its_deduction_is_said_with_its_line_among_all_faults(
    tmp_path: Path,
) -> None:
    text = (EXAMPLES / "one-village.yaml").read_text(encoding="utf-8")
    low, ground = "assessed: 560700", "ground: 违法"
    line = next(n for n, each in enumerate(text.splitlines(), 1) if low in each)
    path = tmp_path / "low.yaml"
    path.write_text(text.replace(low, "assessed: 1").replace(ground, "ground: 违规"), "utf-8")
    said = run(path).stderr
    assert "共 2 处" in said
    assert f"第{line}行 compensation.villages[0].houses[0].assessed" in said
    assert "低于应扣减的房屋基底占地安置补助费" in said


BROKEN = sorted((EXAMPLES / "broken").glob("compensation-*.yaml"))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_exits_2_and_computes_nothing(path: Path, tmp_path: Path) -> None:
    result = run(path, "--xlsx", tmp_path / "out.xlsx")
    assert (result.exit_code, result.stdout) == (2, "")
    assert not (tmp_path / "out.xlsx").exists()


def test_the_offices_prices_make_the_missing_price_good() -> None:
    path = EXAMPLES / "broken" / "compensation-no-price.yaml"
    office = EXAMPLES / "office"
    by_folder = done(path, office=office)
    assert by_folder == done(path, "--prices", office / "prices.yaml")
    assert "演练用，不是公布的价格" in by_folder


def test_faults_of_the_price_file_and_of_the_case_come_together(tmp_path: Path) -> None:
    prices = tmp_path / "prices.yaml"
    prices.write_text("prices:\n  - {zone: 2, land: 0}\n", encoding="utf-8")
    result = run(EXAMPLES / "broken" / "compensation-valuation-day.yaml", "--prices", prices)
    assert result.exit_code == 2
    assert "价格文件 第2行 prices[0].land" in result.stderr
    assert "2025-05-30" in result.stderr


def test_what_cannot_be_used_is_said_in_chinese(tmp_path: Path) -> None:
    assert "没有写要测算的项目文件" in run().stderr
    bare = tmp_path / "bare.yaml"
    text = (EXAMPLES / "one-village.yaml").read_text(encoding="utf-8")
    bare.write_text(text[: text.index("compensation:")], encoding="utf-8")
    assert "没有补偿测算一节" in run(bare).stderr
    nowhere = run(EXAMPLES / "one-village.yaml", "--xlsx", tmp_path / "no" / "out.xlsx")
    assert (nowhere.exit_code, "写不了电子表格" in nowhere.stderr) == (2, True)
    missing = run(EXAMPLES / "one-village.yaml", "--prices", tmp_path / "没有.yaml")
    assert (missing.exit_code, "找不到文件" in missing.stderr) == (2, True)
