"""A backup: one file that holds a whole store, of a file or of a server, as it was at one moment.

A zip archive: `manifest.json` (schema, key's card, rows and SHA-256 of each table) and the rows of each table in
blocks. Where the store is encrypted the blocks are too, with a key of their own made of the store's. It can be restored
into a file or a server, whichever it came from.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from formcheck.store import schema
from formcheck.store.engine import Database
from formcheck.store.errors import StoreError
from formcheck.store.keys import KeyCard
from formcheck.system.files import Draft, cannot_write
from formcheck.system.shown import shown

SCHEMA = "formcheck.backup/1"
MANIFEST = "manifest.json"
ROWS = 500
"""Rows of one block: a few hundred kilobytes, so that a store of any size is written with little memory."""
BLOCK_MAX = 256 << 20
MANIFEST_MAX = 64 << 20
LEFT_OUT = frozenset({schema.TABLE, "permit", "digest"})
"""Tables that are made anew."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    revision: str
    card: str
    """The key's card, as text."""
    tables: dict[str, dict[str, Any]]
    """By name in the order in which they are restored: `rows` and `blocks` (each block's SHA-256)."""

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(int(each["rows"]) for each in self.tables.values())


def save(database: Database, path: Path) -> Manifest:
    """Write a backup; the store may be in use.

    Raises:
        FormcheckError: it can't be written; nothing half stays.
        StoreTroubleError: the store can't be read now.
    """
    with Draft(path) as draft, database.reading() as connection:
        try:
            with zipfile.ZipFile(draft.path, "w", zipfile.ZIP_STORED) as archive:
                manifest = _save(database, connection, archive)
        except OSError as error:
            raise cannot_write(path, error) from error
        draft.path.chmod(0o600)
        draft.keep()
    return manifest


def _save(database: Database, connection: Connection, archive: zipfile.ZipFile) -> Manifest:
    revision = schema.revision_of(connection)
    if revision is None:
        raise StoreError("There is nothing to back up.")
    found = sa.MetaData()
    found.reflect(connection)
    listed: dict[str, dict[str, Any]] = {}
    for table in found.sorted_tables:
        if table.name in LEFT_OUT:
            continue
        told: dict[str, Any] = {"rows": 0, "blocks": []}
        for number, rows in enumerate(_blocks(connection, table)):
            name = f"{table.name}/{number:06d}"
            block = database.keys.seal(zlib.compress(json.dumps(rows).encode()), "backup", name)
            archive.writestr(name, block)
            told["rows"] += len(rows)
            told["blocks"].append(hashlib.sha256(block).hexdigest())
        listed[table.name] = told
    manifest = Manifest(revision, _card_of(database, connection), listed)
    head = {"schema": SCHEMA, "revision": manifest.revision, "card": manifest.card, "tables": manifest.tables}
    archive.writestr(MANIFEST, json.dumps(head, indent=1))
    return manifest


def _card_of(database: Database, connection: Connection) -> str:
    path = database.place.path
    if path is None:
        return str(connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'key'").scalar() or "")
    return path.with_name(f"{path.name}.key.json").read_text("utf-8")


def _blocks(connection: Connection, table: sa.Table) -> Iterator[list[list[Any]]]:
    result = connection.execute(sa.select(table).order_by(*table.primary_key.columns)).partitions(ROWS)
    for rows in result:
        yield [[_out(value) for value in row] for row in rows]


def _out(value: Any) -> Any:
    is_bytes = isinstance(value, (bytes, bytearray, memoryview))
    return {"b": base64.b64encode(bytes(value)).decode()} if is_bytes else value


def _in(value: Any) -> Any:
    return base64.b64decode(value["b"]) if isinstance(value, dict) else value


def read_manifest(path: Path) -> Manifest:
    """What a backup holds.

    Raises:
        StoreError: it is none, or damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(MANIFEST).file_size > MANIFEST_MAX:
                raise ValueError("too large")
            data = json.loads(archive.read(MANIFEST))
        if data["schema"] != SCHEMA:
            raise ValueError("another schema")
        manifest = Manifest(str(data["revision"]), str(data["card"]), dict(data["tables"]))
        assert all({"rows", "blocks"} <= set(each) for each in manifest.tables.values())
    except OSError as error:
        raise StoreError(f"{shown(path)} can't be read ({error.strerror or error}). Check the path.") from error
    except Exception as error:  # whatever a stranger's bytes do to the readers of others
        raise StoreError(f"{shown(path)} is no backup of FormCheck, or it is damaged.") from error
    return manifest


def load(database: Database, path: Path) -> Manifest:
    """Put a backup into an empty database and bring it up to date; all of it, or nothing.

    Raises:
        StoreError: it is damaged, of a newer version, or the database is not empty.
        LockedError: it was written with another key.
    """
    manifest = read_manifest(path)
    if manifest.revision not in schema.known_revisions():
        raise StoreError(f"{shown(path)} was written by a newer FormCheck. Install that version to restore it.")
    with zipfile.ZipFile(path) as archive, database.writing() as connection:
        if schema.revision_of(connection) is not None:
            raise StoreError("There is a store already. Restore into a new place.")
        schema.upgrade_on(connection, manifest.revision)
        found = sa.MetaData()
        found.reflect(connection)
        for name, told in manifest.tables.items():
            if name not in found.tables:
                raise StoreError(f"{shown(path)} is damaged: it holds a table that no store has.")
            _load_table(database, connection, archive, found.tables[name], told, shown(path))
        schema.upgrade_on(connection)
    return manifest


def _load_table(
    database: Database, connection: Connection, archive: zipfile.ZipFile, table: sa.Table, told: Any, name: str
) -> None:
    columns, count = [column.name for column in table.columns], 0
    for number, digest in enumerate(told["blocks"]):
        rows = _block(database, archive, f"{table.name}/{number:06d}", digest, name)
        if any(len(row) != len(columns) for row in rows):
            raise StoreError(f"{name} is damaged. Nothing was restored.")
        connection.execute(table.insert(), [dict(zip(columns, map(_in, row), strict=True)) for row in rows])
        count += len(rows)
    if count != told["rows"]:
        raise StoreError(f"{name} is damaged: rows of {table.name} are missing. Nothing was restored.")


def _block(database: Database, archive: zipfile.ZipFile, member: str, digest: str, name: str) -> list[list[Any]]:
    try:
        block = archive.read(member)
        if hashlib.sha256(block).hexdigest() != digest:
            raise ValueError("changed")
        opened = database.keys.open(block, "backup", member)
        rows: list[list[Any]] = json.loads(zlib.decompressobj().decompress(opened, BLOCK_MAX))
    except (KeyError, ValueError, zlib.error, zipfile.BadZipFile, EOFError) as error:
        raise StoreError(f"{name} is damaged ({member}). Nothing was restored.") from error
    return rows


def card_of(path: Path) -> KeyCard:
    """The card of the key with which a backup was written.

    Raises:
        StoreError: it is no backup, or damaged.
    """
    return KeyCard.from_text(read_manifest(path).card)
