"""No order of commands reaches hand-over with a step missing, and none leads into a dead end.

Hypothesis says whatever it likes to a small case: what is owed, what is not, too early, too late,
by the wrong unit, with other counts; it corrects, sends back, suspends, moves days. After each act
the entries are looked over by `tests.case.life`, which shares nothing with the core; at the end the
case is played on rightly and must close.
"""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import HealthCheck, event, settings, target
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pydantic import TypeAdapter, ValidationError

from case.change import Change
from case.commands import COMMAND, COMMANDS
from case.conduct import SENDABLE
from case.duties import duties
from case.procedure import current_step, faults, refusal
from case.recording import records
from case.rights import signed
from case.state import State, Status
from case.telling import due_reminders, timers
from case.view import view
from law.deadline import SHANGHAI
from tests.case.anything import BRIEF, UNITS, counts
from tests.case.driver import CALENDAR, Driver
from tests.case.life import breaches

STATE = TypeAdapter(State)
VILLAGES = ("xi", "xia")
CLERK = "金阿福"
"""A person's name: it must never come to stand in a state, a timer or a reminder."""

PROCEDURE = [name for name, kind in COMMANDS.items() if kind.step]
LATE_MORNING = time(10, 0)

reached: Counter[int] = Counter()
"""How many commands left a case at each step, 15 for a closed one: looked at in the end."""


class AnyOrder(RuleBasedStateMachine):
    """A small case, told anything."""

    def __init__(self) -> None:
        super().__init__()
        self.case = Driver(BRIEF)
        self.told: set[tuple[str, str]] = set()
        self.accepted: list[Any] = []

    @property
    def now(self) -> datetime:
        return datetime.combine(self.case.today, LATE_MORNING, SHANGHAI)

    @initialize(
        stretch=st.sampled_from([0, 15, 30, 40, 50, 55, 58, 60, 62, 64, 66, 68, 70, 72]),
        objecting=st.integers(0, 4),
        holdout=st.booleans(),
    )
    def get_going(self, stretch: int, objecting: int, holdout: bool) -> None:
        """Begin somewhere along the way, so that late steps are tried as often as early ones.

        Some members object, and the owner of one house does not sign, to make decisions needed.
        """
        for _ in range(stretch):
            if not self._do_something_owed(0, objecting, holdout):
                self._pass(to=self._next_end())

    # What people say

    @rule(choice=st.integers(0, 30))
    def do_what_is_owed(self, choice: int) -> None:
        self._do_something_owed(choice)

    @rule(choice=st.integers(0, 30))
    def do_what_is_owed_too(self, choice: int) -> None:
        self._do_something_owed(choice)

    @rule(choice=st.integers(0, 30), count=st.integers(0, 3), back=st.integers(0, 40))
    def do_what_is_owed_in_part_or_late(self, choice: int, count: int, back: int) -> None:
        opened = self.case.to_do()
        if opened:
            duty = opened[choice % len(opened)]
            values: dict[str, Any] = dict(duty.preset) | {"by": {"unit": duty.unit, "name": CLERK}}
            values["occurred_on"] = self.case.today - timedelta(days=back)
            self._say(duty.command, **values, **counts(duty.command, count, values))

    @rule(
        name=st.sampled_from(PROCEDURE),
        place=st.sampled_from(VILLAGES),
        count=st.integers(0, 4),
        shift=st.sampled_from([-400, -30, -3, -1, 0, 0, 0, 0, 1, 30]),
        unit=st.sampled_from([None, None, None, "bureau", "township:hai"]),
        notice=st.sampled_from(["initiation", "compensation", "plan", "acquisition"]),
        hung_at=st.sampled_from(["portal", "village:xi", "village:xia", "group:xi/g1"]),
    )
    def say_anything(
        self, name: str, place: str, count: int, shift: int, unit: str | None, **notices: str
    ) -> None:
        values: dict[str, Any] = {"occurred_on": self.case.today + timedelta(days=shift)}
        fields = COMMANDS[name].__dataclass_fields__
        chosen = {
            "village": place,
            "villages": [place],
            "township": {"xi": "shan", "xia": "hai"}[place],
            "notice": notices["notice"],
            "places": [notices["hung_at"]],
        }
        values |= {key: value for key, value in chosen.items() if key in fields}
        if unit:
            values["by"] = {"unit": unit, "name": CLERK}
        self._say(name, **values, **counts(name, count, values))

    @rule(days=st.sampled_from([1, 2, 5, 12, 31]))
    def let_days_pass(self, days: int) -> None:
        self._pass(to=self.case.today + timedelta(days=days))

    @rule()
    def let_a_period_run_out(self) -> None:
        self._pass(to=self._next_end())

    # The conduct of the case

    @rule(
        item=st.sampled_from(sorted(SENDABLE)),
        place=st.sampled_from(["shan", "hai", *VILLAGES, None]),
        back=st.integers(0, 5),
    )
    def send_back(self, item: str, place: str | None, back: int) -> None:
        day = self.case.today - timedelta(days=back)
        self._say("send_back", item=item, place=place, occurred_on=day)

    @rule(choice=st.integers(0, 30), days=st.integers(-10, 60), back=st.integers(0, 40))
    def move_a_day(self, choice: int, days: int, back: int) -> None:
        known = sorted(self.case.state.schedules)
        if known:
            duty = known[choice % len(known)]
            day = self.case.last_day(duty) + timedelta(days=days)
            made_on = self.case.today - timedelta(days=back)
            self._say("amend_deadline", duty=duty, day=day, occurred_on=made_on)

    @rule(choice=st.integers(0, 99), days=st.integers(-20, 20), count=st.integers(0, 4))
    def correct(self, choice: int, days: int, count: int) -> None:
        acts = list(self.case.state.standing.values())
        if acts:
            wrong = acts[choice % len(acts)]
            plain = COMMAND.dump_python(wrong)
            day = wrong.occurred_on + timedelta(days=days)
            right = plain | {"occurred_on": day} | counts(wrong.command, count, plain)
            if COMMANDS[wrong.command].proven:
                right["evidence"] = [{"kind": "照片", "sha256": "0" * 64, "place": "2.jpg"}]
            self._say("correct", entry=wrong.id, replacement=right)

    @precondition(lambda self: self.case.state.suspended)
    @rule()
    def resume(self) -> None:
        self._say("resume")

    @rule(rarely=st.integers(0, 9), end=st.integers(0, 9))
    def suspend_or_end(self, rarely: int, end: int) -> None:
        if rarely == 0:
            self._say("terminate" if end == 0 else "suspend")

    @rule(choice=st.integers(0, 99))
    def repeat(self, choice: int) -> None:
        if self.accepted:
            before = self.case.state
            again = self.accepted[choice % len(self.accepted)]
            assert not faults(before, again)
            if not before.ended:
                self.case.take_again(again)
            assert self.case.state == before

    # How it is said

    def _do_something_owed(self, choice: int, objecting: int = 0, holdout: bool = False) -> bool:
        all_but_one = signed(self.case.state, "xia") == 2
        opened = [
            duty
            for duty in self.case.to_do()
            if not (holdout and all_but_one and duty.id == "agreements/xia")
        ]
        for n in range(len(opened)):
            duty = opened[(choice + n) % len(opened)]
            values = {"by": {"unit": duty.unit, "name": CLERK}, **duty.preset}
            if duty.command == "return_receipt":
                values["objecting_members"] = objecting
            if self._say(duty.command, **values):
                return True
        return False

    def _say(self, name: str, **values: Any) -> bool:
        case = self.case
        try:
            command = case.command(name, **values)
        except ValidationError:
            return False
        before = STATE.dump_json(case.state)
        if faults(case.state, command) or (refusal(case.state, command, case.today)):
            assert STATE.dump_json(case.state) == before
            return False
        case.take(command)
        self.accepted.append(command)
        step = current_step(case.state, case.today)
        reached[step.number if step else 15] += 1
        return True

    def _next_end(self) -> date:
        ends = [
            found.deadline.may_proceed_on
            for found in self.case.state.schedules.values()
            if found.deadline.may_proceed_on > self.case.today
        ]
        return min(ends, default=self.case.today + timedelta(days=1))

    def _pass(self, to: date) -> None:
        """Let time pass as the workflow does: from timer to timer."""
        case = self.case
        goal = datetime.combine(to, LATE_MORNING, SHANGHAI)
        now = self.now
        while waits := timers(case.state, case.owed, now):
            assert all(timer.at > now for timer in waits.values())
            assert not any(CLERK in timer.summary for timer in waits.values())
            now = min(timer.at for timer in waits.values())
            if now > goal:
                break
            case.go(to=now.astimezone(SHANGHAI).date())
            self._tell(now)
        case.go(to=to)

    def _tell(self, at: datetime) -> None:
        for reminder in self.case.tell(at):
            rung = (reminder.duty_id, reminder.rung)
            assert CALENDAR.is_working(at.astimezone(SHANGHAI).date()), reminder
            assert rung not in self.told, reminder
            assert CLERK not in str(reminder)
            self.told.add(rung)

    # What always holds

    @invariant()
    def the_order_is_kept(self) -> None:
        assert not list(breaches(self.case.state))

    @invariant()
    def nothing_happened_in_the_future(self) -> None:
        days = [act.occurred_on for act in self.case.state.standing.values()]
        assert max(days, default=self.case.today) <= self.case.today

    @invariant()
    def the_state_survives_being_written_down(self) -> None:
        case = self.case
        written = STATE.dump_json(case.state)
        read = STATE.validate_json(written)
        assert read == case.state
        assert duties(read, case.today) == duties(case.state, case.today) == case.owed
        assert CLERK not in written.decode()

    @invariant()
    def everything_owed_is_owed_by_somebody_once(self) -> None:
        ids = [duty.id for duty in self.case.owed]
        assert len(ids) == len(set(ids))
        for duty in self.case.owed:
            assert duty.unit in UNITS
            if duty.open and not self.case.state.ended:
                assert duty.id in self.case.state.schedules
                assert duty.opened_on <= self.case.today, duty

    @invariant()
    def nothing_waits_to_be_told(self) -> None:
        assert not due_reminders(self.case.state, self.case.owed, self.now)

    @invariant()
    def there_is_something_to_do_or_to_wait_for(self) -> None:
        state = self.case.state
        if state.status is Status.RUNNING:
            seen = view(state, self.case.owed, self.now)
            assert seen.duties or seen.periods

    @invariant()
    def it_can_be_shown_and_recorded(self) -> None:
        case = self.case
        rows = records(Change(state=case.state, command=None, at=self.now), case.state, case.owed)
        assert rows.case.status == case.state.status.value

    def teardown(self) -> None:
        """Done rightly from here on, the case closes: there are no dead ends."""
        case = self.case
        furthest = max((act.at_step for act in case.state.standing.values()), default=0)
        target(float(furthest), label="step reached")
        event(f"stopped at step {furthest}, {case.state.status}")
        if case.state.suspended:
            case.do("resume")
        if case.state.status is Status.RUNNING:
            case.play()
            assert not list(breaches(case.state))


def test_no_order_of_commands_breaks_the_order() -> None:
    """The same runs every time; afterwards, that they went deep enough to have shown something."""
    reached.clear()
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=60,
            stateful_step_count=40,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert set(reached) >= {1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15}, reached
    assert reached[14] + reached[15] > 50, reached
