"""The desk's own small database: accounts, log-ins, wrong passwords, stations, and rows of the audit that wait.

It is a file of its own and not part of the store. The store may be away, or be a server that several desks share, and
logging in must work all the same; and a backup of patients' data must not hold passwords. What stations have sent goes
into the store; only what makes no sense there is put aside here, sealed by the store's key.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from formcheck.system.errors import FormcheckError
from formcheck.system.shown import shown

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE account (id TEXT PRIMARY KEY, name TEXT NOT NULL, lookup TEXT NOT NULL UNIQUE, hash TEXT NOT NULL,
        roles TEXT NOT NULL, is_off INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE invitation (digest TEXT PRIMARY KEY, name TEXT NOT NULL, roles TEXT NOT NULL, until_s REAL NOT NULL);
    CREATE TABLE login (digest TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account(id), began_s REAL NOT NULL,
        seen_s REAL NOT NULL);
    CREATE TABLE tries (key TEXT PRIMARY KEY, wrong INTEGER NOT NULL, last_s REAL NOT NULL);
    CREATE TABLE waiting (n INTEGER PRIMARY KEY AUTOINCREMENT, who TEXT NOT NULL, what TEXT NOT NULL,
        pseudonym TEXT NOT NULL, detail TEXT NOT NULL);
    CREATE TABLE station (id TEXT PRIMARY KEY, key TEXT NOT NULL, name TEXT NOT NULL, who TEXT NOT NULL,
        utc_s REAL NOT NULL, revoked_by TEXT NOT NULL DEFAULT '');
    CREATE TABLE said (set_id TEXT NOT NULL, what TEXT NOT NULL, station TEXT NOT NULL, session_id TEXT NOT NULL,
        sealed BLOB NOT NULL, PRIMARY KEY (set_id, what));
    """,
    """
    CREATE TABLE aside (session_id TEXT NOT NULL, i INTEGER NOT NULL, station TEXT NOT NULL, sealed BLOB NOT NULL,
        PRIMARY KEY (session_id, i, station));
    """,
)
"""Each brings the file one version further (`PRAGMA user_version`); one that was released is never changed."""
WAIT_S = 5.0
"""Seconds to wait for another writer."""


class Book:
    """The open file; one writer at a time."""

    def __init__(self, path: Path) -> None:
        """Open it, or make it.

        Raises:
            FormcheckError: it can't be opened, or a newer version wrote it.
        """
        self.path = path
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._connection = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None, check_same_thread=False)
            self._connection.row_factory = sqlite3.Row
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.execute("PRAGMA secure_delete = ON")
            self._migrate()
        except (OSError, sqlite3.Error) as error:
            raise FormcheckError(f"The desk's accounts in {shown(path)} can't be opened. Check the folder.") from error

    def _migrate(self) -> None:
        with self.writing() as connection:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if version > len(MIGRATIONS):
                raise FormcheckError("The desk's accounts were written by a newer FormCheck. Install that version.")
            for script in MIGRATIONS[version:]:
                for statement in script.split(";"):
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All of it happens, or nothing; readers come here too.

        Raises:
            FormcheckError: the file can't be used now.
        """
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                except BaseException:
                    self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise FormcheckError("The desk's accounts can't be used now. Check the disk.") from error

    def close(self) -> None:
        """Let go of it."""
        with self._lock:
            self._connection.close()
