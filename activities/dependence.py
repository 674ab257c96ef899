"""Which open cases rest on days that the present calendar says otherwise, told from their rows.

Every row carries the stamp of the calendar that counted it. What another calendar counted depends,
unless that calendar can be built again and differs only on days that the row does not reach. Pure.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from case.ladder import Ladders
from case.records import DutyRecord, NoticeRecord
from law.arrangement import every_day
from law.calendar import FIRST_DAY, WorkingCalendar, official_calendar
from law.overlay import Overlay
from law.papers import Papers, Unfitting, package_papers

_PARTS = "·"


def mark(stamp: str) -> str:
    """Of a calendar's stamp the digest and the horizon: two papers that say the same give one."""
    return _PARTS.join(stamp.split(_PARTS)[-2:])


def counted_by(stamp: str, calendar: WorkingCalendar) -> bool:
    """Whether what bears this stamp was counted by the days of `calendar`."""
    return mark(stamp) == mark(calendar.stamp)


@lru_cache(maxsize=8)
def calendars_before(present: WorkingCalendar) -> Mapping[str, WorkingCalendar]:
    """The calendars from which the adopted papers can have led to `present`, by their mark.

    The package's, those of the papers in the order of publication, and those with one paper less.
    Of two that say the same, the one with more papers.
    """
    package, adopted = package_papers(), present.papers.overlays
    found = {mark(present.stamp): present}
    first = [adopted[:number] for number in range(len(adopted))]
    one_less = [(*adopted[:place], *adopted[place + 1 :]) for place in range(len(adopted))]
    for overlays in sorted({(), *first, *one_less}, key=len, reverse=True):
        if calendar := _calendar(package, overlays):
            found.setdefault(mark(calendar.stamp), calendar)
    return found


def _calendar(package: Papers, overlays: tuple[Overlay, ...]) -> WorkingCalendar | None:
    """Their calendar; None where they do not go without the others."""
    if not overlays:
        return official_calendar()
    try:
        return WorkingCalendar.of(package.adopting(overlays))
    except Unfitting:
        return None


@lru_cache(maxsize=32)
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


def numbers_since(stamps: Iterable[str], present: WorkingCalendar) -> tuple[str, ...]:
    """The numbers of the papers that are new to what bears these stamps, oldest first.

    Of a calendar that nobody can build any more, those by which the present one differs from the
    package's.
    """
    known = calendars_before(present)
    found = {
        number
        for each in {mark(stamp) for stamp in stamps}
        for number in paper_numbers(known.get(each, official_calendar()), present)
    }
    return tuple(each.number for each in present.papers.overlays if each.number in found)


@dataclass(frozen=True, slots=True)
class Dependence:
    """Whether what is open is counted otherwise by the present calendar, its reminders included."""

    present: WorkingCalendar
    before: Mapping[str, WorkingCalendar]
    """The calendars that can still be built, by their mark."""
    ladders: Ladders

    def of_duty(self, duty: DutyRecord) -> bool:
        """Whether an open duty is: from its opening to the last rung after its last day."""
        if duty.state not in {"open", "overdue"}:
            return False
        last = max(duty.latest, duty.rolled_last_day)
        return self._touched(duty.calendar, duty.opened_on, last)

    def of_notice(self, notice: NoticeRecord, today: date) -> bool:
        """Whether a notice's period that still runs is; one that has run out stays as it was."""
        posted, last = notice.posted_on, notice.last_day
        if posted is None or last is None or last < today:
            return False
        return self._touched(notice.calendar, posted, last)

    def of_case(
        self, duties: Iterable[DutyRecord], notices: Iterable[NoticeRecord], today: date
    ) -> bool:
        """Whether anything open in a case is."""
        return any(map(self.of_duty, duties)) or any(
            self.of_notice(notice, today) for notice in notices
        )

    def _touched(self, stamp: str, first: date, last: date) -> bool:
        if counted_by(stamp, self.present):
            return False
        before = self.before.get(mark(stamp))
        if before is None:
            return True
        # Rungs that would fall before the opening are told at it, so the first day needs no room.
        until = max(self._last_rungs(before, last), self._last_rungs(self.present, last))
        return _any(changed_days(before, self.present), first, until)

    def _last_rungs(self, calendar: WorkingCalendar, last: date) -> date:
        behind = max(1, *self.ladders.statutory, *self.ladders.office)
        return calendar.nth_working_day_after(last, behind)


def _any(days: tuple[date, ...], first: date, last: date) -> bool:
    """Whether one of `days`, which are in order, lies from `first` to `last`."""
    place = bisect_left(days, first)
    return place < len(days) and days[place] <= last
