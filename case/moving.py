"""Moving dates: what all open cases are told once a holiday paper counts, and what came of it.

One `Adoption` brings every case that depends on a changed day to one calendar. Nothing here names a
person: it stands in histories as it is.
"""

from dataclasses import replace
from datetime import date, datetime

from pydantic.dataclasses import dataclass

ROWS_KEPT = 2000
"""How many moved days are listed: a history takes no more. The registry has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDate:
    """One last day that moved, or that would move in a dry run."""

    case_id: str
    duty_id: str
    title: str
    unit_name: str
    """Empty for a notice's period, which nobody owes."""
    old_last_day: date
    new_last_day: date
    old_provisional: bool
    new_provisional: bool
    document_number: str
    """The papers by which it moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMoved:
    """What came of one case."""

    case_id: str
    counted: bool
    """Whether it was counted anew; not where it stood by this calendar before."""
    ended: bool = False
    """Whether it ended before its turn came."""
    moved: tuple[MovedDate, ...] = ()
    told: int = 0
    """How many people hear of it who had heard of an old day."""
    told_at: datetime | None = None
    """When they hear of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMoved:
    """A case that could not be counted anew: why, in Chinese."""

    case_id: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What came of an adoption so far; of a dry run, what would come of it."""

    cases: int = 0
    """How many cases depend on changed days; one that depends again in a later round, again."""
    counted: int = 0
    standing: int = 0
    """How many stood by this calendar before."""
    ended: int = 0
    moved: int = 0
    """How many last days moved."""
    rows: tuple[MovedDate, ...] = ()
    """The first ROWS_KEPT of them, by case and new day once all is done."""
    told: int = 0
    """How many people hear of it, counted in each case."""
    told_from: datetime | None = None
    told_until: datetime | None = None
    failed: tuple[NotMoved, ...] = ()
    left: int = 0
    """How many were left alone because whoever counts has other papers by now."""

    @property
    def done(self) -> int:
        """How many cases have had their turn, or will have none."""
        return self.counted + self.standing + self.ended + len(self.failed) + self.left

    def including(self, case: CaseMoved) -> "Moves":
        """These, and what came of another case."""
        moments = [at for at in (self.told_from, self.told_until, case.told_at) if at]
        return replace(
            self,
            counted=self.counted + (case.counted and not case.ended),
            standing=self.standing + (not case.counted and not case.ended),
            ended=self.ended + case.ended,
            moved=self.moved + len(case.moved),
            rows=(*self.rows, *case.moved)[:ROWS_KEPT],
            told=self.told + case.told,
            told_from=min(moments, default=None),
            told_until=max(moments, default=None),
        )

    def without(self, failed: NotMoved) -> "Moves":
        """These, and a case that could not be counted anew."""
        return replace(self, failed=(*self.failed, failed))

    def in_order(self) -> "Moves":
        """The same, whatever the order in which the cases had their turn."""
        by_case = sorted(self.rows, key=lambda row: (row.case_id, row.new_last_day, row.duty_id))
        failed = sorted(self.failed, key=lambda each: each.case_id)
        return replace(self, rows=tuple(by_case), failed=tuple(failed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """That the open cases are to be counted by one calendar."""

    calendar: str
    """Its digest. Whoever counts refuses where its own papers give another."""
    dry_run: bool = False
    """Only reckon what would move: nothing is said to a case and nothing written."""
    proposed: str | None = None
    """The text of a paper that is not adopted yet and belongs to the calendar; dry runs only."""
    waiting: tuple[str, ...] | None = None
    """The cases whose turn has not come; None before anybody has looked which there are."""
    round: int = 1
    """How often it was looked which cases depend: others may while these have their turn."""
    so_far: Moves = Moves()
    """What came of the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCase:
    """That one case is to be counted anew."""

    case_id: str
    calendar: str
    dry_run: bool = False
    proposed: str | None = None
    run: str
    """What tells one round of an adoption from others by the same calendar: [0-9a-f]+."""

    @property
    def entry(self) -> str:
        """How the ids of the case's entries begin that come of this round."""
        return f"recount-{self.calendar[:12]}-{self.run}-"
