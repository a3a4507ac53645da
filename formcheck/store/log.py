"""The entries of sessions, added one after the other, and read again in order."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from formcheck.session.wire import Entry, Kind, WireError
from formcheck.store import tables
from formcheck.store.errors import StoreError

BODY_MAX = 16 << 20
"""Bytes of an entry's body when it is unpacked: a set of an hour has less than one."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session, without what happened in it."""

    session_id: str
    station: str
    started_utc: str
    pseudonym: str | None = None


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry with its place: the same place is never written twice."""

    session_id: str
    source: str
    n: int
    entry: Entry


def add(connection: Connection, row: SessionRow, entries: Sequence[StoredEntry]) -> None:
    """Add entries of one session, and the session itself where it is new. What is there already stays as it is.

    A session has one writer, whoever came first: on a computer that is station and desk at once, both would write it.
    What another one sends of it is left out.

    Raises:
        StoreError: the session is signed, and an entry is no addendum; or the person is not in the store.
    """
    _insert(connection, tables.session, [{
        "session_id": row.session_id, "pseudonym": row.pseudonym, "station": row.station,
        "started_utc": utc_of(datetime.fromisoformat(row.started_utc)),
    }])  # fmt: skip
    writer = sa.select(tables.session.c.station).where(tables.session.c.session_id == row.session_id)
    if connection.execute(writer).scalar() == row.station:
        _insert(connection, tables.entry, [_row(each) for each in entries])


def utc_of(moment: datetime) -> str:
    """A moment as text in UTC that sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _row(each: StoredEntry) -> dict[str, Any]:
    entry = each.entry
    return {
        "session_id": each.session_id, "source": each.source, "n": each.n, "kind": entry.kind,
        "set_id": entry.set_id, "utc": entry.utc, "body": packed(entry.body),
    }  # fmt: skip


def _insert(connection: Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


def insert_new(connection: Connection, table: sa.Table, row: dict[str, Any]) -> None:
    """Add a row unless it is there."""
    _insert(connection, table, [row])


def put_digest(connection: Connection, session_id: str, entries: int, body: Mapping[str, Any]) -> None:
    """Keep the fold of a session's entries in place of an older one."""
    connection.execute(tables.digest.delete().where(tables.digest.c.session_id == session_id))
    row = {"session_id": session_id, "entries": entries, "body": packed(body)}
    insert_new(connection, tables.digest, row)


def entries_of(connection: Connection, session_ids: Iterable[str]) -> dict[str, list[StoredEntry]]:
    """The entries by session: what the station wrote in its order, then corrections and signatures by their time.

    Raises:
        WireError: one is damaged.
    """
    found: dict[str, list[StoredEntry]] = {session_id: [] for session_id in session_ids}
    wanted = list(found)
    for at in range(0, len(wanted), 500):
        query = sa.select(tables.entry).where(tables.entry.c.session_id.in_(wanted[at : at + 500]))
        for row in connection.execute(query):
            entry = Entry(cast("Kind", row.kind), unpacked(row.body), row.set_id, row.utc)
            found[row.session_id].append(StoredEntry(row.session_id, row.source, row.n, entry))
    for listed in found.values():
        listed.sort(key=lambda e: (is_later(e), (e.entry.utc or "", e.source) if is_later(e) else ("", ""), e.n))
    return found


def is_later(each: StoredEntry) -> bool:
    """Whether it was added by somebody after the fact."""
    return each.entry.kind in ("amend", "sign")


def counts(connection: Connection, session_ids: Sequence[str] | None = None) -> dict[str, int]:
    """How many entries each session has; of all sessions where none are named."""
    table = tables.entry
    query = sa.select(table.c.session_id, sa.func.count()).group_by(table.c.session_id)
    found: dict[str, int] = {}
    for at in range(0, len(session_ids) if session_ids is not None else 1, 500):
        some = query if session_ids is None else query.where(table.c.session_id.in_(session_ids[at : at + 500]))
        found |= {row[0]: row[1] for row in connection.execute(some)}
    return found


def sessions(
    connection: Connection, *, person: str | None = None, session_id: str | None = None, since_utc: str | None = None
) -> list[SessionRow]:
    """Sessions in order of their beginning."""
    table = tables.session
    query = sa.select(table).order_by(table.c.started_utc, table.c.session_id)
    if person is not None:
        query = query.where(table.c.pseudonym == person)
    if session_id is not None:
        query = query.where(table.c.session_id == session_id)
    if since_utc is not None:
        query = query.where(table.c.started_utc >= since_utc)
    return [SessionRow(r.session_id, r.station, r.started_utc, r.pseudonym) for r in connection.execute(query)]


def last(connection: Connection, person: str | None = None) -> SessionRow | None:
    """The session that began last."""
    table = tables.session
    query = sa.select(table).order_by(table.c.started_utc.desc(), table.c.session_id.desc()).limit(1)
    row = connection.execute(query if person is None else query.where(table.c.pseudonym == person)).first()
    return None if row is None else SessionRow(row.session_id, row.station, row.started_utc, row.pseudonym)


def is_open() -> sa.ColumnElement[bool]:
    """Condition on a session's row: it has not ended."""
    mine = tables.entry.c.session_id == tables.session.c.session_id
    return ~sa.exists(sa.select(sa.literal(1)).select_from(tables.entry).where(mine, tables.is_end))


def one(connection: Connection, session_id: str) -> SessionRow:
    """One session.

    Raises:
        StoreError: there is none of that id.
    """
    found = sessions(connection, session_id=session_id)
    if not found:
        raise StoreError("There is no such session in the store.")
    return found[0]


def packed(body: Mapping[str, Any]) -> bytes:
    """An entry's body as bytes; the same body gives the same bytes."""
    text = json.dumps(body, allow_nan=False, separators=(",", ":"), sort_keys=True)
    return zlib.compress(text.encode(), 6)


def unpacked(body: bytes) -> Any:
    """What was packed.

    Raises:
        WireError: it is damaged, or larger than any.
    """
    try:
        return json.loads(text_of(body))
    except (ValueError, RecursionError) as error:
        raise WireError("A stored entry is damaged.") from error


def text_of(body: bytes) -> bytes:
    """The JSON of what was packed.

    Raises:
        WireError: it is damaged, or larger than any.
    """
    try:
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(bytes(body), BODY_MAX)
        if unpacking.unconsumed_tail or not unpacking.eof:
            raise ValueError("not whole")
    except (zlib.error, ValueError) as error:
        raise WireError("A stored entry is damaged.") from error
    return text
