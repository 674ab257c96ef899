"""A duty: what somebody owes, under which article, since when, and what meets it."""

from dataclasses import dataclass, field
from datetime import date

from case.schedule import Other, Request

OFFICE = "office-target"

Preset = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One thing owed by one unit.

    `command` is empty where what other duties ask for meets this one. `preset` holds the values of
    `command` that follow from the duty itself. `rule` is the period's rule under law/; with
    "office-target" the last day is the office's own (`target` working days), else it is counted
    from `trigger` or printed in a document (`printed`).
    """

    id: str
    step: int
    title: str
    unit: str
    article: str
    opened_on: date
    evidence: str
    command: str
    preset: dict[str, Preset] = field(default_factory=dict)
    rule: str = OFFICE
    target: int | None = None
    trigger: date | None = None
    printed: date | None = None
    village: str | None = None
    met_on: date | None = None
    others: tuple[Other, ...] = ()
    """Periods of the higher law for the same thing."""
    lapsed: bool = False
    """Its time is over without lateness, because the order says what holds instead."""

    @property
    def open(self) -> bool:
        return self.met_on is None and not self.lapsed

    @property
    def statutory(self) -> bool:
        return self.rule != OFFICE

    def request(
        self,
        *,
        today: date,
        resumed_on: date | None,
        amended: date | None,
        amended_on: date | None,
        rules_of: date | None = None,
    ) -> Request:
        """What to ask the calendar.

        An office target starts anew when a case resumes. The ladder stands anew after a resumption
        and after an amendment: what was to be told before is told no more.
        """
        if self.statutory:
            trigger = self.trigger or self.opened_on
            printed = max(self.printed, trigger) if self.printed else None
            length = None
        else:
            trigger = max(self.opened_on, resumed_on) if resumed_on else self.opened_on
            printed, length = None, self.target
        return Request(
            id=self.id,
            rule=self.rule,
            trigger=trigger,
            length=length,
            printed=printed,
            amended=amended,
            known_on=today,
            opened_on=max(day for day in (self.opened_on, resumed_on, amended_on) if day),
            rules_of=rules_of,
            others=self.others,
        )
