"""How the village ledger is shown: on the terminal, as JSON, as a table that Excel opens.

Persons' names stay in the registry.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from rich.console import Console

from case.ledger import Account, LedgerEntry, Totals, Way, running, totals, written
from desk.screen import print_table, table
from law import SHANGHAI

Accounts = Mapping[Account, tuple[LedgerEntry, ...]]

COLUMNS = (
    "区",
    "乡镇（街道）",
    "村（社区）",
    "种类",
    "单位",
    "日期",
    "方式",
    "数量",
    "结余",
    "文号",
    "依据",
    "对方村（社区）",
    "建设项目",
    "选址",
    "审定文号",
    "案件",
    "案件登记号",
    "登记号",
    "冲正的登记号",
    "备注",
    "经办单位",
    "职务",
    "登记时间",
)
"""The columns of the exported table."""

_UNITS = {"bureau": "市自然资源和规划局"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def show_accounts(console: Console, accounts: Accounts) -> None:
    """A line an account."""
    made = table("区", "乡镇（街道）", "村（社区）", "种类", "核给", "并入", "支出", "结余", "单位")
    for column in made.columns[4:8]:
        column.justify = "right"
    for account, entries in accounts.items():
        place, kind, sums = account.place, account.kind, totals(entries)
        made.add_row(
            place.district,
            place.township,
            place.village,
            kind.label,
            written(sums.granted),
            written(sums.received),
            written(sum(sums.spent.values(), Decimal(0))),
            written(sums.balance),
            kind.unit,
        )
    print_table(console, f"村级台账 {len(accounts)} 户", made)


def show_account(console: Console, account: Account, entries: tuple[LedgerEntry, ...]) -> None:
    """Every entry with the balance after it, then the sums."""
    made = table("日期", "方式", "数量", "结余", "文号", "事项", "登记号")
    for column in made.columns[:4]:
        column.no_wrap = True
    for column in made.columns[2:4]:
        column.justify = "right"
    for entry, held in running(entries):
        made.add_row(
            str(entry.occurred_on),
            entry.way.label,
            signed(entry.amount),
            written(held),
            entry.document_number,
            _matter(entry),
            entry.entry_id,
        )
    print_table(console, f"{account.place} {account.kind.label}（{account.kind.unit}）", made)
    console.print(summary(account, totals(entries)), soft_wrap=True)


def summary(account: Account, sums: Totals) -> str:
    """What came in, what went out by way, what is left: one sentence."""
    unit = account.kind.unit
    parts = [f"核给{written(sums.granted)}{unit}"]
    if sums.received:
        parts.append(f"并入{written(sums.received)}{unit}")
    ways = "、".join(
        f"{way.label}{written(amount)}" for way, amount in sums.spent.items() if amount
    )
    spent = sum(sums.spent.values(), Decimal(0))
    parts.append(f"支出{written(spent)}{unit}" + (f"（{ways}）" if ways else ""))
    parts.append(f"结余{written(sums.balance)}{unit}")
    return "，".join(parts) + "。"


def signed(amount: Decimal) -> str:
    """An amount with its sign, so that what comes in and what goes out are told apart."""
    return f"+{written(amount)}" if amount > 0 else written(amount)


def _matter(entry: LedgerEntry) -> str:
    """What the entry is about, apart from its amount."""
    parts = []
    if entry.case_id is not None:
        parts.append(f"案件{entry.case_id}")
    if entry.reverses is not None:
        parts.append(f"冲正{entry.reverses}")
    if entry.other is not None:
        into = (entry.amount < 0) != (entry.way is Way.REVERSAL)
        parts.append(f"{'并入' if into else '来自'}{entry.other}")
    if entry.project:
        parts.append(entry.project)
    if entry.site:
        parts.append(f"选址{entry.site}")
    if entry.consent:
        parts.append(f"审定{entry.consent}")
    if entry.note:
        parts.append(entry.note)
    return "，".join(parts)


def as_json(accounts: Accounts) -> list[dict[str, Any]]:
    """Every account with its sums and entries, in order; amounts exact, as text."""
    return [_account_json(account, entries) for account, entries in accounts.items()]


def _account_json(account: Account, entries: tuple[LedgerEntry, ...]) -> dict[str, Any]:
    sums = totals(entries)
    return {
        "district": account.place.district,
        "township": account.place.township,
        "village": account.place.village,
        "kind": account.kind,
        "unit": account.kind.unit,
        "granted": written(sums.granted),
        "received": written(sums.received),
        "spent": {way.value: written(amount) for way, amount in sums.spent.items()},
        "balance": written(sums.balance),
        "entries": [_entry_json(entry, held) for entry, held in running(entries)],
    }


def _entry_json(entry: LedgerEntry, held: Decimal) -> dict[str, Any]:
    return {
        "entry_id": entry.entry_id,
        "occurred_on": entry.occurred_on,
        "way": entry.way,
        "article": entry.way.article,
        "amount": written(entry.amount),
        "balance": written(held),
        "document_number": entry.document_number,
        "other": str(entry.other) if entry.other else None,
        "project": entry.project,
        "site": entry.site,
        "consent": entry.consent,
        "case_id": entry.case_id,
        "case_entry": entry.case_entry,
        "reverses": entry.reverses,
        "note": entry.note,
        "unit": entry.unit,
        "role": entry.role,
        "registered_at": entry.registered_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
    }


def as_csv(accounts: Accounts) -> bytes:
    """All entries as one table: UTF-8 with the mark by which Excel knows it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for account, entries in accounts.items():
        for entry, held in running(entries):
            writer.writerow([_cell(value) for value in _row(account, entry, held)])
    return text.getvalue().encode("utf-8-sig")


def _row(account: Account, entry: LedgerEntry, held: Decimal) -> Iterable[str | Decimal | date]:
    place, kind = account.place, account.kind
    yield from (place.district, place.township, place.village, kind.label, kind.unit)
    yield from (entry.occurred_on, entry.way.label, entry.amount, held)
    yield from (entry.document_number, entry.way.article)
    yield from (str(entry.other or ""), entry.project or "", entry.site or "")
    yield from (entry.consent or "", entry.case_id or "", entry.case_entry or "")
    yield from (entry.entry_id, entry.reverses or "", entry.note)
    yield from (_UNITS.get(entry.unit, entry.unit), entry.role)
    yield entry.registered_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def _cell(value: str | Decimal | date) -> str:
    """A cell as text; Excel must not take what a person wrote for a formula."""
    if isinstance(value, Decimal):
        return written(value)
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
