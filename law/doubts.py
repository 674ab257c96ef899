"""What is unusual in a holiday paper: no fault, since the State Council decides, but worth a look.

Held against what the papers of 2008–2026 did (law.arrangement). A slip in typing nearly always
shows here; and where it is no slip, days that counted as certain may not have been.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from law.arrangement import SATURDAY, Block, blocks
from law.overlay import Overlay, Rest
from law.statutory import statutory_days, statutory_holidays

ISSUED_BY = ("国办", "国务院", "国发")
"""How the numbers of papers of the State Council and its General Office begin."""


def doubts(overlay: Overlay) -> tuple[str, ...]:
    """Everything unusual in a sound paper, each a Chinese sentence."""
    return (*_origin(overlay), *_reach(overlay), *_balance(overlay))


def _origin(overlay: Overlay) -> Iterator[str]:
    for name in sorted(overlay.names - {each.name for each in statutory_holidays(overlay.year)}):
        yield f"“{name}”不是法定节日，按一次性放假处理，请与文件原文核对"
    if not overlay.number.startswith(ISSUED_BY):
        yield f"“{overlay.number}”不是国务院或者国务院办公厅的文号，采用前请确认来源"


def _reach(overlay: Overlay) -> Iterator[str]:
    all_blocks = blocks(overlay.year)
    may_rest = {day: block for block in all_blocks for day in block.bridges}
    may_work = {day: block for block in all_blocks for day in block.make_ups}
    statutory = statutory_days(overlay.year)
    drawn: Counter[tuple[Block, bool]] = Counter()
    for rest in overlay.holidays:
        bridges = [day for day in rest.days if day.weekday() < SATURDAY and day not in statutory]
        for day, window, worked in (
            *((day, may_rest, False) for day in bridges),
            *((day, may_work, True) for day in rest.make_up_days),
        ):
            if day in window:
                drawn[window[day], worked] += 1
            else:
                yield _too_far(rest, day, worked=worked)
    for (block, worked), number in drawn.items():
        most = block.works if worked else block.rests
        if number > most:
            what = "周末上班" if worked else "工作日放假"
            yield f"{block.name}前后{what}{number}天，历年通知最多{most}天，请与文件原文核对"


def _too_far(rest: Rest, day: date, *, worked: bool) -> str:
    what = "上班" if worked else "放假"
    return f"{day}因“{rest.name}”{what}，离节日之远超出历年通知，请与文件原文核对"


def _balance(overlay: Overlay) -> Iterator[str]:
    """Every weekday off is won by a make-up day, by a statutory day on a weekend, or by two
    holidays on one day. It held for every holiday of 2008–2026 but 春节 2020, which was prolonged,
    and 2015, when the day in lieu of 中秋 was given at 国庆.
    """
    fixed = {holiday.name: holiday.days for holiday in statutory_holidays(overlay.year)}
    statutory = statutory_days(overlay.year)
    for rest in overlay.holidays:
        own = [day for name in rest.names for day in fixed.get(name, ())]
        if not own:
            continue
        off = sum(day.weekday() < SATURDAY and day not in statutory for day in rest.days)
        weekend = sum(day.weekday() >= SATURDAY for day in set(own))
        due = weekend + len(own) - len(set(own)) + len(rest.make_up_days)
        if off != due:
            yield (
                f"“{rest.name}”工作日放假{off}天，按调休和补假应为{due}天，"
                "请核对放假起止日和调休上班日"
            )
