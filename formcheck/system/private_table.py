"""A small SQLite file of one table that only this user may read: what waits here until somebody has taken it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

WAIT_S = 2.0
"""Seconds to wait for another program of this user."""


@contextlib.contextmanager
def private_table(path: Path, table: str) -> Iterator[sqlite3.Connection]:
    """Open it, or make it; all that is done with it happens, or nothing. What is erased is overwritten.

    Args:
        path: of the file; made with mode 0600, its folder with 0700.
        table: name and columns of the table, as SQL has them.

    Raises:
        OSError: the folder or the file can't be made.
        sqlite3.Error: it can't be used.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(path, timeout=WAIT_S)
    try:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(f"CREATE TABLE IF NOT EXISTS {table}")
        with connection:
            yield connection
    finally:
        connection.close()
