"""What stations have sent, as sessions of the store; and which stations the desk knows, in its book."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import structlog

from formcheck.core.rules.exercise import Exercise
from formcheck.desk import wire
from formcheck.desk.book import Book
from formcheck.desk.hub import Known
from formcheck.desk.records import Records
from formcheck.session.document import SessionDocument, SetDocument
from formcheck.session.session_record import SessionRecord
from formcheck.session.wire import Entry, Reading, event_out
from formcheck.store import SessionRow, Store, StoredEntry, StoreError
from formcheck.store.folding import Amendment
from formcheck.system.errors import FormcheckError

PURPOSE = "desk"
"""For what the store's key is used."""
WHO = "desk"
"""Who writes what stations send, for the audit."""
NONSENSE = (FormcheckError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
"""What entries that make no sense raise where a session is made of them."""


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


@dataclass(slots=True)
class _Live:
    """A session of a station, as the desk knows it."""

    row: SessionRow
    reading: Reading
    entries: list[Entry] = field(default_factory=list)
    n: int = 0
    """Place of the next entry."""
    is_kept: bool = True
    """Whether it may be written."""
    is_ours: bool = True
    """False: the station writes it into this store itself."""


class StoreKeeper:
    """Writes what stations send into the store, each entry once, and knows what goes on. Thread-safe."""

    def __init__(
        self,
        records: Records,
        book: Book,
        installed: Mapping[str, Exercise],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Use a store.

        Args:
            records: the way to it. Where it is away nothing is taken, and the station sends it again later.
            book: where is put aside what no session can be made of.
            installed: exercises by name.
            now: what time it is.
        """
        self._records, self._book, self._installed, self._now = records, book, installed, now
        self._lock = threading.Lock()
        self._live: dict[str, dict[str, _Live]] = {}
        """By station and session; the session of now and what came of it since the desk began."""
        self._wanted: dict[str, str] = {}
        """Whose a session is to be, before anything of it was written."""

    # -- for the pages: none of it waits for the store ---------------------------------------------------------

    def session(self, station: str, session_id: str) -> SessionRecord | None:
        """What is known of a session of a station by now; None before anything was sent."""
        live = self._live.get(station, {}).get(session_id)
        return live.reading.session if live is not None else None

    def person(self, station: str, session_id: str) -> str | None:
        """Whose it is, or is to be: a pseudonym; None: nobody's."""
        live = self._live.get(station, {}).get(session_id)
        return live.row.pseudonym if live is not None else self._wanted.get(session_id or station)

    def is_kept(self, station: str, session_id: str) -> bool:
        """Whether it is written at all."""
        live = self._live.get(station, {}).get(session_id)
        return live is None or live.is_kept

    def newest(self, station: str) -> str:
        """The session of a station that something was heard of last; empty where there is none."""
        return next(reversed(self._live.get(station, {})), "")

    # -- for the hub -------------------------------------------------------------------------------------------

    def keep(self, station: str, said: wire.EntrySaid) -> bool:
        """Write an entry down; False where it is there already.

        Raises:
            StoreError: that can't be done now.
        """
        with self._lock:
            store = self._records.store(WHO)
            live = self._known(store, station, said)
            if said.i > live.n:
                live = self._reload(store, station, said)  # another desk has taken what lies between
            if said.i < live.n:
                return False
            self._take(store, live, said)
            return True

    def settle(self, station: str, session_id: str) -> None:
        """End the sessions of a station that it has left without a word.

        Raises:
            StoreError: that can't be done now.
        """
        with self._lock:
            store = self._records.store(WHO)
            store.close_broken(lambda each: each == session_id, station, self._text())
            mine = self._live.get(station, {})
            for each in [each for each in mine if each not in (session_id, next(reversed(mine)))]:
                del mine[each]

    def assign(self, session_id: str, person: str | None, who: str) -> None:
        """Say whose a session in the store is.

        Args:
            session_id: which.
            person: a pseudonym; None: nobody's.
            who: says so, for the audit.

        Raises:
            StoreError: it can't be said of this session, or not now.
        """
        with self._lock:
            live = self._find(session_id)
            if live is not None and not live.is_kept:
                raise StoreError("Who does this did not want it kept. It is nobody's.")
            self._records.store(who).assign(session_id, person)
            if live is not None:
                live.row = replace(live.row, pseudonym=person)

    def await_for(self, name: str, person: str | None, who: str) -> None:
        """Say whose a session is to be of which nothing was heard yet.

        Args:
            name: the session's id, or that of a station for the next one that is begun there.
            person: a pseudonym; None: nobody's.
            who: says so, for the audit.

        Raises:
            StoreError: there is no such person.
        """
        with self._lock:
            store = self._records.store(who)
            if person is not None and not _is_known(store, person):
                raise StoreError("There is no such person in the store.")
            self._wanted.pop(name, None)
            if person is not None:
                self._wanted[name] = person
            store.note("session-assigned", person or "", f"{name}, before it began")

    def amend(self, session_id: str, set_id: str, event: Amendment, who: str) -> None:
        """Correct a set that is over.

        Raises:
            StoreError: it goes on, there is none, or the correction does not fit it.
        """
        with self._lock:
            self._records.store(who).amend(session_id, set_id, [event])
            live = self._find(session_id)
            if live is not None:
                body = {"events": [event_out(replace(event, set_id=set_id))]}
                entry = Entry("amend", body, set_id, self._text())
                live.reading.take(entry)
                live.entries.append(entry)

    def _find(self, session_id: str) -> _Live | None:
        return next((found for each in self._live.values() if (found := each.get(session_id))), None)

    # -- one entry ---------------------------------------------------------------------------------------------

    def _known(self, store: Store, station: str, said: wire.EntrySaid) -> _Live:
        return self._live.get(station, {}).get(said.session_id) or self._reload(store, station, said)

    def _reload(self, store: Store, station: str, said: wire.EntrySaid) -> _Live:
        """The session as the store has it, or a new one."""
        found = store.stored(said.session_id) if said.is_kept else None
        before = self._live.get(station, {}).get(said.session_id)
        if found is not None and found[0].station == station:
            row, stored = found
            live = _Live(row, Reading(said.session_id, self._installed), [each.entry for each in stored])
            live.reading = self._read(said.session_id, live.entries)
            live.n = max((each.n + 1 for each in stored if each.source == station), default=0)
        elif before is not None:
            return before
        else:
            person = self._wanted.pop(said.session_id, None) or self._wanted.pop(station, None) or said.person
            is_known = said.is_kept and bool(person) and _is_known(store, person)
            row = SessionRow(said.session_id, station, said.utc or self._text(), person if is_known else None)
            row = found[0] if found is not None else row
            reading = Reading(said.session_id, self._installed)
            live = _Live(row, reading, is_kept=said.is_kept, is_ours=found is None)
        self._live.setdefault(station, {})[said.session_id] = live
        return live

    def _read(self, session_id: str, entries: list[Entry]) -> Reading:
        reading = Reading(session_id, self._installed)
        for entry in entries:
            reading.take(entry)
        return reading

    def _take(self, store: Store, live: _Live, said: wire.EntrySaid) -> None:
        """Look whether a session can be made of it, and write it; else put it aside."""
        entry, is_sound = said.entry, True
        try:
            said.events  # noqa: B018 - raises where they are none, or of another set
            live.reading.take(entry)
            _check(live.reading.session, entry)
        except NONSENSE as error:
            structlog.get_logger(__name__).error("an entry makes no sense", kind=entry.kind, error=type(error).__name__)
            is_sound = False
            live.reading = self._read(said.session_id, live.entries)
        if live.is_kept and live.is_ours:
            try:
                self._write(store, live, said) if is_sound else self._put_aside(store, live, said)
            except Exception:
                live.reading = self._read(said.session_id, live.entries)  # it comes again
                raise
        if is_sound:
            live.entries.append(entry)
        live.n = said.i + 1

    def _write(self, store: Store, live: _Live, said: wire.EntrySaid) -> None:
        session_id, station = live.row.session_id, live.row.station
        if said.kind == "session":
            store.close_broken(lambda each: each == session_id, station, self._text())
        store.append(live.row, [StoredEntry(session_id, station, said.i, said.entry)])
        if said.kind == "end":
            with suppress(StoreError):
                store.one(session_id)  # folds it once, for whoever looks later

    def _put_aside(self, store: Store, live: _Live, said: wire.EntrySaid) -> None:
        session_id, station = live.row.session_id, live.row.station
        sealed = store.keys.seal(wire.encode(said).encode(), PURPOSE, f"{session_id} {said.i}")
        with self._book.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO aside VALUES (?, ?, ?, ?)", (session_id, said.i, station, sealed))

    def _text(self) -> str:
        return self._now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _is_known(store: Store, person: str) -> bool:
    return person in {each.pseudonym for each in store.people()}


def _check(session: SessionRecord, entry: Entry) -> None:
    """Make sure that what is kept can be read again: a page that shows a session must not fail over one entry.

    Raises:
        ValueError: it can't; or what else nonsense raises.
    """
    if entry.kind in ("events", "set-end"):
        record = next(one for one in reversed(session.sets) if one.set_id == entry.set_id)
        SetDocument.model_validate(record.as_dict())
    else:
        SessionDocument.model_validate(session.as_dict())
