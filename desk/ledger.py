"""`ledger`: the village ledger (第二十六条): shown, exported, and what villages spend entered."""

import json
from pathlib import Path

import click

from activities.registry import LedgerConflict, LedgerRefused, Registry, UnknownLedgerEntry
from case.ledger import LedgerEntry, Place
from deploy.settings import load
from desk.cases import now, registry
from desk.errors import BadInput, Refused
from desk.ledger_form import Written, accounts, misplaced, named, reversal, spending
from desk.ledger_shown import Accounts, as_csv, as_json, show_account, show_accounts
from desk.screen import screen


@click.command(
    "ledger",
    help="""村级台账：住宅用房安置指标（一类区片，平方米）和留地补助（二类区片，元）的核给、使用和结余（第二十四条至第二十六条）。读写登记簿，不需要连服务器。

不写村名，列出全部账户；写村名（或区/乡镇/村），列出该村每一笔收支。核给由案件核定时自动登记；支出用--spend登记，登错的用--correct冲正，不涂改、不删除。结余任何一天都不得为负。

\b
例：
  starter.py ledger
  starter.py ledger 石埠西村
  starter.py ledger 石埠西村 --csv 石埠西村台账.csv
  starter.py ledger 石埠西村 --spend 有偿收回 --amount 1200.50 \\
    --document 〔2027〕1号 --on 2027-03-01
  starter.py ledger 石埠西村 --spend 合并使用 --amount 300 \\
    --document 〔2027〕2号 --to 仰义街道/某村 --consent 〔2027〕3号
  starter.py ledger 石埠西村 --correct buy_back-3f2a9c51d0be --reason 面积登错

支出方式：有偿收回、置换安置房、公开出让、自行建设、合并使用（以上住宅用房安置指标，第二十五条）；拨付（留地补助，第二十四条）。
""",
)
@click.argument("village", metavar="[村]", required=False)
@click.option("--json", "as_json_", is_flag=True, help="输出 JSON。")
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(path_type=Path),
    metavar="文件",
    help="把列出的账户逐笔写入 CSV 文件，可用 Excel 打开。",
)
@click.option("--spend", "way", metavar="方式", help="登记一笔支出，写明方式。")
@click.option(
    "--amount", metavar="数量", help="支出数量：平方米或者元，至多两位小数，用完结余的照结余写。"
)
@click.option(
    "--document", "--document-number", "document", metavar="文号", help="支出所依据文件的文号。"
)
@click.option("--on", metavar="年-月-日", help="发生日，不得晚于今天；默认今天。")
@click.option("--to", metavar="村", help="合并使用：并入哪个村；没有账户的村写作 区/乡镇/村。")
@click.option("--new-account", is_flag=True, help="确认 --to 的村还没有账户，为它新设。")
@click.option("--consent", metavar="文号", help="跨乡镇（街道）时，区政府或者管委会审定的文号。")
@click.option("--project", metavar="名称", help="建设项目；自行建设必填。")
@click.option("--site", metavar="乡镇", help="项目选址的乡镇（街道），限本区；默认本乡镇（街道）。")
@click.option("--note", metavar="文字", help="备注。")
@click.option("--correct", metavar="登记号", help="冲正登错的一笔支出。")
@click.option("--reason", metavar="文字", help="冲正的理由；冲正必填。")
@click.option("--id", metavar="登记号", help="默认由内容生成：同样的内容再登记一次不会重复。")
@click.option("--unit", metavar="单位", help="经办单位；默认市自然资源和规划局。")
@click.option("--role", metavar="职务", help="办理人的职务；默认经办人。")
@click.option("--name", "person", metavar="姓名", help="办理人姓名，只存入登记簿。")
def ledger(
    *,
    village: str | None,
    as_json_: bool,
    csv_file: Path | None,
    new_account: bool,
    **options: str | None,
) -> None:
    """Show, export or enter; exit code 2 for what cannot be read, 3 for what is refused."""
    written = Written(**options, new_account=new_account)
    if wrong := misplaced(written, village):
        raise BadInput.listing(wrong)
    console = screen()
    with registry(load()) as opened:
        entries = opened.ledger()
        place = named(village, _places(entries)) if village is not None else None
        if place is not None and (written.way is not None or written.correct is not None):
            said = _enter(opened, written, place, entries)
            if not as_json_:
                console.print(said, soft_wrap=True)
            entries = opened.ledger()
    shown = {
        account: rows
        for account, rows in accounts(entries).items()
        if place is None or account.place == place
    }
    if csv_file is not None:
        _export(csv_file, shown)
    if as_json_:
        click.echo(json.dumps(as_json(shown), ensure_ascii=False, indent=2, default=str))
    elif not shown:
        console.print("台账中还没有账户：案件核定安置指标或者留地补助以后才有。")
    elif place is None:
        show_accounts(console, shown)
    else:
        for account, rows in shown.items():
            show_account(console, account, rows)
    if csv_file is not None and not as_json_:
        console.print(f"已写入 {csv_file}。", soft_wrap=True)


def _places(entries: tuple[LedgerEntry, ...]) -> set[Place]:
    return {entry.account.place for entry in entries}


def _enter(
    opened: Registry, written: Written, place: Place, entries: tuple[LedgerEntry, ...]
) -> str:
    """Enter the spending or reversal; what came of it, as a sentence."""
    moment = now()
    try:
        if written.way is not None:
            spent = spending(written, place, entries, moment.date())
            id_, day, new = spent.id, spent.occurred_on, opened.spend(spent, moment)
        else:
            back = reversal(written, place, entries, moment.date())
            id_, day, new = back.id, back.occurred_on, opened.reverse(back, moment)
    except LedgerRefused as refused:
        raise Refused(str(refused)) from refused
    except (LedgerConflict, UnknownLedgerEntry) as wrong:
        raise BadInput(str(wrong)) from wrong
    if new:
        today = "，未写 --on，按今天" if written.on is None else ""
        return f"已登记（登记号 {id_}，发生日 {day}{today}）。"
    again = f"同样的内容此前已经登记（登记号 {id_}，发生日 {day}），没有重复登记"
    return f"{again}；确是另一次的，请用 --id 另给登记号。"


def _export(file: Path, shown: Accounts) -> None:
    try:
        file.write_bytes(as_csv(shown))
    except OSError as error:
        raise BadInput(f"写不了文件“{file}”：请检查文件夹是否存在、有无权限。") from error
