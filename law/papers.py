"""All holiday papers as one body: those that chinese-calendar carries, and overlays laid on them.

Of a year the paper published last stands. It takes back what earlier papers said of the holidays
it arranges, so a make-up day that it does not repeat is a weekend day again. The order in which
overlays are given does not matter, the days on which they were published do.

The package's papers have no day of publication. An amending overlay is taken to be newer than
they are. One that arranges a whole year which the package carries too must say the same, by itself
or with the papers that amend it: where it does not, one of the two is out of date, and nobody but
the office can tell which (an overlay may have been adopted before a release took in a change).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import chinese_calendar
from chinese_calendar import constants

from law.arrangement import SATURDAY
from law.overlay import Overlay
from law.statutory import (
    DRAGON_BOAT,
    LABOUR,
    MID_AUTUMN,
    NATIONAL,
    NEW_YEAR,
    SPRING,
    TOMB_SWEEPING,
)

_NAMES = {
    "New Year's Day": NEW_YEAR,
    "Spring Festival": SPRING,
    "Tomb-sweeping Day": TOMB_SWEEPING,
    "Labour Day": LABOUR,
    "Dragon Boat Festival": DRAGON_BOAT,
    "National Day": NATIONAL,
    "Mid-autumn Festival": MID_AUTUMN,
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}
"""The package's names of the holidays, as the regulation has them, and of one day off for once."""

JOINED = "＋"


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why an overlay does not go with the other papers: a Chinese sentence."""

    overlay: Overlay
    sentence: str


class Unfitting(ValueError):  # noqa: N818 - named for what is wrong, as the field would say
    """Overlays that cannot be laid on these papers, with every reason."""

    def __init__(self, misfits: Iterable[Misfit]) -> None:
        self.misfits = tuple(misfits)
        super().__init__("；".join(misfit.sentence for misfit in self.misfits))


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What the papers up to that for `last_year` arrange other than the week does."""

    version: str
    """Where they come from: "chinese-calendar 1.11.0", and the number of each overlay after it."""
    last_year: int
    off: Mapping[date, str]
    """Days off, each with its holiday's name."""
    worked: Mapping[date, str]
    """Weekend days worked, each with its holiday's name."""
    overlays: tuple[Overlay, ...] = ()
    """In the order of publication."""

    def adopting(self, overlays: Iterable[Overlay]) -> "Papers":
        """These papers with `overlays` laid on, oldest first. Raises Unfitting with all reasons."""
        added = sorted(overlays, key=lambda each: (each.published_on, each.number))
        ordered = (*self.overlays, *added)
        last_year = _last_year(self.last_year, added)
        misfits = [*_repeated(ordered), *_out_of_place(added, self.last_year, last_year)]
        off, worked = dict(self.off), dict(self.worked)
        agreeing: set[int] = set()
        for overlay in added:
            misfits += _lay(overlay, off, worked)
            if not _moved(self, off, worked, overlay.year):
                agreeing.add(overlay.year)
        misfits += _against_the_package(self, added, agreeing)
        if misfits:
            raise Unfitting(misfits)
        return replace(
            self,
            version=JOINED.join((self.version, *(each.number for each in added))),
            last_year=last_year,
            off=off,
            worked=worked,
            overlays=ordered,
        )

    def source(self, year: int, names: Iterable[str]) -> tuple[Overlay, ...]:
        """The overlays that arrange these holidays of `year`, oldest first; none where the package
        does."""
        found: list[Overlay] = []
        for name in names:
            for overlay in reversed(self.overlays):
                if overlay.year == year and (overlay.amends is None or name in overlay.names):
                    found.append(overlay)
                    break
        return tuple(each for each in self.overlays if each in found)


def package_papers() -> Papers:
    """The papers that the installed chinese-calendar carries."""
    return Papers(
        version=f"chinese-calendar {chinese_calendar.__version__}",
        last_year=max(constants.holidays).year,
        off={day: _NAMES.get(name, name) for day, name in constants.holidays.items()},
        worked={day: _NAMES.get(name, name) for day, name in constants.workdays.items()},
    )


def paper_year(day: date, name: str) -> int:
    """The year whose paper arranges `day` for a holiday: 元旦 begins in the December before."""
    return day.year + (day.month == 12 and NEW_YEAR in name)


def _last_year(known: int, overlays: Iterable[Overlay]) -> int:
    whole = {overlay.year for overlay in overlays if overlay.amends is None}
    while known + 1 in whole:
        known += 1
    return known


def _repeated(overlays: tuple[Overlay, ...]) -> Iterator[Misfit]:
    numbers: set[str] = set()
    published: dict[tuple[int, date], str] = {}
    for overlay in overlays:
        moment = overlay.year, overlay.published_on
        if overlay.number in numbers:
            yield Misfit(overlay, f"“{overlay.number}”有两份")
        elif moment in published:
            sentence = (
                f"“{overlay.number}”与“{published[moment]}”同日公布，都安排{overlay.year}年，"
                "分不出以哪一份为准"
            )
            yield Misfit(overlay, sentence)
        numbers.add(overlay.number)
        published[moment] = overlay.number


def _out_of_place(overlays: list[Overlay], carried: int, last_year: int) -> Iterator[Misfit]:
    """Years may not be skipped, and only what was arranged before can be changed."""
    arranged: dict[int, list[str]] = {}
    for overlay in overlays:
        year = overlay.year
        known = arranged.get(year, [])
        # The package carries no numbers, so any may be the one that a paper changes there.
        if overlay.amends is not None and year > carried and overlay.amends not in known:
            sentence = f"“{overlay.number}”调整“{overlay.amends}”，但此前公布的{year}年的通知" + (
                f"采用的是{'、'.join(f'“{number}”' for number in known)}" if known else "没有采用"
            )
            yield Misfit(overlay, sentence)
        elif year > last_year:
            sentence = f"不能采用{year}年的通知：{last_year + 1}年的放假安排还没有，年份不能跳过"
            yield Misfit(overlay, sentence)
        if overlay.amends is None or known:
            arranged.setdefault(year, []).append(overlay.number)


def _against_the_package(
    package: "Papers", overlays: list[Overlay], agreeing: set[int]
) -> Iterator[Misfit]:
    """Whole years that the package carries and that no reading of the overlays gives as it does."""
    for overlay in overlays:
        year = overlay.year
        if overlay.amends is not None or year > package.last_year or year in agreeing:
            continue
        off, worked = dict(package.off), dict(package.worked)
        for _ in _lay(overlay, off, worked):
            pass
        days = _moved(package, off, worked, year)
        shown = "、".join(map(str, days[:3])) + (f"等{len(days)}天" if len(days) > 3 else "")
        sentence = (
            f"{year}年的放假安排{package.version}已经收入，“{overlay.number}”与它不同（{shown}），"
            "请移走这份文件；确比程序自带的更新的，写明 amends（所调整的通知文号），"
            "只列有变动的节日，作为调整通知采用"
        )
        yield Misfit(overlay, sentence)


def _moved(
    papers: "Papers", off: Mapping[date, str], worked: Mapping[date, str], year: int
) -> list[date]:
    """The days that the paper of `year` makes other than the week does in one of two only."""
    return sorted(
        _unlike_the_week(papers.off, papers.worked, year) ^ _unlike_the_week(off, worked, year)
    )


def _unlike_the_week(off: Mapping[date, str], worked: Mapping[date, str], year: int) -> set[date]:
    found = {day for day, name in off.items() if paper_year(day, name) == year}
    rest = {day for day in found if day.weekday() < SATURDAY}
    return rest | {day for day, name in worked.items() if paper_year(day, name) == year}


def _lay(overlay: Overlay, off: dict[date, str], worked: dict[date, str]) -> Iterator[Misfit]:
    """Take back what was said of the same holidays, then say what this paper says."""
    for said in (off, worked):
        for day in [day for day, name in said.items() if _rearranges(overlay, day, name)]:
            del said[day]
    for rest in overlay.holidays:
        for day in rest.days:
            if day in worked:
                sentence = f"{day}因“{rest.name}”放假，而此前的通知安排这天因“{worked[day]}”上班"
                yield Misfit(overlay, sentence)
            off[day] = rest.name
        for day in rest.make_up_days:
            if day in off:
                sentence = f"{day}因“{rest.name}”上班，而此前的通知安排这天因“{off[day]}”放假"
                yield Misfit(overlay, sentence)
            worked[day] = rest.name


def _rearranges(overlay: Overlay, day: date, name: str) -> bool:
    if paper_year(day, name) != overlay.year:
        return False
    return overlay.amends is None or not overlay.names.isdisjoint(name.split("、"))
