"""What became of every rung of the storm: the registry held against what the servers received.

A witness in the registry's own database notes in which order duties were met and deliveries begun:
it is written by triggers inside the same transactions, so no clock has to be trusted.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from activities.registry import Delivery, Registry
from activities.registry.rows import DeliveryState
from activities.telling.trying import Attempt, AttemptState
from tests.receiving.calls import Call
from tests.receiving.mail import Received

REGISTRY = "registry.db"
OUTBOX = "outbox"
"""Where a storm's folder has them; the latter is a kind of channel as well."""
MARK = "（可能重复）"
_ARRIVED = frozenset({AttemptState.SENT, AttemptState.UNKNOWN, AttemptState.BEGUN})
"""States of attempts whose message may be in a mailbox."""

_WITNESS = """
CREATE TABLE storm_witness (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    what TEXT NOT NULL, case_id TEXT, duty_id TEXT, message_id TEXT
);
CREATE TRIGGER storm_met AFTER UPDATE OF state ON duties
WHEN NEW.state = 'met' AND OLD.state <> 'met' BEGIN
    INSERT INTO storm_witness (what, case_id, duty_id) VALUES ('met', NEW.case_id, NEW.duty_id);
END;
CREATE TRIGGER storm_begun AFTER INSERT ON attempts WHEN NEW.state = 'begun' BEGIN
    INSERT INTO storm_witness (what, case_id, duty_id, message_id)
    SELECT 'begun', case_id, duty_id, message_id
    FROM deliveries WHERE message_id = NEW.message_id;
END;
CREATE TRIGGER storm_begun_later AFTER UPDATE OF state ON attempts
WHEN NEW.state = 'begun' AND OLD.state <> 'begun' BEGIN
    INSERT INTO storm_witness (what, case_id, duty_id, message_id)
    SELECT 'begun', case_id, duty_id, message_id
    FROM deliveries WHERE message_id = NEW.message_id;
END;
"""

Duty = tuple[str, str]
"""Case and duty."""
Due = tuple[str, str, str]
"""Case, duty and rung: something to be told, to one person."""


class Fate(StrEnum):
    """What became of a rung."""

    ONCE = "送达一次"
    MARKED = "送达，注明可能重复"
    CHANNEL = "邮件不通，改走本人的短信"
    PERSON = "本人各渠道不通，改送上级"
    OUTBOX = "无人可达，存入发件夹"
    MET = "已办结，不再发送"
    LOST = "丢失"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A message as a server received it."""

    message_id: str
    kind: str
    address: str
    at: float
    """Seconds since 1970."""
    marked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The whole account. `faults` is empty where it holds."""

    fates: Counter[Fate]
    marked_elsewhere: int
    """Of those that went another way, how many are marked as perhaps repeated."""
    withdrawn: int
    """Of those met, how many were stopped at the very moment of sending."""
    standing_claims: int
    """Of those met, how many the registry still has as to be sent."""
    begun_by_the_dead: int
    letters: int
    short_messages: int
    arrived_twice: int
    """Messages of which a server has more than one copy."""
    attempts: Counter[str]
    begun_for_met: int
    faults: tuple[str, ...]


def witness(folder: Path) -> None:
    """Let the registry's database note the order of things from now on."""
    with closing(sqlite3.connect(folder / REGISTRY)) as database:
        database.executescript(_WITNESS)


def copies(letters: Iterable[Received], calls: Iterable[Call]) -> tuple[Copy, ...]:
    """What the mail server and the SMS gateway took, in order of time."""
    found = [*map(_letter, letters), *map(_short_message, calls)]
    return tuple(sorted(found, key=lambda copy: copy.at))


def tally(registry: Registry, folder: Path, due: Sequence[Due], received: Sequence[Copy]) -> Tally:
    """Account for everything due, and check that registry and servers tell the same story.

    `folder` is the storm's, `registry` the one in it.
    """
    deliveries = registry.deliveries()
    attempts: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in registry.attempts():
        attempts[attempt.message_id].append(attempt)
    by_id: dict[str, list[Copy]] = defaultdict(list)
    for copy in received:
        by_id[copy.message_id].append(copy)
    by_rung: dict[Due, list[Delivery]] = defaultdict(list)
    for each in deliveries:
        if each.case_id is not None:
            by_rung[each.case_id, each.duty_id, each.rung].append(each)
    met, for_met = _order(folder / REGISTRY)
    fates = {rung: _fate(by_rung[rung], met=rung[:2] in met) for rung in due}
    silent = [each for rung, fate in fates.items() if fate is Fate.MET for each in by_rung[rung]]
    elsewhere = {Fate.CHANNEL, Fate.PERSON, Fate.OUTBOX}
    every = [attempt for some in attempts.values() for attempt in some]
    return Tally(
        fates=Counter(fates.values()),
        marked_elsewhere=sum(
            any(each.repeated for each in by_rung[rung])
            for rung, fate in fates.items()
            if fate in elsewhere
        ),
        withdrawn=sum(each.state == DeliveryState.WITHDRAWN for each in silent),
        standing_claims=sum(each.state == DeliveryState.CLAIMED for each in silent),
        begun_by_the_dead=sum(map(_left_by_the_dead, every)),
        letters=sum(copy.kind == "email" for copy in received),
        short_messages=sum(copy.kind == "sms" for copy in received),
        arrived_twice=sum(len(some) > 1 for some in by_id.values()),
        attempts=Counter(attempt.state.value for attempt in every),
        begun_for_met=len(for_met),
        faults=(
            *(f"丢失：{'、'.join(rung)}" for rung, fate in fates.items() if fate is Fate.LOST),
            *(f"办结以后才开始发送：{case}、{duty}" for case, duty in for_met),
            *_unknown(by_id, {each.message_id for each in deliveries}),
            *(
                f"{said}：{each.case_id}、{each.duty_id}、{each.rung}"
                for each in deliveries
                for said in _differing(
                    each, attempts[each.message_id], by_id[each.message_id], folder / OUTBOX
                )
            ),
            *(
                f"有一次发送开始以后没有下文：{each.case_id}、{each.duty_id}、{each.rung}"
                for each in deliveries
                if (each.case_id, each.duty_id) not in met
                for attempt in attempts[each.message_id]
                if attempt.state is AttemptState.BEGUN
            ),
        ),
    )


def _letter(received: Received) -> Copy:
    letter = received.letter
    return Copy(
        message_id=str(letter["Message-ID"]).strip("<>").partition("@")[0],
        kind="email",
        address=received.recipient,
        at=received.at.timestamp(),
        marked=str(letter["Subject"]).endswith(MARK),
    )


def _short_message(call: Call) -> Copy:
    said = call.json
    return Copy(
        message_id=said["id"],
        kind="sms",
        address=said["phone"],
        at=call.at,
        marked=said["content"].endswith(MARK),
    )


def _order(database: Path) -> tuple[set[Duty], list[Duty]]:
    """The duties that were met, and those of which a delivery was begun after that."""
    with closing(sqlite3.connect(database)) as opened:
        rows = opened.execute("SELECT what, case_id, duty_id FROM storm_witness ORDER BY seq")
        met: set[Duty] = set()
        late: list[Duty] = []
        for what, case_id, duty_id in rows:
            if what == "met":
                met.add((case_id, duty_id))
            elif (case_id, duty_id) in met:
                late.append((case_id, duty_id))
    return met, late


def _fate(told: Sequence[Delivery], *, met: bool) -> Fate:
    """What became of a rung that one unit's 经办人 is to be told; `told` is all about it."""
    sent = [each for each in told if each.state == DeliveryState.SENT]
    if not sent:
        return Fate.MET if met else Fate.LOST
    if all(each.channel == OUTBOX for each in sent):
        return Fate.OUTBOX
    if len(sent) > 1 or any(each.state == DeliveryState.FAILED for each in told):
        return Fate.PERSON
    (own,) = sent
    if own.channel != "email":
        return Fate.CHANNEL
    return Fate.MARKED if own.repeated else Fate.ONCE


def _left_by_the_dead(attempt: Attempt) -> bool:
    """Whether it was begun and never settled: nobody knows when it ended."""
    return attempt.state in {AttemptState.UNKNOWN, AttemptState.BEGUN} and attempt.ended_at is None


def _unknown(received: Mapping[str, object], known: set[str]) -> Iterator[str]:
    return (f"服务器收到了登记簿中没有的消息：{each}" for each in received if each not in known)


def _differing(
    delivery: Delivery, attempts: Sequence[Attempt], arrived: Sequence[Copy], outbox: Path
) -> Iterator[str]:
    """Where the registry and the servers disagree about one message."""
    if any(not copy.marked for copy in arrived[1:]):
        yield "送到不止一次，后一次没有注明可能重复"
    if len(arrived) > 1 and not any(attempt.repeated for attempt in attempts):
        yield "送到不止一次，登记簿没有记"
    may = Counter(
        (attempt.channel, attempt.address, attempt.repeated)
        for attempt in attempts
        if attempt.state in _ARRIVED
    )
    if Counter((copy.kind, copy.address, copy.marked) for copy in arrived) - may:
        yield "送到了，登记簿却记作没有送到"
    surely = Counter(
        (attempt.channel, attempt.address, attempt.repeated)
        for attempt in attempts
        if attempt.state is AttemptState.SENT and attempt.channel != OUTBOX
    )
    if surely - Counter((copy.kind, copy.address, copy.marked) for copy in arrived):
        yield "登记为已送达，服务器没有收到"
    out = [attempt for attempt in attempts if attempt.state is AttemptState.SENT]
    if len(out) != (delivery.state == DeliveryState.SENT):
        yield f"状态为{delivery.state}，登记为送达的发送有{len(out)}次"
    left = delivery.channel == OUTBOX and delivery.state == DeliveryState.SENT
    if left and not any(outbox.glob(f"*{delivery.message_id[:12]}.txt")):
        yield "登记为存入发件夹，发件夹里没有"
