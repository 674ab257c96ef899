"""A sending killed with kill -9 before any of its statements: it arrives once, or marked."""

import shutil
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from activities.channels.channel import Channel, Refused, Unavailable, Uncertain
from activities.channels.outbox import Outbox
from activities.registry import Registry
from activities.registry.opening import connect
from activities.telling.courier import Courier, Sent
from activities.telling.trying import Later, Policy
from tests.activities.dying import die_at, forked
from tests.activities.lines import Board, Letterbox
from tests.activities.samples import CASE, MAIL, admit, message

NOW = message().at
SAID = message().message_id
DOWN, NOBODY, LOST = Unavailable("邮件服务器不通"), Refused("查无此人"), Uncertain("回执丢失")


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
