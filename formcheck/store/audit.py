"""The audit: who did what with whose data, when. Each row is hashed with the one before; no name ever stands in it."""

from __future__ import annotations

import hashlib
import json
import time

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from formcheck.session.identity import utc_text
from formcheck.store import tables

HEAD = "audit_head"
LOCK = 7031963
"""Number of the lock under which a server's writers take turns."""


def note(connection: Connection, who: str, what: str, pseudonym: str = "", detail: str = "") -> None:
    """Add a row, within the transaction of what it tells.

    Args:
        connection: one that writes.
        who: a role, an account's id or a program; never a name.
        what: e.g. "erase".
        pseudonym: whose data.
        detail: numbers and ids only.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    n, before = _head(connection)
    row = {
        "n": n + 1,
        "utc": utc_text(time.time()),
        "who": who,
        "what": what,
        "pseudonym": pseudonym,
        "detail": detail,
    }
    digest = _hash(before, row)
    connection.execute(tables.audit.insert().values(**row, hash=digest))
    connection.execute(tables.meta.delete().where(tables.meta.c.key == HEAD))
    connection.execute(tables.meta.insert().values(key=HEAD, value=f"{n + 1} {digest}"))


def problems(connection: Connection) -> list[str]:
    """What is wrong with the chain, in sentences; empty where it is whole."""
    before, n = "", 0
    for row in connection.execute(sa.select(tables.audit).order_by(tables.audit.c.n)).mappings():
        n += 1
        if row["n"] != n:
            return [f"The audit misses row {n}."]
        if row["hash"] != _hash(before, {key: row[key] for key in row if key != "hash"}):
            return [f"Row {n} of the audit was changed after it was written."]
        before = row["hash"]
    told = _head(connection)
    return [] if told == (n, before) else [f"The audit should have {told[0]} rows and has {n}."]


def head(connection: Connection) -> str:
    """Number and hash of the last row: who notes it elsewhere can prove later that nothing was cut off."""
    n, digest = _head(connection)
    return f"{n} {digest}" if n else ""


def _head(connection: Connection) -> tuple[int, str]:
    value = connection.execute(sa.select(tables.meta.c.value).where(tables.meta.c.key == HEAD)).scalar()
    if value is None:
        return 0, ""
    n, _, digest = value.partition(" ")
    return int(n), digest


def _hash(before: str, row: dict[str, object]) -> str:
    text = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()
