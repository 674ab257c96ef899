"""A registry of an older program: the newer one has all its rows, and they mean what they did."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from activities.registry import AlreadySent, Begun, Claim, Registry
from activities.registry.opening import MIGRATIONS, connect
from activities.telling.trying import Ask, AttemptState, Policy, next_step
from tests.activities.ledger_samples import grant, granted
from tests.activities.samples import CASE, MAIL, admit, message, records, whole

NOW = message().at + timedelta(hours=1)


def bring_to(url: str, revision: str) -> None:
    """Take a registry back to an older migration."""
    engine = connect(url)
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    with engine.execution_options(writes=True).begin() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, revision)
    engine.dispose()


def _execute(url: str, statements: Iterable[str]) -> None:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


def _tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_a_registry_of_the_first_tables_keeps_every_row(url: str) -> None:
    with Registry.open(url) as registry:
        admit(registry)
        registry.record(records())
        kept = whole(registry)
    bring_to(url, "0001")
    assert not {"sheets", "village_ledger", "attempts", "moves"} & _tables(url)
    with Registry.open(url) as registry:
        assert whole(registry) == kept
        assert registry.ledger() == ()
        granted(registry, grant("100.00"), minutes=2)
        assert len(registry.ledger()) == 1


OLD = """
INSERT INTO deliveries (message_id, case_id, duty_id, rung, unit, role, person, channel, address,
                        state, at, sent_at, note, subject, text)
VALUES ('{number:064}', '{case}', 'd-1', '{rung}', 'township:nanhui', '经办人', '南甲',
        '{channel}', '{address}', '{state}', '2026-11-30 00:30:00', {sent_at}, '{note}', '题', '文')
"""


def _old(number: int, state: str, sent_at: str = "NULL", note: str = "") -> str:
    told = message(number)
    return OLD.format(
        number=number,
        case=CASE,
        rung=told.rung,
        channel=MAIL.kind,
        address=MAIL.address,
        state=state,
        sent_at=sent_at,
        note=note,
    )


@pytest.fixture
def older(url: str) -> str:
    """The address of a registry before there were attempts, with a message in each state."""
    with Registry.open(url) as registry:
        admit(registry)
        registry.record(records())
    bring_to(url, "0002")
    _execute(
        url,
        (
            _old(1, "sent", "'2026-11-30 00:31:00'"),
            _old(2, "failed", note="TimeoutError"),
            _old(3, "claimed"),
        ),
    )
    return url


def _claim(registry: Registry, number: int) -> Claim:
    told = message(number)
    decide = partial(next_step, addresses=told.addresses, now=NOW, policy=Policy(), limits={})
    return registry.claim(told, NOW, decide)


def test_messages_of_an_older_registry_keep_their_meaning(older: str) -> None:
    with Registry.open(older) as registry:
        rows = registry.deliveries(CASE)
        assert [(row.state, row.kind, row.repeated, row.brief) for row in rows] == [
            ("sent", "reminder", False, "题"),
            ("failed", "reminder", False, "题"),
            ("claimed", "reminder", False, "题"),
        ]
        assert [(each.state.value, each.note) for each in registry.attempts(CASE)] == [
            ("sent", ""),
            ("failed", "TimeoutError"),
            ("begun", ""),
        ]
        assert all(duty.rungs == () for duty in registry.duties(CASE))
        assert isinstance(_claim(registry, 1), AlreadySent)
        failed = _claim(registry, 2)
        assert isinstance(failed, Begun)
        assert (failed.number, failed.repeated) == (2, False)
        # It was only claimed, so it may have gone out.
        claimed = _claim(registry, 3)
        assert isinstance(claimed, Ask)
        assert claimed.attempt.number == 1
        registry.settle(message(3).message_id, 1, AttemptState.SENT, NOW)
        assert isinstance(_claim(registry, 3), AlreadySent)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE deliveries SET state = 'lost'",
        "UPDATE deliveries SET case_id = 'WZ-NO'",
        "UPDATE deliveries SET rung = NULL",
        "UPDATE attempts SET state = 'lost'",
        "UPDATE attempts SET message_id = 'nothing'",
        "UPDATE duties SET state = 'lost'",
        "DELETE FROM deliveries",
    ],
)
def test_altering_the_tables_forgot_none_of_their_rules(older: str, change: str) -> None:
    Registry.open(older).close()
    engine = connect(older)
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text(change))
    with engine.begin() as connection:
        connection.execute(text("UPDATE deliveries SET case_id = NULL, state = 'withdrawn'"))
    names = {index["name"] for index in inspect(engine).get_indexes("deliveries")}
    engine.dispose()
    assert names == {"ix_deliveries_case_id_duty_id"}
