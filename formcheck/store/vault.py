"""Whom sessions belong to: a pseudonym in the open, the name sealed by a key of the person's own.

Whoever destroys the row has forgotten the person: what was sealed by that key can't be opened by anybody.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from formcheck.store import audit, tables
from formcheck.store.errors import StoreError
from formcheck.store.keys import Keys, seal, unseal

WRAP = "vault"
NAME_MAX = 200
SHORTEST = 6
"""Fewest digits of a pseudonym that may stand for it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is."""

    name: str = ""
    contact: str = ""
    number: str = ""
    """Of the clinic's own file."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom sessions belong to, without their name."""

    pseudonym: str
    created_utc: str
    discharged_utc: str | None
    held: str | None


class Vault:
    """The persons of a store, within one transaction."""

    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection, self._keys = connection, keys

    def add(self, identity: Identity, utc: str, who: str) -> str:
        """A new person; returns the pseudonym, 128 random bits as 32 hexadecimal digits.

        Raises:
            StoreError: the name is too long.
        """
        _check(identity)
        pseudonym, key = secrets.token_hex(16), secrets.token_bytes(32)
        self._connection.execute(tables.person.insert().values(pseudonym=pseudonym, created_utc=utc))
        self._connection.execute(
            tables.vault.insert().values(
                pseudonym=pseudonym,
                key=self._keys.seal(key, WRAP, pseudonym),
                sealed=seal(key, json.dumps(asdict(identity)).encode(), pseudonym),
            )
        )
        audit.note(self._connection, who, "person-added", pseudonym)
        return pseudonym

    def change(self, pseudonym: str, identity: Identity, who: str) -> None:
        """Another name or contact.

        Raises:
            StoreError: there is no such person, or the name is too long.
        """
        _check(identity)
        sealed = seal(self.key_of(pseudonym), json.dumps(asdict(identity)).encode(), pseudonym)
        mine = tables.vault.c.pseudonym == pseudonym
        self._connection.execute(tables.vault.update().where(mine).values(sealed=sealed))
        audit.note(self._connection, who, "person-changed", pseudonym)

    def identity(self, pseudonym: str) -> Identity:
        """Who it is.

        Raises:
            StoreError: there is no such person.
            LockedError: the store's key is not at hand.
        """
        key, sealed = self._row(pseudonym)
        data = json.loads(unseal(self._keys.open(key, WRAP, pseudonym), sealed, pseudonym))
        return Identity(**data)

    def key_of(self, pseudonym: str) -> bytes:
        """The person's own key, 32 bytes.

        Raises:
            StoreError: there is no such person.
            LockedError: the store's key is not at hand.
        """
        return self._keys.open(self._row(pseudonym)[0], WRAP, pseudonym)

    def people(self) -> list[Person]:
        """Everybody, in order of coming."""
        rows = self._connection.execute(sa.select(tables.person).order_by(tables.person.c.created_utc))
        return [Person(r.pseudonym, r.created_utc, r.discharged_utc, r.held) for r in rows]

    def find(self, text: str) -> str:
        """The pseudonym that is meant: itself, its unique beginning, or the name or number of somebody.

        Raises:
            StoreError: nobody, or several.
        """
        wanted = text.strip()
        everybody = [person.pseudonym for person in self.people()]
        beginning = wanted.lower().replace("-", "")
        found = [each for each in everybody if each == beginning]
        if not found and len(beginning) >= SHORTEST:
            found = [each for each in everybody if each.startswith(beginning)]
        if not found and wanted:
            found = [each for each in everybody if self._is_called(each, wanted)]
        if len(found) != 1:
            many = "Several persons are called that" if found else "Nobody of that name or number is in the store"
            raise StoreError(f"{many}. See: formcheck store status")
        return found[0]

    def _is_called(self, pseudonym: str, wanted: str) -> bool:
        identity = self.identity(pseudonym)
        return wanted.casefold() in (identity.name.casefold(), identity.number.casefold())

    def _row(self, pseudonym: str) -> tuple[bytes, bytes]:
        mine = tables.vault.c.pseudonym == pseudonym
        row = self._connection.execute(sa.select(tables.vault.c.key, tables.vault.c.sealed).where(mine)).first()
        if row is None:
            raise StoreError("There is no such person in the store.")
        return bytes(row.key), bytes(row.sealed)


def _check(identity: Identity) -> None:
    if any(len(text) > NAME_MAX for text in asdict(identity).values()):
        raise StoreError(f"A name, a contact or a number has at most {NAME_MAX} characters.")
