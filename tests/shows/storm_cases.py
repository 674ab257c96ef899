"""The cases of the storm: alike but for their numbers, each with duties told the same morning.

Half of them owe one thing, a quarter two, a quarter three. Everybody has a mail address of their
own, every other person a telephone as well; the others are told upward when mail fails.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto

from case.brief import brief
from case.commands import COMMAND, AnyCommand
from case.entries import CaseFile, Channel, Person, Role
from case.file import load
from case.state import State
from deploy.settings import REPOSITORY
from law.order import DEPARTMENTS, INITIATION_NOTICE_CONTENTS
from tests.case.driver import Driver

EXAMPLE = REPOSITORY / "examples" / "one-village.yaml"
DOMAIN = "storm.example.gov.cn"
DRAFT = "draft/initiation"
NOTIFY = "notify_departments"


class Met(Enum):
    """When one of a case's duties is met."""

    NEVER = auto()
    JUST_BEFORE = auto()
    """In the last minute before it is told: nobody may hear of it."""
    MEANWHILE = auto()
    """While its reminder is on its way."""
    WHILE_STUCK = auto()
    """Once its reminder has failed or its worker has died, before it is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StormCase:
    """One case: its file, where it stands at its launch, and what is done about it."""

    file: CaseFile
    state: State
    duties: tuple[str, ...]
    """Those told in the morning."""
    met: Met
    impatient: bool
    """Whether its clock runs on at once, so that it fails over while the mail server is away."""
    launched_on: date
    gone: frozenset[str]
    """Mail addresses in its directory that the mail server does not know any more."""

    @property
    def case_id(self) -> str:
        return self.file.project.number

    @property
    def meets(self) -> str:
        """The duty that is met, where one is."""
        return DRAFT if DRAFT in self.duties else NOTIFY

    def meeting(self) -> AnyCommand:
        """The command that meets it; said again, it is the same."""
        values = (
            {"command": "draft_initiation", "contents": INITIATION_NOTICE_CONTENTS}
            if self.meets == DRAFT
            else {
                "command": NOTIFY,
                "departments": DEPARTMENTS,
                "document_number": "温征停〔2026〕1号",
                "evidence": [{"kind": "送达回证", "sha256": "0" * 64, "place": "1.jpg"}],
            }
        )
        return COMMAND.validate_python(
            {
                "id": "storm-met",
                "occurred_on": self.launched_on,
                "by": {"unit": "bureau"},
                **values,
            }
        )


def storm_cases(many: int, launched_on: date) -> Iterator[StormCase]:
    """So many cases that are launched on that day."""
    example = load(EXAMPLE).model_copy(update={"compensation": None})
    kinds = tuple(_kinds(example, launched_on))
    for number in range(many):
        state, duties = kinds[(0, 0, 1, 2)[number % 4]]
        file = _file(example, number)
        own = brief(file)
        yield StormCase(
            file=file,
            state=replace(state, brief=own),
            duties=duties,
            met=_MEETINGS.get(number % 12, Met.NEVER),
            impatient=number // 4 % 2 == 0,
            launched_on=launched_on,
            gone=frozenset(
                person.channel.address
                for person in file.directory
                if _is_gone(number, person.unit, person.role)
            ),
        )


_MEETINGS = {
    1: Met.JUST_BEFORE,
    4: Met.MEANWHILE,
    6: Met.WHILE_STUCK,
    7: Met.MEANWHILE,
    10: Met.JUST_BEFORE,
    9: Met.WHILE_STUCK,
}


def _is_gone(number: int, unit: str, role: Role) -> bool:
    """One clerk in ten; and in one case of fifty everybody who might be told instead."""
    if _is_deserted(number):
        return unit in {"bureau", "city"}
    return number % 10 == 3 and (unit, role) == ("bureau", Role.CLERK)


def _is_deserted(number: int) -> bool:
    return number % 50 == 20


def _kinds(example: CaseFile, launched_on: date) -> Iterator[tuple[State, tuple[str, ...]]]:
    """Where a case may stand, and what it then owes: one thing, two, three."""
    case = Driver(brief(example), today=launched_on)
    yield _uncounted(case)
    case.do("draft_initiation")
    case.do("approve")
    three = _uncounted(case)
    case.do("confirm_posting")
    yield _uncounted(case)
    yield three


def _uncounted(case: Driver) -> tuple[State, tuple[str, ...]]:
    """Its deadlines are left for the workflow to count."""
    return case.state.with_schedules({}), tuple(case.open())


def _file(example: CaseFile, number: int) -> CaseFile:
    case_id = f"WZ-STORM-{number:04}"
    directory = tuple(
        _reached(person, number, place) for place, person in enumerate(example.directory)
    )
    project = example.project.model_copy(update={"number": case_id})
    return example.model_copy(update={"project": project, "directory": directory})


def _reached(person: Person, number: int, place: int) -> Person:
    mail = Channel(kind="email", address=f"c{number:04}-p{place:02}@{DOMAIN}")
    phone = Channel(kind="sms", address=f"138{number:05}{place:03}")
    fallback = (phone,) if (number // 4 + place) % 3 and not _is_deserted(number) else ()
    return person.model_copy(update={"channel": mail, "fallback": fallback})
