"""Leave and delegation: who takes a person's messages from which day until which."""

from collections.abc import Iterable, Iterator
from datetime import date

from pydantic import Field

from case.directory import unit_fault
from case.entries import Reached, Role
from case.faults import Fault, place_of
from case.faults import Path as Place
from case.kinds import Day, Entry, Text
from case.source import Source


class StandIn(Entry):
    """One person's absence and who stands in (personal data). Both days count in."""

    unit: Text = Field(title="单位")
    """As in a case file's directory."""
    role: Role = Field(title="职责")
    name: Text = Field(title="姓名")
    """Of the person who is away."""
    first_day: Day = Field(alias="from", title="起始日")
    last_day: Day = Field(alias="until", title="截止日")
    stand_in: Reached = Field(title="代理人")

    def replaces(self, unit: str, role: str, name: str, today: date) -> bool:
        """Whether `name`, in this role of this unit, is away on `today`."""
        away = (self.unit, self.role.value, self.name) == (unit, role, name)
        return away and self.first_day <= today <= self.last_day

    def meets(self, other: "StandIn") -> bool:
        """Whether both are in force on some one day."""
        return self.first_day <= other.last_day and other.first_day <= self.last_day


def stand_in_faults(source: Source, entries: Iterable[tuple[Place, StandIn]]) -> Iterator[Fault]:
    """What is wrong with stand-ins that are sound by themselves, each given with its place."""
    listed = tuple(entries)
    for i, (place, entry) in enumerate(listed):
        if said := unit_fault(entry.unit):
            yield source.fault((*place, "unit"), said)
        if entry.last_day < entry.first_day:
            sentence = f"截止日 {entry.last_day} 早于起始日 {entry.first_day}"
            yield source.fault((*place, "until"), sentence)
        for earlier, other in listed[:i]:
            same = (other.unit, other.role, other.name) == (entry.unit, entry.role, entry.name)
            if same and entry.meets(other):
                sentence = f"与 {place_of(earlier)} 是同一个人，日期重叠，不知道由谁代理"
                yield source.fault((*place, "from"), sentence)
    for circle in _circles(listed):
        # By place and not by name: a fault may end up in a log.
        who = "、".join(place_of(place) for place in sorted(circle))
        yield source.fault((*max(circle), "stand_in", "name"), f"代理成了循环：{who}")


def _circles(
    listed: tuple[tuple[Place, StandIn], ...],
) -> Iterator[tuple[Place, ...]]:
    """Each circle of people of one unit who stand in for one another on the same days, once."""
    found: set[frozenset[int]] = set()
    for start in range(len(listed)):
        path = [start]
        while (after := _next(listed, path)) is not None and after not in path:
            path.append(after)
        if after == start and frozenset(path) not in found:
            found.add(frozenset(path))
            yield tuple(listed[i][0] for i in path)


def _next(listed: tuple[tuple[Place, StandIn], ...], path: list[int]) -> int | None:
    """The absence of whoever stands in last on `path`, on a day on which all of it is in force."""
    last = listed[path[-1]][1]
    for i, (_, entry) in enumerate(listed):
        away = entry.unit == last.unit and entry.name == last.stand_in.name
        if away and all(entry.meets(listed[j][1]) for j in path):
            return i
    return None
