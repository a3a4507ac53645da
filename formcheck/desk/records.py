"""The desk's way to the store: opened when it is there, told in a sentence when it is not, audited by who looks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from formcheck.desk.book import Book
from formcheck.store import Store, StoreError, StoreTroubleError
from formcheck.store.errors import TEXTS


class Records:
    """The store of a desk, which may be away and come back."""

    def __init__(self, opening: Callable[[], Store], book: Book) -> None:
        """Nothing is opened yet.

        Args:
            opening: opens the store.
            book: where rows of the audit wait while the store is away.
        """
        self._opening, self._book = opening, book
        self._lock, self._catching = threading.Lock(), threading.Lock()
        self._store: Store | None = None

    def store(self, who: str) -> Store:
        """The store, in which somebody acts.

        Args:
            who: for the audit: a role and an account's id.

        Raises:
            StoreTroubleError: it can't be reached now.
            StoreError: there is none, or its key is not at hand.
        """
        with self._lock:
            if self._store is None:
                self._store = self._opening()
            elif self._store.database.is_displaced:
                self._store = self._reopened(self._store)
            store = self._store
        return Store(store.database, store.installed, who)

    def _reopened(self, old: Store) -> Store:
        """The store that is now where the open one was: put back from a backup, perhaps.

        Raises:
            StoreTroubleError: there is none.
        """
        try:
            fresh = self._opening()
        except StoreError as error:
            raise StoreTroubleError("missing", TEXTS["missing"]) from error
        old.close()
        return fresh

    def note(self, who: str, what: str, pseudonym: str = "", detail: str = "") -> None:
        """Add to the audit; what happens while the store is away waits, in order, until it is back.

        For looking at a patient `store(who).note` is to be used: without its row nothing is shown.
        """
        with self._book.writing() as connection:
            connection.execute(
                "INSERT INTO waiting (who, what, pseudonym, detail) VALUES (?, ?, ?, ?)", (who, what, pseudonym, detail)
            )
        self.catch_up()

    def catch_up(self) -> None:
        """Write what waits, oldest first, as far as the store takes it. A row is taken away only when it is written: a
        desk that is killed in between writes it twice rather than never."""
        if not self._catching.acquire(blocking=False):
            return  # whoever is at it takes the new row too, or the next one does
        try:
            while (row := self._oldest()) is not None:
                self.store(row["who"]).note(row["what"], row["pseudonym"], row["detail"])
                with self._book.writing() as connection:
                    connection.execute("DELETE FROM waiting WHERE n = ?", (row["n"],))
        except StoreError:
            return
        finally:
            self._catching.release()

    def _oldest(self) -> Any:
        with self._book.writing() as connection:
            return connection.execute("SELECT * FROM waiting ORDER BY n LIMIT 1").fetchone()

    def close(self) -> None:
        """Let go of it."""
        with self._lock:
            if self._store is not None:
                self._store.close()
