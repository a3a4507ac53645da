"""The store: sessions that are kept, whose they are, and what was added to them later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.engine import Connection

from formcheck.core.rules.exercise import Exercise
from formcheck.session.document import Kept
from formcheck.session.identity import uuid7
from formcheck.session.outcome import Answered
from formcheck.session.registry import load_exercises
from formcheck.session.session_record import SessionRecord
from formcheck.session.wire import Entry, WireError, end_entry, event_out, session_of
from formcheck.store import audit, folding, log, papers, tables
from formcheck.store.engine import Database
from formcheck.store.errors import LockedError, StoreError
from formcheck.store.keys import Keys, seal, unseal
from formcheck.store.log import SessionRow, StoredEntry
from formcheck.store.vault import Identity, Person, Vault

THIS_COMPUTER = "this computer"
"""Who does what nobody signed in for."""
BLOCK = 100
"""Sessions that are read as one: about 20 MB of memory."""
OWNER = "owner"
"""In place of a pseudonym: whom this computer belongs to; and where a store of one's own knows who that is."""


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """A pose stream in the store."""

    session_id: str
    set_id: str
    exercise: str
    overrides: Mapping[str, Any]
    sha256: str
    _read: Callable[[], bytes]

    def read(self) -> bytes:
        """The stream, as `.npz`.

        Raises:
            LockedError: the store's key is not at hand, or the person was erased.
        """
        return self._read()


class Store:
    """One open store. Each method is one transaction; all of it happens, or nothing."""

    def __init__(
        self, database: Database, installed: Mapping[str, Exercise] | None = None, who: str = THIS_COMPUTER
    ) -> None:
        """Take an open database whose schema is today's (`open_store`).

        Args:
            database: the database.
            installed: exercises by name; those that are installed by default.
            who: who acts, for the audit: a role or an account's id, never a name.
        """
        self.database, self.who = database, who
        self._installed = installed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of it."""
        self.database.close()

    @property
    def keys(self) -> Keys:
        """The store's key."""
        return self.database.keys

    @property
    def installed(self) -> Mapping[str, Exercise]:
        """The exercises that are known, by name."""
        if self._installed is None:
            self._installed = load_exercises().exercises
        return self._installed

    # -- what happens ------------------------------------------------------------------------------------------

    def append(self, row: SessionRow, entries: Sequence[StoredEntry]) -> None:
        """Add entries of a session, and the session where it is new. What is there already stays: this may be repeated.

        Raises:
            StoreTroubleError: it can't be written now.
        """
        if row.pseudonym == OWNER:
            row = replace(row, pseudonym=self.owner())
        with self.database.writing() as connection:
            known = row.pseudonym is None or _is_there(connection, tables.person.c.pseudonym == row.pseudonym)
            log.add(connection, row if known else replace(row, pseudonym=None), entries)

    def keep_recording(
        self, session_id: str, set_id: str, exercise: str, overrides: Mapping[str, Any], stream: bytes
    ) -> None:
        """Keep a pose stream, sealed by the person's key.

        Raises:
            StoreError: the session is not in the store.
        """
        with self.database.writing() as connection:
            row = log.one(connection, session_id)
            digest, about = hashlib.sha256(stream).hexdigest(), f"{session_id} {set_id}"
            values = {
                "session_id": session_id, "set_id": set_id, "exercise": exercise, "overrides": json.dumps(overrides),
                "sha256": digest, "sealed": self._sealed(connection, row.pseudonym, stream, about),
            }  # fmt: skip
            log.insert_new(connection, tables.recording, values)

    def _sealed(self, connection: Connection, pseudonym: str | None, plain: bytes, about: str) -> bytes:
        if pseudonym is None:
            return self.keys.seal(plain, "recordings", about)
        return seal(Vault(connection, self.keys).key_of(pseudonym), plain, about)

    def _unsealed(self, connection: Connection, pseudonym: str | None, sealed: bytes, about: str) -> bytes:
        if pseudonym is None:
            return self.keys.open(sealed, "recordings", about)
        return unseal(Vault(connection, self.keys).key_of(pseudonym), sealed, about)

    def close_broken(self, is_running: Callable[[str], bool], station: str, utc: str) -> int:
        """End the sessions of this station that nobody goes on with any more; returns how many.

        Args:
            is_running: whether a session, by id, still goes on somewhere on this machine.
            station: whose.
            utc: now.
        """
        with self.database.reading() as connection:
            query = sa.select(tables.session.c.session_id).where(tables.session.c.station == station, log.is_open())
            broken = [row[0] for row in connection.execute(query) if not is_running(row[0])]
        for session_id in broken:
            with self.database.writing() as connection:
                last = StoredEntry(session_id, "closing", 0, end_entry(utc, is_interrupted=True))
                log.add(connection, log.one(connection, session_id), [last])
        return len(broken)

    # -- what was ----------------------------------------------------------------------------------------------

    def kept(
        self, person: str | None = None, session_id: str | None = None, since: datetime | None = None
    ) -> list[Kept]:
        """Sessions in order of their beginning.

        Args:
            person: pseudonym; None = everybody's.
            session_id: only this one.
            since: only those that began then or later.

        Raises:
            StoreTroubleError: it can't be read now.
            WireError: an entry is damaged.
        """
        return list(self.read(self.listed(person, session_id, since)))

    def listed(
        self, person: str | None = None, session_id: str | None = None, since: datetime | None = None
    ) -> list[SessionRow]:
        """Which sessions there are, as `kept` takes them, without what happened in them.

        Raises:
            StoreTroubleError: it can't be read now.
        """
        since_utc = None if since is None else log.utc_of(since)
        with self.database.reading() as connection:
            return log.sessions(connection, person=person, session_id=session_id, since_utc=since_utc)

    def read(self, rows: Sequence[SessionRow]) -> Iterator[Kept]:
        """These sessions in their order, one after the other: however many there are, few are in memory at once.

        One that is deleted meanwhile is left out.

        Raises:
            StoreTroubleError: it can't be read now.
            WireError: an entry is damaged.
        """
        for at in range(0, len(rows), BLOCK):
            block = rows[at : at + BLOCK]
            with self.database.reading() as connection:
                found = self._folded(connection, block)
            fresh = {key: made for key, (made, is_new) in found.items() if is_new and made.state != "open"}
            if fresh:
                self._keep_digests(fresh)
            yield from (found[row.session_id][0] for row in block if row.session_id in found)

    def _folded(self, connection: Connection, rows: Sequence[SessionRow]) -> dict[str, tuple[Kept, bool]]:
        """Each session that is there, by its digest where that is of today, else by its entries; and whether it was
        made anew."""
        counts = log.counts(connection, [row.session_id for row in rows])
        found: dict[str, tuple[Kept, bool]] = {}
        digests = tables.digest
        for kept in connection.execute(sa.select(digests).where(digests.c.session_id.in_(list(counts)))):
            if kept.entries == counts[kept.session_id]:
                with suppress(WireError, ValidationError):  # damaged, or of another version: it is folded anew
                    found[kept.session_id] = (Kept.model_validate_json(log.text_of(kept.body)), False)
        stale = [row for row in rows if row.session_id in counts and row.session_id not in found]
        with_poses = _with_poses(connection, [row.session_id for row in stale])
        entries = log.entries_of(connection, [row.session_id for row in stale])
        for row in stale:
            has_poses = row.session_id in with_poses
            made = folding.kept_of(row, entries[row.session_id], self.installed, has_poses=has_poses)
            found[row.session_id] = (made, True)
        return found

    def _keep_digests(self, made: Mapping[str, Kept]) -> None:
        """Keep folds; a store that can't be written is read all the same."""
        try:
            with self.database.writing() as connection:
                counts = log.counts(connection, list(made))
                for session_id, kept in made.items():
                    log.put_digest(connection, session_id, counts[session_id], kept.model_dump(mode="json"))
        except StoreError:
            return

    def last(self, person: str | None = None) -> Kept | None:
        """The session that began last; None where there is none.

        Args:
            person: pseudonym; None = everybody's.
        """
        with self.database.reading() as connection:
            row = log.last(connection, person)
        return self.one(row.session_id) if row is not None else None

    def one(self, session_id: str) -> Kept:
        """One session.

        Raises:
            StoreError: there is none of that id.
        """
        found = self.kept(session_id=session_id)
        if not found:
            raise StoreError("There is no such session in the store.")
        return found[0]

    def record(self, session_id: str) -> SessionRecord:
        """One session with all its events, as whoever corrects it needs them.

        Raises:
            StoreError: there is none of that id.
            WireError: an entry is damaged.
        """
        with self.database.reading() as connection:
            log.one(connection, session_id)
            entries = log.entries_of(connection, [session_id])[session_id]
        return session_of(session_id, [each.entry for each in entries], self.installed)

    def stored(self, session_id: str) -> tuple[SessionRow, list[StoredEntry]] | None:
        """One session as it was written, entry by entry; None where there is none.

        Raises:
            StoreTroubleError: it can't be read now.
            WireError: an entry is damaged.
        """
        with self.database.reading() as connection:
            rows = log.sessions(connection, session_id=session_id)
            return (rows[0], log.entries_of(connection, [session_id])[session_id]) if rows else None

    def assign(self, session_id: str, person: str | None) -> None:
        """Say whose a session is; None: nobody's. Who said it, and whose it was, is noted.

        Raises:
            StoreError: there is no such session or person, it is signed, or its movement was kept for somebody else.
        """
        with self.database.writing() as connection:
            row = log.one(connection, session_id)
            if row.pseudonym == person:
                return
            if person is not None and not _is_there(connection, tables.person.c.pseudonym == person):
                raise StoreError("There is no such person in the store.")
            if folding.is_signed(log.entries_of(connection, [session_id])[session_id]):
                raise StoreError("This session is signed: whose it is stays as it was signed.")
            if _is_there(connection, tables.recording.c.session_id == session_id):
                raise StoreError("The movement of this session was kept for somebody else. It can't be given away.")
            mine = tables.session.c.session_id == session_id
            connection.execute(tables.session.update().where(mine).values(pseudonym=person))
            connection.execute(tables.digest.delete().where(tables.digest.c.session_id == session_id))
            was = f"session {session_id}, before: {row.pseudonym or 'nobody'}"
            audit.note(connection, self.who, "session-assigned", person or "", was)

    def recordings(self, person: str | None = None) -> Iterator[StoredRecording]:
        """The pose streams, one by one; they are opened only when they are read."""
        table = tables.recording
        with self.database.reading() as connection:
            owners = {row.session_id: row.pseudonym for row in log.sessions(connection, person=person)}
            query = sa.select(table.c.session_id, table.c.set_id, table.c.exercise, table.c.overrides, table.c.sha256)
            listed = connection.execute(query.order_by(table.c.session_id, table.c.set_id)).all()
        for row in listed:
            if row.session_id in owners:
                read = self._reader(row.session_id, row.set_id, owners[row.session_id])
                overrides = json.loads(row.overrides)
                yield StoredRecording(row.session_id, row.set_id, row.exercise, overrides, row.sha256, read)

    def _reader(self, session_id: str, set_id: str, pseudonym: str | None) -> Callable[[], bytes]:
        table = tables.recording

        def read() -> bytes:
            with self.database.reading() as connection:
                mine = (table.c.session_id == session_id) & (table.c.set_id == set_id)
                sealed = connection.execute(sa.select(table.c.sealed).where(mine)).scalar()
                if sealed is None:
                    raise LockedError("This recording is not in the store any more.")
                return self._unsealed(connection, pseudonym, bytes(sealed), f"{session_id} {set_id}")

        return read

    # -- people ------------------------------------------------------------------------------------------------

    def add_person(self, identity: Identity | None = None) -> str:
        """A new person; returns the pseudonym."""
        with self.database.writing() as connection:
            return Vault(connection, self.keys).add(identity or Identity(), _now(), self.who)

    def owner(self) -> str:
        """The pseudonym of whom this computer belongs to; made when it is first asked for."""
        with self.database.writing() as connection:
            known = connection.execute(sa.select(tables.meta.c.value).where(tables.meta.c.key == OWNER)).scalar()
            if known is not None and _is_there(connection, tables.person.c.pseudonym == known):
                return str(known)
            pseudonym = Vault(connection, self.keys).add(Identity(), _now(), self.who)
            connection.execute(tables.meta.delete().where(tables.meta.c.key == OWNER))
            connection.execute(tables.meta.insert().values(key=OWNER, value=pseudonym))
            return pseudonym

    def people(self) -> list[Person]:
        """Everybody, without names."""
        with self.database.reading() as connection:
            return Vault(connection, self.keys).people()

    def person(self, text: str) -> str:
        """The pseudonym that is meant by a pseudonym, its unique beginning, a name or a number.

        Raises:
            StoreError: nobody, or several.
        """
        with self.database.reading() as connection:
            return Vault(connection, self.keys).find(text)

    def name_of(self, pseudonym: str) -> str | None:
        """Somebody's name; None where none was given. That it was looked at is noted."""
        with self.database.writing() as connection:
            name = Vault(connection, self.keys).identity(pseudonym).name
            audit.note(connection, self.who, "name-seen", pseudonym)
        return name or None

    def names(self, pseudonyms: Sequence[str]) -> dict[str, Identity]:
        """Who they are. That each was looked at is noted.

        Raises:
            StoreError: there is no such person.
            LockedError: the store's key is not at hand.
        """
        with self.database.writing() as connection:
            vault = Vault(connection, self.keys)
            found = {pseudonym: vault.identity(pseudonym) for pseudonym in pseudonyms}
            for pseudonym in pseudonyms:
                audit.note(connection, self.who, "name-seen", pseudonym)
        return found

    def rename(self, pseudonym: str, identity: Identity) -> None:
        """Another name or contact."""
        with self.database.writing() as connection:
            Vault(connection, self.keys).change(pseudonym, identity, self.who)

    def note(self, what: str, pseudonym: str = "", detail: str = "") -> None:
        """Add to the audit."""
        with self.database.writing() as connection:
            audit.note(connection, self.who, what, pseudonym, detail)

    def outcomes(self, person: str | None = None) -> list[Answered]:
        """Outcome forms that were answered, by person in the order of their time; everybody's where nobody is named.

        Raises:
            LockedError: the store's key is not at hand.
        """
        people = [each.pseudonym for each in self.people()] if person is None else [person]
        return [one for each in people for one in papers.outcomes_of(self, each)]

    # -- choices -----------------------------------------------------------------------------------------------

    def add_choice(self, pseudonym: str, body: Mapping[str, Any]) -> None:
        """Keep what somebody has agreed to for the next sessions."""
        with self.database.writing() as connection:
            row = {"id": uuid7(), "pseudonym": pseudonym, "utc": _now(), "body": log.packed(body)}
            connection.execute(tables.choice.insert().values(row))

    def choices(self, pseudonym: str) -> list[dict[str, Any]]:
        """What somebody has agreed to, in order."""
        mine = tables.choice.c.pseudonym == pseudonym
        with self.database.reading() as connection:
            rows = connection.execute(sa.select(tables.choice.c.body).where(mine).order_by(tables.choice.c.id))
            return [log.unpacked(row.body) for row in rows]

    # -- corrections -------------------------------------------------------------------------------------------

    def amend(self, session_id: str, set_id: str, amendments: Sequence[folding.Amendment]) -> None:
        """Correct a set that is over; what it was stays. After a signature each correction is an addendum and says why.

        Raises:
            StoreError: there is no such session, the set goes on, a correction does not fit it, or an addendum does not
                say why.
        """
        utc = _now()
        body = {"events": [event_out(replace(each, set_id=set_id, utc=utc)) for each in amendments]}
        with self.database.writing() as connection:
            row = log.one(connection, session_id)
            entries = log.entries_of(connection, [session_id])[session_id]
            if not (folding.is_over(entries) or folding.is_set_over(entries, set_id)):
                raise StoreError("This set still goes on. Correct it on the live page.")
            if folding.is_signed(entries) and not all(each.why.strip() for each in amendments):
                raise StoreError("This session is signed. A change to it is an addendum and must say why.")
            folding.check_amendments(entries, set_id, amendments)
            log.add(connection, row, [StoredEntry(session_id, uuid7(), 0, Entry("amend", body, set_id, utc))])
            audit.note(connection, self.who, "amend", row.pseudonym or "", f"session {session_id}")

    def sign(self, session_id: str, by: str) -> str:
        """Sign a session: from now on it is read-only. Returns the SHA-256 of what was signed.

        Raises:
            StoreError: there is no such session, it goes on, or nothing was added since it was signed.
        """
        utc = _now()
        with self.database.writing() as connection:
            row, entries = self._ended(connection, session_id)
            if entries[-1].entry.kind == "sign":
                raise StoreError("This session is signed already, and nothing was added since.")
            digest = folding.content_hash(entries)
            signed = Entry("sign", {"by": by, "sha256": digest}, utc=utc)
            log.add(connection, row, [StoredEntry(session_id, uuid7(), 0, signed)])
            audit.note(connection, self.who, "sign", row.pseudonym or "", f"session {session_id} {digest}")
        return digest

    def _ended(self, connection: Connection, session_id: str) -> tuple[SessionRow, list[StoredEntry]]:
        row = log.one(connection, session_id)
        entries = log.entries_of(connection, [session_id])[session_id]
        if not folding.is_over(entries):
            raise StoreError("This session still goes on. End it first.")
        return row, entries


def _is_there(connection: Connection, condition: sa.ColumnElement[bool]) -> bool:
    return connection.execute(sa.select(sa.literal(1)).where(condition)).first() is not None


def _with_poses(connection: Connection, session_ids: Sequence[str]) -> set[str]:
    if not session_ids:
        return set()
    return {row[0] for row in connection.execute(sa.select(tables.recording.c.session_id).distinct())}


def _now() -> str:
    return log.utc_of(datetime.now(UTC))
