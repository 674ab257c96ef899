"""What a case grants to its villages' accounts, as entries of the village ledger (第二十四条)."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from case.ledger import (
    Account,
    Kind,
    LedgerEntry,
    Place,
    Way,
    available,
    balance,
    holding,
    written,
)
from case.records import GrantRecord


def granting(
    wanted: GrantRecord | None, rows: tuple[LedgerEntry, ...], at: datetime, today: date
) -> LedgerEntry | None:
    """The entry that makes the ledger say what a case grants under one fact; None if it does.

    wanted: the grant as it stands in the case, None if it does not stand. rows: what the ledger has
    under that fact, as entered. The first entry falls on the day of the verification; what a
    correction changes falls on the day it is made, so that no past day's balance is restated.
    """
    last = rows[-1] if rows else None
    held = balance(rows)
    if wanted is None:
        if last is None or last.verified_on is None:
            return None
        return replace(
            _changed(last, -held, rows, at, today),
            note=f"核定{written(held)}{last.account.kind.unit}已在案件中更正撤销",
            case_entry=None,
            verified_on=None,
        )
    if last is None:
        return _granted(wanted, at)
    stands = (held, last.document_number, last.case_entry, last.verified_on)
    if stands == (wanted.amount, wanted.document_number, wanted.entry_id, wanted.verified_on):
        return None
    unit = last.account.kind.unit
    return replace(
        _changed(last, wanted.amount - held, rows, at, today),
        document_number=wanted.document_number,
        note=f"核定由{written(held)}{unit}更正为{written(wanted.amount)}{unit}"
        f"，核定日{wanted.verified_on}",
        case_entry=wanted.entry_id,
        verified_on=wanted.verified_on,
        unit=wanted.unit,
        role=wanted.role,
    )


def _granted(wanted: GrantRecord, at: datetime) -> LedgerEntry:
    place = Place(wanted.district, wanted.township, wanted.village)
    return LedgerEntry(
        entry_id=_grant_id(wanted.case_id, wanted.fact, 1),
        account=Account(place, Kind(wanted.kind)),
        way=Way.GRANT,
        occurred_on=wanted.verified_on,
        amount=wanted.amount,
        document_number=wanted.document_number,
        unit=wanted.unit,
        role=wanted.role,
        case_id=wanted.case_id,
        fact=wanted.fact,
        case_entry=wanted.entry_id,
        verified_on=wanted.verified_on,
        registered_at=at,
    )


def _changed(
    last: LedgerEntry, by: Decimal, rows: tuple[LedgerEntry, ...], at: datetime, today: date
) -> LedgerEntry:
    return replace(
        last,
        entry_id=_grant_id(last.case_id or "", last.fact or "", len(rows) + 1),
        number=0,
        way=Way.REGRANT,
        amount=by,
        occurred_on=today,
        registered_at=at,
    )


def _grant_id(case_id: str, fact: str, number: int) -> str:
    """An id that no person can give: theirs have no "/"."""
    return f"{case_id}/{fact}/{number}"


def too_much_taken(row: LedgerEntry, entries: tuple[LedgerEntry, ...]) -> str | None:
    """Why a case's grant cannot shrink by `row`: it was spent already. None if it can.

    entries: of the account, without `row`.
    """
    if row.amount >= 0 or -row.amount <= available(entries, row.occurred_on):
        return None
    account = row.account
    return (
        f"{holding(account, entries, row.occurred_on)}，"
        f"不足核减{written(-row.amount)}{account.kind.unit}：已使用的须先在台账中冲正，"
        "核定才能更正（第二十六条）。"
    )
