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


class EntryConflict(ValueError):
    """An entry id comes back with other content; an accepted command is never rewritten."""

    def __init__(self, case_id: str, entry_id: str) -> None:
        super().__init__(
            f"案件 {case_id} 的录入 {entry_id} 已登记且内容不同，"
            "已登记的录入不得改写，更正须另行录入。"
        )


class RegistryUnusable(ValueError):
    """The address names no registry that this program can open."""
