"""`compensation`: what a case costs and grants, as a table, a workbook, or JSON."""

import json
from functools import partial
from pathlib import Path

import click

from activities.office.prices import price_table, price_table_of
from activities.registry import UnknownCase
from case.compensation import statement
from case.entries import CaseFile
from case.faults import Faults
from case.file import load as read
from case.statement import Statement
from case.valued import price_faults, without_section
from deploy.settings import load
from desk.cases import now, registry
from desk.errors import BadInput
from desk.screen import screen
from desk.sheets import register_sheet
from desk.statement_json import as_object
from desk.statement_table import show
from desk.workbook import write_workbook
from law.prices import PriceTable


@click.command("compensation")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取")
@click.option(
    "--xlsx",
    "workbook",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="文件",
    help="另存为电子表格，公式可以重算",
)
@click.option(
    "--prices",
    "prices_file",
    type=click.Path(path_type=Path),
    metavar="文件",
    help="区片综合地价文件；不写则用办公室文件夹里的 prices.yaml",
)
@click.option(
    "--register", "registers", is_flag=True, help="登记为本案的测算表，供 measure-compensation 使用"
)
def compensation(
    *,
    file: Path | None,
    as_json: bool,
    workbook: Path | None,
    prices_file: Path | None,
    registers: bool,
) -> None:
    """按本办法第十八条至第二十八条测算一个项目的征地补偿和各项费用。

    项目文件里要有补偿测算一节（compensation），写法见 docs/compensation.md。
    每一项列明依据、数量、标准和金额，金额四舍五入到元，合计是各项之和。
    价格、评估时点、同意文号等有缺有误的，一次列出全部问题，不作测算。

    \b
    例：
      starter.py compensation examples/one-village.yaml
      starter.py compensation examples/one-village.yaml --xlsx 测算.xlsx
      starter.py compensation 项目.yaml --prices 价格.yaml --json
      starter.py compensation 项目.yaml --register   方案批准后登记为测算表

    退出码：0 已测算；2 输入有误。
    """
    if file is None:
        raise BadInput(
            "没有写要测算的项目文件，如：starter.py compensation examples/one-village.yaml"
        )
    if registers and prices_file is not None:
        raise BadInput("登记的测算表按办公室的价格测算，不能同时用 --prices")
    case_file, found = statement_of(file, prices_file)
    sheet = _register(case_file) if registers else None
    if workbook is not None:
        _save(found, workbook)
    if as_json:
        content = as_object(found) | ({"sheet": sheet} if sheet else {})
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    console = screen()
    show(console, found)
    if workbook is not None:
        console.print(f"电子表格：{workbook}", soft_wrap=True)
    if sheet:
        number = case_file.project.number
        console.print(f"测算表已登记：{sheet}", soft_wrap=True)
        following = f"starter.py act {number} measure-compensation --sheet {sheet}"
        console.print(f"下一步：{following}", soft_wrap=True)


def _register(file: CaseFile) -> str:
    with registry(load()) as opened:
        try:
            return register_sheet(opened, file, now())
        except UnknownCase as error:
            raise BadInput(f"{error}先启动案件，再登记测算表。") from error


def statement_of(file: Path, prices_file: Path | None) -> tuple[CaseFile, Statement]:
    """A case file and its statement. Raises BadInput with everything wrong with file or prices."""
    faults: list[str] = []
    prices = _prices(prices_file, faults)
    try:
        read_file = read(file, without_section, partial(price_faults, prices))
        if not faults:
            return read_file, statement(read_file, prices)
    except Faults as found:
        faults += map(str, found)
    raise BadInput.listing(faults)


def _prices(prices_file: Path | None, faults: list[str]) -> PriceTable:
    """The prices to compute with; those shipped where the file is faulty, which is then said."""
    try:
        if prices_file is not None:
            return price_table_of(prices_file)
        return price_table(load().office)
    except Faults as found:
        faults += [f"价格文件 {fault}" for fault in found]
        return price_table(None)


def _save(found: Statement, path: Path) -> None:
    try:
        write_workbook(found, path)
    except OSError as error:
        raise BadInput(f"写不了电子表格“{path}”：请检查文件夹是否存在、有无权限") from error
