"""Many messages on faulty channels, to people who share a robot, a mail address, a telephone."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from activities.telling.message import Address
from activities.telling.trying import (
    Ask,
    Attempt,
    AttemptState,
    GaveUp,
    Later,
    Send,
    Step,
    next_step,
)
from tests.activities.telling.test_trying import MAIL, NOW, POLICY, TEXT, attempt

ROBOT = Address(kind="dingtalk", address="robot")
PEOPLE = ((ROBOT, MAIL), (ROBOT,), (ROBOT,), (ROBOT, TEXT), (MAIL, TEXT))
LIMITS: dict[Address, int | None] = {ROBOT: 1, MAIL: None, TEXT: 2}
ENDED = frozenset({AttemptState.FAILED, AttemptState.REFUSED, AttemptState.UNKNOWN})


@dataclass
class Person:
    """One message, what is known of it, and what truly became of it."""

    addresses: tuple[Address, ...]
    attempts: list[Attempt] = field(default_factory=list)
    arrived: dict[int, bool] = field(default_factory=dict)
    """By attempt that reached the reader, whether it was marked as repeated."""
    done: Step | None = None


class Sending(RuleBasedStateMachine):
    """Messages sent by a process that crashes, on channels that fail in every way."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.people = [Person(addresses) for addresses in PEOPLE]
        self.went: dict[Address, list[datetime]] = defaultdict(list)

    def _taken(self, person: Person, address: Address, after: datetime) -> list[datetime]:
        return sorted(
            each.begun_at
            for other in self.people
            if other is not person
            for each in other.attempts
            if each.place == address and each.begun_at > after
        )

    def _next(self, person: Person, asked: frozenset[int]) -> Step:
        return next_step(
            person.attempts,
            lambda address, after: self._taken(person, address, after),
            addresses=person.addresses,
            now=self.now,
            policy=POLICY,
            limits=LIMITS,
            cannot_tell=asked,
        )

    def _put(self, person: Person, state: AttemptState, at: datetime, send: Send) -> Attempt:
        if person.attempts and person.attempts[-1].state is AttemptState.PLANNED:
            del person.attempts[-1]
        made = replace(
            attempt(state, place=send.address, number=len(person.attempts) + 1),
            begun_at=at,
            repeated=send.repeated,
        )
        person.attempts.append(made)
        return made

    def _end(self, person: Person, number: int, state: AttemptState) -> None:
        ended = replace(person.attempts[number - 1], state=state, ended_at=self.now)
        person.attempts[number - 1] = ended
        if state is AttemptState.SENT:
            person.done = Send(address=ended.place, repeated=ended.repeated)

    def _bring(self, person: Person, outcome: str, arrives: bool, tells: bool) -> Step | None:
        """One claim and what follows; None where something was done, else why nothing was."""
        asked: frozenset[int] = frozenset()
        while isinstance(found := self._next(person, asked), Ask):
            number = found.attempt.number
            if not tells:
                asked |= {number}
                continue
            there = number in person.arrived
            self._end(person, number, AttemptState.SENT if there else AttemptState.FAILED)
            if there:
                return None
        match found:
            case Send():
                made = self._put(person, AttemptState.BEGUN, self.now, found)
                self.went[found.address].append(self.now)
                if outcome == "sent" or (outcome in {"unknown", "crash"} and arrives):
                    assert made.repeated or not person.arrived
                    person.arrived[made.number] = made.repeated
                if outcome != "crash":
                    self._end(person, made.number, AttemptState(outcome))
                return None
            case Later(until=until, address=address):
                assert until > self.now
                if address is not None:
                    plan = Send(address=address, repeated=False)
                    self._put(person, AttemptState.PLANNED, until, plan)
            case GaveUp():
                person.done = found
        return found

    @rule(
        who=st.sampled_from(range(len(PEOPLE))),
        outcome=st.sampled_from(["sent", "failed", "failed", "refused", "unknown", "crash"]),
        arrives=st.booleans(),
        tells=st.booleans(),
    )
    def bring(self, who: int, outcome: str, arrives: bool, tells: bool) -> None:
        """Somebody takes a message as far as it goes now."""
        person = self.people[who]
        if not isinstance(person.done, Send):
            self._bring(person, outcome, arrives, tells)

    @rule(late=st.sampled_from([0, 3, 5, 6, 50]), all_=st.booleans())
    def keep_slots(self, late: int, all_: bool) -> None:
        """The next slot that is kept comes, and whoever waits for it is there, or too late."""
        waiting = [
            (each.attempts[-1].begun_at, number)
            for number, each in enumerate(self.people)
            if each.attempts and each.attempts[-1].state is AttemptState.PLANNED
        ]
        for at, number in sorted(waiting)[: None if all_ else 1]:
            self.now = max(self.now, at + timedelta(seconds=late))
            self._bring(self.people[number], "failed", arrives=False, tells=True)

    @rule(seconds=st.sampled_from([1, 4, 30, 61, 120, 900]))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)

    @invariant()
    def nothing_arrives_twice_unmarked(self) -> None:
        for person in self.people:
            assert [*person.arrived.values()].count(False) <= 1
            assert all(list(person.arrived.values())[1:])

    @invariant()
    def no_address_takes_more_than_it_can(self) -> None:
        for address, moments in self.went.items():
            limit = LIMITS[address]
            for first, beyond in zip(moments, moments[limit or 0 :], strict=False):
                assert limit is None or beyond - first >= POLICY.window

    @invariant()
    def tries_are_bounded(self) -> None:
        for person in self.people:
            for address in person.addresses:
                for tried in _by_hour(person.attempts, address):
                    refused = [each.state is AttemptState.REFUSED for each in tried]
                    planned = [each.state is AttemptState.PLANNED for each in tried]
                    assert len(tried) <= POLICY.tries + sum(planned)
                    assert not any(refused[:-1])

    @invariant()
    def what_was_given_up_had_no_channel_left(self) -> None:
        for person in self.people:
            if isinstance(person.done, GaveUp):
                assert {each.place for each in person.attempts} == set(person.addresses)

    def teardown(self) -> None:
        """Once all channels work again, every message comes to an end, in a bounded time."""
        for person in self.people:
            for _ in range(12):
                if person.done is not None:
                    break
                found = self._bring(person, "sent", arrives=True, tells=True)
                if isinstance(found, Later):
                    self.now = max(self.now, found.until)
            assert person.done is not None


def _by_hour(attempts: list[Attempt], address: Address) -> list[list[Attempt]]:
    """The attempts at an address, apart where nothing at all was tried for an hour."""
    rounds: list[list[Attempt]] = [[]]
    last = NOW
    for each in attempts:
        if each.begun_at - last >= POLICY.rest:
            rounds.append([])
        last = each.ended_at or each.begun_at
        if each.place == address:
            rounds[-1].append(each)
    return rounds


TestSending = Sending.TestCase
TestSending.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
