"""What the registry refuses, each as one Chinese sentence."""

# ruff: noqa: N818 - named for what happened, as the field would say it


class AlreadyAdmitted(ValueError):
    """The case id stands in the registry with another case file."""

    def __init__(self, case_id: str) -> None:
        super().__init__(f"案件 {case_id} 已以另一份案件文件登记，登记的文件不得更换。")


class UnknownCase(LookupError):
    """No case of this id was ever admitted."""

    def __init__(self, case_id: str) -> None:
        super().__init__(f"登记簿中没有案件 {case_id}。")


class UnknownSheet(LookupError):
    """No basis of compensation of this digest stands in the registry for the case."""

    def __init__(self, case_id: str, digest: str) -> None:
        super().__init__(
            f"案件 {case_id} 没有登记过编号为 {digest} 的测算表，"
            "先用 starter.py compensation 文件 --register 登记。"
        )


class EntryConflict(ValueError):
    """An entry id comes back with other content; an accepted command is never rewritten."""

    def __init__(self, case_id: str, entry_id: str) -> None:
        super().__init__(
            f"案件 {case_id} 的录入 {entry_id} 已登记且内容不同，"
            "已登记的录入不得改写，更正须另行录入。"
        )


class GrantSpent(ValueError):
    """A correction in a case takes away a grant of which more is spent than it leaves.

    As with an EntryConflict, no retry makes it right: the spending must be taken back first.
    """


class LedgerRefused(ValueError):
    """The order does not allow an entry of the village ledger; the message says why."""


class LedgerConflict(ValueError):
    """An entry of the village ledger cannot be what it says beside those that stand."""


class UnknownLedgerEntry(LookupError):
    """No entry of the village ledger has this id."""

    def __init__(self, entry_id: str) -> None:
        super().__init__(f"台账中没有登记号为 {entry_id} 的登记。")


class RegistryUnusable(ValueError):
    """The address names no registry that this program can open."""
