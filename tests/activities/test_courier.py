"""The courier: each message once, through refusals, silence, throttles and kill -9."""

import shutil
import signal
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
import structlog

from activities.channels.channel import Channel, Refused, Unavailable, Uncertain
from activities.channels.outbox import Outbox
from activities.courier import Courier, Outcome, Sent
from activities.message import Address
from activities.registry import Registry, Withdrawn
from activities.registry.opening import connect
from activities.trying import AttemptState, GaveUp, Later, Policy
from tests.activities.dying import die_at, forked
from tests.activities.lines import Board, Letterbox, Line, Mute
from tests.activities.samples import CASE, MAIL, TEXT, admit, duty, message, records

NOW = message().at
SAID = message().message_id
DOWN, NOBODY, LOST = Unavailable("邮件服务器不通"), Refused("查无此人"), Uncertain("回执丢失")


def minutes(n: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=n)


@pytest.fixture
def registry(registry: Registry) -> Registry:
    """A registry with the case in it."""
    admit(registry)
    return registry


class Desk:
    """A courier on two lines, with a clock that stands still."""

    def __init__(self, registry: Registry, email: Channel, sms: Channel | None = None) -> None:
        self.registry = registry
        self.courier = Courier(
            registry, Board(email=email, sms=sms or Line()), stopwatch=lambda: 0.0
        )

    def send(self, after: float = 0) -> Outcome:
        """Send the message so many minutes later."""
        return self.courier.send(message(), NOW + minutes(after))

    def tried(self) -> list[tuple[str, str, str]]:
        """Kind of channel, state and note of every attempt."""
        found = self.registry.attempts(message_id=SAID)
        return [(each.channel, each.state.value, each.note) for each in found]

    def state(self) -> str:
        """Where the message stands."""
        (row,) = self.registry.deliveries()
        return row.state


def test_a_message_goes_out_once(registry: Registry) -> None:
    mail = Line()
    desk = Desk(registry, mail)
    assert desk.send() == Sent(channel="email")
    assert desk.send(after=1) == Sent(channel="email")
    assert mail.arrived == [(SAID, False)]
    (attempt,) = registry.attempts()
    assert (attempt.state, attempt.receipt) == (AttemptState.SENT, "第1件")
    assert (attempt.begun_at, attempt.ended_at) == (NOW, NOW)


def test_a_refusal_gives_way_to_the_next_channel_at_once(registry: Registry) -> None:
    mail, text = Line(NOBODY), Line()
    desk = Desk(registry, mail, text)
    for _ in range(2):
        assert desk.send() == Sent(channel="sms", instead_of=("email",))
    assert desk.tried() == [("email", "refused", "查无此人"), ("sms", "sent", "")]
    assert (mail.arrived, text.arrived) == ([], [(SAID, False)])


def test_a_channel_that_stays_down_gives_way_after_its_tries(registry: Registry) -> None:
    mail, text = Line(DOWN, DOWN, DOWN), Line()
    desk = Desk(registry, mail, text)
    assert desk.send() == Later(until=NOW + minutes(1), address=MAIL)
    assert desk.send(after=0.5) == Later(until=NOW + minutes(1), address=MAIL)
    assert desk.send(after=1) == Later(until=NOW + minutes(6), address=MAIL)
    assert desk.send(after=6) == Sent(channel="sms", instead_of=("email",))
    assert [state for _, state, _ in desk.tried()] == ["failed", "failed", "failed", "sent"]
    assert len(mail.arrived + text.arrived) == 1


def test_a_channel_that_comes_back_is_no_trouble(registry: Registry) -> None:
    desk = Desk(registry, Line(DOWN))
    desk.send()
    assert desk.send(after=1) == Sent(channel="email")


def test_where_every_channel_refuses_it_is_given_up(registry: Registry) -> None:
    desk = Desk(registry, Line(NOBODY), Line(Refused("号码停机")))
    for after in (0, 60):
        assert desk.send(after) == GaveUp(said="号码停机")
    assert desk.state() == "failed"
    assert len(desk.tried()) == 2


def test_what_a_channel_knows_is_not_sent_again(registry: Registry) -> None:
    mail = Line(LOST, tells=True)
    assert Desk(registry, mail).send() == Sent(channel="email")
    assert mail.arrived == [(SAID, False)]


def test_what_a_channel_knows_not_to_have_is_sent_unmarked(registry: Registry) -> None:
    mail = Line(RuntimeError("南甲"), tells=True)
    desk = Desk(registry, mail)
    assert desk.send() == Later(until=NOW + minutes(1), address=MAIL)
    assert desk.send(after=1) == Sent(channel="email")
    assert mail.arrived == [(SAID, False)]
    assert desk.tried() == [("email", "failed", "RuntimeError"), ("email", "sent", "")]


@pytest.mark.parametrize("line", [Line, Mute])
def test_what_a_channel_cannot_tell_is_sent_again_and_marked(
    registry: Registry, line: type[Line]
) -> None:
    mail = line(LOST)
    desk = Desk(registry, mail)
    assert desk.send() == Later(until=NOW + minutes(1), address=MAIL)
    assert desk.send(after=1) == Sent(channel="email")
    assert mail.arrived == [(SAID, False), (SAID, True)]
    assert desk.tried() == [("email", "unknown", "回执丢失"), ("email", "sent", "")]
    (row,) = registry.deliveries()
    assert (row.state, row.repeated) == ("sent", True)


def test_what_may_have_arrived_is_marked_on_the_next_channel_too(registry: Registry) -> None:
    mail, text = Line(LOST, NOBODY), Line()
    desk = Desk(registry, mail, text)
    desk.send()
    assert desk.send(after=1) == Sent(channel="sms", instead_of=("email",))
    assert text.arrived == [(SAID, True)]


def test_a_duty_met_in_the_meantime_is_not_told_of(registry: Registry) -> None:
    mail = Line(DOWN)
    desk = Desk(registry, mail)
    desk.send()
    registry.record(records(duties=(duty("d-1", state="met"),)))
    assert desk.send(after=1) == Withdrawn()
    assert (desk.state(), mail.arrived) == ("withdrawn", [])


def test_five_messages_take_turns_at_a_robot(registry: Registry) -> None:
    robot = Line(per_minute=2)
    courier = Courier(registry, Board(dingtalk=robot), stopwatch=lambda: 0.0)
    waiting = [message(n, addresses=(Address(kind="dingtalk", address="群"),)) for n in range(1, 6)]
    now, went = NOW, []
    for _ in range(3):
        outcomes = [courier.send(each, now) for each in waiting]
        went.append(len(robot.arrived))
        waiting = [
            each
            for each, outcome in zip(waiting, outcomes, strict=True)
            if isinstance(outcome, Later)
        ]
        now = min((each.until for each in outcomes if isinstance(each, Later)), default=now)
    assert went == [2, 4, 5]
    span = Policy().window + Policy().leeway
    assert now == NOW + 2 * span
    assert len({number for number, _ in robot.arrived}) == 5


def test_a_mail_servers_limit_is_one_for_all_its_addresses(registry: Registry) -> None:
    mail = Line(per_minute=2)
    courier = Courier(registry, Board(email=mail), stopwatch=lambda: 0.0)
    everybody = [
        message(n, addresses=(Address(kind="email", address=f"{n}@example.gov.cn"),))
        for n in range(1, 4)
    ]
    outcomes = [courier.send(each, NOW) for each in everybody]
    assert [type(each) for each in outcomes] == [Sent, Sent, Later]
    assert len(mail.arrived) == 2


def test_nobody_is_named_in_the_log(registry: Registry) -> None:
    with structlog.testing.capture_logs() as logged:
        desk = Desk(registry, Mute(RuntimeError("南甲")))
        desk.send()
        desk.send(after=1)
    assert logged
    assert not any(name in str(logged) for name in ("南甲", MAIL.address, TEXT.address))


def test_of_many_couriers_with_one_message_one_delivers(registry: Registry) -> None:
    mail = Line()
    couriers = [Courier(registry, Board(email=mail, sms=Line())) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda courier: courier.send(message(), NOW), couriers * 2))
    assert mail.arrived == [(SAID, False)]
    assert {type(each) for each in found} <= {Sent, Later}


# Killed at any point


def _send_and_die(url: str, box: Path, kind: str, statement: int) -> None:
    engine = connect(url)
    die_at(statement, engine)
    Courier(Registry(engine), Board(email=_line(box, kind))).send(message(addresses=(MAIL,)), NOW)


def _line(box: Path, kind: str) -> Channel:
    return Outbox(box) if kind == "outbox" else Letterbox(box)


def _arrived(box: Path, kind: str) -> list[str]:
    if kind == "outbox":
        return ["南甲 plain" for path in box.glob("*.txt") if path.is_file()]
    return Letterbox(box).arrived()


def _kill_everywhere(folder: Path, kind: str) -> set[tuple[str, ...]]:
    """Kill a sending before each of its statements; all that arrived then, once repaired."""
    clean = folder / "clean.sqlite"
    with Registry.open(f"sqlite:///{clean}") as registry:
        admit(registry)
    found = set()
    for statement in range(100):
        tried, box = folder / f"{statement}.sqlite", folder / f"box-{statement}"
        shutil.copy(clean, tried)
        url = f"sqlite:///{tried}"
        ended = forked(_send_and_die, url, box, kind, statement)
        with Registry.open(url) as registry:
            courier = Courier(registry, Board(email=_line(box, kind)))
            outcome = courier.send(message(addresses=(MAIL,)), NOW + Policy().in_flight)
            assert isinstance(outcome, Sent | Later)
            courier.send(message(addresses=(MAIL,)), NOW + 2 * Policy().in_flight)
            (row,) = registry.deliveries(CASE)
            arrived = tuple(_arrived(box, kind))
            assert row.state == "sent"
            assert row.repeated == (arrived[-1] == "南甲 marked")
            found.add(arrived)
        if ended == 0:
            assert statement > 10
            return found
        assert ended == -signal.SIGKILL
    raise AssertionError("the sending never came to its end")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("outbox", {("南甲 plain",)}),
        # Killed before or after all of it, or when it had gone out and was not settled.
        ("letterbox", {("南甲 plain",), ("南甲 plain", "南甲 marked")}),
    ],
)
def test_killed_at_any_statement_it_arrives_once_or_marked(
    tmp_path: Path, kind: str, expected: set[tuple[str, ...]]
) -> None:
    # In a process of its own, because forking one that has threads is not safe.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(_kill_everywhere, tmp_path, kind).result() == expected
