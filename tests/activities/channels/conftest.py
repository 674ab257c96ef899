"""Secrets stand in the environment, and whatever a channel logs is looked through for them."""

import logging
from collections.abc import Iterator

import pytest

from tests.activities.channels.samples import SECRETS


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The secrets that the settings of these tests name."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def directly(monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.1 is reached without any proxy of the surroundings."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(autouse=True)
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that is logged, down to the last detail; none of it may hold a secret."""
    # The mail server's own diary of what it hears, which is not a channel's. It comes first: each
    # of these also sets what the fixture itself takes in.
    caplog.set_level(logging.ERROR, "mail.log")
    caplog.set_level(logging.DEBUG)
    yield caplog
    said = "\n".join(record.getMessage() for record in caplog.get_records("call"))
    assert not [name for name, value in SECRETS.items() if value in said]
    assert "张某某" not in said
