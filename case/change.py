"""A change of a case, as it is handed to the activity that settles it."""

from datetime import date, datetime

from pydantic.dataclasses import dataclass

from case.commands import AnyCommand
from case.state import State
from law import SHANGHAI


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The case after `command`, or after a day passed (None), at the case's own time `at`."""

    state: State
    command: AnyCommand | None
    at: datetime

    @property
    def today(self) -> date:
        """The day, Asia/Shanghai."""
        return self.at.astimezone(SHANGHAI).date()

    @property
    def cause(self) -> str:
        """Why a last day moves, should one: in Chinese, with the document's number."""
        if self.command is None:
            return "日期推进"
        reason = getattr(self.command, "reason", "")
        number = self.command.document_number
        said = f"{self.command.title}：{reason}" if reason else self.command.title
        return f"{said}（{number}）" if number else said
