"""The courier: each message once, through refusals, silence, throttles and kill -9."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import structlog

from activities.channels.channel import Channel, Refused, Unavailable, Uncertain
from activities.registry import Registry, Withdrawn
from activities.telling.courier import Courier, Outcome, Sent
from activities.telling.message import Address
from activities.telling.trying import AttemptState, GaveUp, Later, Policy
from tests.activities.lines import Board, Line, Mute
from tests.activities.samples import MAIL, TEXT, admit, duty, message, records

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
    mail, text = Line(DOWN, DOWN, DOWN, DOWN), Line()
    desk = Desk(registry, mail, text)
    assert desk.send() == Later(until=NOW + minutes(1), address=MAIL)
    assert desk.send(after=0.5) == Later(until=NOW + minutes(1), address=MAIL)
    assert desk.send(after=1) == Later(until=NOW + minutes(6), address=MAIL)
    assert desk.send(after=6) == Later(until=NOW + minutes(21), address=MAIL)
    assert desk.send(after=21) == Sent(channel="sms", instead_of=("email",))
    assert [state for _, state, _ in desk.tried()] == [*["failed"] * 4, "sent"]
    assert len(mail.arrived + text.arrived) == 1


def test_a_channel_that_comes_back_is_no_trouble(registry: Registry) -> None:
    desk = Desk(registry, Line(DOWN))
    desk.send()
    assert desk.send(after=1) == Sent(channel="email")


def test_where_every_channel_refuses_it_is_given_up(registry: Registry) -> None:
    desk = Desk(registry, Line(NOBODY), Line(Refused("号码停机")))
    for after in (0, 59):
        assert desk.send(after) == GaveUp(said="号码停机")
    assert desk.state() == "failed"
    assert len(desk.tried()) == 2
    assert desk.send(after=60) == Sent(channel="email")
    assert desk.state() == "sent"


def test_a_channel_that_wants_to_be_left_alone_is(registry: Registry) -> None:
    mail = Line(Unavailable("发送过于频繁", minutes(10)))
    desk = Desk(registry, mail)
    assert desk.send() == Later(until=NOW + minutes(10), address=MAIL)
    assert desk.send(after=5) == Later(until=NOW + minutes(10), address=MAIL)
    assert mail.arrived == []
    assert desk.send(after=10) == Sent(channel="email")


def test_where_no_answer_came_it_is_not_said_to_be_undelivered(registry: Registry) -> None:
    desk = Desk(registry, Line(LOST, NOBODY), Line(NOBODY))
    desk.send()
    assert desk.send(after=1) == GaveUp(said="查无此人", unanswered=True)


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
    broken = ("email", "failed", "程序意外出错，结果不明")
    assert desk.tried() == [broken, ("email", "sent", "")]


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
    sent = Sent(channel="sms", instead_of=("email",), unanswered=("email",))
    for _ in range(2):
        assert desk.send(after=1) == sent
    assert text.arrived == [(SAID, True)]


def test_a_duty_met_in_the_meantime_is_not_told_of(registry: Registry) -> None:
    mail = Line(DOWN)
    desk = Desk(registry, mail)
    desk.send()
    registry.record(records(duties=(duty("d-1", state="met"),)))
    assert desk.send(after=1) == Withdrawn()
    assert (desk.state(), mail.arrived) == ("withdrawn", [])


def test_what_waits_about_a_duty_is_withdrawn_as_the_duty_is_met(registry: Registry) -> None:
    """The case never asks for it again, so that nobody else would."""
    desk = Desk(registry, Line(DOWN))
    desk.send()
    assert desk.state() == "claimed"
    registry.record(records(duties=(duty("d-1", state="met"),)))
    assert desk.state() == "withdrawn"


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
