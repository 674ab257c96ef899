"""A message to one person, settings with their secrets in the environment, and outcomes by name."""

import socket
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from activities.channels.channel import Channel, NotDelivered
from activities.channels.settings import ChannelSettings
from activities.telling.message import Address, Message
from law import SHANGHAI

FAST = 2
"""Seconds that a local receiver has, where it is to answer."""
IMPATIENT = 0.05
"""Seconds, where it never answers."""
SOON = 0.3
"""Seconds, where a conversation comes so far and no further."""
SECRETS = {
    "TEST_TOKEN": "token-0a1b2c3d4e5f",
    "TEST_SECRET": "SECtest",
    "TEST_PASSWORD": "geheim-Wort-77",
}
TEXT = (
    "南汇街道 张某某（经办人）：\n\n"
    "项目：温州某项目（WZ-LC-2026-001）\n"
    "事项：第1步 张贴公告\n"
    "截止：2026年12月7日（星期一）24时，还剩5个工作日（不含今日）\n"
    ".点在行首的一行\n"
    "办结标准：张贴照片\n"
)


def message(**changes: Any) -> Message:
    """The reminder five working days before a posting is due."""
    standing = Message(
        message_id="0123456789abcdef" * 4,
        kind="reminder",
        case_id="WZ-LC-2026-001",
        duty_id="posting:initiation/1:township:nanhui",
        rung="-5",
        unit="township:nanhui",
        role="经办人",
        person="张某某",
        addresses=(Address(kind="dingtalk", address="南汇群"),),
        at=datetime(2026, 11, 30, 8, 30, tzinfo=SHANGHAI),
        subject="【2026-12-07止】WZ-LC-2026-001 温州某项目 第1步 张贴公告（南汇街道）",
        text=TEXT,
        brief="温州某项目：第1步张贴公告，12月7日止，还剩5个工作日。",
    )
    return replace(standing, **changes)


def settings(**sections: Any) -> ChannelSettings:
    """The settings with these sections."""
    return ChannelSettings.model_validate(sections)


def outcome(
    channel: Channel, address: str, sent: Message | None = None, *, repeated: bool = False
) -> str:
    """delivered, or the name of what kept it from being so; never with a secret or a person."""
    try:
        channel.deliver(sent or message(), address, repeated=repeated)
    except NotDelivered as failure:
        shown = "".join(traceback.format_exception(failure)) + repr(failure)
        held = [*SECRETS.values(), "张某某", "zhang@", "13800000000"]
        assert not [each for each in held if each in shown]
        # A cause or context that is not printed may still be logged with what it holds.
        assert failure.__cause__ is None and failure.__context__ is None
        assert failure.said.isprintable() and not failure.said.isascii()
        return type(failure).__name__
    return "delivered"


@contextmanager
def closed_port() -> Iterator[int]:
    """A port of 127.0.0.1 where nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@contextmanager
def full_port() -> Iterator[int]:
    """A port of 127.0.0.1 where connections stand in a queue and are never taken."""
    waiting = []
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen(0)
        for _ in range(4):
            each = socket.socket()
            each.setblocking(False)
            each.connect_ex(held.getsockname())
            waiting.append(each)
        try:
            yield held.getsockname()[1]
        finally:
            for each in waiting:
                each.close()
