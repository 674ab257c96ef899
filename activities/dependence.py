"""Which open cases depend on the days that a holiday paper changes, told from their rows. Pure."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from case.ladder import Ladders
from case.records import DutyRecord, NoticeRecord
from law.arrangement import every_day
from law.calendar import FIRST_DAY, WorkingCalendar


@lru_cache(maxsize=8)
def changed_days(before: WorkingCalendar, after: WorkingCalendar) -> tuple[date, ...]:
    """The days of which the two say otherwise: whether they are worked, or whether that is settled.

    In order, as far as both can speak.
    """
    return tuple(
        day
        for day in every_day(FIRST_DAY, min(before.last_day, after.last_day))
        if before.is_working(day) != after.is_working(day)
        or before.is_official(day) != after.is_official(day)
    )


def paper_numbers(before: WorkingCalendar, after: WorkingCalendar) -> tuple[str, ...]:
    """The numbers of the papers by which `after` differs from `before`, oldest first.

    A paper that only says again what `before` carries is none of them.
    """
    changed = changed_days(before, after)
    known = set(before.papers.overlays)
    return tuple(
        overlay.number
        for overlay in after.papers.overlays
        if overlay not in known
        # Its year, and the days around 元旦 that the paper of the next year may arrange.
        and _any(changed, date(overlay.year - 1, 12, 1), date(overlay.year, 12, 31))
    )


@dataclass(frozen=True, slots=True)
class Dependence:
    """Whether what is open rests on a changed day, its reminders included."""

    before: WorkingCalendar
    after: WorkingCalendar
    ladders: Ladders

    def of_duty(self, duty: DutyRecord) -> bool:
        """Whether an open duty does: from its opening to the last rung after its last day."""
        if duty.state not in {"open", "overdue"}:
            return False
        # Bounds that another calendar gave, of a package without the year perhaps.
        settled = duty.provisional and duty.latest <= self.after.horizon
        return settled or self._touched(duty.opened_on, max(duty.latest, duty.rolled_last_day))

    def of_notice(self, notice: NoticeRecord, today: date) -> bool:
        """Whether a notice's period that still runs does; one that has run out stays as it was."""
        posted, last = notice.posted_on, notice.last_day
        if posted is None or last is None or last < today:
            return False
        settled = notice.provisional and last <= self.after.horizon
        return settled or self._touched(posted, last)

    def of_case(
        self, duties: Iterable[DutyRecord], notices: Iterable[NoticeRecord], today: date
    ) -> bool:
        """Whether anything open in a case does."""
        return any(map(self.of_duty, duties)) or any(
            self.of_notice(notice, today) for notice in notices
        )

    def _touched(self, first: date, last: date) -> bool:
        # Rungs that would fall before the opening are told at it, so the first day needs no room.
        behind = max(1, *self.ladders.statutory, *self.ladders.office)
        until = max(
            calendar.nth_working_day_after(last, behind) for calendar in (self.before, self.after)
        )
        return _any(changed_days(self.before, self.after), first, until)


def _any(days: tuple[date, ...], first: date, last: date) -> bool:
    """Whether one of `days`, which are in order, lies from `first` to `last`."""
    place = bisect_left(days, first)
    return place < len(days) and days[place] <= last
