"""What an entry of the dated tables is: one rule as one instrument sets it, for as long as it does.

A change of the law closes an entry and adds another; nothing in force is ever edited, so that an
old case keeps its law.
"""

from datetime import date
from enum import StrEnum

from pydantic.dataclasses import dataclass

from law.counting import Counting

ORDER = "温政令〔2020〕7号"
TRANSITION = "温政发〔2020〕27号"
"""What the city issued with it on policies between the old law and the new."""
OFFICE = "内部时限"
"""Stands where an instrument would: a target the office sets itself, binding nobody in law."""
ASKED = "自行测算"
"""Stands where an instrument would: a period somebody asked to have counted."""
NOT_STATUTORY = frozenset({OFFICE, ASKED})

ORDER_FROM = date(2020, 12, 15)
ORDER_TO = date(2030, 12, 14)
"""第三十五条：in force from 2020-12-15 for ten years."""


class NoRule(ValueError):  # noqa: N818 - named for what is wrong, as the field would say
    """No such rule, or none in force on that day; its message is one Chinese sentence."""


class Layer(StrEnum):
    """Which body of law an entry belongs to."""

    ORDER = "本办法"
    """温政令〔2020〕7号 and what the city issued with it."""
    HIGHER = "上位法"
    """The law around the order, which prevails where it provides otherwise (第二条)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """What every entry says: where it comes from and how long it holds."""

    id: str
    article: str
    instrument: str
    in_force_from: date
    in_force_to: date | None
    """The last day in force; None while no end is set."""
    title: str
    note: str = ""
    layer: Layer = Layer.ORDER

    @property
    def source(self) -> str:
        """The article with its instrument, as it is cited."""
        return f"{self.instrument}{self.article}"

    def in_force(self, on: date) -> bool:
        """Whether the entry is in force on that day."""
        return self.in_force_from <= on <= (self.in_force_to or date.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Provision):
    """One period as one instrument sets it."""

    counting: Counting
    length: int | None
    """In `unit`; None where a document or the office sets it."""
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Provision):
    """A rule that is no period: a share, a limit, or what must hold, as one instrument sets it."""

    value: str
    """A number as text where there is one, so that it stays exact; else empty."""
    unit: str
    confirmed: bool = True
    """Whether the instrument was read in full; what was not is shown and never acted upon."""
