"""An empty registry for each test: SQLite, and PostgreSQL where LAND_TEST_POSTGRES names one.

And the folder of an office that has set nothing.
"""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from activities.registry import Registry

POSTGRES = os.environ.get("LAND_TEST_POSTGRES")
"""URL of a PostgreSQL server on which the tests may create and drop databases."""


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRES else [])])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a registry that does not exist yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/registry/registry.sqlite"
        return
    assert POSTGRES is not None
    name = f"land_{uuid.uuid4().hex}"
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    server.dispose()


@pytest.fixture
def registry(url: str) -> Iterator[Registry]:
    """An open, empty registry."""
    with Registry.open(url) as opened:
        yield opened


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """The folder of an office that has set nothing: open from 08:30 to 17:00."""
    (tmp_path / "office").mkdir()
    return tmp_path / "office"
