"""What is tried next: a table of moments, and a machine of many messages on faulty channels."""

from bisect import insort
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from activities.message import Address
from activities.trying import (
    Ask,
    Attempt,
    AttemptState,
    GaveUp,
    Later,
    Policy,
    Send,
    Step,
    next_step,
)

MAIL = Address(kind="email", address="a@example.cn")
TEXT = Address(kind="sms", address="13800000000")
NOW = datetime(2026, 11, 30, 0, 30, tzinfo=UTC)
POLICY = Policy()


def minutes(n: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=n)


def attempt(state: str, ago: float = 0, place: Address = MAIL, *, number: int = 1) -> Attempt:
    """An attempt that ended, or was begun, or is planned, so many minutes before NOW."""
    ends = state not in {"begun", "planned"}
    return Attempt(
        message_id="m",
        number=number,
        channel=place.kind,
        address=place.address,
        state=AttemptState(state),
        begun_at=NOW - minutes(ago),
        ended_at=NOW - minutes(ago) if ends else None,
        repeated=False,
        receipt="",
        note=f"第{number}次",
    )


def series(*states: tuple[str, float] | tuple[str, float, Address]) -> tuple[Attempt, ...]:
    """Attempts in their order."""
    return tuple(attempt(*each, number=n) for n, each in enumerate(states, 1))


def step(
    attempts: Sequence[Attempt] = (),
    *,
    now: datetime = NOW,
    limit: int | None = None,
    taken: Sequence[datetime] = (),
    asked: frozenset[int] = frozenset(),
) -> Step:
    """What is next for a person with a mail address and a telephone."""
    return next_step(
        attempts,
        lambda _, after: [each for each in taken if each > after],
        addresses=(MAIL, TEXT),
        now=now,
        policy=POLICY,
        limits={MAIL: limit},
        cannot_tell=asked,
    )


ONCE, AGAIN = Send(address=MAIL, repeated=False), Send(address=MAIL, repeated=True)
OTHER, OTHER_AGAIN = Send(address=TEXT, repeated=False), Send(address=TEXT, repeated=True)


def later(after: float, place: Address = MAIL) -> Later:
    """A wait of so many minutes."""
    return Later(until=NOW + minutes(after), address=place)


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [
        ((), ONCE),
        # Pauses of 1 and 5 minutes after a failure, then the next channel at once.
        (series(("failed", 0.5)), later(0.5)),
        (series(("failed", 1)), ONCE),
        (series(("failed", 3), ("failed", 1)), later(4)),
        (series(("failed", 9), ("failed", 5)), ONCE),
        (series(("failed", 9), ("failed", 5), ("failed", 0)), OTHER),
        # A refusal ends a channel at once.
        (series(("refused", 0)), OTHER),
        (series(("failed", 2), ("refused", 0)), OTHER),
        (series(("refused", 0), ("failed", 0.25, TEXT)), later(0.75, TEXT)),
        (series(("refused", 0), ("refused", 0, TEXT)), GaveUp(said="第2次")),
        (series(*[("failed", 9)] * 3, *[("failed", 9, TEXT)] * 3), GaveUp(said="第6次")),
        # A slot kept is waited for, used while it is fresh, and is no try.
        (series(("planned", -1)), later(1)),
        (series(("planned", 0)), ONCE),
        (series(("planned", 30)), ONCE),
        (series(("failed", 9), ("failed", 5), ("planned", -2)), later(2)),
    ],
)
def test_what_is_known_decides(attempts: tuple[Attempt, ...], expected: Step) -> None:
    assert step(attempts) == expected


@pytest.mark.parametrize(
    ("attempts", "asked", "expected"),
    [
        # What was begun is on its way for two minutes; then its process has died.
        (series(("begun", 1)), set(), Later(until=NOW + minutes(1))),
        (series(("begun", 2)), set(), Ask(attempt=attempt("begun", 2))),
        (series(("unknown", 0)), set(), Ask(attempt=attempt("unknown"))),
        # In vain asked, it counts as a try, and all that follows is marked.
        (series(("unknown", 0)), {1}, later(1)),
        (series(("unknown", 1)), {1}, AGAIN),
        (series(("begun", 2)), {1}, AGAIN),
        (series(("unknown", 9), ("failed", 5)), {1}, AGAIN),
        (series(("unknown", 9), ("failed", 5), ("failed", 5)), {1}, OTHER_AGAIN),
        (series(("unknown", 9), ("unknown", 0)), {1}, Ask(attempt=attempt("unknown", number=2))),
        (series(("unknown", 9), ("refused", 0)), {1}, OTHER_AGAIN),
        (
            series(("unknown", 9), ("refused", 0), ("refused", 0, TEXT)),
            {1},
            GaveUp(said="第3次"),
        ),
    ],
)
def test_what_is_unknown_is_asked_about_and_then_marked(
    attempts: tuple[Attempt, ...], asked: set[int], expected: Step
) -> None:
    assert step(attempts, asked=frozenset(asked)) == expected


SLOT = timedelta(seconds=65)


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ([], ONCE),
        ([-10], ONCE),
        # Two within the window: the next when the older of them is out of it, and its leeway.
        ([-10, -5], later(55 / 60)),
        ([-70, -10], ONCE),
        # Slots kept by others ahead are theirs.
        ([0, 0, 65, 65], later(130 / 60)),
        ([40, 50], later(105 / 60)),
        ([0, 0, 65, 200], later(65 / 60)),
    ],
)
def test_an_address_takes_two_a_minute(taken: list[int], expected: Step) -> None:
    moments = [NOW + timedelta(seconds=each) for each in taken]
    assert step(limit=2, taken=moments) == expected


def test_a_slot_missed_by_more_than_the_leeway_is_given_away() -> None:
    busy = [NOW, NOW]
    seconds = 1 / 60
    assert step(series(("planned", 5 * seconds)), limit=2, taken=busy) == ONCE
    assert step(series(("planned", 6 * seconds)), limit=2, taken=busy) == later(65 / 60)


def test_a_slot_used_late_leaves_a_whole_minute_to_the_next() -> None:
    first = step(limit=1, taken=[NOW])
    assert isinstance(first, Later)
    second = step(limit=1, taken=[NOW, first.until])
    assert isinstance(second, Later)
    assert second.until - (first.until + POLICY.leeway) >= POLICY.window


def test_five_hundred_waiting_messages_each_get_a_moment() -> None:
    taken: list[datetime] = []
    for _ in range(500):
        found = step(limit=20, taken=taken)
        insort(taken, found.until if isinstance(found, Later) else NOW)
    assert taken == [NOW + (n // 20) * SLOT for n in range(500)]


# A machine of many messages to people who share a robot, a mail address and a telephone.

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
                tried = [each for each in person.attempts if each.place == address]
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


TestSending = Sending.TestCase
TestSending.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
