"""The periods of the order as dated entries: how long, how counted, under which article; and which
entries a case is reckoned by.

A case fixes its rules by the day of its launch and keeps them, so that an old case keeps its law. A
change of the order adds an entry and closes the one before; nothing is overwritten.
"""

from collections.abc import Iterable
from datetime import date

from pydantic.dataclasses import dataclass

from law.counting import Counting
from law.entry import (
    ASKED,
    NOT_STATUTORY,
    OFFICE,
    ORDER,
    ORDER_FROM,
    ORDER_TO,
    Layer,
    NoRule,
    Rule,
)
from law.higher import COMPARED, HIGHER_PERIODS

__all__ = [
    "ALL_PERIODS",
    "ASKED",
    "NOT_STATUTORY",
    "OFFICE",
    "ORDER",
    "RULES",
    "NoRule",
    "Rule",
    "RuleSet",
    "out_of_force",
    "rule",
]

RULES: tuple[Rule, ...] = (
    Rule(
        id="initiation-notice",
        article="第六条",
        instrument=ORDER,
        in_force_from=ORDER_FROM,
        in_force_to=ORDER_TO,
        counting=Counting.AT_LEAST_WORKING_DAYS,
        length=10,
        unit="工作日",
        title="土地征收启动公告期限",
        note="张贴次日起算；各处张贴日不同的，以最后张贴日为准。",
    ),
    Rule(
        id="compensation-notice",
        article="第十条",
        instrument=ORDER,
        in_force_from=ORDER_FROM,
        in_force_to=ORDER_TO,
        counting=Counting.AT_LEAST_DAYS,
        length=30,
        unit="日",
        title="征地补偿安置公告期限",
        note="张贴次日起算；各处张贴日不同的，以最后张贴日为准。",
    ),
    Rule(
        id="acquisition-notice",
        article="第十五条",
        instrument=ORDER,
        in_force_from=ORDER_FROM,
        in_force_to=ORDER_TO,
        counting=Counting.AT_LEAST_WORKING_DAYS,
        length=10,
        unit="工作日",
        title="土地征收公告期限",
        note="张贴次日起算；各处张贴日不同的，以最后张贴日为准。",
    ),
    Rule(
        id="payment",
        article="第十六条",
        instrument=ORDER,
        in_force_from=ORDER_FROM,
        in_force_to=ORDER_TO,
        counting=Counting.WITHIN_DAYS,
        length=30,
        unit="日",
        title="核定指标、名额并足额支付期限",
        note="自收到土地征收批准文件之日起。",
    ),
    Rule(
        id="registration-period",
        article="第十二条",
        instrument=ORDER,
        in_force_from=ORDER_FROM,
        in_force_to=ORDER_TO,
        counting=Counting.PRINTED_DAY,
        length=None,
        unit="载明日期",
        title="征地补偿登记期限",
        note="以征地补偿安置公告载明的截止日为准。",
    ),
    Rule(
        id="signing-period",
        article="第九条",
        instrument=ORDER,
        in_force_from=ORDER_FROM,
        in_force_to=ORDER_TO,
        counting=Counting.PRINTED_DAY,
        length=None,
        unit="载明日期",
        title="征地补偿安置协议签约期限",
        note="以征地补偿安置方案载明的截止日为准。",
    ),
    Rule(
        id="vacating-period",
        article="第十七条",
        instrument=ORDER,
        in_force_from=ORDER_FROM,
        in_force_to=ORDER_TO,
        counting=Counting.PRINTED_DAY,
        length=None,
        unit="载明日期",
        title="腾退期限",
        note="以征地补偿安置决定规定的日期为准。",
    ),
    Rule(
        id="office-target",
        article=OFFICE,
        instrument=OFFICE,
        in_force_from=ORDER_FROM,
        in_force_to=None,
        counting=Counting.WITHIN_WORKING_DAYS,
        length=None,
        unit="工作日",
        title="内部时限（非法定）",
        note="办法未规定期限，由经办单位自行设定，仅用于催办。",
    ),
)


ALL_PERIODS: tuple[Rule, ...] = (*RULES, *HIGHER_PERIODS)
"""The order's periods, and those of the law around it."""


def rule(rule_id: str, on: date | None = None) -> Rule:
    """The entry `rule_id` in force on the day `on`, or its latest entry where no day is given.

    Raises NoRule for an unknown id or a day on which no entry is in force.
    """
    entries = [entry for entry in ALL_PERIODS if entry.id == rule_id]
    if not entries:
        raise NoRule(f"没有名为“{rule_id}”的期限规则。")
    if on is None:
        return max(entries, key=lambda entry: entry.in_force_from)
    for entry in entries:
        if entry.in_force(on):
            return entry
    raise NoRule(f"{on}没有施行中的“{entries[0].title}”规定。")


def out_of_force(on: date) -> str | None:
    """Why the order cannot be applied on that day, in one Chinese sentence; None while it can.

    第三十五条. Before its first day 27号 says which law governs (law.transition).
    """
    if on < ORDER_FROM:
        return (
            f"{ORDER}自{ORDER_FROM}起施行，{on}尚未施行，此前的项目按温政发〔2020〕27号衔接"
            "（第三十五条）"
        )
    if on > ORDER_TO:
        return f"{ORDER}有效期至{ORDER_TO}止，{on}已经失效，须依其后的规定办理（第三十五条）"
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The periods a case is bound by, by their ids: those in force on the day they were fixed.

    The ids are kept, not worked out again: an entry that is added to the tables later, even one
    that took force earlier, binds no case that runs.
    """

    fixed_on: date
    periods: tuple[str, ...]

    @classmethod
    def of(cls, on: date, layers: Iterable[Layer] = tuple(Layer)) -> "RuleSet":
        """The rules in force on a day, of these layers."""
        wanted = frozenset(layers)
        found = (entry for entry in ALL_PERIODS if entry.layer in wanted and entry.in_force(on))
        return cls(fixed_on=on, periods=tuple(dict.fromkeys(entry.id for entry in found)))

    def has(self, rule_id: str) -> bool:
        """Whether the case is bound by this period."""
        return rule_id in self.periods

    def compared(self, rule_id: str) -> tuple[str, ...]:
        """The periods of the higher law that set another day for the same thing."""
        return tuple(other for other in COMPARED.get(rule_id, ()) if self.has(other))

    def said(self) -> str:
        """Which rules these are, in one Chinese line."""
        higher = dict.fromkeys(
            entry.instrument
            for entry in ALL_PERIODS
            if entry.layer is Layer.HIGHER and self.has(entry.id)
        )
        beside = f"；上位法：{'、'.join(higher)}" if higher else ""
        return f"{ORDER}（{ORDER_FROM}至{ORDER_TO}），按{self.fixed_on}施行的规定{beside}"
