"""Opening a store: where it is, which key opens it, whether its schema is of today."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from formcheck.store import audit, backup, schema, tables
from formcheck.store.engine import SIDES, WAIT_S, Database
from formcheck.store.errors import NoStoreError, StoreError, StoreTroubleError
from formcheck.store.keys import PASSPHRASE, KeyCard, KeyKind, Keys, KeySources
from formcheck.store.place import Place, place_of
from formcheck.store.store import THIS_COMPUTER, Store

CARD = "key"
NO_KEYS = Keys(None, "00" * 16)


def card_path(path: Path) -> Path:
    """Where the card of a file's key lies."""
    return path.with_name(f"{path.name}.key.json")


def exists(where: str | None = None) -> bool:
    """Whether there is a store."""
    place = place_of(where)
    return place.is_server or (place.path is not None and card_path(place.path).is_file())


def kept_where(where: str | None = None) -> KeyKind | None:
    """Where the key of a file's store is kept; None where there is no store, or it is a server's."""
    place = place_of(where)
    if place.path is None or not card_path(place.path).is_file():
        return None
    return KeyCard.from_text(card_path(place.path).read_text("utf-8")).kind


def create_store(where: str | None = None, kind: KeyKind | None = None, sources: KeySources | None = None) -> Store:
    """Make a new store.

    Args:
        where: as for `open_store`.
        kind: where its key is kept; None takes the safest place of this machine that needs no typing.
        sources: where keys can be kept.

    Raises:
        StoreError: there is one already, or its key can't be kept.
    """
    place, sources = place_of(where), sources or KeySources()
    kind = kind or sources.best()
    if place.path is not None:
        if card_path(place.path).is_file() or (place.path.is_file() and place.path.stat().st_size):
            raise StoreError(f"There is a store at {place.name} already.")
        card, keys = sources.create(kind)
        _write_card(card_path(place.path), card)  # first: a file whose key nobody knows would be lost
        database = Database(place, keys)
        schema.upgrade(database)
        return Store(database)
    database = Database(place, NO_KEYS)
    try:
        schema.upgrade(database)
        _give_key(database, kind, sources)
    except StoreError:
        database.close()
        raise
    return Store(database)


def _give_key(database: Database, kind: KeyKind, sources: KeySources) -> None:
    """Give a server's store its key, once."""
    with database.writing() as connection:
        if connection.execute(sa.select(tables.meta.c.value).where(tables.meta.c.key == CARD)).scalar():
            raise StoreError(f"There is a store at {database.place.name} already.")
        card, database.keys = sources.create(kind)
        connection.execute(tables.meta.insert().values(key=CARD, value=card.as_text()))


def open_store(
    where: str | None = None,
    *,
    sources: KeySources | None = None,
    wait_s: float = WAIT_S,
    on_moved_aside: Callable[[Path], None] | None = None,
    who: str | None = None,
) -> Store:
    """Open a store that is there; an older schema is brought up to date, after a backup.

    Args:
        where: a server's address or a file's path; None takes `FORMCHECK_STORE`, else the user's own file.
        sources: where keys can be kept.
        wait_s: seconds to wait for another writer.
        on_moved_aside: is told where a damaged file was put; without it a damaged file is an error.
        who: who acts, for the audit.

    Raises:
        StoreError: there is none, its key is not at hand, or a newer version wrote it.
        StoreTroubleError: it can't be opened now.
    """
    place, sources = place_of(where), sources or KeySources()
    database = _server(place, sources, wait_s) if place.is_server else _file(place, sources, wait_s)
    try:
        _bring_up_to_date(database)
    except StoreTroubleError as trouble:
        if trouble.kind != "corrupt" or on_moved_aside is None:
            database.close()
            raise
        aside = begin_anew(database)
        if aside is not None:
            on_moved_aside(aside)
    except StoreError:
        database.close()
        raise
    return Store(database) if who is None else Store(database, who=who)


def restore_store(source: Path, where: str | None = None, sources: KeySources | None = None) -> Store:
    """Put a backup into a new place.

    Args:
        source: the backup.
        where: a file that is not there yet, or an empty database of a server.
        sources: where keys can be kept: the one with which the backup was written must be there.

    Raises:
        StoreError: there is a store already, the backup is damaged, or its key is not at hand.
    """
    place, sources = place_of(where), sources or KeySources()
    card = backup.card_of(source)
    keys = sources.find(card)
    if place.path is not None and (card_path(place.path).exists() or place.path.exists()):
        raise StoreError(f"There is a store at {place.name} already. Restore into a new place, or move it away first.")
    if place.path is not None:
        _write_card(card_path(place.path), card)
    database = Database(place, keys)
    try:
        backup.load(database, source)
    except BaseException:
        database.close()
        if place.path is not None:
            for path in (card_path(place.path), *(place.path.with_name(place.path.name + side) for side in SIDES)):
                path.unlink(missing_ok=True)
        raise
    with database.writing() as connection:
        connection.execute(tables.meta.delete().where(tables.meta.c.key == CARD))
        if place.is_server:
            connection.execute(tables.meta.insert().values(key=CARD, value=card.as_text()))
        audit.note(connection, THIS_COMPUTER, "restored")
    return Store(database)


def keys_at_hand(where: str | None = None, sources: KeySources | None = None) -> Keys:
    """The key of a file's store, without opening it; none where there is none at hand, or it is a server's."""
    place = place_of(where)
    if place.path is None or not card_path(place.path).is_file():
        return NO_KEYS
    try:
        return (sources or KeySources()).find(KeyCard.from_text(card_path(place.path).read_text("utf-8")))
    except StoreError:
        return NO_KEYS


def begin_anew(database: Database) -> Path | None:
    """Put a damaged file aside and make a new one; where it was put, None for a server."""
    aside = database.move_aside()
    schema.upgrade(database)
    return aside


def _file(place: Place, sources: KeySources, wait_s: float) -> Database:
    assert place.path is not None
    card = card_path(place.path)
    if not card.is_file():
        is_orphan = place.path.is_file() and place.path.stat().st_size > 0
        if is_orphan:
            raise StoreError(
                f"{place.name} is no store, or its key's card ({card.name}) is missing. Restore that from a backup."
            )
        raise NoStoreError("Nothing is kept yet. Say yes when FormCheck asks, or use: formcheck store create")
    return Database(place, sources.find(KeyCard.from_text(card.read_text("utf-8"))), wait_s)


def _server(place: Place, sources: KeySources, wait_s: float) -> Database:
    """A server's store; a kiosk without its key writes what it measures and can't read a name."""
    database = Database(place, NO_KEYS, wait_s)
    try:
        database.keys = _keys_of_server(database, sources)
    except StoreError:
        database.close()
        raise
    return database


def _keys_of_server(database: Database, sources: KeySources) -> Keys:
    with database.reading() as connection:
        if schema.revision_of(connection) is None:
            raise StoreError(f"There is no store at {database.place.name} yet. Use: formcheck store create")
        text = connection.execute(sa.select(tables.meta.c.value).where(tables.meta.c.key == CARD)).scalar()
    card = KeyCard.from_text(text or "")
    try:
        return sources.find(card)
    except StoreError:
        if card.kind == "passphrase" and (sources.ask is not None or os.environ.get(PASSPHRASE)):
            raise
        return _Absent(card.salt)


class _Absent(Keys):
    """The key of a server's store on a machine that does not have it: nothing sealed can be opened or made."""

    def __init__(self, salt: str) -> None:
        super().__init__(None, salt)

    @property
    def is_encrypted(self) -> bool:
        """The store is."""
        return True


def _bring_up_to_date(database: Database) -> None:
    with database.reading() as connection:
        found = schema.revision_of(connection)
    if found == tables.HEAD:
        return
    if found is None:
        schema.upgrade(database)
        return
    older = schema.needs_migration(database)
    if older is not None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        folder = database.place.folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # of a server there may be nothing here yet
        backup.save(database, folder / f"before-{older}-{stamp}.formcheck-backup")
        schema.upgrade(database)


def _write_card(path: Path, card: KeyCard) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(card.as_text() + "\n", "utf-8")
    path.chmod(0o600)
