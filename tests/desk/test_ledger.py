"""`ledger`: the village ledger on the screen, in Excel and in JSON, and what is entered in it."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from activities.registry import Registry
from tests.activities.ledger_samples import DAO, SHI, XIA, YANG, grant, granted
from tests.desk.commandline import Office, environment

VERIFIED = date(2024, 1, 10)
NAMESAKE = ("瓯海区", "郭溪街道", "下寅村")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A desk without a server, whose registry holds the grants of one case to five villages."""
    found = environment(tmp_path, TEMPORAL_ADDRESS="127.0.0.1:1")
    with Registry.open(found["LAND_REGISTRY_URL"]) as registry:
        granted(
            registry,
            *(
                grant(amount, place, fact=f"quota/{place.village}", verified_on=VERIFIED)
                for amount, place in (
                    ("33008.13", SHI),
                    ("100.00", XIA),
                    ("50.00", YANG),
                    ("96000.00", DAO),
                )
            ),
            grant(
                "7.00",
                fact="quota/namesake",
                district=NAMESAKE[0],
                township=NAMESAKE[1],
                village=NAMESAKE[2],
                verified_on=VERIFIED,
            ),
        )
    return Office(found)


def _spend(village: str, way: str, amount: str, *more: str) -> tuple[str, ...]:
    entered = (
        "--spend",
        way,
        "--amount",
        amount,
        "--document",
        "〔2024〕1号",
        "--on",
        "2024-03-01",
    )
    return ("ledger", village, *entered, *more)


def _account(office: Office, village: str = "石埠西村") -> dict[str, Any]:
    (found,) = json.loads(office.done("ledger", village, "--json"))
    assert isinstance(found, dict)
    return found


def test_without_an_account_it_says_when_there_will_be_one(tmp_path: Path) -> None:
    empty = Office(environment(tmp_path))
    assert "还没有账户" in empty.done("ledger")
    assert json.loads(empty.done("ledger", "--json")) == []
    assert "台账中没有“某村”的账户。" in empty.refused(2, "ledger", "某村")


def test_all_accounts_are_listed_in_the_order_s_districts(office: Office) -> None:
    said = office.done("ledger")
    places = ("渔渡村", "下寅村", "石埠西村", "下寅村", "东浪村")
    lines = [line for line in said.splitlines() if any(place in line for place in places)]
    assert len(lines) == 5
    assert "洞头区" in lines[-1]
    assert lines[-1].split()[-2:] == ["96000.00", "元"]
    assert "33008.13" in said


def test_an_account_shows_every_entry_with_the_balance_after_it(office: Office) -> None:
    office.done(*_spend("石埠西村", "有偿收回", "1200.50"))
    said = office.done(
        *_spend("石埠西村", "合并使用", "300", "--to", "渔渡村", "--consent", "鹿政〔2024〕3号")
    )
    for part in (
        "已登记（登记号 merge-",
        "鹿城区/藤桥镇/石埠西村 住宅用房安置指标（平方米）",
        "+33008.13",
        "-1200.50",
        "31807.63",
        "31507.63",
        "并入鹿城区/仰义街道/渔渡村",
        "核给33008.13平方米，支出1500.50平方米（有偿收回1200.50、合并使用300.00），结余31507.63平方米。",
    ):
        assert part in said
    other = office.done("ledger", "渔渡村")
    assert "来自鹿城区/藤桥镇/石埠西村" in other
    assert "核给50.00平方米，并入300.00平方米，支出0.00平方米，结余350.00平方米。" in other


def test_the_retained_land_subsidy_is_paid_out(office: Office) -> None:
    assert "结余0.00元" in office.done(*_spend("东浪村", "拨付", "96000"))
    assert "只能拨付" in office.refused(3, *_spend("东浪村", "公开出让", "1"))


@pytest.mark.parametrize(
    "written",
    ["石埠西村", "藤桥镇/石埠西村", "鹿城区/藤桥镇/石埠西村", " 鹿城区 / 藤桥镇 / 石埠西村 "],
)
def test_a_village_is_found_by_as_much_of_its_name_as_is_needed(
    office: Office, written: str
) -> None:
    assert _account(office, written)["balance"] == "33008.13"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("下寅村", ("有几个“下寅村”", "鹿城区/藤桥镇/下寅村", "瓯海区/郭溪街道/下寅村")),
        ("无名村", ("没有“无名村”的账户", "鹿城区/藤桥镇/石埠西村")),
        ("仰义街道/石埠西村", ("没有“仰义街道/石埠西村”的账户",)),
        ("", ("没有“”的账户",)),
    ],
)
def test_a_village_that_cannot_be_told_is_bad_input(
    office: Office, written: str, words: tuple[str, ...]
) -> None:
    said = office.refused(2, "ledger", written)
    for word in words:
        assert word in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--spend", "有偿收回"), ("--amount：缺少这一项", "缺少文号")),
        (
            ("--spend", "送人", "--amount", "一亩", "--on", "昨天", "--id", "村"),
            (
                "没有“送人”这种方式（有：有偿收回、",
                "“一亩”不是数",
                "“昨天”不是日期",
                "登记号只能",
                "文号",
            ),
        ),
        (
            ("--spend", "合并使用", "--amount", "-5", "--document", "1号", "--on", "2099-01-01"),
            ("数量应当大于零", "2099-01-01晚于今天", "并入哪个村"),
        ),
        (
            ("--spend", "合并使用", "--amount", "5.005", "--document", "1号", "--to", "下寅村"),
            ("小数不得超过两位", "--to：有几个“下寅村”"),
        ),
        (
            (
                *(
                    "--spend",
                    "合并使用",
                    "--amount",
                    "5",
                    "--document",
                    "1号",
                    "--site",
                    "郭溪街道",
                ),
                *("--to", "鹿城区/藤乔镇/下寅村", "--note", "13800000000"),
            ),
            (
                "--to：鹿城区/藤乔镇/下寅村还没有账户，是否应为“鹿城区/藤桥镇/下寅村”",
                "没有“藤乔镇”",
                "“郭溪街道”属于瓯海区",
                "备注不得含有",
            ),
        ),
        (("--spend", "拨付", "--new-account"), ("--new-account 只与 --to 同用",)),
        (("--spend", "自行建设", "--amount", "5", "--document", " "), ("缺少文号", "建设项目")),
        (("--amount", "5", "--reason", "错"), ("--amount 只与 --spend 同用", "--reason 只与")),
        (("--spend", "拨付", "--correct", "s-1"), ("不能同时写",)),
        (("--correct", "s-9"), ("没有登记号为s-9的登记", "缺少冲正的理由")),
        (("--document", "1号"), ("--document 只与 --spend 或 --correct 同用",)),
        (("--csv", "/no/such/folder/台账.csv"), ("写不了文件",)),
    ],
)
def test_faults_are_said_all_at_once_and_nothing_is_entered(
    office: Office, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    said = office.refused(2, "ledger", "石埠西村", *arguments)
    for word in words:
        assert word in said
    if len(words) > 1:
        assert f"共 {len(words)} 处" in said
    assert len(_account(office)["entries"]) == 1


def test_entering_needs_a_village(office: Office) -> None:
    assert "哪个村" in office.refused(2, "ledger", "--spend", "拨付", "--amount", "1")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (_spend("石埠西村", "公开出让", "33008.14"), ("结余33008.13平方米", "第二十六条")),
        (_spend("石埠西村", "合并使用", "1", "--to", "渔渡村"), ("审定", "第二十五条末款")),
        (_spend("石埠西村", "拨付", "1"), ("没有可拨付的留地补助", "第二十四条")),
        (
            _spend("石埠西村", "合并使用", "1", "--to", "瓯海区/郭溪街道/下寅村"),
            ("不能跨区", "第二十五条末款"),
        ),
    ],
)
def test_what_the_order_does_not_allow_ends_with_3(
    office: Office, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    said = office.refused(3, *arguments)
    assert said.startswith("依法不予办理：")
    for word in words:
        assert word in said


def test_the_same_again_is_not_entered_twice(office: Office) -> None:
    office.done(*_spend("石埠西村", "有偿收回", "10"))
    assert "没有重复登记" in office.done(*_spend("石埠西村", "有偿收回", "10.00"))
    assert "已登记" in office.done(*_spend("石埠西村", "有偿收回", "10", "--id", "second"))
    assert "已用于另一项" in office.refused(
        2, *_spend("石埠西村", "有偿收回", "11", "--id", "second")
    )
    assert _account(office)["spent"] == {"buy_back": "20.00"}


def test_a_village_without_an_account_joins_by_its_name_in_full(office: Office) -> None:
    merge = ("石埠西村", "合并使用", "8", "--to")
    assert "写作 区/乡镇/村" in office.refused(2, *_spend(*merge, "新村"))
    in_full = _spend(*merge, "鹿城区/藤桥镇/新村")
    assert "确要新设账户的请加 --new-account" in office.refused(2, *in_full)
    assert "没有“鹿城区/藤桥镇/新村”的账户" in office.refused(2, "ledger", "鹿城区/藤桥镇/新村")
    office.done(*in_full, "--new-account")
    assert "没有重复登记" in office.done(*in_full)
    assert _account(office, "新村")["received"] == "8.00"


def test_a_wrong_entry_is_taken_back_by_a_further_one(office: Office) -> None:
    office.done(*_spend("石埠西村", "有偿收回", "10", "--id", "wrong", "--name", "张三"))
    back = ("ledger", "石埠西村", "--correct", "wrong", "--reason", "面积登错")
    assert "是鹿城区/藤桥镇/石埠西村的登记，不是鹿城区/仰义街道/渔渡村的" in office.refused(
        2, "ledger", "渔渡村", *back[2:]
    )
    said = office.done(*back)
    assert "面积登错" in said
    assert "支出0.00平方米，结余33008.13平方米。" in said
    assert "没有重复登记" in office.done(*back)
    assert "已由reversal-" in office.refused(2, *back[:-1], "另一理由")
    account = _account(office)
    assert [entry["way"] for entry in account["entries"]] == ["grant", "buy_back", "reversal"]
    assert (account["spent"], account["balance"]) == ({"buy_back": "0.00"}, "33008.13")
    assert account["entries"][-1]["reverses"] == "wrong"
    first = account["entries"][0]["entry_id"]
    assert "须在案件中更正" in office.refused(
        2, "ledger", "石埠西村", "--correct", first, "--reason", "错"
    )


def test_what_was_taken_back_is_entered_again_under_another_id(office: Office) -> None:
    asked = _spend("石埠西村", "有偿收回", "3000")
    office.done(*asked)
    id_ = _account(office)["entries"][-1]["entry_id"]
    office.done("ledger", "石埠西村", "--correct", id_, "--reason", "误冲")
    said = office.refused(2, *asked)
    assert f"登记号{id_}已由reversal-" in said
    assert "冲正，确要再登记的请用 --id 另给登记号" in said
    office.done(*asked, "--id", "again")
    assert _account(office)["balance"] == "30008.13"


def test_the_day_that_was_taken_is_said(office: Office) -> None:
    asked = _spend("石埠西村", "有偿收回", "10")
    assert "，发生日 2024-03-01）。" in office.done(*asked)
    undated = [part for part in asked if part not in {"--on", "2024-03-01"}]
    assert "，未写 --on，按今天）。" in office.done(*undated)


def test_all_that_is_left_is_spent_with_all_its_decimals(tmp_path: Path) -> None:
    found = environment(tmp_path)
    with Registry.open(found["LAND_REGISTRY_URL"]) as registry:
        granted(registry, grant("3433.476", verified_on=VERIFIED))
    office = Office(found)
    assert "全部用完的除外（可用3433.476平方米）" in office.refused(
        2, *_spend("石埠西村", "有偿收回", "1.005")
    )
    for amount in ("3433.476", "3433.47600"):
        said = office.done(*_spend("石埠西村", "有偿收回", amount))
    assert "没有重复登记" in said
    assert _account(office)["balance"] == "0.00"


def test_the_exported_table_opens_in_excel_and_says_no_names(
    office: Office, tmp_path: Path
) -> None:
    noted = ("--note", '=HYPERLINK("x")', "--name", "张三")
    office.done(*_spend("石埠西村", "有偿收回", "10", *noted))
    file = tmp_path / "台账.csv"
    assert f"已写入 {file}。" in office.done("ledger", "--csv", file)
    written = file.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert "张三" not in written.decode()
    rows = list(csv.DictReader(written.decode("utf-8-sig").splitlines()))
    assert len(rows) == 6
    (spent,) = [row for row in rows if row["方式"] == "有偿收回"]
    assert (spent["数量"], spent["结余"]) == ("-10.00", "32998.13")
    assert spent["备注"].startswith("'=")
    assert spent["依据"] == "第二十五条第（一）项"
    assert spent["经办单位"] == "市自然资源和规划局"
    office.done("ledger", "东浪村", "--csv", file)
    assert len(file.read_text("utf-8-sig").splitlines()) == 2


def test_json_says_amounts_exactly_and_no_names(office: Office) -> None:
    office.done(*_spend("石埠西村", "置换安置房", "0.10", "--name", "张三"))
    said = office.done("ledger", "--json")
    assert "张三" not in said
    accounts = json.loads(said)
    assert accounts[0]["village"] == "渔渡村"
    (account,) = [each for each in accounts if each["village"] == "石埠西村"]
    assert (account["granted"], account["balance"]) == ("33008.13", "33008.03")
    assert account["entries"][1]["amount"] == "-0.10"
    assert account["entries"][1]["occurred_on"] == "2024-03-01"
