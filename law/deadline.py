"""A deadline: the day on which a period of the order ends, and everything that shows why.

The strict last day governs; the day it would roll to off a rest day (民法典第二百零三条) is carried
beside it, and nobody is told to wait for it.
"""

from dataclasses import dataclass as plain_dataclass
from datetime import date, datetime, time

from pydantic.dataclasses import dataclass

from law import SHANGHAI, BadPeriod
from law.arrangement import ONE_DAY
from law.calendar import WorkingCalendar
from law.counting import WAYS, Counting
from law.rules import NOT_STATUTORY, Rule

__all__ = ["SHANGHAI", "BadPeriod", "Counting", "Deadline", "ProofRow", "proof", "reckon"]

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The end of one period. `earliest`/`latest` bound the strict last day, `rolled_*` the rolled.

    `length` is in the unit of `counting`; for a printed day, in days from the trigger.
    """

    rule: str
    article: str
    instrument: str
    in_force_from: date
    counting: Counting
    length: int
    trigger: date
    """The day of the posting or of the event; it is not counted."""
    last_day: date
    rolled_last_day: date
    provisional: bool
    """Whether the strict last day can still move (暂定)."""
    earliest: date
    latest: date
    rolled_earliest: date
    rolled_latest: date
    calendar: str
    """Version, first twelve characters of the digest, and horizon of the calendar."""

    @property
    def may_proceed_on(self) -> date:
        """The first day on which the period has run out: the day after the strict last day."""
        return self.last_day + ONE_DAY

    @property
    def ends_at(self) -> datetime:
        """The instant the last day ends: 24:00 in Shanghai."""
        return datetime.combine(self.may_proceed_on, time(), SHANGHAI)

    @property
    def statutory(self) -> bool:
        """Whether law sets the period, rather than the office or whoever asked."""
        return self.instrument not in NOT_STATUTORY

    def reason(self) -> str:
        """Why this day, in one Chinese line."""
        source = (
            f"{self.instrument}{self.article}" if self.statutory else f"{self.instrument}，非法定"
        )
        end = f"{chinese_day(self.last_day)}二十四时"
        if self.counting is Counting.PRINTED_DAY:
            said = f"{source}：以文书载明的日期为准，至{end}截止"
        else:
            said = f"{source}：{self.counting.phrase(self.length)}，"
            if self.counting.at_least:
                proceed = chinese_day(self.may_proceed_on)
                said += (
                    f"公告张贴当日（{chinese_day(self.trigger)}）不计入，次日起算，至{end}届满，"
                    f"{proceed}起方可进入下一步"
                )
            else:
                said += f"事项发生当日（{chinese_day(self.trigger)}）不计入，次日起算，至{end}截止"
        if self.rolled_last_day != self.last_day:
            rolled = chinese_day(self.rolled_last_day)
            said += f"；末日为休息日，依民法典第二百零三条顺延则为{rolled}（仅供参考）"
        if self.provisional:
            first, last = chinese_day(self.earliest), chinese_day(self.latest)
            said += f"；所涉放假安排尚未公布，暂定，最早{first}，最迟{last}"
        return said + "。"


def chinese_day(day: date) -> str:
    """A day as documents write it: 2024年10月10日."""
    return f"{day.year}年{day.month}月{day.day}日"


def reckon(
    rule: Rule,
    trigger: date,
    calendar: WorkingCalendar,
    *,
    length: int | None = None,
    printed: date | None = None,
) -> Deadline:
    """The deadline of `rule` counted from `trigger` (posting or event day, itself not counted).

    `length` may lengthen an *at least* and shorten a *within*, never the other way, and is needed
    where the rule sets none; `printed` is the day a document names, for rules of a printed day and
    for no other. Raises BadPeriod with a Chinese sentence for anything else.
    """
    if printed is None:
        counted = _length(rule, length)
    elif length is None:
        counted = _printed_length(rule, trigger, printed)
    else:
        raise BadPeriod("天数与载明的截止日只能写明一个。")
    way = WAYS[rule.counting]
    last = way.last_day(trigger, counted, calendar)
    bounds = way.bounds(trigger, counted, calendar)
    rolled_bounds = way.rolled_bounds(trigger, counted, calendar)
    return Deadline(
        rule=rule.id,
        article=rule.article,
        instrument=rule.instrument,
        in_force_from=rule.in_force_from,
        counting=rule.counting,
        length=counted,
        trigger=trigger,
        last_day=last,
        rolled_last_day=calendar.first_working_day_from(last),
        provisional=bounds[0] != bounds[1],
        earliest=bounds[0],
        latest=bounds[1],
        rolled_earliest=rolled_bounds[0],
        rolled_latest=rolled_bounds[1],
        calendar=calendar.stamp,
    )


def _printed_length(rule: Rule, trigger: date, printed: date) -> int:
    if rule.counting is not Counting.PRINTED_DAY:
        raise BadPeriod(f"“{rule.title}”按天数计算，不能另行指定截止日。")
    if printed < trigger:
        raise BadPeriod(f"载明的截止日{printed}早于起算日{trigger}。")
    return (printed - trigger).days


def _length(rule: Rule, length: int | None) -> int:
    if rule.counting is Counting.PRINTED_DAY:
        raise BadPeriod(f"“{rule.title}”须写明文书载明的截止日（{rule.article}）。")
    counted = rule.length if length is None else length
    if counted is None:
        raise BadPeriod(f"“{rule.title}”须写明天数。")
    if rule.length is not None:
        too_short = rule.counting.at_least and counted < rule.length
        too_long = not rule.counting.at_least and counted > rule.length
        if too_short or too_long:
            demanded = rule.counting.phrase(rule.length)
            raise BadPeriod(f"“{rule.title}”应为{demanded}，不能是{counted}（{rule.article}）。")
    return counted


@plain_dataclass(frozen=True, slots=True)
class ProofRow:
    """One day of a deadline's proof."""

    day: date
    weekday: str
    number: int | None
    """The running number of a counted day; None for a day not counted."""
    reason: str
    """Why it is counted or not."""
    official: bool
    """Whether the day's status is settled, or an estimate."""


def proof(deadline: Deadline, calendar: WorkingCalendar) -> tuple[ProofRow, ...]:
    """The count day by day, from the trigger (not counted) to the last day or, if later, the
    rolled one. Raises BadPeriod where `calendar` is not the one the deadline was counted by."""
    if deadline.calendar != calendar.stamp:
        raise BadPeriod(f"该期限按日历“{deadline.calendar}”计算，不能用“{calendar.stamp}”证明。")
    rows = [_row(deadline.trigger, None, "起算日，不计入", calendar)]
    number = 0
    day = deadline.trigger
    while day < deadline.rolled_last_day:
        day += ONE_DAY
        kind = calendar.describe(day)
        if day > deadline.last_day:
            rows.append(_row(day, None, f"顺延，{kind}", calendar))
        elif deadline.counting.in_working_days and not calendar.is_working(day):
            rows.append(_row(day, None, f"{kind}，不计入", calendar))
        else:
            number += 1
            rows.append(_row(day, number, kind, calendar))
    return tuple(rows)


def _row(day: date, number: int | None, reason: str, calendar: WorkingCalendar) -> ProofRow:
    official = calendar.is_official(day)
    return ProofRow(day, WEEKDAYS[day.weekday()], number, reason, official)
