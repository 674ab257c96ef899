"""Opening a registry: the connection, SQLite's settings, and bringing the tables up to date."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    ExceptionContext,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from activities.registry.errors import RegistryUnusable

HEAD = "0003"
"""The newest migration; kept here so that opening an up-to-date registry need not load Alembic."""

MIGRATIONS = Path(__file__).parent / "migrations"

WAIT = 30.0
"""Seconds a writer waits for another one before it gives up."""

# Any number will do, as long as every program that migrates a registry takes the same one.
_POSTGRES_LOCK = 20_200_007


def connect(url: str) -> Engine:
    """An engine for the registry at `url`, its SQLite folder made; tables not yet looked at.

    A connection whose execution options say `writes=True` takes SQLite's write lock when its
    transaction begins, so that what it reads before writing cannot change in between.
    """
    try:
        address = make_url(url)
        dialect = address.get_backend_name()
        if dialect not in {"sqlite", "postgresql"}:
            raise RegistryUnusable(f"登记簿只能放在 SQLite 或 PostgreSQL 中，不支持 {dialect}。")
        if dialect == "sqlite":
            if not address.database or address.database == ":memory:":
                raise RegistryUnusable("登记簿须存为文件，不能只放在内存中。")
            _make_folder(Path(address.database).parent)
            engine = _engine(address, connect_args={"timeout": WAIT})
            event.listen(engine, "connect", _sqlite_settings)
            event.listen(engine, "begin", _sqlite_begin)
        else:
            engine = _engine(address, pool_pre_ping=True)
            event.listen(engine, "handle_error", _quote_no_row)
    except (ArgumentError, NoSuchModuleError) as error:
        raise RegistryUnusable("登记簿的地址不是有效的数据库地址。") from error
    except ModuleNotFoundError as error:
        raise RegistryUnusable(f"登记簿所需的数据库驱动 {error.name} 未安装，请先安装。") from error
    return engine


def _engine(address: URL, **more: Any) -> Engine:
    # What a failing statement was given would stand in the error, and that in histories and logs.
    return create_engine(address, max_overflow=-1, hide_parameters=True, **more)


def _quote_no_row(context: ExceptionContext) -> None:
    """Leave of PostgreSQL's error the first line: the second quotes the failing row."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None:
            error.args = tuple(str(each).partition("\nDETAIL")[0] for each in error.args)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RegistryUnusable(f"登记簿的文件夹 {folder} 无法建立。") from error


def migrate(engine: Engine) -> None:
    """Bring the tables to HEAD, in one transaction under one lock; quick when they are there.

    Several programs may do this at once: one migrates, the others wait and find it done. Killed
    in the middle, it leaves the registry as it was. Raises RegistryUnusable.
    """
    try:
        if _version(engine) != HEAD:
            _bring_to_head(engine)
    except (DBAPIError, sqlite3.Error) as error:
        raise RegistryUnusable("登记簿无法打开，请检查地址、权限和数据库是否可用。") from error


def _bring_to_head(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        _patiently(lambda: _enter_wal(engine))
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
        _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    # Loaded only here: most programs find their registry up to date and start faster without it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.attributes["connection"] = connection
    try:
        command.upgrade(settings, HEAD)
    except CommandError as error:
        raise RegistryUnusable("登记簿由更新版本的程序建立，请升级本程序后再打开。") from error


def _version(engine: Engine) -> str | None:
    try:
        with engine.connect() as connection:
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return found
    except (DBAPIError, sqlite3.Error):
        # A new registry has no such table; anything else wrong shows again when migrating.
        return None


def _enter_wal(engine: Engine) -> None:
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode = WAL").close()
    finally:
        connection.close()


def _patiently(attempt: Callable[[], None]) -> None:
    """Changing the journal mode does not wait for other connections by itself: try again."""
    end = time.monotonic() + WAIT
    while True:
        try:
            return attempt()
        except Exception as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.02)


def _sqlite_settings(connection: Any, _record: object) -> None:
    # The driver's own BEGIN comes too late (at the first write); ours is below.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {int(WAIT * 1000)}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
