"""The office's own papers: the folder where it keeps the holiday papers that it has adopted.

`<office>/calendars/` holds one YAML file a paper. All of them count, so one that is faulty stops
whoever wants to count: a paper is never left out in silence.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from case.faults import Faults
from case.reading import text_of
from case.source import read
from law.calendar import WorkingCalendar, official_calendar
from law.overlay import Overlay, read_overlay
from law.papers import Unfitting, package_papers

SUFFIX = ".yaml"
LEFT_BY_SYSTEMS = frozenset({"thumbs.db", "desktop.ini"})
"""What Windows puts into folders by itself, in small letters; macOS puts .DS_Store."""


class CalendarUnusable(Exception):  # noqa: N818 - named for what is wrong, as the field would say
    """The adopted papers cannot be counted by. Every reason is a Chinese sentence with its file."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A paper's file and the calendar without and with it; the same twice where it is adopted."""

    overlay: Overlay
    text: str
    """The file's text, as it was read and checked."""
    adopted: bool
    before: WorkingCalendar
    after: WorkingCalendar


def working_calendar(folder: Path) -> WorkingCalendar:
    """The calendar by which the office in `folder` counts: the package's papers and its own.

    The same content gives the same calendar. Raises CalendarUnusable with everything wrong.
    """
    return _calendar(_texts(_files(folder)))


def read_paper(path: Path) -> Overlay:
    """The paper in one file. Raises Faults with everything that is wrong with it by itself."""
    return _overlay(text_of(path))


def propose(folder: Path, path: Path) -> Proposal:
    """What adopting the paper in `path` would do; nothing is written.

    Raises Faults where the file is faulty by itself, and CalendarUnusable where it does not go
    with the adopted papers, has an adopted one's number with other content, or those are faulty.
    """
    text = text_of(path)
    overlay = _overlay(text)
    others = _texts(each for each in _files(folder) if each.resolve() != path.resolve())
    before = _calendar(others)
    for known in before.papers.overlays:
        if known == overlay:
            return Proposal(overlay=overlay, text=text, adopted=True, before=before, after=before)
        if known.number == overlay.number:
            raise CalendarUnusable(
                [
                    f"“{overlay.number}”已经采用，内容与“{path}”不同；"
                    f"确需更正的，先从“{_calendars(folder)}”移走已采用的那份"
                ]
            )
    after = _calendar((*others, (path, text)))
    if path.resolve().parent == _calendars(folder).resolve():
        return Proposal(overlay=overlay, text=text, adopted=True, before=after, after=after)
    return Proposal(overlay=overlay, text=text, adopted=False, before=before, after=after)


def keep_paper(folder: Path, overlay: Overlay, text: str) -> Path:
    """Put a paper's text into the office's folder, whole or not at all; where it lies then.

    `text` is the one that `overlay` was read from: a file may change after it was checked. Raises
    OSError where the folder cannot be written to.
    """
    target = _calendars(folder) / f"{overlay.year}-{overlay.number}{SUFFIX}"
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target


def _calendars(folder: Path) -> Path:
    return folder / "calendars"


def _files(folder: Path) -> tuple[Path, ...]:
    calendars = _calendars(folder)
    try:
        found = sorted(
            path
            for path in calendars.iterdir()
            if not path.name.startswith(".") and path.name.lower() not in LEFT_BY_SYSTEMS
        )
    except FileNotFoundError:
        return ()
    except OSError:
        raise CalendarUnusable([f"读不了放假安排的文件夹“{calendars}”"]) from None
    strange = [path for path in found if path.suffix != SUFFIX]
    if strange:
        # Left alone it would look adopted and count for nothing.
        raise CalendarUnusable(
            f"放假安排的文件夹里只能有 {SUFFIX} 文件，请移走“{path}”" for path in strange
        )
    return tuple(found)


def _texts(paths: Iterable[Path]) -> tuple[tuple[Path, str], ...]:
    texts: list[tuple[Path, str]] = []
    faults: list[str] = []
    for path in paths:
        try:
            texts.append((path, text_of(path)))
        except Faults as found:
            faults += _named(path, found)
    if faults:
        raise CalendarUnusable(faults)
    return tuple(texts)


@lru_cache(maxsize=16)
def _calendar(texts: tuple[tuple[Path, str], ...]) -> WorkingCalendar:
    """The calendar of the package and of these files' content. Raises CalendarUnusable."""
    if not texts:
        return official_calendar()
    overlays: list[tuple[Path, Overlay]] = []
    faults: list[str] = []
    for path, text in texts:
        try:
            overlays.append((path, _overlay(text)))
        except Faults as found:
            faults += _named(path, found)
    if faults:
        raise CalendarUnusable(faults)
    try:
        papers = package_papers().adopting(overlay for _, overlay in overlays)
    except Unfitting as error:
        raise CalendarUnusable(
            f"放假安排“{path}”：{misfit.sentence}"
            for misfit in error.misfits
            for path, overlay in overlays
            if overlay is misfit.overlay
        ) from error
    return WorkingCalendar.of(papers)


def _overlay(text: str) -> Overlay:
    source = read(text)
    overlay, found = read_overlay(source.content)
    faults = [*source.faults, *(source.fault(each.place, each.sentence) for each in found)]
    if faults or overlay is None:
        raise Faults(sorted(faults, key=lambda fault: fault.line or 0))
    return overlay


def _named(path: Path, faults: Faults) -> list[str]:
    return [f"放假安排“{path}”：{fault}" for fault in faults]
