"""What the hub keeps in the desk's book: which stations are known, and what they have sent."""

from __future__ import annotations

from collections.abc import Callable

from formcheck.desk import wire
from formcheck.desk.book import Book
from formcheck.desk.hub import Known, key_of
from formcheck.store.keys import Keys

PURPOSE = "desk"
"""For what the store's key is used."""


class BookKeys:
    """Stations that were paired. One that was revoked stays on record, and is known no more."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def known(self) -> tuple[Known, ...]:
        """All that are paired and not revoked, in the order in which they were."""
        with self._book.writing() as connection:
            rows = connection.execute("SELECT * FROM station WHERE revoked_by = '' ORDER BY utc_s, id").fetchall()
        return tuple(Known(row["id"], row["key"], row["name"], row["who"], row["utc_s"]) for row in rows)

    def add(self, station: Known) -> None:
        """One was paired, or paired again."""
        values = (station.id, station.key, station.name, station.by, station.utc_s)
        with self._book.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO station (id, key, name, who, utc_s) VALUES (?, ?, ?, ?, ?)", values
            )

    def revoke(self, id: str, by: str) -> None:
        """One is known no more."""
        with self._book.writing() as connection:
            connection.execute("UPDATE station SET revoked_by = ? WHERE id = ?", (by, id))


class BookKeeper:
    """Events that stations have sent, sealed by the store's key."""

    def __init__(self, book: Book, keys: Callable[[], Keys]) -> None:
        """Use a book.

        Args:
            book: where they are kept.
            keys: the store's key. Where it raises, nothing is kept, and the station sends it again later.
        """
        self._book, self._keys = book, keys

    def keep(self, station: str, said: wire.Kept) -> bool:
        """Write one down; False where it is there already.

        Raises:
            StoreError: the store's key is not at hand.
        """
        set_id, what = key_of(said)
        sealed = self._keys().seal(wire.encode(said).encode(), PURPOSE, f"{set_id} {what}")
        with self._book.writing() as connection:
            done = connection.execute(
                "INSERT OR IGNORE INTO said VALUES (?, ?, ?, ?, ?)",
                (set_id, str(what), station, said.session_id, sealed),
            )
        return done.rowcount == 1

    def kept(self) -> list[tuple[str, wire.Kept]]:
        """Station and what it said, in the order of arrival."""
        keys = self._keys()
        with self._book.writing() as connection:
            rows = connection.execute("SELECT * FROM said ORDER BY rowid").fetchall()
        found: list[tuple[str, wire.Kept]] = []
        for row in rows:
            said = wire.from_station(keys.open(row["sealed"], PURPOSE, f"{row['set_id']} {row['what']}"))
            if isinstance(said, wire.EventSaid | wire.SetSaid):
                found.append((row["station"], said))
        return found
