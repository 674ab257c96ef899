"""What is wrong with what the office itself wrote: its reminder settings, its templates."""

from collections.abc import Iterable


class SettingsUnusable(Exception):  # noqa: N818 - named for what is wrong, as the field would say
    """The office's settings cannot be used. Every fault is a Chinese sentence with its file."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))
