"""The courier and channels that the office has not set up, or has set up no more."""

from datetime import timedelta
from pathlib import Path

import pytest

from activities.channels.channel import Refused, Unavailable, Uncertain
from activities.channels.outbox import Outbox
from activities.registry import Registry
from activities.telling.courier import Courier, Sent
from activities.telling.message import Address
from activities.telling.trying import Later
from tests.activities.lines import Board, Line
from tests.activities.samples import MAIL, TEXT, admit, message

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


PEOPLES_ROBOT = Address(kind="dingtalk", address="没有的群")


def test_an_address_without_a_channel_is_passed_over(registry: Registry) -> None:
    mail = Line()
    courier = Courier(registry, Board(email=mail), stopwatch=lambda: 0.0)
    told = message(addresses=(PEOPLES_ROBOT, MAIL))
    for _ in range(2):
        assert courier.send(told, NOW) == Sent(channel="email")
    assert [each.channel for each in registry.attempts()] == ["email"]


def test_who_has_no_channel_at_all_has_a_letter_in_the_outbox(
    registry: Registry, tmp_path: Path
) -> None:
    told = message(addresses=(PEOPLES_ROBOT, TEXT))
    in_outbox = Sent(
        channel="outbox",
        instead_of=("dingtalk", "sms"),
        not_configured=("dingtalk", "sms"),
    )
    board = Board(outbox=Outbox(tmp_path / "out"))
    for _ in range(2):
        assert Courier(registry, board, stopwatch=lambda: 0.0).send(told, NOW) == in_outbox
    (row,), (attempt,) = registry.deliveries(), registry.attempts()
    assert (row.channel, row.address) == ("outbox", "钉钉机器人 没有的群")
    assert attempt.place == Address(kind="outbox", address="钉钉机器人 没有的群")
    (letter,) = (tmp_path / "out").glob("*.txt")
    assert "渠道：发件夹 钉钉机器人 没有的群\n" in letter.read_text("utf-8")


def test_what_a_channel_had_that_is_set_up_no_more_may_have_arrived(
    registry: Registry, tmp_path: Path
) -> None:
    told = message(addresses=(PEOPLES_ROBOT,))
    board = Board(dingtalk=Line(LOST))
    assert isinstance(Courier(registry, board, stopwatch=lambda: 0.0).send(told, NOW), Later)
    board = Board(outbox=Outbox(tmp_path / "out"))
    sent = Courier(registry, board, stopwatch=lambda: 0.0).send(told, NOW + minutes(1))
    assert sent == Sent(
        channel="outbox",
        instead_of=("dingtalk",),
        unanswered=("dingtalk",),
        not_configured=("dingtalk",),
    )
    (letter,) = (tmp_path / "out").glob("*.txt")
    assert "（可能重复）" in letter.read_text("utf-8")
