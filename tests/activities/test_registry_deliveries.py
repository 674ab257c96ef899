"""Messages and their attempts in the registry: claimed, settled, withdrawn, and missed."""

import traceback
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from multiprocessing import get_context
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from activities.registry import (
    AlreadySent,
    Begun,
    Claim,
    Registry,
    UnknownCase,
    Withdrawn,
)
from activities.telling.message import Address, Message
from activities.telling.trying import (
    Ask,
    Attempt,
    AttemptState,
    GaveUp,
    Later,
    Send,
    Step,
    Taken,
)
from tests.activities.claims import NOW, POLICY, claim
from tests.activities.samples import (
    CASE,
    MAIL,
    RUNG,
    TEXT,
    admit,
    duty,
    message,
    notice,
    records,
)

SAID = message().message_id


def states(registry: Registry) -> list[tuple[int, str, str]]:
    """Number, channel and state of every attempt."""
    return [(each.number, each.channel, each.state) for each in registry.attempts()]


@pytest.fixture
def admitted(registry: Registry) -> Registry:
    """A registry with the case in it."""
    admit(registry)
    return registry


def test_a_message_is_claimed_settled_and_left(admitted: Registry) -> None:
    assert claim(admitted) == Begun(number=1, address=MAIL, repeated=False, before=())
    (row,) = admitted.deliveries()
    assert (row.state, row.channel, row.sent_at) == ("claimed", "email", None)
    admitted.settle(row.message_id, 1, AttemptState.SENT, NOW, receipt="250 ok")
    (row,) = admitted.deliveries(CASE, "d-1")
    assert (row.state, row.sent_at, row.note, row.repeated) == ("sent", NOW, "", False)
    assert (row.kind, row.brief) == ("reminder", message().brief)
    (attempt,) = admitted.attempts(message_id=row.message_id)
    assert (attempt.state, attempt.receipt) == (AttemptState.SENT, "250 ok")
    assert (attempt.begun_at, attempt.ended_at, attempt.place) == (NOW, NOW, MAIL)
    assert claim(admitted) == AlreadySent(attempts=(attempt,))
    assert admitted.deliveries(CASE, "d-2") == admitted.deliveries("WZ-NO") == ()


def test_what_was_once_sent_stays_sent(admitted: Registry) -> None:
    claim(admitted)
    admitted.settle(message().message_id, 1, AttemptState.SENT, NOW)
    before = admitted.deliveries(), admitted.attempts()
    admitted.settle(message().message_id, 1, AttemptState.FAILED, NOW, note="太迟")
    claim(admitted, message(text="改"))
    assert (admitted.deliveries(), admitted.attempts()) == before


def test_the_attempt_that_counted_stands_in_the_message(admitted: Registry) -> None:
    claim(admitted)
    admitted.settle(message().message_id, 1, AttemptState.REFUSED, NOW, note="查无此人")
    (row,) = admitted.deliveries()
    assert (row.state, row.channel, row.note) == ("claimed", "email", "查无此人")
    begun = claim(admitted, message(text="改\n"))
    assert isinstance(begun, Begun)
    assert (begun.number, begun.address, [each.number for each in begun.before]) == (2, TEXT, [1])
    admitted.settle(message().message_id, 2, AttemptState.SENT, NOW)
    (row,) = admitted.deliveries()
    assert (row.state, row.channel, row.address) == ("sent", "sms", TEXT.address)
    assert (row.text, row.note) == ("改\n", "")


def test_a_message_given_up_goes_out_once_there_is_another_channel(admitted: Registry) -> None:
    one = message(addresses=(MAIL,))
    claim(admitted, one)
    admitted.settle(one.message_id, 1, AttemptState.REFUSED, NOW, note="查无此人")
    assert claim(admitted, one) == GaveUp(said="查无此人")
    assert [each.state for each in admitted.deliveries()] == ["failed"]
    assert isinstance(claim(admitted, message()), Begun)
    assert [each.state for each in admitted.deliveries()] == ["claimed"]


def test_what_a_dead_process_had_begun_is_unknown(admitted: Registry) -> None:
    claim(admitted)
    in_flight = claim(admitted, now=NOW + POLICY.in_flight / 2)
    assert in_flight == Later(until=NOW + POLICY.in_flight)
    late = NOW + POLICY.in_flight
    assert isinstance(claim(admitted, now=late), Ask)
    assert states(admitted) == [(1, "email", "unknown")]
    assert [each.note for each in admitted.attempts()] == ["没有回执"]
    again = claim(admitted, now=late, asked=frozenset({1}))
    assert isinstance(again, Begun)
    assert (again.number, again.repeated) == (2, True)
    admitted.settle(message().message_id, 2, AttemptState.SENT, late)
    # The process was not dead after all.
    admitted.settle(message().message_id, 1, AttemptState.SENT, late)
    (row,) = admitted.deliveries()
    assert (row.state, row.repeated) == ("sent", True)


@pytest.mark.parametrize(
    ("rung", "kind", "standing", "status"),
    [
        (RUNG, "reminder", {}, "running"),
        (RUNG, "overdue", {"state": "overdue"}, "running"),
        ("2026-12-07/moved@2026-11-27", "moved", {}, "running"),
        # An older history names no day.
        ("-5", "reminder", {}, "running"),
        # The period of a notice has no duty's row.
        (RUNG, "reminder", {"duty_id": "another"}, "running"),
    ],
)
def test_what_is_owed_goes_out(
    admitted: Registry, rung: str, kind: str, standing: dict[str, Any], status: str
) -> None:
    assert isinstance(_claimed_while(admitted, rung, kind, standing, status), Begun)
    assert [each.state for each in admitted.deliveries()] == ["claimed"]


@pytest.mark.parametrize(
    ("rung", "kind", "standing", "status"),
    [
        (RUNG, "reminder", {"state": "met"}, "running"),
        (RUNG, "reminder", {"state": "cancelled"}, "running"),
        (RUNG, "reminder", {"last_day": date(2026, 12, 8)}, "running"),
        (RUNG, "overdue", {"last_day": date(2026, 12, 8)}, "running"),
        (RUNG, "moved", {"last_day": date(2026, 12, 8)}, "running"),
        (RUNG, "reminder", {}, "suspended"),
        (RUNG, "reminder", {}, "terminated"),
        (RUNG, "reminder", {}, "closed"),
    ],
)
def test_what_is_owed_no_more_is_withdrawn(
    admitted: Registry, rung: str, kind: str, standing: dict[str, Any], status: str
) -> None:
    assert _claimed_while(admitted, rung, kind, standing, status) == Withdrawn()
    assert [each.state for each in admitted.deliveries()] == ["withdrawn"]
    assert admitted.attempts() == ()


def _claimed_while(
    registry: Registry, rung: str, kind: str, standing: dict[str, Any], status: str
) -> Claim:
    change = records(duties=(duty(**{"duty_id": "d-1", **standing}),))
    registry.record(replace(change, case=replace(change.case, status=status)))
    return claim(registry, message(rung=rung, kind=kind))


PERIOD = "period/initiation"


@pytest.mark.parametrize(
    ("day", "standing", "owed"),
    [
        ("2026-12-04", {}, True),
        ("2026-12-03", {}, False),
        ("2026-12-04", {"last_day": None}, False),
        ("2026-12-04", {"notice": "plan"}, True),
    ],
)
def test_a_moved_period_is_told_of_while_it_ends_on_that_day(
    admitted: Registry, day: str, standing: dict[str, Any], owed: bool
) -> None:
    """The notice hangs to 2026-12-04; the case's other notices have nothing to do with it."""
    admitted.record(records(notices=(replace(notice(), **standing),)))
    told = message(duty_id=PERIOD, kind="moved", rung=f"{day}/moved@2026-11-27")
    assert isinstance(claim(admitted, told), Begun if owed else Withdrawn)


def test_the_period_of_a_notice_that_a_correction_took_out_is_not_told_of(
    admitted: Registry,
) -> None:
    admitted.record(records())
    admitted.record(records(minutes=1, notices=()))
    told = message(duty_id=PERIOD, kind="moved", rung="2026-12-04/moved@2026-11-27")
    assert claim(admitted, told) == Withdrawn()


def test_the_row_names_whoever_stands_in_by_now(admitted: Registry) -> None:
    claim(admitted)
    admitted.settle(message().message_id, 1, AttemptState.FAILED, NOW)
    claim(admitted, message(person="南丁"), now=NOW + timedelta(minutes=1))
    assert [each.person for each in admitted.deliveries()] == ["南丁"]


def test_what_waits_about_a_rung_that_is_settled_without_it_is_put_down(
    admitted: Registry,
) -> None:
    claim(admitted)
    others = [message(2), message(3, rung="2026-12-07/-2"), message(4, duty_id="d-2"), message(5)]
    for each in others:
        claim(admitted, each)
    admitted.settle(others[-1].message_id, 1, AttemptState.SENT, NOW)
    admitted.withdraw_orphans(CASE, "d-1", RUNG, {others[0].message_id})
    states_of = {each.message_id: each.state for each in admitted.deliveries()}
    assert [states_of[each.message_id] for each in (message(), *others)] == [
        "withdrawn",
        "claimed",
        "claimed",
        "claimed",
        "sent",
    ]
    # Its process was not dead after all.
    admitted.settle(message().message_id, 1, AttemptState.SENT, NOW)
    assert [each.state for each in admitted.deliveries() if each.message_id == SAID] == ["sent"]


def test_what_a_failing_statement_was_given_is_not_in_its_error(admitted: Registry) -> None:
    unfit = message(person="张某某", text="请南甲办理")
    object.__setattr__(unfit, "brief", None)
    with pytest.raises(IntegrityError) as raised:
        claim(admitted, unfit)
    shown = "".join(traceback.format_exception(raised.value))
    assert "INSERT INTO deliveries" in shown
    assert not any(word in shown for word in ("张某某", "请南甲办理", MAIL.address))


def test_a_duty_met_while_the_message_waited_is_not_told_of(admitted: Registry) -> None:
    admitted.record(records())
    claim(admitted)
    admitted.settle(message().message_id, 1, AttemptState.FAILED, NOW)
    assert isinstance(claim(admitted), Later)
    admitted.record(records(minutes=1, duties=(duty("d-1", state="met"),)))
    assert claim(admitted, now=NOW + timedelta(hours=1)) == Withdrawn()
    admitted.record(records(minutes=2, duties=(duty("d-1"),)))
    assert isinstance(claim(admitted, now=NOW + timedelta(hours=1)), Begun)


def test_a_reader_who_wants_no_more_is_put_down(admitted: Registry) -> None:
    admitted.withdraw(message())
    assert [each.state for each in admitted.deliveries()] == ["withdrawn"]
    claim(admitted)
    admitted.settle(message().message_id, 1, AttemptState.SENT, NOW)
    admitted.withdraw(message())
    assert [each.state for each in admitted.deliveries()] == ["sent"]


def test_a_message_of_no_case_is_claimed_too(registry: Registry) -> None:
    digest = message(case_id=None, duty_id="", rung="", kind="digest")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: claim(registry, digest), range(16)))
    assert sum(isinstance(each, Begun) for each in found) == 1
    assert found.count(Later(until=NOW + POLICY.in_flight)) == 15
    registry.settle(digest.message_id, 1, AttemptState.SENT, NOW)
    (row,) = registry.deliveries()
    assert (row.case_id, row.kind, row.state) == (None, "digest", "sent")


def test_a_claim_needs_its_case_and_settling_its_claim(registry: Registry) -> None:
    with pytest.raises(UnknownCase):
        claim(registry)
    with pytest.raises(UnknownCase):
        registry.withdraw(message())
    with pytest.raises(LookupError, match="never begun"):
        registry.settle("0" * 64, 1, AttemptState.SENT, NOW)


def _claim_in_a_process(url: str) -> Claim:
    with Registry.open(url) as registry:
        return claim(registry)


def test_of_several_processes_one_begins(url: str) -> None:
    with Registry.open(url) as registry:
        admit(registry)
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        claims = [pool.submit(_claim_in_a_process, url) for _ in range(8)]
        found = [each.result() for each in claims]
    assert sum(isinstance(each, Begun) for each in found) == 1
    assert found.count(Later(until=NOW + POLICY.in_flight)) == 7


ROBOT = Address(kind="dingtalk", address="群")


def _five_cases(registry: Registry) -> list[Message]:
    for n in range(5):
        admit(registry, f"WZ-{n}")
    return [message(n, case_id=f"WZ-{n % 5}", addresses=(ROBOT,)) for n in range(30)]


def test_thirty_messages_at_once_share_the_minutes_of_a_robot(registry: Registry) -> None:
    """Two go out now, every further two have slots of their own, whoever claims first."""
    messages = _five_cases(registry)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda each: claim(registry, each, limit=2), messages))
    moments = sorted(each.until if isinstance(each, Later) else NOW for each in found)
    span = POLICY.window + POLICY.leeway
    assert moments == [NOW + (n // 2) * span for n in range(30)]
    assert [each.begun_at for each in registry.attempts()] == moments


def test_a_slot_is_kept_used_and_given_back(registry: Registry) -> None:
    registry_messages = _five_cases(registry)
    first, second, third = registry_messages[:3]
    claim(registry, first, limit=1)
    kept = claim(registry, second, limit=1)
    assert isinstance(kept, Later)
    assert claim(registry, second, now=NOW + timedelta(seconds=9), limit=1) == kept
    # What waits for a slot and is owed no more gives it back.
    registry.withdraw(second)
    assert claim(registry, third, limit=1) == kept
    begun = claim(registry, third, now=kept.until, limit=1)
    assert isinstance(begun, Begun)
    assert begun.number == 1
    assert [each.state for each in registry.attempts(message_id=third.message_id)] == ["begun"]


def test_what_decides_sees_the_attempts_and_decides_once(admitted: Registry) -> None:
    seen: list[tuple[Attempt, ...]] = []

    def decide(attempts: tuple[Attempt, ...], _: Taken) -> Step:
        seen.append(attempts)
        return Send(address=TEXT, repeated=False)

    admitted.claim(message(), NOW, decide)
    assert seen == [()]
    assert states(admitted) == [(1, "sms", "begun")]
