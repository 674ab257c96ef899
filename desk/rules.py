"""`rules`: every rule in force on a day, with its article, instrument and value."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date

import click

from activities.office.prices import price_table
from case.faults import Faults
from deploy.settings import load
from desk.cases import now
from desk.days import Day
from desk.errors import BadInput
from desk.screen import print_table, screen, table
from law.conditions import CONDITIONS
from law.entry import OFFICE, Layer, Provision
from law.money import RATES
from law.order import ZONE_TITLES
from law.prices import PriceTable
from law.rules import ALL_PERIODS, out_of_force


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry as it is listed."""

    id: str
    kind: str
    """期限, 条件, 标准 or 价格."""
    layer: str
    article: str
    instrument: str
    in_force_from: date | None
    in_force_to: date | None
    title: str
    value: str
    note: str
    confirmed: bool = True


@click.command(
    "rules",
    help="""列出某一天施行的全部规定：期限、条件、标准、价格，每条写明依据、文号、施行起止和数值。

\b
例：
  starter.py rules
  starter.py rules --on 2023-06-30
  starter.py rules --json

“上位法”是本办法以外的法律法规规章；注明“未核实”的，没有见到全文，只作提示，不据以办理。
""",
)
@click.option("--on", type=Day(), metavar="日期", help="哪一天施行的；默认今天。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def rules(*, on: date | None, as_json: bool) -> None:
    """List the dated tables as of one day; exit code 2 for a faulty price file of the office."""
    day = on or now().date()
    try:
        prices = price_table(load().office)
    except Faults as faults:
        raise BadInput.listing(f"价格文件 {fault}" for fault in faults) from faults
    rows = [*_periods(day), *_conditions(day), *_rates(day), *_prices(prices, day)]
    if as_json:
        click.echo(
            json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2, default=str)
        )
        return
    console, made = screen(), table("类", "层", "依据", "事项", "数值", "施行", "说明")
    for row in rows:
        made.add_row(
            row.kind,
            row.layer if row.confirmed else f"{row.layer}（未核实）",
            row.article if row.article == OFFICE else f"{row.instrument}{row.article}",
            row.title,
            row.value,
            f"{row.in_force_from or '不详'}至{row.in_force_to or ''}",
            row.note,
        )
    print_table(console, f"{day}施行的规定，共 {len(rows)} 条", made)
    if expired := out_of_force(day):
        console.print(f"注意：{expired}。")


def _periods(day: date) -> Iterator[Row]:
    for rule in ALL_PERIODS:
        if rule.in_force(day):
            length = rule.counting.phrase(rule.length) if rule.length else rule.counting.value
            yield _row("期限", rule, length)


def _conditions(day: date) -> Iterator[Row]:
    for each in CONDITIONS:
        if each.in_force(day):
            row = _row("条件", each, f"{each.value}{each.unit}")
            yield replace(row, confirmed=each.confirmed)


def _rates(day: date) -> Iterator[Row]:
    for rate in RATES:
        if rate.in_force(day):
            fixed = None if rate.value is None else f"{rate.value.normalize():f}{rate.unit}"
            row = _row("标准", rate, fixed or "按评估、实际或者价格")
            yield replace(row, title=f"{rate.title}（{_zone(rate.zone)}）")


def _zone(zone: int | None) -> str:
    return "两类区片" if zone is None else ZONE_TITLES[zone]


def _row(kind: str, entry: Provision, value: str) -> Row:
    return Row(
        id=entry.id,
        kind=kind,
        layer=entry.layer,
        article=entry.article,
        instrument=entry.instrument,
        in_force_from=entry.in_force_from,
        in_force_to=entry.in_force_to,
        title=entry.title,
        value=value,
        note=entry.note,
    )


def _prices(prices: PriceTable, day: date) -> Iterator[Row]:
    for price in prices.prices:
        begun = price.in_force_from is not None and price.in_force_from <= day
        if begun and day <= (price.in_force_to or date.max):
            yield Row(
                id=f"price-{price.zone}-{price.in_force_from}",
                kind="价格",
                layer="办公室填写" if price.by_office else Layer.ORDER,
                article="",
                instrument=price.instrument,
                in_force_from=price.in_force_from,
                in_force_to=price.in_force_to,
                title=f"征地区片综合地价（{ZONE_TITLES[price.zone]}：{'、'.join(price.classes)}）",
                value=f"{price.composite.normalize():f}万元/亩",
                note=price.note,
            )
