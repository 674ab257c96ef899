"""What is tried next: tables of what was tried before, and of moments."""

from bisect import insort
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from activities.telling.message import Address
from activities.telling.trying import (
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
        # Pauses of 1, 5 and 15 minutes after a failure, then the next channel at once.
        (series(("failed", 0.5)), later(0.5)),
        (series(("failed", 1)), ONCE),
        (series(("failed", 3), ("failed", 1)), later(4)),
        (series(("failed", 9), ("failed", 5)), ONCE),
        (series(("failed", 9), ("failed", 5), ("failed", 0)), later(15)),
        (series(("failed", 24), ("failed", 20), ("failed", 15)), ONCE),
        (series(("failed", 24), ("failed", 20), ("failed", 15), ("failed", 0)), OTHER),
        # A refusal ends a channel at once.
        (series(("refused", 0)), OTHER),
        (series(("failed", 2), ("refused", 0)), OTHER),
        (series(("refused", 0), ("failed", 0.25, TEXT)), later(0.75, TEXT)),
        (series(("refused", 0), ("refused", 0, TEXT)), GaveUp(said="第2次")),
        (series(*[("failed", 9)] * 4, *[("failed", 9, TEXT)] * 4), GaveUp(said="第8次")),
        # Who was given up is tried anew after an hour, by every channel; a refusal counts no more.
        (series(("refused", 99), ("refused", 59, TEXT)), GaveUp(said="第2次")),
        (series(("refused", 99), ("refused", 60, TEXT)), ONCE),
        (series(("refused", 99), ("refused", 60, TEXT), ("failed", 0)), later(1)),
        (series(("refused", 99), ("refused", 60, TEXT), ("refused", 0)), OTHER),
        (series(("refused", 99), ("refused", 99, TEXT), ("refused", 9)), OTHER),
        # Not so where a channel is left that was only waited for.
        (series(("refused", 99), ("failed", 90, TEXT)), OTHER),
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
        # What was begun is on its way for three minutes; then its process has died.
        (series(("begun", 2)), set(), Later(until=NOW + minutes(1))),
        (series(("begun", 3)), set(), Ask(attempt=attempt("begun", 3))),
        (series(("unknown", 0)), set(), Ask(attempt=attempt("unknown"))),
        # In vain asked, it counts as a try, and all that follows is marked.
        (series(("unknown", 0)), {1}, later(1)),
        (series(("unknown", 1)), {1}, AGAIN),
        (series(("begun", 3)), {1}, AGAIN),
        (series(("unknown", 9), ("failed", 5)), {1}, AGAIN),
        (series(("unknown", 9), *[("failed", 5)] * 3), {1}, OTHER_AGAIN),
        # A try whose answer was lost, or whose process died, counts as one.
        (series(*[("unknown", 9)] * 4), {1, 2, 3, 4}, OTHER_AGAIN),
        (series(*[("begun", 9)] * 4), {1, 2, 3, 4}, OTHER_AGAIN),
        (series(("unknown", 9), ("unknown", 0)), {1}, Ask(attempt=attempt("unknown", number=2))),
        (series(("unknown", 9), ("refused", 0)), {1}, OTHER_AGAIN),
        (
            series(("unknown", 9), ("refused", 0), ("refused", 0, TEXT)),
            {1},
            GaveUp(said="第3次", unanswered=True),
        ),
        # What may have arrived is marked also after an hour.
        (series(("unknown", 99), ("refused", 99), ("refused", 60, TEXT)), {1}, AGAIN),
    ],
)
def test_what_is_unknown_is_asked_about_and_then_marked(
    attempts: tuple[Attempt, ...], asked: set[int], expected: Step
) -> None:
    assert step(attempts, asked=frozenset(asked)) == expected


def test_an_address_that_asked_to_be_left_alone_is() -> None:
    punished = next_step(
        series(("failed", 0)),
        lambda _, after: [],
        addresses=(MAIL, TEXT),
        now=NOW,
        policy=POLICY,
        limits={},
        not_before={MAIL: NOW + minutes(10)},
    )
    assert punished == later(10)
    # Whoever comes earlier finds the slot that was kept.
    assert step(series(("failed", 3), ("planned", -7))) == later(7)
    assert step(series(("failed", 10), ("planned", 0))) == ONCE


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
