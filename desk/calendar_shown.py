"""How the calendar's commands show a year, a paper, and what a paper moves."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from itertools import groupby

from rich.console import Console

from desk.screen import last_day, print_table, table
from law.annual import Annual
from law.arrangement import ONE_DAY, Block
from law.calendar import WorkingCalendar
from law.counting import BY_PRECEDENT
from law.deadline import weekday
from law.difference import Compared, Difference, Ending, MovedPeriod, Status
from law.overlay import Overlay
from law.papers import JOINED

HOW_BOUNDS_FOLLOW = (
    "暂定期限的最早日：各节前后没有工作日改为放假，可上班的周末从起算日后最先遇到的起都上班，直到上限；"
    "最迟日：没有周末上班，可放假的工作日从起算日后最先遇到的起都放假，直到上限。"
    "上限取自2008年至2026年的全部通知，长假（春节、劳动节、国庆节）另留余地；"
    f"法定节假日必定放假，其余日子{BY_PRECEDENT}不变。"
    "一次性放假、延长假期、年中调整通知无法预见，不在其内。"
)


def print_annual(console: Console, shown: Annual, calendar: WorkingCalendar) -> None:
    """One year as tables."""
    if shown.official:
        made = table("节日", "放假", "天数", "其中法定", "调休上班", "依据", "性质")
        for holiday in shown.holidays:
            made.add_row(
                holiday.name,
                _days(holiday.first, holiday.last),
                str(holiday.length),
                _listed(holiday.statutory, shown.year),
                _listed(holiday.make_up_days, shown.year) or "无",
                _source(holiday.sources, calendar),
                "官方",
            )
        print_table(console, f"{shown.year}年放假安排（放假含相连的周末）", made)
        if shown.open_from:
            console.print(
                f"{shown.open_from}起至年末，可由下一年度的通知安排，现为推算。", soft_wrap=True
            )
    else:
        made = table("节日", "法定放假日（确定）", "天数")
        for holiday in shown.holidays:
            made.add_row(holiday.name, _listed(holiday.statutory, shown.year), str(holiday.length))
        title = f"{shown.year}年的放假通知尚未采用：法定节假日（{shown.regulation.instrument}）"
        print_table(console, title, made)
        moving = table("节日", "可能改为放假的工作日", "最多", "可能改为上班的周末", "最多")
        for block in shown.open_blocks:
            moving.add_row(
                block.name,
                _listed(block.bridges, shown.year),
                f"{min(block.rests, len(block.bridges))}天",
                _listed(block.make_ups, shown.year),
                f"{min(block.works, len(block.make_ups))}天",
            )
        print_table(console, "通知还可能变动的日子（推算）", moving)
        console.print(HOW_BOUNDS_FOLLOW, soft_wrap=True)
    console.print(f"日历 {calendar.version}，已定至 {calendar.horizon}", soft_wrap=True)


def year_as_json(shown: Annual, calendar: WorkingCalendar) -> dict[str, object]:
    """One year for programs."""
    return {
        "year": shown.year,
        "official": shown.official,
        "regulation": shown.regulation.instrument,
        "open_from": shown.open_from,
        "holidays": [
            {
                "name": holiday.name,
                "first": holiday.first,
                "last": holiday.last,
                "days": holiday.length,
                "statutory": holiday.statutory,
                "make_up_days": holiday.make_up_days,
                "official": shown.official,
                "sources": [_paper_as_json(paper) for paper in holiday.sources],
            }
            for holiday in shown.holidays
        ],
        "open_blocks": [_block_as_json(block) for block in shown.open_blocks],
        "calendar": _calendar_as_json(calendar),
    }


def print_paper(console: Console, overlay: Overlay, doubts: tuple[str, ...]) -> None:
    """What one paper says, and what is unusual in it."""
    amends = f"，调整{overlay.amends}" if overlay.amends else ""
    console.print(
        f"{overlay.number}  {overlay.title}（{overlay.published_on}公布{amends}）", soft_wrap=True
    )
    made = table("节日", "放假", "天数", "调休上班")
    for rest in overlay.holidays:
        made.add_row(
            rest.name,
            _days(rest.first, rest.last),
            str(len(rest.days)),
            _listed(rest.make_up_days, overlay.year) or "无",
        )
    print_table(console, f"{overlay.year}年", made)
    for doubt in doubts:
        console.print(f"请核对：{doubt}。", soft_wrap=True)


def print_difference(console: Console, found: Difference) -> None:
    """What a paper moves."""
    before, after = found.before, found.after
    console.print(f"日历  {before.version} → {after.version}", soft_wrap=True)
    if before.horizon == after.horizon:
        console.print(f"已定至  {before.horizon}，不变")
    else:
        console.print(f"已定至  {before.horizon} → {after.horizon}")
    if found.empty:
        console.print("没有变动任何日子和期限。")
        return
    if found.days:
        made = table("日期", "星期", "原来", "现在")
        for each in found.days:
            statuses = _status(each.before), _status(each.after)
            made.add_row(str(each.day), weekday(each.day), *statuses)
        print_table(console, f"变动的日子 {len(found.days)} 天", made)
    else:
        console.print("没有日子变动。")
    for compared in found.lengths:
        _print_periods(console, _title(compared), compared.periods)


def _title(compared: Compared) -> str:
    rolled = "" if compared.way.unit == "工作日" else "（末日逢休息日顺延）"
    return f"{compared.way.amount(compared.length)}的期限{rolled}"


def _print_periods(console: Console, title: str, periods: tuple[MovedPeriod, ...]) -> None:
    moved = [period for period in periods if period.moved]
    if moved:
        made = table("起算日（不计入）", "原截止日", "原最早／最迟", "现截止日")
        for _, run in groupby(_numbered(moved), key=lambda pair: (pair[0], pair[1].after)):
            same = [period for _, period in run]
            first = same[0]
            bounds = f"{first.before.earliest} ／ {first.before.latest}"
            made.add_row(
                _days(first.start, same[-1].start),
                _ending(first.before),
                bounds if first.before.provisional else "",
                _ending(first.after),
            )
        print_table(console, f"{title}：{len(moved)} 个起算日的截止日变动", made)
    else:
        console.print(f"{title}：没有截止日变动。")
    settled = [each.start for each in periods if not each.moved and not each.after.provisional]
    open_yet = [each.start for each in periods if not each.moved and each.after.provisional]
    for starts, what in ((settled, "由暂定变为确定"), (open_yet, "最早或者最迟日变动，仍暂定")):
        if starts:
            console.print(
                f"另有 {len(starts)} 个起算日的截止日不变，{what}：{_runs(starts)}", soft_wrap=True
            )


def _numbered(periods: Iterable[MovedPeriod]) -> Iterable[tuple[tuple[int, Ending], MovedPeriod]]:
    """Periods with a key that stays the same over consecutive start days with one old answer."""
    for number, period in enumerate(periods):
        yield (period.start.toordinal() - number, period.before), period


def difference_as_json(found: Difference) -> dict[str, object]:
    """What a paper moves, for programs: every period that is answered otherwise."""
    return {
        "before": _calendar_as_json(found.before),
        "after": _calendar_as_json(found.after),
        "days": [asdict(day) for day in found.days],
        "lengths": [
            {
                "unit": compared.way.unit,
                "length": compared.length,
                "periods": [_period_as_json(each) for each in compared.periods],
            }
            for compared in found.lengths
        ],
    }


def _period_as_json(period: MovedPeriod) -> dict[str, object]:
    return {
        "start": period.start,
        "moved": period.moved,
        "before": asdict(period.before) | {"provisional": period.before.provisional},
        "after": asdict(period.after) | {"provisional": period.after.provisional},
    }


def _calendar_as_json(calendar: WorkingCalendar) -> dict[str, object]:
    return {
        "version": calendar.version,
        "digest": calendar.digest,
        "horizon": calendar.horizon,
        "papers": [_paper_as_json(paper) for paper in calendar.papers.overlays],
    }


def _paper_as_json(paper: Overlay) -> dict[str, object]:
    return {
        "number": paper.number,
        "title": paper.title,
        "published_on": paper.published_on,
        "amends": paper.amends,
    }


def _block_as_json(block: Block) -> dict[str, object]:
    return {
        "name": block.name,
        "may_rest": block.bridges,
        "rests_at_most": min(block.rests, len(block.bridges)),
        "may_be_worked": block.make_ups,
        "worked_at_most": min(block.works, len(block.make_ups)),
    }


def _source(sources: tuple[Overlay, ...], calendar: WorkingCalendar) -> str:
    if sources:
        return "、".join(paper.number for paper in sources)
    return f"{calendar.version.split(JOINED)[0]} 所载通知"


def _status(status: Status) -> str:
    return f"{status.kind}（{'官方' if status.official else '推算'}）"


def _ending(ending: Ending) -> str:
    return last_day(ending.last_day, provisional=ending.provisional)


def _days(first: date, last: date) -> str:
    return str(first) if first == last else f"{first} 至 {last}"


def _listed(days: Iterable[date], year: int) -> str:
    """Days with their year left out where it is `year`; runs drawn together."""
    return "、".join(_short(*run, year) for run in _consecutive(days))


def _runs(days: Iterable[date]) -> str:
    return "、".join(_days(first, last) for first, last in _consecutive(days))


def _consecutive(days: Iterable[date]) -> list[tuple[date, date]]:
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and runs[-1][1] + ONE_DAY == day:
            runs[-1] = runs[-1][0], day
        else:
            runs.append((day, day))
    return runs


def _short(first: date, last: date, year: int) -> str:
    begin = f"{first:%m-%d}" if first.year == year else str(first)
    return begin if first == last else f"{begin}至{last:%m-%d}"
