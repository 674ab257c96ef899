"""How the village ledger is written and read: entries are added, never changed, never too many.

What may be entered is decided in case.ledger and its neighbours, from the rows as they stand under
a lock on the whole ledger: entries are few, and a merging touches two accounts at once.
"""

from collections import defaultdict
from dataclasses import fields
from datetime import datetime

import structlog
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from activities.registry.errors import GrantSpent, LedgerConflict, LedgerRefused, UnknownLedgerEntry
from activities.registry.tables import LedgerRow
from case.granting import granting, too_much_taken
from case.ledger import Account, Kind, LedgerEntry, Place, Way, in_order
from case.records import Records
from case.spending import Spending, faults, refusal, spent
from case.taking_back import (
    Reversal,
    irreversible,
    reversal_faults,
    reversal_refusal,
    sides,
    taken_back,
)
from law.deadline import SHANGHAI

logger = structlog.get_logger(__name__)

_PLAIN = tuple(
    field.name for field in fields(LedgerEntry) if field.name not in {"account", "way", "other"}
)
"""What an entry and its row have alike."""


def entries(
    session: Session, district: str | None, township: str | None, village: str | None
) -> tuple[LedgerEntry, ...]:
    """Entries by account, each account in order; see Registry.ledger."""
    chosen = select(LedgerRow)
    if district is not None:
        chosen = chosen.where(LedgerRow.district == district)
    if township is not None:
        chosen = chosen.where(LedgerRow.township == township)
    if village is not None:
        chosen = chosen.where(LedgerRow.village == village)
    accounts: dict[Account, list[LedgerEntry]] = defaultdict(list)
    for row in session.scalars(chosen):
        entry = _entry(row)
        accounts[entry.account].append(entry)
    # The two databases sort Chinese differently, so it is done here.
    return tuple(
        entry
        for account in sorted(accounts, key=lambda account: account.order)
        for entry in in_order(accounts[account])
    )


def record_grants(session: Session, records: Records) -> None:
    """Add what makes the ledger say what the case grants; nothing where it says so already.

    Expects the case's row held. Raises GrantSpent where the change takes a grant away of which too
    much is spent. A change that is not to blame for that is let through: the ledger waits for it to
    be put right, a case does not stand still for it.
    """
    case_id = records.case.case_id
    at = records.case.updated_at
    standing: dict[str, list[LedgerEntry]] = defaultdict(list)
    for row in session.scalars(
        select(LedgerRow).where(LedgerRow.case_id == case_id).order_by(LedgerRow.number)
    ):
        standing[row.fact or ""].append(_entry(row))
    wanted = {grant.fact: grant for grant in records.grants}
    today = at.astimezone(SHANGHAI).date()
    found = [
        (fact, granting(wanted.get(fact), tuple(standing[fact]), at, today))
        for fact in sorted({*wanted, *standing})
    ]
    added = [(fact, entry) for fact, entry in found if entry is not None]
    if not added:
        return
    _hold(session)
    for fact, entry in added:
        short = too_much_taken(entry, _of(session, entry.account))
        if short is None:
            _add(session, entry)
        elif _takes_away(records, standing[fact]):
            raise GrantSpent(short)
        else:
            logger.warning("a grant that was taken away is spent", case_id=case_id, fact=fact)


def spend(session: Session, spending: Spending, at: datetime) -> bool:
    """Enter a spending; see Registry.spend."""
    _require(faults(spending, at.astimezone(SHANGHAI).date()))
    _hold(session)
    rows = spent(spending, at)
    if _repeated(session, rows):
        if before := _reversed_by(session, spending.id):
            raise LedgerConflict(
                f"同样的内容曾经登记，登记号{spending.id}已由{before}冲正，"
                "确要再登记的请用 --id 另给登记号。"
            )
        return False
    if refused := refusal(spending, _of(session, spending.account)):
        raise LedgerRefused(refused)
    for row in rows:
        _add(session, row)
    return True


def reverse(session: Session, reversal: Reversal, at: datetime) -> bool:
    """Take an entry back; see Registry.reverse."""
    _require(reversal_faults(reversal, at.astimezone(SHANGHAI).date()))
    _hold(session)
    originals = tuple(
        _entry(row)
        for row in session.scalars(
            select(LedgerRow)
            .where(LedgerRow.entry_id.in_(sides(reversal.entry_id)))
            .order_by(LedgerRow.entry_id)
        )
    )
    if not originals:
        raise UnknownLedgerEntry(reversal.entry_id)
    if why := irreversible(originals):
        raise LedgerConflict(why)
    rows = taken_back(reversal, originals, at)
    before = _reversed_by(session, originals[0].entry_id)
    if before is not None and not _same(rows, _known(session, rows)):
        raise LedgerConflict(f"{originals[0].entry_id}已由{before}冲正，不能再冲正。")
    if _repeated(session, rows):
        return False
    for original in originals:
        if refused := reversal_refusal(reversal, original, _of(session, original.account)):
            raise LedgerRefused(refused)
    for row in rows:
        _add(session, row)
    return True


def _require(found: tuple[str, ...]) -> None:
    if found:
        raise LedgerRefused(f"{'；'.join(found)}。")


def _hold(session: Session) -> None:
    """Keep other writers of the ledger out until the transaction ends; readers go on."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE village_ledger IN SHARE ROW EXCLUSIVE MODE"))


def _reversed_by(session: Session, entry_id: str) -> str | None:
    """The id of the entry that takes this one back."""
    return session.scalar(select(LedgerRow.entry_id).where(LedgerRow.reverses == entry_id))


def _takes_away(records: Records, standing: list[LedgerEntry]) -> bool:
    """Whether this very change corrects, or sends back, the entry on which the grant rests."""
    entry = records.entry
    if entry is None or not standing:
        return False
    return entry.command == "send_back" or entry.corrects == standing[-1].case_entry


def _repeated(session: Session, rows: tuple[LedgerEntry, ...]) -> bool:
    """Whether exactly these were entered before. Raises LedgerConflict for an id used otherwise."""
    known = _known(session, rows)
    if known and not _same(rows, known):
        raise LedgerConflict(
            f"登记号{rows[0].entry_id}已用于另一项内容不同的登记，请换一个登记号。"
        )
    return bool(known)


def _known(session: Session, rows: tuple[LedgerEntry, ...]) -> dict[str, LedgerEntry]:
    """What stands under the ids of `rows`, or of the other side of a merging."""
    found = select(LedgerRow).where(LedgerRow.entry_id.in_(sides(rows[0].entry_id)))
    return {row.entry_id: _entry(row) for row in session.scalars(found)}


def _same(rows: tuple[LedgerEntry, ...], known: dict[str, LedgerEntry]) -> bool:
    return known.keys() == {row.entry_id for row in rows} and all(
        row.says_what(known[row.entry_id]) for row in rows
    )


def _of(session: Session, account: Account) -> tuple[LedgerEntry, ...]:
    place = account.place
    return tuple(
        entry
        for entry in entries(session, place.district, place.township, place.village)
        if entry.account == account
    )


def _add(session: Session, entry: LedgerEntry) -> None:
    number = len(_of(session, entry.account)) + 1
    place, other = entry.account.place, entry.other
    session.add(
        LedgerRow(
            **{name: getattr(entry, name) for name in _PLAIN if name != "number"},
            number=number,
            district=place.district,
            township=place.township,
            village=place.village,
            kind=entry.account.kind.value,
            way=entry.way.value,
            other_district=other.district if other else None,
            other_township=other.township if other else None,
            other_village=other.village if other else None,
        )
    )
    session.flush()


def _entry(row: LedgerRow) -> LedgerEntry:
    other = None
    if row.other_district and row.other_township and row.other_village:
        other = Place(row.other_district, row.other_township, row.other_village)
    return LedgerEntry(
        **{name: getattr(row, name) for name in _PLAIN},
        account=Account(Place(row.district, row.township, row.village), Kind(row.kind)),
        way=Way(row.way),
        other=other,
    )
