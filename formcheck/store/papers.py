"""A person's papers: what a clinician adds to their file. Programs, notes and outcome forms are only ever added, each
sealed by the person's own key, so that whoever forgets the person has forgotten them too.

The audit holds the SHA-256 of each as it was sealed: one that was changed or taken out behind the store's back is
found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, get_args

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from formcheck.session.identity import uuid7
from formcheck.session.outcome import Answered
from formcheck.session.wire import WireError
from formcheck.store import audit, log, tables
from formcheck.store.errors import LockedError, StoreError
from formcheck.store.keys import Keys, seal, unseal
from formcheck.store.vault import Vault

if TYPE_CHECKING:  # a store has papers
    from formcheck.store.store import Store

PaperKind = Literal["program", "note", "outcome"]
KINDS: tuple[PaperKind, ...] = get_args(PaperKind)
ADDED = "-added"
"""Ending of what stands in the audit: `note-added`, with id and SHA-256."""
BODY_MAX = 128 * 1024
"""Bytes of one paper: a program has a few kB, a note no more than a form may send."""


class OvertakenError(StoreError):
    """Somebody else has added a newer version meanwhile."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, opened."""

    id: str
    kind: PaperKind
    of: str
    """Id of the paper that it adds to or follows; empty for none."""
    utc: str
    who: str
    """Role and account, never a name."""
    body: Mapping[str, Any]


def add(
    store: Store, pseudonym: str, kind: PaperKind, body: Mapping[str, Any], of: str = "", *, is_next: bool = False
) -> str:
    """Add a paper to somebody's file; returns its id.

    Args:
        store: the store, in which somebody acts.
        pseudonym: whose file.
        kind: of the paper.
        body: JSON-ready values.
        of: the paper of the same person and kind that it adds to or follows.
        is_next: whether `of` must be the newest of its kind (empty: there must be none yet).

    Raises:
        StoreError: there is no such person or paper, or it is too large.
        OvertakenError: it is not the newest any more.
        LockedError: the store's key is not at hand.
    """
    plain = log.packed(body)
    if len(plain) > BODY_MAX:
        raise StoreError("That is too much for one entry. Make two of it.")
    paper_id = uuid7()
    with store.database.writing() as connection:
        sealed = seal(Vault(connection, store.keys).key_of(pseudonym), plain, _about(paper_id, kind, of))
        # the audit comes first: its lock lets two desks on one server take turns
        audit.note(connection, store.who, kind + ADDED, pseudonym, f"{paper_id} {_digest(sealed)}")
        there = [row.id for row in _rows(connection, pseudonym, (kind,))]
        if is_next and of != (there[-1] if there else ""):
            raise OvertakenError("Somebody has saved a newer version meanwhile. Look at it, then save yours again.")
        if of and of not in there:
            raise StoreError("There is no such paper in this file.")
        utc = log.utc_of(datetime.now(UTC))
        row = {
            "id": paper_id, "pseudonym": pseudonym, "kind": kind, "of": of, "utc": utc, "who": store.who,
            "sealed": sealed,
        }  # fmt: skip
        connection.execute(tables.paper.insert().values(row))
    return paper_id


def of_person(store: Store, pseudonym: str, *kinds: PaperKind) -> list[Paper]:
    """Somebody's papers of these kinds (all where none is named), in order of their time.

    Raises:
        StoreError: there is no such person.
        LockedError: the store's key is not at hand.
        WireError: one is damaged.
    """
    with store.database.reading() as connection:
        key = Vault(connection, store.keys).key_of(pseudonym)
        return [_opened(row, key) for row in _rows(connection, pseudonym, kinds or KINDS)]


def outcomes_of(store: Store, pseudonym: str) -> list[Answered]:
    """Somebody's outcome forms, the first one first; those that were withdrawn say why.

    Raises:
        StoreError: there is no such person.
        LockedError: the store's key is not at hand.
    """
    found = of_person(store, pseudonym, "outcome")
    withdrawn = {paper.of: str(paper.body["withdrawn"]) for paper in found if paper.of}
    return [
        Answered(
            id=paper.id,
            person=pseudonym,
            form=paper.body["form"],
            utc=datetime.fromisoformat(paper.utc),
            by=paper.who,
            answers=paper.body["answers"],
            activities=paper.body["activities"],
            withdrawn=withdrawn.get(paper.id, ""),
        )
        for paper in found
        if not paper.of
    ]


def _rows(connection: Connection, pseudonym: str, kinds: Sequence[PaperKind]) -> list[Any]:
    table = tables.paper
    mine = (table.c.pseudonym == pseudonym) & table.c.kind.in_(kinds)
    return list(connection.execute(sa.select(table).where(mine).order_by(table.c.utc, table.c.id)))


def _opened(row: Any, key: bytes) -> Paper:
    plain = unseal(key, bytes(row.sealed), _about(row.id, row.kind, row.of))
    return Paper(row.id, row.kind, row.of, row.utc, row.who, log.unpacked(plain))


def _about(paper_id: str, kind: str, of: str) -> str:
    return f"paper {paper_id} {kind} {of}"


def _digest(sealed: bytes) -> str:
    return hashlib.sha256(sealed).hexdigest()


def delete(connection: Connection, pseudonym: str) -> None:
    """Delete all of somebody's papers, within the transaction that forgets the person."""
    connection.execute(tables.permit.insert().values(session_id=pseudonym))
    connection.execute(tables.paper.delete().where(tables.paper.c.pseudonym == pseudonym))
    connection.execute(tables.permit.delete().where(tables.permit.c.session_id == pseudonym))


def problems(connection: Connection, keys: Keys) -> Iterator[str]:
    """What is wrong with the papers, in sentences: is each as the audit says, and can it be opened where the key is at
    hand?"""
    people = {row[0] for row in connection.execute(sa.select(tables.person.c.pseudonym))}
    told = {
        row.detail.partition(" ")[0]: row.detail.partition(" ")[2]
        for row in connection.execute(sa.select(tables.audit).where(tables.audit.c.what.in_(k + ADDED for k in KINDS)))
        if row.pseudonym in people
    }
    for row in connection.execute(sa.select(tables.paper).order_by(tables.paper.c.id)):
        if told.pop(row.id, None) != _digest(bytes(row.sealed)):
            yield f"Paper {row.id}: it is not the one that was added."
        elif not _opens(connection, keys, row):
            yield f"Paper {row.id}: it can't be opened."
    yield from (f"Paper {paper_id}: it is missing." for paper_id in told)


def _opens(connection: Connection, keys: Keys, row: Any) -> bool:
    try:
        key = Vault(connection, keys).key_of(row.pseudonym)
    except LockedError:
        return True  # without the store's key nobody can tell
    try:
        _opened(row, key)
    except (LockedError, WireError):
        return False
    return True
