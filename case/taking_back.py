"""Taking a wrong spending back in the village ledger: by a further entry, nothing is erased."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from case.ledger import LedgerEntry, Way, available, holding, written
from case.spending import INTO, id_faults, personal_faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """A wrong spending taken back, on the day that is found out: the balance of days gone stays."""

    id: str
    entry_id: str
    occurred_on: date
    reason: str
    unit: str
    role: str
    person: str = ""
    document_number: str = ""


def reversal_faults(reversal: Reversal, today: date) -> tuple[str, ...]:
    """Everything in a reversal that cannot be written down."""
    found = id_faults(reversal.id)
    if reversal.occurred_on > today:
        found.append(f"发生日{reversal.occurred_on}晚于今天{today}")
    if not reversal.reason:
        found.append("缺少冲正的理由")
    found += personal_faults(冲正的理由=reversal.reason)
    return tuple(found)


def sides(entry_id: str) -> tuple[str, str]:
    """The ids that an entry may have: its own, and that of a merging's receiving side."""
    out = entry_id.removesuffix(INTO)
    return out, out + INTO


def irreversible(originals: tuple[LedgerEntry, ...]) -> str | None:
    """Why entries cannot be taken back in the ledger at all: a sentence, or None."""
    first = originals[0]
    if first.case_id is not None:
        return (
            f"{first.entry_id}是案件{first.case_id}的核定，须在案件中更正其登记"
            f"{first.case_entry or ''}，台账随之更正。"
        )
    if first.reverses is not None:
        return f"{first.entry_id}本身是冲正，不能再冲正，请重新登记该项支出。"
    return None


def reversal_refusal(
    reversal: Reversal, original: LedgerEntry, entries: tuple[LedgerEntry, ...]
) -> str | None:
    """Why the order does not allow taking `original` back: one sentence, or None.

    entries: of its account. What another village received by merging may be spent already.
    """
    if reversal.occurred_on < original.occurred_on:
        return (
            f"冲正之日{reversal.occurred_on}早于所冲正的{original.way.label}之日"
            f"{original.occurred_on}（第二十六条）。"
        )
    if original.amount <= available(entries, reversal.occurred_on):
        return None
    account = original.account
    return (
        f"{holding(account, entries, reversal.occurred_on)}，"
        f"不足冲回{written(original.amount)}{account.kind.unit}（第二十六条）。"
    )


def taken_back(
    reversal: Reversal, originals: tuple[LedgerEntry, ...], at: datetime
) -> tuple[LedgerEntry, ...]:
    """The entries of a reversal: one against each side of what is taken back."""
    return tuple(
        replace(
            original,
            entry_id=reversal.id + (INTO if original.entry_id.endswith(INTO) else ""),
            number=0,
            way=Way.REVERSAL,
            occurred_on=reversal.occurred_on,
            amount=-original.amount,
            document_number=reversal.document_number,
            unit=reversal.unit,
            role=reversal.role,
            person=reversal.person,
            note=reversal.reason,
            reverses=original.entry_id,
            registered_at=at,
        )
        for original in originals
    )
