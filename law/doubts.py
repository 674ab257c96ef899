"""What is unusual in a holiday paper: no fault, since the State Council decides, but worth a look.

Held against what the papers of 2008–2026 did (law.arrangement). A slip in typing nearly always
shows here; and where it is no slip, days that counted as certain may not have been. The limits are
the measured ones, without the margin that the model of open years has.
"""

from collections.abc import Iterator
from datetime import date

from law.arrangement import SATURDAY, distance, measured_reach_of
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
    arranged = [day for rest in overlay.holidays for day in (rest.first, *rest.make_up_days)]
    if overlay.published_on > min(arranged):
        yield (f"公布日期{overlay.published_on}晚于所安排的第一天{min(arranged)}，请与文件原文核对")
    if not overlay.number.startswith(ISSUED_BY):
        yield f"“{overlay.number}”不是国务院或者国务院办公厅的文号，采用前请确认来源"


def _reach(overlay: Overlay) -> Iterator[str]:
    """Days farther from the holidays they are arranged for, or more of them, than any paper had."""
    fixed = {holiday.name: holiday for holiday in statutory_holidays(overlay.year)}
    statutory = statutory_days(overlay.year)
    for rest in overlay.holidays:
        own = [fixed[name] for name in rest.names if name in fixed]
        if not own:
            continue
        measured = [(holiday, measured_reach_of(holiday)) for holiday in own]
        off = [day for day in rest.days if day.weekday() < SATURDAY and day not in statutory]
        for day in off:
            if all(distance(holiday, day) > reach.bridge for holiday, reach in measured):
                yield _too_far(rest, day, "放假")
        for day in rest.make_up_days:
            if all(distance(holiday, day) > reach.make_up for holiday, reach in measured):
                yield _too_far(rest, day, "上班")
        for what, number, most in (
            ("工作日放假", len(off), sum(reach.rests for _, reach in measured)),
            ("周末上班", len(rest.make_up_days), sum(reach.works for _, reach in measured)),
        ):
            if number > most:
                yield f"{rest.name}前后{what}{number}天，历年通知最多{most}天，请与文件原文核对"


def _too_far(rest: Rest, day: date, what: str) -> str:
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
