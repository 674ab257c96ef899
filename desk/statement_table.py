"""A statement of compensation on the screen: a table a collective, then what it comes to."""

from collections.abc import Iterator
from decimal import Decimal

from rich.console import Console
from rich.table import Table

from case.land import written
from case.statement import Due, Kind, Line, Payer, Statement, VillageStatement
from case.wording import FUND_TITLES
from desk.screen import print_table, table
from law.order import ZONE_TITLES
from law.prices import Price

_EACH_HOUSE = "逐幢金额见 --xlsx 或者 --json"


def yuan(amount: Decimal) -> str:
    """Whole yuan with separators: "64,915,990"."""
    return f"{amount:,}"


def show(console: Console, found: Statement) -> None:
    """Print a statement: the lines of each village, then funds, payers, grants, prices, flags."""
    console.print(f"{found.project}（{found.case_id}）征地补偿测算", style="bold", soft_wrap=True)
    console.print(f"征地补偿安置方案批准之日（价格和评估时点）：{found.plan_approved_on}\n")
    for village in found.villages:
        title = (
            f"{village.district}{village.township}{village.name}　{ZONE_TITLES[village.zone]}　"
            f"{village.collective}"
        )
        print_table(console, title, _lines_table(found.of(village.village), village))
    print_table(console, "按资金", _funds_table(found))
    print_table(console, "按付款人和付款时点", _payments_table(found))
    print_table(console, "核给的指标和名额（不计入金额）", _grants_table(found))
    print_table(console, "区片综合地价出处", _prices_table(found.prices))
    if found.flags:
        console.print("请核对", style="bold")
        for flag in found.flags:
            console.print(f"  · {flag}", soft_wrap=True)
        console.print()
    console.print(f"合计 {yuan(found.total)} 元", style="bold")


def _lines_table(lines: tuple[Line, ...], village: VillageStatement) -> Table:
    made = table("项目", "依据", "数量", "标准", "金额（元）", "说明")
    for name in ("数量", "标准", "金额（元）"):
        column = next(each for each in made.columns if each.header == name)
        column.justify, column.no_wrap = "right", True
    for row in _rows(lines):
        made.add_row(*row)
    made.add_section()
    made.add_row(
        "小计", "", "", "", yuan(village.subtotal), f"其中第十六条应付 {yuan(village.payable)}"
    )
    return made


def _rows(lines: tuple[Line, ...]) -> Iterator[tuple[str, ...]]:
    """A row a line; the houses of a village as one, those exchanged for others as another."""
    shown: set[Due] = set()
    for line in lines:
        if line.kind is not Kind.HOUSE:
            yield line.item, line.article, _base(line), _rate(line), yuan(line.amount), line.note
        elif line.due not in shown:
            shown.add(line.due)
            houses = [each for each in lines if each.kind is Kind.HOUSE and each.due is line.due]
            amount = sum((each.amount for each in houses), Decimal(0))
            number = f"{len(houses)} 幢"
            note = "；".join(part for part in (line.note, _EACH_HOUSE) if part)
            yield f"房屋 {number}", line.article, number, line.rate_unit, yuan(amount), note


def _base(line: Line) -> str:
    return f"{line.base:,} 元" if line.unit == "元" else f"{written(line.base)} {line.unit}"


def _rate(line: Line) -> str:
    if line.kind is Kind.NOTHING:
        return "不予补偿"
    if line.unit == "元" and line.rate == 1:
        return line.rate_unit
    return f"{written(line.rate)} {line.rate_unit}"


def _funds_table(found: Statement) -> Table:
    made = table("资金", "金额（元）")
    made.columns[1].justify = "right"
    for fund, amount in found.funds.items():
        made.add_row(FUND_TITLES[fund], yuan(amount))
    retained = sum((line.amount for line in found.lines if line.fund is None), Decimal(0))
    if retained:
        made.add_row("留地补助（第二十四条）", yuan(retained))
    for fund in found.unmeasured:
        made.add_row(FUND_TITLES[fund], "另行测算")
    made.add_section()
    made.add_row("合计", yuan(found.total))
    return made


def _payments_table(found: Statement) -> Table:
    made = table("付款人", "付款时点", "金额（元）")
    made.columns[2].justify = "right"
    for payer in Payer:
        for due in Due:
            if (amount := found.payments.get((payer, due))) is not None:
                made.add_row(payer, due, yuan(amount))
    return made


def _grants_table(found: Statement) -> Table:
    made = table("农村集体经济组织", "项目", "依据", "计算", "核给", "说明")
    for grant in found.grants:
        product = (
            f"{written(grant.base)} {grant.unit} × {written(grant.rate)} = {written(grant.exact)}"
        )
        made.add_row(
            grant.collective,
            grant.item,
            grant.article,
            product,
            f"{written(grant.granted)} {grant.granted_unit}",
            "；".join(part for part in (grant.rule, grant.note) if part),
        )
    return made


def _prices_table(prices: tuple[Price, ...]) -> Table:
    made = table(
        "区片", "地类", "土地补偿费", "安置补助费", "综合地价（万元/亩）", "文号", "施行", "出处"
    )
    for price in prices:
        made.add_row(
            ZONE_TITLES[price.zone],
            price.grouped,
            written(price.land or Decimal(0)),
            written(price.resettlement or Decimal(0)),
            written(price.composite),
            price.instrument,
            f"{price.in_force_from}至{price.in_force_to or '今'}",
            price.source + ("（办公室录入）" if price.by_office else ""),
        )
    return made
