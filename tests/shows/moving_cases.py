"""The cases whose days a holiday paper moves: alike but for where they stand and since when.

A quarter of them has just been launched, a quarter waits for the city's approval, a quarter for the
postings, and with a quarter the notice hangs; each since one of eight working days of 2027, up to
1 February.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from case.brief import brief
from case.entries import CaseFile
from case.file import load
from case.state import State
from deploy.settings import REPOSITORY
from law.calendar import WorkingCalendar, official_calendar
from tests.case.driver import Driver

EXAMPLE = REPOSITORY / "examples" / "one-village.yaml"
DAYS = (*(date(2027, 1, day) for day in (21, 22, 25, 26, 27, 28, 29)), date(2027, 2, 1))
ACTS: tuple[tuple[str, ...], ...] = (
    (),
    ("draft/",),
    ("draft/", "approve/"),
    ("draft/", "approve/", "post/"),
)
"""The duties that are met, by how their ids begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingCase:
    """One case: its file, where it stands at its launch, and where its days should come to lie."""

    file: CaseFile
    state: State
    last_days: Mapping[str, date]
    """Of each open duty and running period, by the calendar with the paper, on the day of it."""

    @property
    def case_id(self) -> str:
        return self.file.project.number


def moving_cases(many: int, after: WorkingCalendar, on: date) -> Iterator[MovingCase]:
    """So many cases; `after` is the calendar with the paper, which counts on the day `on`."""
    example = load(EXAMPLE).model_copy(update={"compensation": None})
    kinds = [
        (
            # What is due is left for the workflow to count, by the papers of its day.
            _acted(example, day, acts, official_calendar()).state.with_schedules({}),
            _last_days(_acted(example, day, acts, after), on),
        )
        for day in DAYS
        for acts in ACTS
    ]
    for number in range(many):
        # Seven is prime to the number of kinds: also a few cases are of all of them.
        state, last_days = kinds[number * 7 % len(kinds)]
        project = example.project.model_copy(update={"number": f"WZ-MOVE-{number:04}"})
        file = example.model_copy(update={"project": project})
        yield MovingCase(file=file, state=replace(state, brief=brief(file)), last_days=last_days)


def _acted(
    example: CaseFile, day: date, acts: tuple[str, ...], calendar: WorkingCalendar
) -> Driver:
    """A case launched on that day, with these acts done on it."""
    case = Driver(brief(example), today=day, calendar=calendar)
    for act in acts:
        for duty in [each for each in case.owed if each.open and each.id.startswith(act)]:
            case.take(case.rightly(duty))
    return case


def _last_days(case: Driver, on: date) -> dict[str, date]:
    case.go(to=on)
    return {
        key: schedule.deadline.last_day
        for key, schedule in case.state.schedules.items()
        if schedule.deadline.last_day >= on or not key.startswith("period/")
    }
