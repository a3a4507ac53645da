"""What could not be written to the store waits here, on the disk of this machine, until it can.

A small SQLite file of its own: whole lines or none, and several programs may use it at once. Where the store's key is
at hand, what waits is encrypted; a kiosk that has none keeps numbers under a pseudonym here, and no name.
"""

from __future__ import annotations

import base64
import contextlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from formcheck.session.wire import Entry
from formcheck.store.errors import LockedError
from formcheck.store.keys import PLAIN, Keys
from formcheck.store.log import SessionRow, StoredEntry
from formcheck.system.private_table import private_table

NAME = "outbox.db"
TABLE = "waiting (id INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB)"


@dataclass(frozen=True, slots=True)
class Stream:
    """A pose stream of a set."""

    set_id: str
    exercise: str
    overrides: Mapping[str, Any]
    body: Callable[[], bytes]
    """Makes it: packing takes longer than a picture may."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What belongs together: it is written whole, or it waits whole."""

    row: SessionRow
    entries: tuple[StoredEntry, ...] = ()
    stream: Stream | None = None


class Outbox:
    """Entries that wait."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self._path, self._keys = folder / NAME, keys

    def put(self, batch: Batch) -> bool:
        """Let a batch wait; False where that can't be written either."""
        try:
            with self._open() as connection:
                connection.execute("INSERT INTO waiting (body) VALUES (?)", (self._sealed(batch),))
        except (OSError, sqlite3.Error, LockedError):
            return False
        return True

    def waiting(self) -> list[tuple[int, Batch]]:
        """All that waits, in order, each with the number by which it is taken off. What can't be read stays."""
        if not self._path.is_file():
            return []
        found = []
        try:
            with self._open() as connection:
                rows = connection.execute("SELECT id, body FROM waiting ORDER BY id").fetchall()
        except (OSError, sqlite3.Error):
            return []
        for number, body in rows:
            with contextlib.suppress(LockedError, ValueError, KeyError, TypeError):
                found.append((number, self._opened(body)))
        return found

    def take_off(self, numbers: list[int]) -> None:
        """These were written."""
        with contextlib.suppress(OSError, sqlite3.Error), self._open() as connection:
            connection.executemany("DELETE FROM waiting WHERE id = ?", [(number,) for number in numbers])

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        return private_table(self._path, TABLE)

    def _sealed(self, batch: Batch) -> bytes:
        row, stream = batch.row, batch.stream
        body = {
            "session": [row.session_id, row.station, row.started_utc, row.pseudonym],
            "entries": [
                [e.source, e.n, e.entry.kind, dict(e.entry.body), e.entry.set_id, e.entry.utc] for e in batch.entries
            ],
            "stream": None
            if stream is None
            else [stream.set_id, stream.exercise, dict(stream.overrides), base64.b64encode(stream.body()).decode()],
        }
        plain = json.dumps(body, allow_nan=False).encode()
        try:
            return self._keys.seal(plain, "outbox", "outbox")
        except LockedError:
            if stream is not None:
                raise
            return PLAIN + plain

    def _opened(self, body: bytes) -> Batch:
        data: dict[str, Any] = json.loads(self._keys.open(bytes(body), "outbox", "outbox"))
        row, stream = SessionRow(*data["session"]), data["stream"]
        entries = [
            StoredEntry(row.session_id, source, n, Entry(kind, content, set_id, utc))
            for source, n, kind, content, set_id, utc in data["entries"]
        ]
        sent = None if stream is None else Stream(stream[0], stream[1], stream[2], partial(base64.b64decode, stream[3]))
        return Batch(row, tuple(entries), sent)
