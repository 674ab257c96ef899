"""Holiday papers to lay over the calendar: as an office would write them, and drawn at random."""

import random
from datetime import date

from law.annual import annual
from law.arrangement import ONE_DAY, SATURDAY, Block, blocks, every_day
from law.calendar import WorkingCalendar
from law.overlay import Overlay, OverlayFault, read_overlay
from law.papers import package_papers
from law.statutory import statutory_holidays

YEAR = 2027
"""The year after the last paper that the package carries (tests.law.papers.LAST_PAPER)."""


def content(**changed: object) -> dict[str, object]:
    """A sound paper for 2027, the least that the regulation asks; None leaves an entry out."""
    entries = {
        "number": "国办发明电〔2026〕7号",
        "title": "国务院办公厅关于2027年部分节假日安排的通知",
        "published_on": "2026-11-10",
        "year": YEAR,
        "holidays": [
            {"name": holiday.name, "first": str(holiday.days[0]), "last": str(holiday.days[-1])}
            for holiday in statutory_holidays(YEAR)
        ],
        **changed,
    }
    return {name: value for name, value in entries.items() if value is not None}


def with_holiday(holiday: str, /, **changed: object) -> dict[str, object]:
    """The same with one holiday's entries changed."""
    holidays = content()["holidays"]
    assert isinstance(holidays, list)
    return content(
        holidays=[each | changed if each["name"] == holiday else each for each in holidays]
    )


def faults_of(entries: object) -> tuple[OverlayFault, ...]:
    """What is wrong with a paper; none where it is sound."""
    overlay, faults = read_overlay(entries)
    assert (overlay is None) is bool(faults)
    return faults


def sound(entries: object) -> Overlay:
    """The overlay of a paper in which nothing is wrong."""
    overlay, faults = read_overlay(entries)
    assert overlay is not None, faults
    return overlay


def as_printed(year: int) -> Overlay:
    """The paper for `year` written out from what the package carries, one-time holidays aside."""
    calendar = WorkingCalendar.of(package_papers())
    fixed = {holiday.name for holiday in statutory_holidays(year)}
    return sound(
        {
            "number": f"国办发明电〔{year - 1}〕99号",
            "title": f"国务院办公厅关于{year}年部分节假日安排的通知",
            "published_on": f"{year - 1}-11-30",
            "year": year,
            "holidays": [
                {
                    "name": holiday.name,
                    "first": str(holiday.first),
                    "last": str(holiday.last),
                    "make_up_days": [str(day) for day in holiday.make_up_days],
                }
                for holiday in annual(calendar, year).holidays
                if fixed & set(holiday.name.split("、"))
            ],
        }
    )


def random_paper(seed: int, year: int = YEAR) -> Overlay:
    """A paper for `year` within the model of law.arrangement, and otherwise of any kind."""
    draw = random.Random(seed)
    holidays = [entry for block in blocks(year) for entry in _random_block(block, year, draw)]
    return sound(content(year=year, holidays=holidays))


def _random_block(block: Block, year: int, draw: random.Random) -> list[dict[str, object]]:
    """Each holiday of a block prolonged before and after, and weekend days worked."""
    rests = draw.randint(0, block.rests)
    taken: set[date] = set()
    entries: list[dict[str, object]] = []
    for name in block.name.split("、"):
        fixed = next(each for each in statutory_holidays(year) if each.name == name)
        first, last = fixed.days[0], fixed.days[-1]
        while (
            rests
            and (side := draw.choice((-1, 1, 0)))
            and abs((last - first).days) < len(block.window)
        ):
            edge = first - ONE_DAY if side < 0 else last + ONE_DAY
            if edge in taken or edge not in block.window:
                break
            if edge.weekday() < SATURDAY and edge not in block.bridges:
                # Between two holidays of one block no paper of this model prolongs any further.
                break
            if edge in block.bridges:
                rests -= 1
            first, last = min(first, edge), max(last, edge)
        taken |= set(every_day(first, last))
        entries.append({"name": name, "first": str(first), "last": str(last)})
    left = [day for day in block.make_ups if day not in taken]
    works = draw.sample(left, draw.randint(0, min(block.works, len(left))))
    entries[-1]["make_up_days"] = [str(day) for day in works]
    return entries
