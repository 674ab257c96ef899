"""The office's price file: it adds and replaces, and a faulty one says everything at once."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from activities.office.prices import FILE, price_table, read_prices
from case.faults import Faults
from law.prices import SHIPPED

EXAMPLE = Path(__file__).parents[3] / "examples" / "office" / FILE
SOUND = """
prices:
  - zone: 2
    classes: [农用地（除林地外）, 建设用地]
    land: 2.4
    resettlement: 4.1
    composite: 6.5
    in_force_from: 2024-01-01
    instrument: 某文〔2024〕1号
    source: 某报
"""


def written(folder: Path, text: str) -> Path:
    path = folder / FILE
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(folder: Path, text: str) -> dict[str, str]:
    with pytest.raises(Faults) as raised:
        read_prices(written(folder, text))
    return {fault.place: fault.sentence for fault in raised.value}


def test_without_a_file_the_shipped_prices_stand(tmp_path: Path) -> None:
    assert price_table(tmp_path).prices == price_table(None).prices == SHIPPED


def test_the_office_adds_a_price_with_its_groups_spelled_out(tmp_path: Path) -> None:
    written(tmp_path, SOUND)
    price = price_table(tmp_path).price(2, "养殖水面", date(2026, 1, 1))
    assert (price.composite, price.by_office) == (Decimal("6.5"), True)
    assert "林地" not in price.classes


def test_the_example_gives_zone_2_a_price_for_rehearsals() -> None:
    prices = price_table(EXAMPLE.parent)
    for land in ("耕地", "林地", "建设用地", "未利用地"):
        assert "演练" in prices.price(2, land, date(2027, 1, 1)).note


WRONG = [
    ("land: 2.4", "land: -2.4", "prices[0].land", "应当大于0"),
    ("land: 2.4", "land: 24000", "prices[0].land", "万元/亩"),
    ("zone: 2", "zone: 3", "prices[0].zone", "只能是1、2"),
    ("composite: 6.5", "composite: 6.6", "prices[0].composite", "不等于"),
    ("建设用地]", "住宅]", "prices[0].classes[1]", "只能是全部地类、农用地"),
    ("2024-01-01", "2024.1.1", "prices[0].in_force_from", "应当是日期"),
    ("source: 某报", "sauce: 某报", "prices[0].sauce", "是否应为“source”"),
    ("source: 某报", "source: 某报\n    in_force_to: 2023-12-31", "prices[0].in_force_to", "早于"),
    ("    source: 某报\n", "", "prices[0].source", "缺少这一项"),
]


@pytest.mark.parametrize(("old", "new", "place", "said"), WRONG)
def test_a_faulty_price_is_said_with_its_place(
    tmp_path: Path, old: str, new: str, place: str, said: str
) -> None:
    assert SOUND.count(old) == 1
    assert said in faults_of(tmp_path, SOUND.replace(old, new))[place]


def test_two_prices_for_one_day_are_a_fault_and_all_faults_come_at_once(tmp_path: Path) -> None:
    entry = SOUND.removeprefix("\nprices:\n")
    text = (
        SOUND
        + entry.replace("composite: 6.5", "composite: 7")
        + entry.replace("zone: 2", "zone: 9")
    )
    faults = faults_of(tmp_path, text)
    assert set(faults) == {"prices[1].composite", "prices[1].in_force_from", "prices[2].zone"}
    assert "在同一日都施行" in faults["prices[1].in_force_from"]
