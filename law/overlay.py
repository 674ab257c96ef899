"""One paper of the State Council on a year's holidays (节假日安排的通知), as the office enters it.

It is laid over what chinese-calendar carries, for a year that the package lacks or whose
arrangement was changed after its release. A paper arranges the whole year; one that only changes
some holidays of a year already arranged (2019 劳动节, 2020 春节), or gives a day off for once
(2015-09-03), says which paper it `amends`.
"""

import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from law.arrangement import every_day
from law.overlay_checks import Draft, DraftHoliday, OverlayFault, Place, contradictions

__all__ = ["Overlay", "OverlayFault", "Rest", "read_overlay"]

_NUMBER = re.compile(r"[一-鿿]+〔[12][0-9]{3}〕[1-9][0-9]{0,3}号\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", re.ASCII)

TITLES = {
    "number": "文号",
    "title": "标题",
    "published_on": "公布日期",
    "year": "年份",
    "amends": "所调整的通知文号",
    "holidays": "放假安排",
}
HOLIDAY_TITLES = {
    "name": "节日",
    "first": "放假第一天",
    "last": "放假最后一天",
    "make_up_days": "调休上班日",
}
_OPTIONAL = frozenset({"amends", "make_up_days"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """One holiday as a paper arranges it: off from `first` to `last`, and what is worked for it."""

    name: str
    """As in the regulation; of holidays arranged together both, as in 国庆节、中秋节."""
    first: date
    last: date
    make_up_days: tuple[date, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The holidays that are arranged here."""
        return tuple(self.name.split("、"))

    @property
    def days(self) -> tuple[date, ...]:
        """Every day off, weekends included."""
        return every_day(self.first, self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """One paper. Of two papers on one year the one published later stands."""

    number: str
    """国办发明电〔2025〕7号"""
    title: str
    published_on: date
    year: int
    amends: str | None = None
    """The paper whose arrangement this one changes in part; None where it arranges the year."""
    holidays: tuple[Rest, ...]

    @property
    def names(self) -> frozenset[str]:
        """The holidays it arranges."""
        return frozenset(name for rest in self.holidays for name in rest.names)


def read_overlay(content: object) -> tuple[Overlay | None, tuple[OverlayFault, ...]]:
    """A paper from plain values (dict, list, str, int), or everything that is wrong with it.

    Keys are those of TITLES and HOLIDAY_TITLES, days written YYYY-MM-DD. The overlay is None
    exactly where there are faults.
    """
    reading = _Reading()
    entries = reading.group(content, (), TITLES)
    if entries is None:
        return None, tuple(reading.faults)
    holidays = reading.items(entries, ("holidays",), TITLES["holidays"])
    drafts = None
    if holidays is not None:
        drafts = tuple(
            entry
            for index, each in enumerate(holidays)
            if (entry := reading.holiday(each, ("holidays", index)))
        )
    draft = Draft(
        number=reading.number(entries, "number"),
        title=reading.text(entries, ("title",), TITLES["title"]),
        published_on=reading.day_of(entries, ("published_on",), TITLES["published_on"]),
        year=reading.year(entries),
        amends=reading.number(entries, "amends"),
        # An entry that is no holiday at all may have been any of them.
        holidays=drafts if drafts is not None and len(drafts) == len(holidays or ()) else None,
    )
    faults = (*reading.faults, *contradictions(draft))
    if faults:
        return None, faults
    return _overlay(draft), ()


def _overlay(draft: Draft) -> Overlay:
    assert draft.number and draft.title and draft.published_on and draft.year and draft.holidays
    return Overlay(
        number=draft.number,
        title=draft.title,
        published_on=draft.published_on,
        year=draft.year,
        amends=draft.amends,
        holidays=tuple(_rest(holiday) for holiday in draft.holidays),
    )


def _rest(draft: DraftHoliday) -> Rest:
    assert draft.name and draft.first and draft.last
    days = tuple(sorted(day for _, day in draft.make_up_days))
    return Rest(name=draft.name, first=draft.first, last=draft.last, make_up_days=days)


class _Reading:
    """Takes plain values for what they must be, and notes what they are not."""

    def __init__(self) -> None:
        self.faults: list[OverlayFault] = []

    def group(
        self, value: object, place: Place, titles: dict[str, str]
    ) -> dict[str, object] | None:
        """A group of named values, unknown and missing names noted."""
        if not isinstance(value, dict):
            self._fault(place, "应当是一组“名称: 值”")
            return None
        for name in value:
            if name not in titles:
                near = get_close_matches(str(name), titles, n=1)
                hint = f"，是否应为“{near[0]}”" if near else ""
                self._fault((*place, str(name)), f"没有“{name}”这一项{hint}")
        for name, title in titles.items():
            if name not in value and name not in _OPTIONAL:
                self._fault((*place, name), f"缺少这一项（{title}）")
        return value

    def items(self, entries: dict[str, object], place: Place, title: str) -> list[object] | None:
        """A list that is not empty; one that may be left out is empty then."""
        value = entries.get(str(place[-1]))
        if value is None and place[-1] not in entries:
            return [] if place[-1] in _OPTIONAL else None
        if not isinstance(value, list) or (not value and place[-1] not in _OPTIONAL):
            self._fault(place, f"“{title}”应当是一个列表（每项以“- ”开头），不能为空")
            return None
        return value

    def text(self, entries: dict[str, object], place: Place, title: str) -> str | None:
        """A text that is not empty."""
        if place[-1] not in entries:
            return None
        value = entries[str(place[-1])]
        if isinstance(value, str) and value.strip():
            return value.strip()
        self._fault(place, f"“{title}”应当是文字，不能为空")
        return None

    def number(self, entries: dict[str, object], name: str) -> str | None:
        """A paper's number."""
        text = self.text(entries, (name,), TITLES[name])
        if text is None or _NUMBER.match(text):
            return text
        self._fault((name,), f"“{text}”不是文号，应写作“国办发明电〔2025〕7号”")
        return None

    def year(self, entries: dict[str, object]) -> int | None:
        """A year as a number."""
        value = entries.get("year")
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if "year" in entries:
            self._fault(("year",), "“年份”应当是数字，如 2027")
        return None

    def day_of(self, entries: dict[str, object], place: Place, title: str) -> date | None:
        """A named day."""
        if place[-1] not in entries:
            return None
        return self.day(entries[str(place[-1])], place, title)

    def day(self, value: object, place: Place, title: str) -> date | None:
        """A day written YYYY-MM-DD."""
        if isinstance(value, str) and _DAY.match(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        self._fault(place, f"“{title}”不是日期，应写作 2026-01-04，不能是“{str(value)[:30]}”")
        return None

    def holiday(self, value: object, place: Place) -> DraftHoliday | None:
        """One holiday, as far as it can be read."""
        entries = self.group(value, place, HOLIDAY_TITLES)
        if entries is None:
            return None
        title = HOLIDAY_TITLES["make_up_days"]
        written = self.items(entries, (*place, "make_up_days"), title) or []
        make_ups = [
            (where, day)
            for index, each in enumerate(written)
            for where in [(*place, "make_up_days", index)]
            if (day := self.day(each, where, title))
        ]
        return DraftHoliday(
            place=place,
            name=self.text(entries, (*place, "name"), HOLIDAY_TITLES["name"]),
            first=self.day_of(entries, (*place, "first"), HOLIDAY_TITLES["first"]),
            last=self.day_of(entries, (*place, "last"), HOLIDAY_TITLES["last"]),
            make_up_days=tuple(make_ups),
        )

    def _fault(self, place: Place, sentence: str) -> None:
        self.faults.append(OverlayFault(place, sentence))
