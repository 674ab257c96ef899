"""Whether the period that a published notice prints satisfies the order (第六条、第十条、第十五条).

The day of the posting is day zero and is not counted (民法典第二百零一条; 乐征预告〔2024〕34号 says
自张贴次日起算), and the period cannot begin before the day it is printed to begin. So:

- posted before its printed start (Tianjin, posted 2024-09-20, printed 09-23 to 10-10): the printed
  start is the first counted day;
- posted on its printed start, or the posting day not known (定州, posted and printed from
  2024-10-24): the printed start is the posting day and is not counted;
- posted after its printed start: counted from the day after the posting; after its printed end,
  nothing of it counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from law import BadPeriod
from law.arrangement import ONE_DAY
from law.calendar import WorkingCalendar
from law.counting import WAYS, Way, chinese_day
from law.deadline import Deadline, reckon
from law.rules import NoRule, Rule, out_of_force, rule

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "initiation": "土地征收启动公告",
        "compensation": "征地补偿安置公告",
        "acquisition": "土地征收公告",
    }
)
"""The kinds of notice whose period the order sets, with their titles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedNotice:
    """A notice as it was published: its kind (of KINDS), and its days."""

    kind: str
    posted: date | None
    """The day it was put up, the last one where places differ; None where it is not known."""
    start: date
    """The first day printed."""
    end: date
    """The last day printed."""

    @property
    def day_zero(self) -> date:
        """The last day that is not counted yet."""
        if self.posted is None:
            return self.start
        return max(self.posted, self.start - ONE_DAY)

    @property
    def posted_late(self) -> bool:
        """Whether it was put up after the day it is printed to begin."""
        return self.posted is not None and self.posted > self.start

    @property
    def posted_after_end(self) -> bool:
        """Whether it was put up after the day it is printed to end, so that no day of it ran."""
        return self.posted is not None and self.posted > self.end

    @property
    def rule(self) -> Rule:
        """The order's rule for it: the entry in force on its first day, else the latest one."""
        rule_id = f"{self.kind}-notice"
        try:
            return rule(rule_id, self.posted or self.start)
        except NoRule:
            return rule(rule_id)

    def faults(self, calendar: WorkingCalendar) -> tuple[str, ...]:
        """Why it cannot be counted, one Chinese sentence each; empty where it can."""
        found: list[str] = []
        if self.kind not in KINDS:
            found.append(unknown_kind(self.kind))
        named = {"张贴日": self.posted, "起始日": self.start, "截止日": self.end}
        for name, day in named.items():
            try:
                if day:
                    calendar.require(day)
            except BadPeriod as fault:
                found.append(f"{name}{fault}")
        if self.end < self.start:
            found.append(f"公告截止日{self.end}早于起始日{self.start}。")
        return tuple(found)


def unknown_kind(kind: str) -> str:
    """The sentence for a kind that is none of KINDS."""
    known = "、".join(f"{name}（{title}）" for name, title in KINDS.items())
    if not kind:
        return f"没有写公告种类 kind，应为{known}之一。"
    return f"没有“{kind}”这种公告，应为{known}之一。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the order says of a published notice. Counts are in the rule's unit."""

    notice: PublishedNotice
    deadline: Deadline
    """The lawful period, counted from the notice's day zero."""
    counted_excluding_first_day: int
    """As the order counts: from the day after day zero through the printed end."""
    counted_including_first_day: int
    """The printed start counting as day one, through the printed end."""
    fewest: int
    most: int
    """What `counted_excluding_first_day` can still turn out to be (暂定)."""
    order_in_force: bool
    """Whether the order was in force when the notice was published."""
    reason: str
    """One Chinese line."""

    @property
    def required(self) -> int:
        """What the order demands at least."""
        return self.deadline.length

    @property
    def unit(self) -> str:
        """What is counted: 工作日 or 日."""
        return self.deadline.way.unit

    @property
    def sufficient(self) -> bool:
        """Whether the period satisfies the order; by the estimate where it is provisional."""
        return self.short_by == 0

    @property
    def short_by(self) -> int:
        """How many days it falls short; 0 where it does not."""
        return max(0, self.required - self.counted_excluding_first_day)

    @property
    def short_amount(self) -> str:
        """The same in words: 1个工作日."""
        return self.deadline.way.amount(self.short_by)

    @property
    def only_with_first_day(self) -> bool:
        """Whether it is long enough only where the printed start counts, which it does not; a
        notice posted late is short for its posting, whatever the printed period holds."""
        return (
            not self.sufficient
            and not self.notice.posted_late
            and self.counted_including_first_day >= self.required
        )

    @property
    def provisional(self) -> bool:
        """Whether the count can still change (暂定)."""
        return self.fewest != self.most

    @property
    def undecided(self) -> bool:
        """Whether `sufficient` can still change."""
        return self.fewest < self.required <= self.most


def examine(notice: PublishedNotice, calendar: WorkingCalendar) -> Finding:
    """What the order says of `notice`; raises BadPeriod with its first fault where it has any."""
    for fault in notice.faults(calendar):
        raise BadPeriod(fault)
    deadline = reckon(notice.rule, notice.day_zero, calendar)
    way = WAYS[deadline.counting]
    including = way.counted(notice.start, notice.end, calendar) + way.counts(notice.start, calendar)
    if notice.posted_after_end:
        excluding = fewest = most = 0
    else:
        excluding = way.counted(notice.day_zero, notice.end, calendar)
        fewest, most = way.counted_bounds(notice.day_zero, notice.end, calendar)
    out = out_of_force(notice.posted or notice.start)
    parts = [
        f"{notice.rule.source}：{way.phrase(deadline.length)}",
        f"{_beginning(notice)}，至{chinese_day(notice.end)}{_verdict(deadline, way, excluding)}",
    ]
    if excluding < deadline.length:
        parts.append(_shortfall(notice, deadline, way, including))
    if fewest != most:
        parts.append(_unsettled(deadline, way, fewest, most))
    if out:
        parts.append(f"{out}，此处仍按其规定核对")
    return Finding(
        notice=notice,
        deadline=deadline,
        counted_excluding_first_day=excluding,
        counted_including_first_day=including,
        fewest=fewest,
        most=most,
        order_in_force=out is None,
        reason="；".join(parts) + "。",
    )


def _beginning(notice: PublishedNotice) -> str:
    posted, start = notice.posted, chinese_day(notice.start)
    if posted is None:
        return f"未写张贴日，以起始日（{start}）为张贴当日，不计入"
    day = f"张贴当日（{chinese_day(posted)}）不计入"
    if posted < notice.start:
        return f"{day}，自载明的起始日{start}起算"
    if notice.posted_after_end:
        return f"张贴当日（{chinese_day(posted)}）晚于载明的截止日，载明的期间内没有张贴，都不计入"
    if notice.posted_late:
        return f"张贴晚于载明的起始日{start}，{day}，次日起算"
    return f"{day}，次日起算"


def _verdict(deadline: Deadline, way: Way, excluding: int) -> str:
    if excluding >= deadline.length:
        return f"计{way.amount(excluding)}，期限足够"
    return f"只有{way.amount(excluding)}，短{way.amount(deadline.length - excluding)}"


def _shortfall(notice: PublishedNotice, deadline: Deadline, way: Way, including: int) -> str:
    unsettled = "（暂定）" if deadline.provisional else ""
    said = f"应公告至{chinese_day(deadline.last_day)}{unsettled}"
    if including < deadline.length or notice.posted_after_end:
        return said
    if notice.posted_late:
        return f"从载明的起始日数有{way.amount(including)}，但张贴当日及以前的日子不能计入，{said}"
    said = f"把首日算进去才有{way.amount(including)}，首日依法不计入，{said}"
    if notice.posted is None:
        said += "；如张贴早于起始日，请补写张贴日再核对"
    return said


def _unsettled(deadline: Deadline, way: Way, fewest: int, most: int) -> str:
    said = f"所涉放假安排尚未公布，天数暂定，最少{way.amount(fewest)}，最多{way.amount(most)}"
    if fewest < deadline.length <= most:
        return f"{said}，够不够要等安排公布后才能确定"
    return f"{said}，但无论怎样安排，结论不变"
