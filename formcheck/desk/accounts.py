"""Accounts of the desk: passwords, roles, and who is logged in."""

from __future__ import annotations

import hashlib
import math
import secrets
import sqlite3
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from formcheck.core.text import counted, marked, phrase
from formcheck.desk.book import Book
from formcheck.desk.roles import Right, Role, may, may_make
from formcheck.system.errors import FormcheckError

IDLE_S, LONGEST_S = 15 * 60.0, 12 * 3600.0
"""Seconds without a hand on it, and in all, after which somebody is logged out."""
INVITATION_S = 72 * 3600.0
"""Seconds for which a one-time code holds."""
PASSWORD_MIN, PASSWORD_MAX, NAME_MAX = 12, 200, 60
"""Characters."""
FREE = {"account": 5, "address": 20}
"""Wrong passwords before it is waited: of one account, and from one address (a clinic may have one for all)."""
FIRST_S, LAST_S = 30.0, 900.0
"""The wait after those, doubled by each further one, and its bound."""
FORGOTTEN_S = 24 * 3600.0
"""Seconds after which wrong passwords are forgotten; a right one forgives those of its account."""

WRONG = marked("That name and password don't fit.")
WRONG_CODE = marked("That code is wrong, or was used, or is too old.")


class RefusedError(FormcheckError):
    """Somebody is not let in."""


class TooManyError(RefusedError):
    """Too many wrong passwords: nothing is tried until later."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(_wait_text(max(1, math.ceil(wait_s / 60))))
        self.wait_s = wait_s
        """Seconds."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may log in."""

    id: str
    """Eight hexadecimal digits: what stands in the audit and in signatures, never the name."""
    name: str
    roles: frozenset[Role]
    is_off: bool = False

    def may(self, right: Right) -> bool:
        """Whether they may do it."""
        return not self.is_off and may(self.roles, right)

    @property
    def who(self) -> str:
        """Who it is, for the audit, corrections and signatures: a role and the id."""
        first = next((role for role in Role if role in self.roles), None)
        return f"{first or 'nobody'} {self.id}"


class Accounts:
    """The accounts of a desk. Times are seconds since 1970."""

    def __init__(self, book: Book, now: Callable[[], float] = time.time, hasher: PasswordHasher | None = None) -> None:
        """Use a book.

        Args:
            book: where they are kept.
            now: the clock.
            hasher: argon2id with its costs; the library's (RFC 9106, 64 MiB) where none is given.
        """
        self._book, self._now = book, now
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    # -- who there is ------------------------------------------------------------------------------------------

    def all(self) -> list[Account]:
        """Everybody, by name."""
        with self._book.writing() as connection:
            return [_account(row) for row in connection.execute("SELECT * FROM account ORDER BY lookup")]

    def one(self, account_id: str) -> Account:
        """An account by its id.

        Raises:
            RefusedError: there is none.
        """
        found = next((each for each in self.all() if each.id == account_id), None)
        if found is None:
            raise RefusedError("There is no such account.")
        return found

    def invite(self, name: str, roles: Collection[Role], by: Account | None = None) -> str:
        """A one-time code with which somebody makes their account, or a new password for the one of that name.

        Args:
            name: what they log in with.
            roles: of a new account; one that is there keeps its own.
            by: who invites; None is whoever sits at the terminal.

        Raises:
            RefusedError: it is not theirs to give, or the name is none.
        """
        name = " ".join(name.split())
        if not 0 < len(name) <= NAME_MAX:
            raise RefusedError(phrase("A name has 1 to {n} characters.", n=NAME_MAX))
        known = next((each for each in self.all() if _lookup(each.name) == _lookup(name)), None)
        given = known.roles if known is not None else frozenset(roles)
        if not given or (by is not None and not may_make(by.roles, given)):
            raise RefusedError("You can only give what you may do yourself.")
        code = "-".join(secrets.token_hex(2) for _ in range(8))
        row = (_digest(code), name, _roles_text(given), self._now() + INVITATION_S)
        with self._book.writing() as connection:
            connection.execute("DELETE FROM invitation WHERE until_s < ? OR name = ?", (self._now(), name))
            connection.execute("INSERT INTO invitation VALUES (?, ?, ?, ?)", row)
        return code

    def first_code(self) -> str | None:
        """The code for the very first account, which may do everything; None where there is an account."""
        if self.all():
            return None
        return self.invite("first", (Role.CLINICIAN, Role.IT))

    def accept(self, code: str, name: str, password: str, address: str) -> Account:
        """Make the account, or give it a new password; all its log-ins end.

        Args:
            code: the one-time code.
            name: the name that is wanted; of an invitation that has one it must be that.
            password: the new password.
            address: whence.

        Raises:
            RefusedError: the code, the name or the password won't do.
            TooManyError: too many wrong codes from there.
        """
        key = f"address {address}"
        _check_password(password, name)
        self._count(((key, "address"),))
        now, name = self._now(), " ".join(name.split())
        hashed = self._hasher.hash(password)
        with self._book.writing() as connection:
            found = connection.execute("SELECT * FROM invitation WHERE digest = ?", (_digest(code.strip()),)).fetchone()
            is_first = connection.execute("SELECT 1 FROM account").fetchone() is None
            if found is None or found["until_s"] < now or not (is_first or _lookup(found["name"]) == _lookup(name)):
                raise RefusedError(WRONG_CODE)
            if not 0 < len(name) <= NAME_MAX:
                raise RefusedError(phrase("A name has 1 to {n} characters.", n=NAME_MAX))
            connection.execute("DELETE FROM invitation WHERE digest = ?", (found["digest"],))
            connection.execute("DELETE FROM tries WHERE key = ?", (key,))
            return self._put(connection, name, hashed, found["roles"])

    def _put(self, connection: sqlite3.Connection, name: str, hashed: str, roles: str) -> Account:
        known = connection.execute("SELECT id FROM account WHERE lookup = ?", (_lookup(name),)).fetchone()
        if known is None:
            values = (secrets.token_hex(4), name, _lookup(name), hashed, roles)
            connection.execute("INSERT INTO account (id, name, lookup, hash, roles) VALUES (?, ?, ?, ?, ?)", values)
        else:
            connection.execute("UPDATE account SET hash = ? WHERE id = ?", (hashed, known["id"]))
            connection.execute("DELETE FROM login WHERE account = ?", (known["id"],))
        return _account(connection.execute("SELECT * FROM account WHERE lookup = ?", (_lookup(name),)).fetchone())

    def switch(self, account_id: str, is_off: bool) -> None:
        """Switch an account off, which ends its log-ins, or on again.

        Raises:
            RefusedError: there is none, or nobody would be left to look after the accounts.
        """
        account = self.one(account_id)
        keepers = [each for each in self.all() if each.may(Right.ACCOUNTS) and each.id != account.id]
        if is_off and account.may(Right.ACCOUNTS) and not keepers:
            raise RefusedError("Somebody must stay who looks after the accounts.")
        with self._book.writing() as connection:
            connection.execute("UPDATE account SET is_off = ? WHERE id = ?", (int(is_off), account_id))
            connection.execute("DELETE FROM login WHERE account = ?", (account_id,))

    # -- logging in --------------------------------------------------------------------------------------------

    def log_in(self, name: str, password: str, address: str) -> tuple[Account, str]:
        """Check a password; the account, and a new token that stands for this log-in.

        Raises:
            RefusedError: name and password don't fit.
            TooManyError: too many wrong ones, of this account or from there: this one was not even looked at.
        """
        account_key = f"account {_digest(_lookup(name[:NAME_MAX]))}"
        self._count(((account_key, "account"), (f"address {address}", "address")))
        with self._book.writing() as connection:
            row = connection.execute("SELECT * FROM account WHERE lookup = ?", (_lookup(name[:NAME_MAX]),)).fetchone()
        is_right = self._fits(self._nobody if row is None else row["hash"], password)
        if row is None or not is_right or row["is_off"]:
            raise RefusedError(WRONG)
        token, now = secrets.token_urlsafe(32), self._now()
        with self._book.writing() as connection:
            connection.execute("DELETE FROM tries WHERE key = ?", (account_key,))
            connection.execute("UPDATE tries SET wrong = max(0, wrong - 1) WHERE key = ?", (f"address {address}",))
            connection.execute("DELETE FROM login WHERE began_s < ? OR seen_s < ?", (now - LONGEST_S, now - IDLE_S))
            connection.execute("INSERT INTO login VALUES (?, ?, ?, ?)", (_digest(token), row["id"], now, now))
        return _account(row), token

    def account_of(self, token: str, is_touched: bool = True) -> Account | None:
        """Who is logged in by a token; None where nobody is, any more.

        Args:
            token: from `log_in`.
            is_touched: whether somebody did something, so that the idle time begins anew.
        """
        now, digest = self._now(), _digest(token)
        with self._book.writing() as connection:
            row = connection.execute(
                "SELECT account.*, began_s, seen_s FROM login JOIN account ON account.id = login.account "
                "WHERE digest = ?",
                (digest,),
            ).fetchone()
            if row is None or row["is_off"]:
                return None
            if now - row["began_s"] >= LONGEST_S or now - row["seen_s"] >= IDLE_S:
                connection.execute("DELETE FROM login WHERE digest = ?", (digest,))
                return None
            if is_touched:
                connection.execute("UPDATE login SET seen_s = ? WHERE digest = ?", (now, digest))
        return _account(row)

    def log_out(self, token: str) -> None:
        """End a log-in."""
        with self._book.writing() as connection:
            connection.execute("DELETE FROM login WHERE digest = ?", (_digest(token),))

    def _fits(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password[:PASSWORD_MAX])
        except (VerificationError, InvalidHashError):
            return False

    def _count(self, keys: Collection[tuple[str, str]]) -> None:
        """Count a try before it is looked at, so that many at once gain nothing.

        Raises:
            TooManyError: it is not to be looked at.
        """
        now = self._now()
        with self._book.writing() as connection:
            connection.execute("DELETE FROM tries WHERE last_s < ?", (now - FORGOTTEN_S,))
            for key, kind in keys:
                row = connection.execute("SELECT wrong, last_s FROM tries WHERE key = ?", (key,)).fetchone()
                if row is not None and (left_s := row["last_s"] + _wait_s(row["wrong"], FREE[kind]) - now) > 0:
                    raise TooManyError(left_s)
            for key, _ in keys:
                connection.execute(
                    "INSERT INTO tries VALUES (?, 1, ?) ON CONFLICT (key) DO UPDATE SET wrong = wrong + 1, last_s = ?",
                    (key, now, now),
                )


def _wait_text(minutes: int) -> str:
    return counted(minutes, "Too many wrong tries. Wait {n} minute.", "Too many wrong tries. Wait {n} minutes.")


def _wait_s(wrong: int, free: int) -> float:
    return 0.0 if wrong < free else min(FIRST_S * 2.0 ** min(wrong - free, 10), LAST_S)


def _check_password(password: str, name: str) -> None:
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise RefusedError(phrase("A password has {n} to {most} characters.", n=PASSWORD_MIN, most=PASSWORD_MAX))
    if len(set(password)) < PASSWORD_MIN // 2 or _lookup(name) == _lookup(password):
        raise RefusedError("That password is too easy. Take four words that don't belong together.")


def _account(row: sqlite3.Row) -> Account:
    roles = frozenset(Role(each) for each in row["roles"].split(",") if each)
    return Account(row["id"], row["name"], roles, bool(row["is_off"]))


def _roles_text(roles: Collection[Role]) -> str:
    return ",".join(role.value for role in Role if role in roles)


def _lookup(name: str) -> str:
    return " ".join(name.split()).casefold()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
