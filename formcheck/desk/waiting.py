"""What the desk has not taken yet, on the disk of a station, so that closing the window loses nothing.

Each entry is sealed by a key that is made of the station's own one, for one desk; it is erased when the desk has it.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager

from cryptography.exceptions import InvalidTag

from formcheck.desk import wire
from formcheck.desk.identity import Address, Identity
from formcheck.system.private_table import private_table

NAME = "waiting.db"
TABLE = "waiting (id INTEGER PRIMARY KEY AUTOINCREMENT, desk TEXT, sealed BLOB)"


class Waiting:
    """Entries that wait for one desk."""

    def __init__(self, identity: Identity, address: Address) -> None:
        self._identity, self._desk = identity, address.name
        self._path = identity.folder / NAME

    def put(self, said: Sequence[wire.EntrySaid]) -> list[int] | None:
        """Let entries wait, all or none; their rows, or None where that can't be written."""
        if not said:
            return []
        try:
            with self._open() as connection:
                return [self._insert(connection, each) for each in said]
        except (OSError, sqlite3.Error):
            return None

    def _insert(self, connection: sqlite3.Connection, said: wire.EntrySaid) -> int:
        sealed = self._identity.seal(wire.encode(said).encode(), self._desk)
        done = connection.execute("INSERT INTO waiting (desk, sealed) VALUES (?, ?)", (self._desk, sealed))
        return done.lastrowid or 0

    def waiting(self) -> list[tuple[int, wire.EntrySaid]]:
        """All that waits for this desk, oldest first, each with its row. What can't be read stays where it is."""
        if not self._path.is_file():
            return []
        try:
            with self._open() as connection:
                mine = (self._desk,)
                rows = connection.execute("SELECT id, sealed FROM waiting WHERE desk = ? ORDER BY id", mine).fetchall()
        except (OSError, sqlite3.Error):
            return []
        found = []
        for row, sealed in rows:
            with contextlib.suppress(InvalidTag, ValueError, wire.MessageError):
                said = wire.from_station(self._identity.unseal(sealed, self._desk))
                if isinstance(said, wire.EntrySaid):
                    found.append((row, said))
        return found

    def take_off(self, rows: Sequence[int]) -> None:
        """The desk has these."""
        if rows:
            with contextlib.suppress(OSError, sqlite3.Error), self._open() as connection:
                connection.executemany("DELETE FROM waiting WHERE id = ?", [(row,) for row in rows])

    def clear(self) -> None:
        """Nothing waits for this desk any more: it was forgotten."""
        if self._path.is_file():
            with contextlib.suppress(OSError, sqlite3.Error), self._open() as connection:
                connection.execute("DELETE FROM waiting WHERE desk = ?", (self._desk,))

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        return private_table(self._path, TABLE)
