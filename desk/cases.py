"""What every command needs first: which case, which registry, what day it is, how days count."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from activities.office.calendars import CalendarUnusable, working_calendar
from activities.registry import Registry, RegistryUnusable
from deploy.settings import Settings
from desk.errors import BadInput
from law import SHANGHAI
from law.calendar import WorkingCalendar


def case_id(written: str) -> str:
    """The case that a person means by its number, written with or without LA- before it."""
    return written.strip().removeprefix("LA-")


def now() -> datetime:
    """The present, Asia/Shanghai: the one place where the desk reads a clock."""
    return datetime.now(SHANGHAI)


def office_calendar(settings: Settings) -> WorkingCalendar:
    """The calendar that this office counts by. Raises BadInput where an adopted paper is faulty."""
    try:
        return working_calendar(settings.office)
    except CalendarUnusable as error:
        raise BadInput.listing(error.faults) from error


@contextmanager
def registry(settings: Settings) -> Iterator[Registry]:
    """The registry for as long as the block runs. Raises BadInput where there is none to open."""
    try:
        opened = Registry.open(settings.registry_url)
    except RegistryUnusable as error:
        raise BadInput(str(error)) from error
    with opened:
        yield opened
