"""The two ways of choosing day zero that are more than a date: a receipt, and several postings.

Day zero is the day from which a period runs and which is itself not counted (民法典第二百零一条).
Mostly it is the plain day of a posting or an event; `law.deadline.reckon` takes a date for that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from law import BadPeriod
from law.calendar import FIRST_DAY
from law.counting import chinese_day


class DayZero(Protocol):
    """How day zero comes about."""

    @property
    def day(self) -> date:
        """Day zero."""
        ...

    def explain(self) -> str:
        """Which day it is and why, in a few Chinese words that “不计入” can follow."""
        ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """自收到……之日起: the day a document arrived (第十六条: 收到土地征收批准文件之日)."""

    document: str
    """What arrived, as the article calls it."""
    received: date

    @property
    def day(self) -> date:
        """The day it arrived."""
        return self.received

    def explain(self) -> str:
        """收到土地征收批准文件当日（2026年5月8日）."""
        return f"收到{self.document}当日（{chinese_day(self.received)}）"


@dataclass(frozen=True, slots=True)
class LastOfPostings:
    """各处张贴日不同的，以最后张贴日为准: a notice runs for all once it hangs everywhere (第六条).

    Raises BadPeriod where there is no place, and where places have no day yet, naming them all.
    """

    postings: Mapping[str, date | None]
    """The day on which it was put up, by place; None where it is not up yet."""

    def __post_init__(self) -> None:
        if not self.postings:
            raise BadPeriod("没有写明任何一处的张贴日，无法起算。")
        if missing := [place for place, day in self.postings.items() if day is None]:
            raise BadPeriod(f"{'、'.join(missing)}尚无张贴日，各处都张贴以后才能起算。")
        if early := [place for place, day in self.postings.items() if day and day < FIRST_DAY]:
            raise BadPeriod(f"{'、'.join(early)}的张贴日早于日历的起点（{FIRST_DAY}）。")

    @property
    def day(self) -> date:
        """The last day of posting."""
        return max(day for day in self.postings.values() if day)

    @property
    def governing(self) -> tuple[str, ...]:
        """The places that were posted last, in the order given."""
        last = self.day
        return tuple(place for place, day in self.postings.items() if day == last)

    def explain(self) -> str:
        """最后张贴的石埠溪村张贴当日（2026年3月18日）, or 各处张贴当日 where all are of one day."""
        places = self.governing
        if len(places) < len(self.postings):
            return f"最后张贴的{'、'.join(places)}张贴当日（{chinese_day(self.day)}）"
        return f"{'、'.join(places)}张贴当日（{chinese_day(self.day)}）"
