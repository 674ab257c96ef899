"""`transition`: what 温政发〔2020〕27号 says of an acquisition between the old law and the new."""

import json
from dataclasses import asdict
from datetime import date

import click

from desk.cases import now
from desk.days import Day
from desk.errors import BadInput
from desk.screen import print_table, screen, table
from law.entry import TRANSITION
from law.order import zone_of
from law.rules import out_of_force
from law.streets import unknown_street
from law.transition import Acquisition, Decision, decisions, out_of_order

_YES_NO = click.Choice(["是", "否"])


@click.command(
    "transition",
    help="""新老政策衔接：按温政发〔2020〕27号五点，逐点说明适用的规定、标准和理由。不知道的日期不写。

\b
例：
  starter.py transition --district 瓯海区 --township 三垟街道 \\
    --approved 2019-11-20 --announced 2020-03-10 --accepted 2019-09-01
""",
)
@click.option("--district", metavar="区", required=True, help="所在区。")
@click.option("--township", metavar="乡镇（街道）", required=True, help="所在乡镇（街道）。")
@click.option("--approved", type=Day(), metavar="日期", help="土地征收方案批准之日。")
@click.option("--announced", type=Day(), metavar="日期", help="征地补偿安置方案公告（公布）之日。")
@click.option("--accepted", type=Day(), metavar="日期", help="省政府受理用地报批之日。")
@click.option("--submitted", type=Day(), metavar="日期", help="用地报批之日。")
@click.option(
    "--conforms", type=_YES_NO, help="前期工作是否符合《浙江省土地征收程序规定（试行）》。"
)
@click.option("--houses-settled", type=_YES_NO, help="房屋补偿和安置是否已经完成；没有房屋的不写。")
@click.option("--house-agreement", type=Day(), metavar="日期", help="房屋协议签订之日。")
@click.option("--no-farmland", is_flag=True, help="不征收农用地。")
@click.option("--industrial", is_flag=True, help="报批时拟安排工业、商服用地。")
@click.option("--on", type=Day(), metavar="日期", help="以哪一天为准；默认今天。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def transition(
    *,
    district: str,
    township: str,
    approved: date | None,
    announced: date | None,
    accepted: date | None,
    submitted: date | None,
    conforms: str | None,
    houses_settled: str | None,
    house_agreement: date | None,
    no_farmland: bool,
    industrial: bool,
    on: date | None,
    as_json: bool,
) -> None:
    """Print the five decisions; exit code 2 with every fault at once."""
    case = Acquisition(
        district=district,
        township=township,
        acquisition_approved_on=approved,
        plan_announced_on=announced,
        accepted_on=accepted,
        earlier_work_conforms=_truth(conforms),
        # An agreement about houses says that there are houses.
        houses_settled=_truth(houses_settled)
        if house_agreement is None
        else houses_settled == "是",
        house_agreement_on=house_agreement,
        has_farmland=not no_farmland,
        industrial_or_commercial=industrial,
        submitted_on=submitted,
    )
    faults = list(out_of_order(case))
    try:
        zone_of(district, township)
        if unknown := unknown_street(district, township):
            faults.append(unknown)
    except ValueError as error:
        faults.append(str(error))
    if faults:
        raise BadInput.listing(faults)
    today = on or now().date()
    found = decisions(case, today)
    if as_json:
        rows = [asdict(each) | {"source": each.source} for each in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        _print(found, district + township, out_of_force(today))


def _truth(said: str | None) -> bool | None:
    return None if said is None else said == "是"


def _print(found: tuple[Decision, ...], place: str, expired: str | None) -> None:
    console, made = screen(), table("点", "事项", "适用", "标准", "理由")
    for each in found:
        made.add_row(str(each.point), each.subject, each.regime, each.standard, each.reason)
    print_table(console, f"{place}：新老政策衔接（{TRANSITION}）", made)
    if expired:
        console.print(f"注意：{expired}。")
