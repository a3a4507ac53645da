"""Connections to the database: a file of SQLite or SQLCipher, or a server."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool

from formcheck.store.errors import StoreError, StoreTroubleError, trouble_of
from formcheck.store.keys import Keys
from formcheck.store.place import Place

WAIT_S = 5.0
"""Seconds to wait for another writer: a commit takes milliseconds, a backup's snapshot none."""
SERVER_MIN = 14
"""Oldest PostgreSQL that is taken: the oldest that its makers still mend in 2026."""
SIDES = ("", "-wal", "-shm")
"""Files that belong to one database."""


class Database:
    """One database, and the key that opens it."""

    def __init__(self, place: Place, keys: Keys, wait_s: float = WAIT_S) -> None:
        """Prepare it; nothing is opened yet.

        Args:
            place: where it is.
            keys: what opens it.
            wait_s: seconds to wait for another writer.
        """
        self.place, self.keys, self._wait_s = place, keys, wait_s
        self._file: tuple[int, int] | None = None
        self.engine = self._make()

    @property
    def is_server(self) -> bool:
        """Whether it is a server's."""
        return self.place.is_server

    @property
    def is_displaced(self) -> bool:
        """Whether the file that is open was moved or deleted: what is written to it then is nowhere to be found."""
        return self._file is not None and self._file != _identity(self.place.path)

    def _make(self) -> Engine:
        if self.place.is_server:
            return _server_engine(self.place.url, self._wait_s)
        engine = sa.create_engine(
            "sqlite://", creator=self._connect, poolclass=QueuePool, pool_size=4, module=_dbapi(self.keys)
        )
        sa.event.listen(engine, "begin", _begin)
        return engine

    def _connect(self) -> Any:
        path = self.place.path
        assert path is not None
        _make_private(path)
        self._file = self._file or _identity(path)
        raw = _dbapi(self.keys).connect(
            path, timeout=self._wait_s, isolation_level=None, check_same_thread=False, cached_statements=64
        )
        if self.keys.is_encrypted:
            raw.execute("PRAGMA cipher_log_level = NONE")  # a wrong key is told by us
            raw.execute(f"PRAGMA key = \"x'{self.keys.derived('database').hex()}'\"")
        for line in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            raw.execute(f"PRAGMA {line}")
        return raw

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent look at everything.

        Raises:
            StoreTroubleError: the database can't be read now.
        """
        with _told(), self.engine.connect() as connection, connection.begin():
            if self.is_server:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """All of it is written, or nothing.

        Raises:
            StoreTroubleError: it can't be written now.
        """
        with _told(), self.engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    @contextlib.contextmanager
    def alone(self) -> Iterator[Connection]:
        """Without a transaction, for what cleans up."""
        with _told(), self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT", is_alone=True)

    def move_aside(self) -> Path | None:
        """Put a damaged file aside under its date; None for a server. Nothing is deleted."""
        path = self.place.path
        self.engine.dispose()
        if path is None:
            return None
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        aside = path.with_name(f"{path.name}.corrupt.{stamp}")
        for side in SIDES:
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + side).replace(aside.with_name(aside.name + side))
        self._file = None
        self.engine = self._make()
        return aside

    def close(self) -> None:
        """Let go of it."""
        self.engine.dispose()


def _dbapi(keys: Keys) -> Any:
    if not keys.is_encrypted:
        return sqlite3
    import sqlcipher3.dbapi2

    return sqlcipher3.dbapi2


def _identity(path: Path | None) -> tuple[int, int] | None:
    """What tells one file from another, whatever it is called; None where there is none."""
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return None if found is None else (found.st_dev, found.st_ino)


def _make_private(path: Path) -> None:
    """The file and its folder, for this user only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreTroubleError(
            "full" if "space" in str(error).lower() else "other",
            f"{path.name} can't be opened for writing ({error.strerror or error}). Choose another place for the store.",
        ) from error


def _begin(connection: Connection) -> None:
    """A writer takes its turn at once; otherwise two that both have read would wait for each other."""
    options = connection.get_execution_options()
    if not options.get("is_alone"):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def _server_engine(url: str, wait_s: float) -> Engine:
    try:
        import psycopg  # noqa: F401 - only to tell in words that it is not there
    except ImportError as error:
        raise StoreError('A PostgreSQL store needs one more package: pip install "formcheck[clinic]".') from error
    try:
        engine = sa.create_engine(
            url, pool_pre_ping=True, connect_args={"connect_timeout": max(2, round(wait_s))}, pool_size=3
        )
    except (sa.exc.ArgumentError, ValueError) as error:
        raise StoreError("That is no address of a PostgreSQL server: postgresql://user@host/database.") from error
    sa.event.listen(engine, "first_connect", _check_server)
    return engine


def _check_server(raw: Any, _: Any) -> None:
    number = raw.info.server_version // 10_000
    if number < SERVER_MIN:
        raise StoreError(f"The server is PostgreSQL {number}; FormCheck needs {SERVER_MIN} or newer.")


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """A database's errors become sentences; the values that stand in them are not passed on."""
    try:
        yield
    except sa.exc.IntegrityError:
        raise
    except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
        raise trouble_of(error.orig if isinstance(error, sa.exc.DBAPIError) and error.orig else error) from None
    except sqlite3.Error as error:
        raise trouble_of(error) from None
    except Exception as error:
        if type(error).__module__.startswith(("sqlcipher3", "psycopg")):  # raised while a connection is made
            raise trouble_of(error) from None
        raise
