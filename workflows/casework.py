"""How a case is kept moving: commands in, deadlines counted, records kept, timers and reminders.

The mechanism below the procedure. It knows no step of the order; what a command means, which duties
follow and when they are told is decided in `case/`.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from pydantic import ValidationError
from temporalio import workflow
from temporalio.common import RawValue, RetryPolicy
from temporalio.exceptions import ApplicationError

from case.change import Change
from case.commands import COMMAND, AnyCommand
from case.duties import duties
from case.duty import Duty
from case.measurement import Measurement
from case.procedure import apply, close, current_step, faults, measuring, refusal, repeated
from case.reckoning import prune, settle, wanted
from case.records import Delivered, Reminder
from case.schedule import Schedule
from case.state import State, Status
from case.steps import STEPS
from case.telling import Timer, due_reminders, mark_delivered, timers
from case.view import CaseView, is_late, view
from law.deadline import SHANGHAI
from workflows.accepted import BAD_INPUT, REFUSED, Accepted, Outcome
from workflows.attributes import changed_attributes
from workflows.beside import FAILED, MEASURED_WITHIN, beside, for_good
from workflows.details import details

LONG_RUN = 350
"""Events after which a run hands over to the next one, well before 500."""

SENT_WITHIN = timedelta(minutes=10)
HEARD_OF_WITHIN = timedelta(seconds=20)
"""How soon it is noticed that whoever sends has died."""
AGAIN_AFTER = timedelta(seconds=1)
"""The least that passes before what could not be delivered is tried again."""


class Terminated(Exception):  # noqa: N818 - the case ended so; it is no error
    """The case was terminated before hand-over."""


class Casework:
    """One case: its state, and all that follows when a person acts or a day passes."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._duties: tuple[Duty, ...] = ()
        self._passed = 0
        self._turn = asyncio.Lock()
        self._timers: dict[str, tuple[Timer, asyncio.Task[None]]] = {}
        self._clock: asyncio.Task[None]
        self._begun = False
        self._woken = False
        self._overtaken = False
        self._waited = False
        self._telling: set[tuple[str, str]] = set()
        self._pending: frozenset[tuple[str, str]] = frozenset()
        self._again_at: datetime | None = None
        self._settled: tuple[Status, tuple[tuple[str, bool, bool], ...]] | None = None

    # What people see

    @workflow.query
    def view(self) -> CaseView:
        """The case as it stands."""
        return view(
            self._state, self._duties, workflow.now(), settled=self._begun and self._is_quiet()
        )

    @workflow.query
    def state(self) -> State:
        """The whole state, for a dry run."""
        return self._state

    # What people do

    @workflow.update(dynamic=True)
    async def act(self, name: str, args: Sequence[RawValue]) -> Accepted:
        """Take in one command; returns once it stands, is recorded and its deadlines are known."""
        command = _read(name, args)
        async with self._turn:
            if not repeated(self._state, command):
                self._refuse(command)
                await self._take(command)
        return Accepted(case_id=self._state.brief.case_id, entry_id=command.id, passed=self._passed)

    @workflow.signal
    def nudge(self) -> None:
        """The watchdog finds a reminder late: look at once at what is to be told."""
        self._state = replace(self._state, late=True)
        self._again_at = None
        self._pending = frozenset()
        self._woken = True

    @act.validator
    def _may_act(self, name: str, args: Sequence[RawValue]) -> None:
        command = _read(name, args)
        if not repeated(self._state, command):
            self._refuse(command)

    async def _take(self, command: AnyCommand) -> None:
        """Let the command stand with all that follows, or not at all."""
        measured = await self._measure(command)
        before = self._state
        self._state = apply(before, command, measured)
        try:
            await self._follow(command)
        except FAILED as error:
            # What was told meanwhile stays told.
            told, troubles, late = self._state.told, self._state.troubles, self._state.late
            self._state = replace(before, troubles=troubles, late=late).with_told(told)
            await self._follow(None)
            raise for_good(error) from error
        finally:
            self._catch_up()

    def _catch_up(self) -> None:
        """Wake for a timer whose time came while an act was taken in, before it could fire: the act
        has taken its place, and what it was to wake for is still to come."""
        if self._overtaken and workflow.patched("overtaken-timer"):
            self._woken = True
        self._overtaken = False

    async def _measure(self, command: AnyCommand) -> Measurement | None:
        """The amounts that the command has measured; a sheet that cannot be measured is refused."""
        asked = measuring(self._state, command)
        if asked is None:
            return None
        try:
            return await beside(
                "measure",
                asked,
                Measurement,
                "按登记的测算表测算征地补偿费用",
                longest=MEASURED_WITHIN,
            )
        except FAILED as error:
            raise for_good(error) from error

    def _refuse(self, command: AnyCommand) -> None:
        if wrong := faults(self._state, command):
            raise ApplicationError("\n".join(wrong), type=BAD_INPUT, non_retryable=True)
        if refused := refusal(self._state, command, self._today):
            raise ApplicationError(str(refused), type=REFUSED, non_retryable=True)

    # What the procedure waits for

    async def begin(self) -> None:
        """Bring the case up to the present of this run, and keep it there."""
        async with self._turn:
            await self._follow(None)
            self._begun = True
        self._tell()
        self._clock = asyncio.create_task(self._keep_time())

    async def pass_step(self, number: int) -> None:
        """Wait until steps 1 to `number` are complete; raises Terminated if the case ends first."""
        while self._passed < number:
            self._waited = True
            await self._wait(lambda: self._passed >= number or self._state.ended or self._is_long())
            if self._state.ended:
                raise Terminated
            if self._passed < number:
                await self._continue()

    async def milestone(self) -> None:
        """A legal milestone is reached: continue as new, unless this run only passed through."""
        if self._waited:
            await self._continue()

    async def end(self) -> Outcome:
        """Close the case and leave nothing running."""
        await self._quiet()
        async with self._turn:
            self._state = close(self._state)
            await self._follow(None)
        self._clock.cancel()
        await self._wait(workflow.all_handlers_finished)
        return Outcome(
            case_id=self._state.brief.case_id, status=self._state.status, ended_on=self._today
        )

    async def _continue(self) -> None:
        await self._quiet()
        workflow.continue_as_new(self._state)

    async def _quiet(self) -> None:
        """Wait until no command, no telling and no wake is under way."""
        await self._wait(lambda: workflow.all_handlers_finished() and self._is_quiet())

    async def _wait(self, condition: Callable[[], bool]) -> None:
        """Wait for `condition`. A cancellation asked for in the Web UI ends no case: only the acts
        that the order knows do, and 终止 is one of them."""
        while not condition():
            try:
                await workflow.wait_condition(condition)
            except asyncio.CancelledError:
                workflow.logger.warning("a cancellation was asked for and ignored; use terminate")

    def _is_quiet(self) -> bool:
        return not (self._telling or self._woken or self._turn.locked())

    def _is_long(self) -> bool:
        return workflow.info().get_current_history_length() > LONG_RUN

    async def _keep_time(self) -> None:
        """For the life of a run: whenever a timer fires, see what the new day brings, and tell."""
        while True:
            await workflow.wait_condition(lambda: self._woken)
            async with self._turn:
                self._woken = False
                await self._follow(None)
                self._overtaken = False
            self._tell()

    # What follows

    @property
    def _today(self) -> date:
        return workflow.now().astimezone(SHANGHAI).date()

    async def _follow(self, command: AnyCommand | None) -> None:
        """After a command or a new day: count, record, set timers, show. Holds the turn."""
        now = workflow.now()
        if not command:
            self._duties = duties(self._state, self._today)
        if (
            command
            or wanted(self._state, self._duties, self._today)
            or self._standing() != self._settled
        ):
            summary = f"计算期限并登记：{command.title if command else '日期推进'}"
            # What was seen bears on no deadline and no row: it need not travel.
            change = Change(state=replace(self._state, seen={}), command=command, at=now)
            counted = await beside("settle", change, list[Schedule], summary)
            if counted:
                self._state = settle(self._state, counted)
            if counted or command:
                self._duties = duties(self._state, self._today)
            self._settled = self._standing()
        self._state = prune(self._state, self._duties)
        step = current_step(self._state, self._today)
        self._passed = step.number - 1 if step else len(STEPS)
        self._set_timers()
        self._show(now)

    def _standing(self) -> tuple[Status, tuple[tuple[str, bool, bool], ...]]:
        """What a passing day can change of what is recorded: who owes what, and who is late."""
        now = workflow.now()
        return self._state.status, tuple(
            (duty.id, duty.open, is_late(self._state, duty, now)) for duty in self._duties
        )

    def _show(self, now: datetime) -> None:
        workflow.set_current_details(details(self._state, self._duties, now))
        changes = changed_attributes(
            self._state, self._duties, now, workflow.info().typed_search_attributes
        )
        if changes:
            workflow.upsert_search_attributes(changes)

    def _set_timers(self) -> None:
        asked = timers(self._state, self._duties, workflow.now(), self._again_at)
        for key, (timer, task) in list(self._timers.items()):
            if key not in asked or asked[key].at != timer.at:
                task.cancel()
                del self._timers[key]
                self._overtaken |= timer.at <= workflow.now()
        for key, timer in asked.items():
            if key not in self._timers:
                self._timers[key] = (timer, asyncio.create_task(self._await_timer(key, timer)))

    async def _await_timer(self, key: str, timer: Timer) -> None:
        await workflow.sleep(timer.at - workflow.now(), summary=timer.summary)
        del self._timers[key]
        self._woken = True

    def _tell(self, *, looking_again: bool = False) -> None:
        """Tell what is due; `looking_again` once something was told, in case more fell due."""
        now = workflow.now()
        if self._again_at and self._again_at <= now:
            self._again_at, self._pending = None, frozenset()
        due = tuple(
            reminder
            for reminder in due_reminders(self._state, self._duties, now)
            if (reminder.duty_id, reminder.rung) not in self._telling | self._pending
        )
        if due and (not looking_again or workflow.patched("look-again-once-told")):
            self._telling.update((reminder.duty_id, reminder.rung) for reminder in due)
            asyncio.create_task(self._send(due))  # noqa: RUF006 - kept by _telling
        elif self._state.late and not self._pending | self._telling:
            self._state = replace(self._state, late=False)
            self._show(now)

    async def _send(self, reminders: tuple[Reminder, ...]) -> None:
        delivered = await workflow.execute_activity(
            "send_reminders",
            list(reminders),
            result_type=Delivered,
            start_to_close_timeout=SENT_WITHIN,
            heartbeat_timeout=HEARD_OF_WITHIN,
            retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=10)),
            summary=f"提醒{len(reminders)}项：{'、'.join(r.title for r in reminders)}"[:180],
        )
        if delivered.undeliverable:
            workflow.logger.warning("reminders without a recipient: %s", delivered.undeliverable)
        shown = self._state.troubles, self._state.late
        self._state = mark_delivered(self._state, reminders, delivered)
        self._telling.difference_update((each.duty_id, each.rung) for each in reminders)
        if delivered.again_at:
            self._try_again(reminders, delivered, delivered.again_at)
        if self._state.late and not self._pending | self._telling:
            self._state = replace(self._state, late=False)
        if (self._state.troubles, self._state.late) != shown:
            self._show(workflow.now())
        self._tell(looking_again=True)

    def _try_again(
        self, reminders: tuple[Reminder, ...], delivered: Delivered, again_at: datetime
    ) -> None:
        """Leave what is not delivered until then; never sooner than a moment from now."""
        soonest = max(again_at, workflow.now() + AGAIN_AFTER)
        self._again_at = min(self._again_at or soonest, soonest)
        self._pending |= {
            (each.duty_id, each.rung)
            for each in reminders
            if f"{each.duty_id}/{each.rung}" in delivered.pending
        }
        self._set_timers()


def _read(name: str, args: Sequence[RawValue]) -> AnyCommand:
    """The command in an update named `name`; raises BadInput in Chinese."""
    try:
        command = COMMAND.validate_json(args[0].payload.data)
    except (ValidationError, IndexError) as error:
        raise ApplicationError("命令内容无法识别", type=BAD_INPUT, non_retryable=True) from error
    if command.command != name:
        raise ApplicationError(
            f"命令名{name}与内容{command.command}不符", type=BAD_INPUT, non_retryable=True
        )
    return command
