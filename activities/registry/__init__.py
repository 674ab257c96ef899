"""The registry (登记簿): what the law wants kept once the running of a case is over.

Cases and their files, commands accepted, notices and where they hung, duties and how their last
days moved, every message sent about them with every attempt at it, the bases of compensation, and
the village ledger. Nothing in it is ever erased: what a correction overtakes is marked not current,
or balanced by a further entry. Personal data lives here and in the outbox, and nowhere else.
"""

from activities.registry.errors import (
    AlreadyAdmitted,
    EntryConflict,
    GrantSpent,
    LedgerConflict,
    LedgerRefused,
    RegistryUnusable,
    UnknownCase,
    UnknownLedgerEntry,
    UnknownSheet,
)
from activities.registry.register import Registry
from activities.registry.rows import (
    AlreadySent,
    Begun,
    Claim,
    Delivery,
    DeliveryState,
    RegisteredCase,
    Withdrawn,
)

__all__ = [
    "AlreadyAdmitted",
    "AlreadySent",
    "Begun",
    "Claim",
    "Delivery",
    "DeliveryState",
    "EntryConflict",
    "GrantSpent",
    "LedgerConflict",
    "LedgerRefused",
    "RegisteredCase",
    "Registry",
    "RegistryUnusable",
    "UnknownCase",
    "UnknownLedgerEntry",
    "UnknownSheet",
    "Withdrawn",
]
