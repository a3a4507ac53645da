"""Where the store is: a file of this user, or a clinic's PostgreSQL server."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from formcheck.store.errors import StoreError
from formcheck.system.data import data_folder
from formcheck.system.shown import shown

VARIABLE = "FORMCHECK_STORE"
FILE = "formcheck.db"
SERVER = ("postgresql://", "postgres://", "postgresql+psycopg://")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store is."""

    path: Path | None = None
    """Of the file; None for a server."""
    url: str = ""
    """Of the server, as SQLAlchemy takes it; empty for a file."""

    @property
    def is_server(self) -> bool:
        """Whether it is a server's."""
        return bool(self.url)

    @property
    def name(self) -> str:
        """For the person: never a password."""
        if self.path is not None:
            return shown(self.path)
        return self.url.split("://", 1)[1].rsplit("@", 1)[-1].split("?", 1)[0]

    @property
    def folder(self) -> Path:
        """Where the outbox of this machine is."""
        return self.path.parent if self.path is not None else data_folder()


def place_of(where: str | None = None) -> Place:
    """The store that is meant.

    Args:
        where: a server's address, or a file's path; None takes `FORMCHECK_STORE`, and without it the user's own file.

    Raises:
        StoreError: it is neither.
    """
    text = where if where is not None else os.environ.get(VARIABLE, "")
    if not text:
        return Place(data_folder() / FILE)
    for beginning in SERVER:
        if text.startswith(beginning):
            return Place(url="postgresql+psycopg://" + text.removeprefix(beginning))
    if "://" in text:
        kind = text.split("://", 1)[0]
        raise StoreError(f"A store of the kind {kind!r} is not known. Use postgresql://… or a file's path.")
    path = Path(text).expanduser()
    return Place(path / FILE if path.is_dir() else path)
