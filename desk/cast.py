"""The script of a rehearsal: who acts how long after a duty opens, and what they say.

Values may hold `{name}`, `{name+3}` or `{name-1}`, filled in from the case at the moment of acting:
the counts of the duty's village (members, majority, half, contractors, houses, holders), the days
`today` and `opened`, a running number `n`, and what the duty itself names (the amount `payable`, or
`measured` for a fund). `{name|100}` gives what stands behind the bar where there is no such value.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Protocol

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from case.duty import Preset
from case.faults import Fault, Faults, place_of, sentence_of
from case.state import State

_PLACEHOLDER = re.compile(r"\{(\w+)(?:([+-])(\d+))?(?:\|([^}]*))?\}")
_ONLY = re.compile(rf"^{_PLACEHOLDER.pattern}$")


class _Scripted(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Correction(_Scripted):
    """A wrong entry put right: the days until it is noticed, the right values, the reason."""

    after: Annotated[int, Field(ge=0, le=60)]
    values: dict[str, Any]
    reason: str


class Say(_Scripted):
    """One command: its name, unless it is the duty's own, and its values beside the preset."""

    command: str | None = None
    after: Annotated[int | None, Field(ge=0, le=400)] = None
    """Days from the duty's opening where they differ from the part's."""
    values: dict[str, Any] = {}
    wrong: dict[str, Any] = {}
    """Values entered wrongly at first; `correct` then puts them right."""
    correct: Correction | None = None


class Part(_Scripted):
    """What is done about the duties whose id matches the pattern `duty`."""

    duty: str
    after: Annotated[int, Field(ge=0, le=400)] = 1
    """Days from the duty's opening; a rest day passes on to the next working day."""
    again: bool = False
    """Said again, the same day, until the duty is met."""
    says: tuple[Say, ...] = (Say(),)


class Cast(_Scripted):
    """The whole script: the first part that matches a duty is played."""

    document_number: str = "温演〔{year}〕{n}号"
    parts: tuple[Part, ...]

    def part(self, duty: str) -> Part | None:
        """The part for a duty's id; None where nobody acts."""
        return next((part for part in self.parts if fnmatchcase(duty, part.duty)), None)


def load_cast(path: Path) -> Cast:
    """Read a script. Raises Faults with everything that is wrong in it, in Chinese."""
    try:
        return Cast.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise Faults([Fault(place=str(path), sentence="演练脚本无法读取")]) from error
    except yaml.YAMLError as error:
        raise Faults([Fault(place=str(path), sentence="演练脚本不是正确的 YAML")]) from error
    except ValidationError as error:
        raise Faults(
            [
                Fault(place=place_of(fault["loc"]), sentence=sentence_of(fault, None, ()))
                for fault in error.errors()
            ]
        ) from error


class Owed(Protocol):
    """What a script needs to know of a duty."""

    @property
    def opened_on(self) -> date: ...
    @property
    def preset(self) -> Mapping[str, Preset]: ...


def variables(
    state: State, duty: Owed, village_id: str | None, today: date, n: int
) -> dict[str, Any]:
    """What placeholders stand for."""
    known: dict[str, Any] = {"today": today, "opened": duty.opened_on, "n": n, "year": today.year}
    known |= {name: value for name, value in duty.preset.items() if isinstance(value, str)}
    village = state.village(village_id) if village_id else None
    amounts = state.measurement.of(village_id) if state.measurement and village_id else None
    if amounts:
        known["places"] = str(amounts.insurance_places.quantize(Decimal("0.1"), ROUND_HALF_UP))
    if village:
        known |= {
            "village": village.id,
            "members": village.members,
            "majority": village.members // 2 + 1,
            "half": village.members // 2,
            "contractors": village.contractors,
            "houses": village.houses,
            "holders": 1 + village.contractors + village.houses,
            "zone": village.zone,
        }
    return known


def fill(value: Any, known: Mapping[str, Any]) -> Any:
    """`value` with its placeholders filled in; one that is nothing else keeps its type."""
    if isinstance(value, dict):
        return {name: fill(part, known) for name, part in value.items()}
    if isinstance(value, list):
        return [fill(part, known) for part in value]
    if not isinstance(value, str):
        return value
    only = _ONLY.match(value)
    if only:
        return _resolve(only, known)
    return _PLACEHOLDER.sub(lambda found: str(_resolve(found, known)), value)


def _resolve(found: re.Match[str], known: Mapping[str, Any]) -> Any:
    name, sign, amount, otherwise = found.groups()
    if name not in known and otherwise is not None:
        return otherwise
    if name not in known:
        raise Faults([Fault(place=name, sentence=f"演练脚本中的“{{{name}}}”没有对应的数值")])
    base = known[name]
    if amount is None:
        return base
    shift = int(amount) if sign == "+" else -int(amount)
    return base + (timedelta(days=shift) if isinstance(base, date) else shift)
