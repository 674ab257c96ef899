"""A deadline: the day on which a period of the order ends, and everything that shows why.

The strict last day governs; the day it would roll to off a rest day (民法典第二百零三条) is carried
beside it, and nobody is told to wait for it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from law import SHANGHAI, BadPeriod
from law.arrangement import ONE_DAY, WEEKDAYS
from law.calendar import WorkingCalendar
from law.counting import BY_PRECEDENT, WAYS, Counting, Way, chinese_day
from law.day_zero import DayZero
from law.rules import NOT_STATUTORY, Rule
from law.statutory import statutory_days

__all__ = [
    "SHANGHAI",
    "BadPeriod",
    "Counting",
    "Deadline",
    "ProofRow",
    "certainty",
    "chinese_day",
    "proof",
    "reckon",
    "weekday",
]


# A plain dataclass: it is made for every period of every case, from values counted here, and
# pydantic still checks it wherever it is read from JSON.
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
    day_zero: str = ""
    """What the trigger is, in words, where it is more than the posting or event of that day."""

    @property
    def way(self) -> Way:
        """The class that counts it."""
        return WAYS[self.counting]

    @property
    def may_proceed_on(self) -> date:
        """The first day on which the period has run out: the day after the strict last day."""
        return self.way.may_proceed_on(self.last_day)

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
        source = self.article if self.statutory else "，非法定"
        said = self.way.explain(self.trigger, self.length, self.last_day, self.day_zero)
        line = f"{self.instrument}{source}：{said}"
        if self.provisional:
            first, last = chinese_day(self.earliest), chinese_day(self.latest)
            line += f"；所涉放假安排尚未公布，暂定，最早{first}，最迟{last}"
        if self.rolled_last_day != self.last_day:
            line += (
                "；末日为休息日，依民法典第二百零三条顺延则为"
                f"{chinese_day(self.rolled_last_day)}（仅供参考{self._rolled_bounds()}）"
            )
        elif not self.provisional and self.rolled_latest != self.rolled_earliest:
            line += (
                "；末日是否为休息日要看尚未公布的放假安排，依民法典第二百零三条顺延则"
                f"最迟为{chinese_day(self.rolled_latest)}（仅供参考）"
            )
        return line + "。"

    def _rolled_bounds(self) -> str:
        if self.rolled_earliest == self.rolled_latest:
            return ""
        first, last = chinese_day(self.rolled_earliest), chinese_day(self.rolled_latest)
        return f"，放假安排尚未公布，暂定，最早{first}，最迟{last}"


def reckon(
    rule: Rule,
    trigger: date | DayZero,
    calendar: WorkingCalendar,
    *,
    length: int | None = None,
    printed: date | None = None,
) -> Deadline:
    """The deadline of `rule` counted from `trigger`: the day of the posting or the event, or how
    that day comes about (law.day_zero); it is not counted itself.

    `length` may lengthen an *at least* and shorten a *within*, never the other way, and is needed
    where the rule sets none; `printed` is the day a document names, for rules of a printed day and
    for no other. Raises BadPeriod with a Chinese sentence for anything else.
    """
    zero, said = (trigger, "") if isinstance(trigger, date) else (trigger.day, trigger.explain())
    way = WAYS[rule.counting]
    if rule.unit != way.unit:
        raise BadPeriod(f"“{rule.title}”的单位应为“{way.unit}”，不能是“{rule.unit}”。")
    if printed is None:
        counted = _length(rule, way, length)
    elif length is None:
        counted = _printed_length(rule, zero, printed)
    else:
        raise BadPeriod("天数与载明的截止日只能写明一个。")
    last = earliest = latest = way.last_day(zero, counted, calendar)
    rolled = rolled_earliest = rolled_latest = way.rolled_last_day(zero, counted, calendar)
    if rolled > calendar.horizon:
        earliest, latest = way.bounds(zero, counted, calendar)
        rolled_earliest, rolled_latest = way.rolled_bounds(zero, counted, calendar)
    return Deadline(
        rule=rule.id,
        article=rule.article,
        instrument=rule.instrument,
        in_force_from=rule.in_force_from,
        counting=rule.counting,
        length=counted,
        trigger=zero,
        last_day=last,
        rolled_last_day=rolled,
        provisional=earliest != latest,
        earliest=earliest,
        latest=latest,
        rolled_earliest=rolled_earliest,
        rolled_latest=rolled_latest,
        calendar=calendar.stamp,
        day_zero=said,
    )


def _printed_length(rule: Rule, trigger: date, printed: date) -> int:
    if rule.counting is not Counting.PRINTED_DAY:
        raise BadPeriod(f"“{rule.title}”按天数计算，不能另行指定截止日。")
    if printed < trigger:
        raise BadPeriod(f"载明的截止日{printed}早于起算日{trigger}。")
    return (printed - trigger).days


def _length(rule: Rule, way: Way, length: int | None) -> int:
    if rule.counting is Counting.PRINTED_DAY:
        raise BadPeriod(f"“{rule.title}”须写明文书载明的截止日（{rule.article}）。")
    counted = rule.length if length is None else length
    if counted is None:
        raise BadPeriod(f"“{rule.title}”须写明天数。")
    if rule.length is not None:
        too_short = rule.counting.at_least and counted < rule.length
        too_long = not rule.counting.at_least and counted > rule.length
        if too_short or too_long:
            demanded = way.phrase(rule.length)
            raise BadPeriod(f"“{rule.title}”应为{demanded}，不能是{counted}（{rule.article}）。")
    return counted


def certainty(deadline: Deadline, calendar: WorkingCalendar) -> str:
    """Why the last day and the rolled one are settled or not, in one Chinese line.

    Raises BadPeriod where `calendar` is not the one the deadline was counted by.
    """
    _require_same(deadline, calendar)
    horizon = calendar.horizon
    open_until_then = f"放假安排只公布到{horizon}"
    if deadline.provisional:
        return (
            f"{open_until_then}，期间经过其后的日子，截止日暂定{deadline.last_day}，"
            f"最早{deadline.earliest}，最迟{deadline.latest}，安排公布后才能确定。"
        )
    line = deadline.way.why_certain(deadline.last_day, horizon)
    if deadline.rolled_earliest != deadline.rolled_latest:
        line += (
            f"；{open_until_then}，逢休息日顺延到哪一天尚不能定，顺延日暂定"
            f"{deadline.rolled_last_day}，最早{deadline.rolled_earliest}，"
            f"最迟{deadline.rolled_latest}"
        )
    elif deadline.rolled_last_day > max(horizon, deadline.last_day):
        line += (
            f"；{open_until_then}，但截止日和顺延日离法定节假日都远，{BY_PRECEDENT}，"
            f"顺延日都是{deadline.rolled_last_day}，确定"
        )
    return line + "。"


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One day of a deadline's proof."""

    day: date
    weekday: str
    number: int | None
    """The running number of a counted day; None for a day not counted."""
    reason: str
    """Why it is counted or not."""
    official: bool
    """Whether a paper that is out has settled the day's status."""
    basis: str
    """官方安排 where one has; 法定 for a statutory holiday, which rests without one; else 推算."""


def proof(deadline: Deadline, calendar: WorkingCalendar) -> tuple[ProofRow, ...]:
    """The count day by day, from the trigger (not counted) to the last day or, if later, the
    rolled one. Raises BadPeriod where `calendar` is not the one the deadline was counted by."""
    _require_same(deadline, calendar)
    rows = [_row(deadline.trigger, None, "起算日，不计入", calendar)]
    number = 0
    day = deadline.trigger
    while day < deadline.rolled_last_day:
        day += ONE_DAY
        kind = calendar.describe(day)
        if day > deadline.last_day:
            rows.append(_row(day, None, f"顺延，{kind}", calendar))
        elif not deadline.way.counts(day, calendar):
            rows.append(_row(day, None, f"{kind}，不计入", calendar))
        else:
            number += 1
            rows.append(_row(day, number, kind, calendar))
    return tuple(rows)


def _row(day: date, number: int | None, reason: str, calendar: WorkingCalendar) -> ProofRow:
    official = calendar.is_official(day)
    unofficial = "法定" if day in statutory_days(day.year) else "推算"
    basis = "官方安排" if official else unofficial
    return ProofRow(day, weekday(day), number, reason, official, basis)


def weekday(day: date) -> str:
    """The day of the week: 星期一."""
    return WEEKDAYS[day.weekday()]


def _require_same(deadline: Deadline, calendar: WorkingCalendar) -> None:
    if deadline.calendar != calendar.stamp:
        raise BadPeriod(f"该期限按日历“{deadline.calendar}”计算，不能用“{calendar.stamp}”证明。")
