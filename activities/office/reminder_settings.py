"""How the office reminds: `<office>/reminders.yaml` and `<office>/templates/`, as they stand now.

Both may change while a worker runs. A file that became faulty meanwhile leaves the last good one in
force, so that a slip of the pen stops no case; only the calendar is never counted by stale papers.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from activities.office.calendars import working_calendar
from activities.office.reminder_file import Checked, ReminderSettings, checked
from activities.office.templates import Templates, templates
from activities.office.unusable import SettingsUnusable
from case.faults import Fault, Faults
from case.reading import text_of
from law.calendar import WorkingCalendar

__all__ = [
    "FILE",
    "Office",
    "ReminderSettings",
    "SettingsUnusable",
    "office_faults",
    "reminder_settings",
    "templates",
]

logger = structlog.get_logger(__name__)

T = TypeVar("T")

FILE = "reminders.yaml"
"""Its name within the office's folder."""


def reminder_settings(folder: Path) -> ReminderSettings:
    """The settings of the office in `folder`; without a file, the usual ones.

    The same content gives the same settings. Raises SettingsUnusable with everything wrong.
    """
    found = _found(folder)
    if found.faults or found.settings is None:
        raise SettingsUnusable(_named(folder, found.faults))
    return found.settings


def office_faults(folder: Path) -> tuple[str, ...]:
    """Everything wrong with how the office in `folder` reminds, as Chinese sentences.

    Settings, templates, and secrets that cannot be read now: a worker starts only where there is
    none.
    """
    try:
        templates(folder)
    except SettingsUnusable as unusable:
        return (*_settings_faults(folder), *unusable.faults)
    return _settings_faults(folder)


def _settings_faults(folder: Path) -> tuple[str, ...]:
    try:
        found = _found(folder)
    except SettingsUnusable as unusable:
        return unusable.faults
    return _named(folder, (*found.faults, *found.missing_secrets()))


def _found(folder: Path) -> Checked:
    path = folder / FILE
    try:
        return _checked(text_of(path) if path.exists() else None)
    except Faults as error:
        raise SettingsUnusable(_named(folder, error)) from None


_checked = lru_cache(maxsize=16)(checked)


def _named(folder: Path, faults: Iterable[Fault]) -> tuple[str, ...]:
    in_order = sorted(faults, key=lambda fault: fault.line or 0)
    return tuple(f"提醒设置“{folder / FILE}”：{fault}" for fault in in_order)


class _LastGood(Generic[T]):
    """What a reader last gave, in place of what it refuses to give now."""

    def __init__(self, read: Callable[[Path], T], what: str) -> None:
        self._read = read
        self._what = what
        self._good: T | None = None
        self._reported: tuple[str, ...] = ()

    def now(self, folder: Path) -> T:
        """Raises SettingsUnusable where there was never a good one."""
        try:
            self._good, self._reported = self._read(folder), ()
        except SettingsUnusable as unusable:
            if self._good is None:
                raise
            if unusable.faults != self._reported:
                # The sentences may quote what stands in the file, so a person: they stay out.
                logger.error(
                    "office file is faulty, the last good one stays in force",
                    file=self._what,
                    folder=str(folder),
                    faults=len(unusable.faults),
                )
                self._reported = unusable.faults
        return self._good


class Office:
    """What the office in `folder` keeps, each time as it is then. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._had_file = False
        self._reminders = _LastGood(self._read_reminders, FILE)
        self._templates = _LastGood(templates, "templates")

    def calendar(self) -> WorkingCalendar:
        """The calendar by the papers adopted now. Raises CalendarUnusable where one is faulty."""
        return working_calendar(self._folder)

    def reminders(self) -> ReminderSettings:
        """How it reminds. Raises SettingsUnusable where it was faulty from the first."""
        return self._reminders.now(self._folder)

    def templates(self) -> Templates:
        """How it words its messages. Raises SettingsUnusable where faulty from the first."""
        return self._templates.now(self._folder)

    def _read_reminders(self, folder: Path) -> ReminderSettings:
        found = reminder_settings(folder)
        there = (folder / FILE).exists()
        if self._had_file and not there:
            # While it is being replaced, messages must not fall to the outbox and count as sent.
            raise SettingsUnusable([f"提醒设置“{folder / FILE}”不见了"])
        self._had_file = there
        return found
