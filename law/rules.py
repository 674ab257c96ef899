"""The periods of the order as dated entries: how long, how counted, under which article.

A case is reckoned by the entry in force on its day, so that an old case keeps its law. A change of
the order adds an entry and closes the one before; nothing is overwritten.
"""

from datetime import date

from pydantic.dataclasses import dataclass

from law.counting import Counting

ORDER = "温政令〔2020〕7号"
OFFICE = "内部时限"
"""Stands where an instrument would: a target the office sets itself, binding nobody in law."""
ASKED = "自行测算"
"""Stands where an instrument would: a period somebody asked to have counted."""
NOT_STATUTORY = frozenset({OFFICE, ASKED})

_FROM, _TO = date(2020, 12, 15), date(2030, 12, 14)


class NoRule(ValueError):  # noqa: N818 - named for what is wrong, as the field would say
    """No such period, or none in force on that day; its message is one Chinese sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One period as one instrument sets it."""

    id: str
    article: str
    instrument: str
    in_force_from: date
    in_force_to: date | None
    """The last day in force; None while no end is set."""
    counting: Counting
    length: int | None
    """In `unit`; None where a document or the office sets it."""
    unit: str
    title: str
    note: str = ""


RULES: tuple[Rule, ...] = (
    Rule(
        id="initiation-notice",
        article="第六条",
        instrument=ORDER,
        in_force_from=_FROM,
        in_force_to=_TO,
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
        in_force_from=_FROM,
        in_force_to=_TO,
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
        in_force_from=_FROM,
        in_force_to=_TO,
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
        in_force_from=_FROM,
        in_force_to=_TO,
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
        in_force_from=_FROM,
        in_force_to=_TO,
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
        in_force_from=_FROM,
        in_force_to=_TO,
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
        in_force_from=_FROM,
        in_force_to=_TO,
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
        in_force_from=_FROM,
        in_force_to=None,
        counting=Counting.WITHIN_WORKING_DAYS,
        length=None,
        unit="工作日",
        title="内部时限（非法定）",
        note="办法未规定期限，由经办单位自行设定，仅用于催办。",
    ),
)


def rule(rule_id: str, on: date | None = None) -> Rule:
    """The entry `rule_id` in force on the day `on`, or its latest entry where no day is given.

    Raises NoRule for an unknown id or a day on which no entry is in force.
    """
    entries = [entry for entry in RULES if entry.id == rule_id]
    if not entries:
        raise NoRule(f"没有名为“{rule_id}”的期限规则。")
    if on is None:
        return max(entries, key=lambda entry: entry.in_force_from)
    for entry in entries:
        if entry.in_force_from <= on <= (entry.in_force_to or date.max):
            return entry
    raise NoRule(f"{on}没有施行中的“{entries[0].title}”规定。")
