"""A command: what a person did, said to a case.

A command knows what the law asks before it (`lacking`), when its time is past (`too_late`), who may
do it (`doers`) and what it leaves standing in the case (`keys`). Nothing here reads a clock.
"""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, cast

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.dataclasses import dataclass

from case.records import Evidence

if TYPE_CHECKING:
    from case.acts import Act
    from case.state import State

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Count = Annotated[int, Field(gt=0, le=1_000_000)]
Day = Annotated[date, Field(le=date(2040, 12, 31))]
"""A last day that a document names: no further off than a calendar can be estimated."""
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]

STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Actor:
    """Who did it: the unit's id, the role in it, the person's name (kept in the registry only)."""

    unit: Text
    role: Text = "经办人"
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a command is not allowed: one sentence with the article."""

    sentence: str
    article: str

    def __str__(self) -> str:
        return f"{self.sentence}（{self.article}）。"


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Command:
    """What every command carries.

    `occurred_on` is the day it legally happened: never after the case's present, never before what
    it rests on. `id` makes a repeat harmless.
    """

    title: ClassVar[str]
    article: ClassVar[str]
    step: ClassVar[int]
    renewable: ClassVar[bool] = False
    """Whether a later command may take the place of an earlier one without a correction."""
    numbered: ClassVar[bool] = False
    """Whether the act is a document, so that its number is required."""
    correctable: ClassVar[bool] = True
    """Whether a wrong entry is put right by a correction, and not by doing the act again."""
    proven: ClassVar[bool] = False
    """Whether the act counts only with its proof."""

    id: Identifier
    occurred_on: Annotated[date, Field(description="实际发生日（年-月-日）")]
    by: Actor
    document_number: Annotated[str | None, Field(description="文号")] = None
    evidence: Annotated[tuple[Evidence, ...], Field(description="佐证材料")] = ()

    def facts(self) -> tuple[str, ...]:
        """The facts this command leaves standing."""
        return ()

    @property
    def basis(self) -> str:
        """The article this act rests on."""
        return self.article

    @property
    def at_step(self) -> int:
        """The step this act belongs to, 1 to 14; 0 for the conduct of the case as a whole."""
        return self.step

    def doers(self, state: "State") -> tuple[str, ...]:
        """The units whose act this is."""
        raise NotImplementedError

    def lacking(self, state: "State") -> str | None:
        """What the law asks before this and is missing on `occurred_on`; None if nothing is."""
        raise NotImplementedError

    def unproven(self) -> str | None:
        """What of number and proof is missing; None if nothing is."""
        if self.numbered and not self.document_number:
            return "须注明文号"
        if self.proven and not self.evidence:
            return "须附佐证材料（张贴照片或网页截图）"
        return None

    def applied(self, state: "State") -> "State":
        """The case once this stands. Proofs and persons' names go to the registry alone."""
        kept = replace(self, evidence=(), by=replace(self.by, name=""))
        keys = self.facts()
        return state.with_standing(dict.fromkeys(keys, cast("Act", kept)), frozenset(keys))

    def too_late(self, state: "State") -> str | None:
        """Why this cannot be done any more; None if it still can."""
        return None
