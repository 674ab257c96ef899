"""What a measurement comes to, shown before it is entered: by fund and village, and where the sheet
differs from the case file as launched."""

from collections.abc import Iterator

from rich.console import Console

from case.brief import VillageBrief
from case.land import written
from case.measurement import Measurement, grouped
from case.state import State
from case.wording import FUND_TITLES, Fund
from desk.screen import print_table, table


def show_amounts(
    console: Console, state: State, measured: Measurement, surveyed: tuple[VillageBrief, ...]
) -> None:
    """Print the amounts of a measurement for a case. `surveyed`: the villages as the sheet has
    them."""
    funds = table("资金", "金额（元）")
    for name, amount in measured.funds.items():
        funds.add_row(FUND_TITLES[Fund(name)], grouped(amount))
    funds.add_row("合计（含留地补助）", grouped(measured.total))
    print_table(console, f"测算结果（方案批准之日 {measured.plan_approved_on}）", funds)
    villages = table(
        "村", "应付（元）", "安置指标（平方米）", "留地补助（元）", "参保名额（计算数）"
    )
    for each in measured.villages:
        quota, subsidy = each.housing_quota, each.retained_land_subsidy
        villages.add_row(
            state.unit_name(f"village:{each.village}"),
            grouped(each.payable),
            "" if quota is None else written(quota),
            "" if subsidy is None else grouped(subsidy),
            written(each.insurance_places),
        )
    print_table(console, "各村", villages)
    for said in _differences(state, surveyed):
        console.print(f"注意：{said}", soft_wrap=True)


_ASPECTS = (
    ("farmland", "农用地", "亩"),
    ("forest", "林地", "亩"),
    ("construction", "建设用地", "亩"),
    ("unused", "未利用地", "亩"),
    ("contractors", "承包人", "名"),
    ("houses", "房屋", "幢"),
)


def _differences(state: State, surveyed: tuple[VillageBrief, ...]) -> Iterator[str]:
    """Where the sheet's land and holders differ from the launch's: the survey may have found so."""
    for each in surveyed:
        before = state.village(each.id)
        if before is not None:
            for name, title, unit in _ASPECTS:
                was, now = _value(before, name), _value(each, name)
                if was != now:
                    yield f"{each.name}的{title}，立案时 {was} {unit}，测算表 {now} {unit}。"


def _value(village: VillageBrief, name: str) -> str:
    found = getattr(village, name)
    return str(found) if isinstance(found, int) else written(found)
