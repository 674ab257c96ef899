"""The village ledger (第二十四条至第二十六条): what was granted to a village, what became of it.

An account belongs to a village by its name and not by a case's own id for it, since a village comes
back in case after case: its housing quota (m² of floor, zone 1) or its retained-land subsidy (yuan,
zone 2). Entries are only ever added; a wrong one is taken back by another one. On no day may an
account be overdrawn. Nothing here reads a clock or a registry.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from law.order import DISTRICTS

CENT = Decimal("0.01")


class Kind(StrEnum):
    """What an account counts."""

    QUOTA = "quota"
    SUBSIDY = "subsidy"

    @property
    def label(self) -> str:
        return {Kind.QUOTA: "住宅用房安置指标", Kind.SUBSIDY: "留地补助"}[self]

    @property
    def unit(self) -> str:
        return {Kind.QUOTA: "平方米", Kind.SUBSIDY: "元"}[self]


class Way(StrEnum):
    """How an amount comes into an account or leaves it."""

    GRANT = "grant"
    REGRANT = "regrant"
    """What a correction in the case changes of its grant."""
    BUY_BACK = "buy_back"
    EXCHANGE = "exchange"
    SALE = "sale"
    BUILDING = "building"
    MERGE = "merge"
    PAY_OUT = "pay_out"
    REVERSAL = "reversal"
    """Another entry is taken back."""

    @property
    def label(self) -> str:
        return _WAYS[self][0]

    @property
    def article(self) -> str:
        return _WAYS[self][1]

    @property
    def kind(self) -> Kind:
        """The kind of account a spending draws on: the subsidy is paid out and nothing else."""
        return Kind.SUBSIDY if self is Way.PAY_OUT else Kind.QUOTA


_WAYS = {
    Way.GRANT: ("核定", "第二十四条"),
    Way.REGRANT: ("更正核定", "第二十四条"),
    Way.BUY_BACK: ("有偿收回", "第二十五条第（一）项"),
    Way.EXCHANGE: ("置换安置房", "第二十五条第（一）项"),
    Way.SALE: ("公开出让", "第二十五条第（二）项"),
    Way.BUILDING: ("自行建设", "第二十五条第（三）项"),
    Way.MERGE: ("合并使用", "第二十五条末款"),
    Way.PAY_OUT: ("拨付", "第二十四条"),
    Way.REVERSAL: ("冲正", "第二十六条"),
}

SPENDING = (Way.BUY_BACK, Way.EXCHANGE, Way.SALE, Way.BUILDING, Way.MERGE, Way.PAY_OUT)
"""The ways in which an account is drawn on."""


@dataclass(frozen=True, slots=True)
class Place:
    """A village by the names of its district, its township and itself."""

    district: str
    township: str
    village: str

    def __str__(self) -> str:
        return f"{self.district}/{self.township}/{self.village}"


@dataclass(frozen=True, slots=True)
class Account:
    """One account of one village."""

    place: Place
    kind: Kind

    @property
    def order(self) -> tuple[int | str, ...]:
        """Accounts are listed by district as the order names them, then by name."""
        district, township, village = self.place.district, self.place.township, self.place.village
        at = DISTRICTS.index(district) if district in DISTRICTS else len(DISTRICTS)
        return at, district, township, village, self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One entry. `amount` is what it adds to the balance, so what is spent is negative.

    amount: m² of floor or yuan, exact. number: place in the account in the order of entering, from
    1. other: the village on the other side of a merging. site: the township in which the project
    lies, where that is not the village's own. case_id, fact, case_entry, verified_on: of a grant,
    the fact of the case that grants and the entry it rests on; verified_on None: withdrawn.
    """

    entry_id: str
    account: Account
    number: int = 0
    way: Way
    occurred_on: date
    amount: Decimal
    document_number: str
    consent: str | None = None
    unit: str
    role: str
    person: str = ""
    other: Place | None = None
    project: str | None = None
    site: str | None = None
    note: str = ""
    case_id: str | None = None
    fact: str | None = None
    case_entry: str | None = None
    verified_on: date | None = None
    reverses: str | None = None
    registered_at: datetime

    def says_what(self, entry: "LedgerEntry") -> bool:
        """Whether `entry` says the same, whenever it was entered."""
        return self == replace(entry, number=self.number, registered_at=self.registered_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """An account summed up, in its unit. balance = granted + received - everything spent."""

    granted: Decimal
    received: Decimal
    """From other villages, by merging."""
    spent: dict[Way, Decimal]
    """By way, without what was taken back; ways never used are left out."""
    balance: Decimal


def written(amount: Decimal) -> str:
    """An amount with two decimals at least, and all it has."""
    if amount == amount.quantize(CENT):
        return format(amount.quantize(CENT), "f")
    return format(amount.normalize(), "f")


def in_order(entries: Iterable[LedgerEntry]) -> tuple[LedgerEntry, ...]:
    """Entries of one account by day; within a day what comes in first, then as entered."""
    return tuple(
        sorted(entries, key=lambda entry: (entry.occurred_on, entry.amount < 0, entry.number))
    )


def running(entries: Iterable[LedgerEntry]) -> tuple[tuple[LedgerEntry, Decimal], ...]:
    """Entries of one account in order, each with the balance after it."""
    found, held = [], Decimal(0)
    for entry in in_order(entries):
        held += entry.amount
        found.append((entry, held))
    return tuple(found)


def balance(entries: Iterable[LedgerEntry], on: date = date.max) -> Decimal:
    """What an account holds at the end of `on`."""
    return sum((entry.amount for entry in entries if entry.occurred_on <= on), Decimal(0))


def available(entries: Iterable[LedgerEntry], on: date) -> Decimal:
    """What can be spent on `on` so that the account is overdrawn neither then nor on a later day.

    What was granted later does not count, what was spent later does.
    """
    found = tuple(entries)
    later = [upto for day, upto in _by_day(found) if day > on]
    return min((balance(found, on), *later))


def _by_day(entries: Iterable[LedgerEntry]) -> list[tuple[date, Decimal]]:
    """The balance at the end of every day on which something happened."""
    lines = running(entries)
    return [
        (day, list(group)[-1][1]) for day, group in groupby(lines, lambda line: line[0].occurred_on)
    ]


def holding(account: Account, entries: tuple[LedgerEntry, ...], on: date) -> str:
    """What an account holds on `on`, and what later entries leave of it, in Chinese."""
    held, free, unit = balance(entries, on), available(entries, on), account.kind.unit
    said = f"{account.place.village}{account.kind.label}截至{on}结余{written(held)}{unit}"
    if free < held:
        said += f"，扣除其后已登记的支出可用{written(free)}{unit}"
    return said


def overdrawn_on(entries: Iterable[LedgerEntry]) -> date | None:
    """The first day at whose end an account would hold less than nothing; None if none."""
    return next((day for day, held in _by_day(entries) if held < 0), None)


def totals(entries: Iterable[LedgerEntry]) -> Totals:
    """An account summed up."""
    found = tuple(entries)
    by_id = {entry.entry_id: entry for entry in found}
    granted = received = Decimal(0)
    spent: dict[Way, Decimal] = {}
    for entry in found:
        # What is taken back counts against the entry that it takes back.
        meant = by_id[entry.reverses] if entry.reverses else entry
        if meant.way in {Way.GRANT, Way.REGRANT}:
            granted += entry.amount
        elif meant.amount > 0:
            received += entry.amount
        else:
            spent[meant.way] = spent.get(meant.way, Decimal(0)) - entry.amount
    used = {way: spent[way] for way in SPENDING if way in spent}
    return Totals(granted=granted, received=received, spent=used, balance=balance(found))
