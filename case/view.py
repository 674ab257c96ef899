"""What people see of a case: the fourteen steps, the periods that run, who owes what by when."""

from dataclasses import dataclass
from datetime import date, datetime

from case.duty import Duty, Preset
from case.facts import hearing_required
from case.procedure import current_step
from case.schedule import Schedule
from case.state import State, Status
from case.steps import STEPS
from case.wording import NOTICE_STEPS, PERIOD_RULES, period_title
from law.deadline import SHANGHAI, Deadline, chinese_day

STATUS_TITLES = {
    Status.RUNNING: "办理中",
    Status.SUSPENDED: "已中止",
    Status.TERMINATED: "已终止",
    Status.CLOSED: "已办结",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step: `state` is done, current or waiting; `lacks` says what it waits for."""

    number: int
    title: str
    article: str
    state: str
    begun_on: date | None
    done_on: date | None
    lacks: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyView:
    """An open duty or a running period with its days."""

    id: str
    step: int
    title: str
    unit: str
    unit_name: str
    article: str
    statutory: bool
    opened_on: date
    last_day: date
    rolled_last_day: date
    provisional: bool
    earliest: date
    latest: date
    overdue: bool
    evidence: str = ""
    command: str = ""
    preset: dict[str, Preset]
    beside: tuple[str, ...] = ()
    """What another body of law asks for the same thing, and that the stricter day is kept."""
    trouble: str = ""
    """What went wrong when its newest reminder was delivered; empty where nothing did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case at one moment (`at`, its own clock)."""

    case_id: str
    name: str
    place: str
    """Its townships."""
    status: Status
    at: datetime
    steps: tuple[StepView, ...]
    periods: tuple[DutyView, ...]
    duties: tuple[DutyView, ...]
    blocked: str | None
    rules: str = ""
    """The rules it is reckoned by, in one line."""
    settled: bool = True
    """Whether all that follows from the last command or day is counted and recorded."""

    @property
    def beside(self) -> tuple[str, ...]:
        """What another body of law asks for the same things as the duties, each said once."""
        return tuple(dict.fromkeys(said for duty in self.duties for said in duty.beside))


def overdue(schedule: Schedule, now: datetime) -> bool:
    """Whether the strict last day is over."""
    return now >= schedule.ends_at


def is_late(state: State, duty: Duty, now: datetime) -> bool:
    """Whether an open duty's strict last day is over."""
    schedule = state.schedules.get(duty.id)
    return duty.open and schedule is not None and overdue(schedule, now)


def blocked(state: State) -> str | None:
    """Why a case cannot move though nobody is late: suspended, or a hearing is outstanding."""
    if state.suspended:
        return "案件已中止"
    if any(
        hearing_required(state, village.id) and f"hearing/{village.id}" not in state.standing
        for village in state.brief.villages
    ):
        return "应当举行听证会"
    return None


def view(
    state: State, duties: tuple[Duty, ...], now: datetime, *, settled: bool = True
) -> CaseView:
    """The case as people see it; `duties` are those of `state` today."""
    today = now.astimezone(SHANGHAI).date()
    return CaseView(
        case_id=state.brief.case_id,
        name=state.brief.name,
        place="、".join(township.name for township in state.brief.townships),
        status=state.status,
        at=now,
        steps=_steps(state, today),
        periods=tuple(_periods(state, now)),
        duties=tuple(
            _duty(state, duty, state.schedules[duty.id], now)
            for duty in duties
            if duty.open and duty.id in state.schedules
        ),
        blocked=blocked(state),
        rules=state.rule_set.said() if state.rule_set else "",
        settled=settled,
    )


def _steps(state: State, today: date) -> tuple[StepView, ...]:
    current = current_step(state, today)
    acted: dict[int, list[date]] = {}
    for act in state.standing.values():
        acted.setdefault(act.at_step, []).append(act.occurred_on)
    found = []
    for step in STEPS:
        lacks = state.lacks(today)[step.number - 1]
        days = acted.get(step.number, [])
        ends = [
            period.last_day
            for notice in PERIOD_RULES
            if NOTICE_STEPS[notice] == step.number and (period := state.period(notice))
        ]
        begun = min(days, default=None)
        if lacks is None and (begun or current is None or step.number < current.number):
            progress = "done"
        elif step is current or begun:
            progress = "current"
        else:
            progress = "waiting"
        found.append(
            StepView(
                number=step.number,
                title=step.title,
                article=step.article,
                state=progress,
                begun_on=begun,
                done_on=max((*days, *ends), default=None) if lacks is None else None,
                lacks=lacks,
            )
        )
    return tuple(found)


def _periods(state: State, now: datetime) -> list[DutyView]:
    found = []
    for notice in PERIOD_RULES:
        schedule = state.schedules.get(f"period/{notice.value}")
        if schedule is None or state.period(notice) is None or overdue(schedule, now):
            continue
        deadline = schedule.deadline
        found.append(
            DutyView(
                id=f"period/{notice.value}",
                step=NOTICE_STEPS[notice],
                title=period_title(f"period/{notice.value}"),
                unit="",
                unit_name="",
                article=deadline.article,
                statutory=True,
                opened_on=deadline.trigger,
                last_day=deadline.last_day,
                rolled_last_day=deadline.rolled_last_day,
                provisional=deadline.provisional,
                earliest=deadline.earliest,
                latest=deadline.latest,
                overdue=False,
                preset={},
            )
        )
    return found


def _duty(state: State, duty: Duty, schedule: Schedule, now: datetime) -> DutyView:
    deadline = schedule.deadline
    return DutyView(
        id=duty.id,
        step=duty.step,
        title=duty.title,
        unit=duty.unit,
        unit_name=state.unit_name(duty.unit),
        article=duty.article,
        statutory=duty.statutory,
        opened_on=duty.opened_on,
        last_day=deadline.last_day,
        rolled_last_day=deadline.rolled_last_day,
        provisional=deadline.provisional,
        earliest=deadline.earliest,
        latest=deadline.latest,
        overdue=overdue(schedule, now),
        evidence=duty.evidence,
        command=duty.command,
        preset=duty.preset,
        beside=tuple(_beside(deadline, other) for other in schedule.others),
        trouble=state.troubles.get(duty.id, ""),
    )


def _beside(worked_to: Deadline, other: Deadline) -> str:
    return (
        f"{other.instrument}{other.article}：{chinese_day(other.trigger)}起"
        f"{other.counting.phrase(other.length)}，至{other.last_day}；"
        f"{worked_to.instrument}{worked_to.article}至{worked_to.last_day}，从严按后者办理"
    )
