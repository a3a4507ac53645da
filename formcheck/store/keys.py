"""The key of a store: where it is kept, and what is made of it. The key itself never lies beside the data.

One secret of 32 random bytes (or a passphrase) opens everything; for each purpose a key of its own is derived from it
(HKDF). A small description lies beside the data: where the secret is, and a value by which a wrong one is told.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from formcheck.store.errors import LockedError, StoreError

KeyKind = Literal["keyring", "credential", "passphrase", "none"]
"""The system's own keyring; a systemd credential; a passphrase that is typed; nowhere: the store is not encrypted."""
KINDS: tuple[KeyKind, ...] = get_args(KeyKind)

SERVICE = "formcheck"
CREDENTIAL = "formcheck-store-key"
"""Name of the systemd credential (`LoadCredentialEncrypted=`), and of a file in `$CREDENTIALS_DIRECTORY`."""
PASSPHRASE = "FORMCHECK_PASSPHRASE"
SAFE_BACKENDS = ("keyring.backends.", "keyring.backend.chainer")
UNSAFE_BACKENDS = ("keyring.backends.fail", "keyring.backends.null")
PASSPHRASE_MIN = 12
"""Characters of a passphrase: with scrypt below, about a year of guessing for a common one of that length [P]."""
SCRYPT_N = 1 << 15
"""Work of one guess: 32 MB and about 0.1 s (RFC 7914; the value of OWASP's list for interactive use)."""
NONCE = 12
SEALED, PLAIN = b"\x01", b"\x00"


@dataclass(frozen=True, slots=True)
class KeyCard:
    """What is known of a store's key without knowing it."""

    kind: KeyKind
    salt: str
    """32 hexadecimal digits; it is also the name under which a keyring keeps the secret."""
    check: str
    """By which a wrong key is told; empty where there is none."""

    def as_text(self) -> str:
        """As JSON."""
        return json.dumps(
            {"schema": "formcheck.key/1", "kind": self.kind, "salt": self.salt, "check": self.check}, indent=1
        )

    @classmethod
    def from_text(cls, text: str) -> KeyCard:
        """Read it.

        Raises:
            StoreError: it is none.
        """
        try:
            data = json.loads(text)
            card = cls(data["kind"], str(data["salt"]), str(data["check"]))
            bytes.fromhex(card.salt)
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError("What describes the store's key is damaged. Restore it from a backup.") from error
        if card.kind not in KINDS:
            raise StoreError("The store's key is kept in a way that this version does not know. Install a newer one.")
        return card


class Keys:
    """What a store's secret opens; without one, nothing is encrypted."""

    def __init__(self, secret: bytes | None, salt: str) -> None:
        self._secret, self._salt = secret, bytes.fromhex(salt)

    @property
    def is_encrypted(self) -> bool:
        """Whether there is a secret."""
        return self._secret is not None

    @property
    def check(self) -> str:
        """By which a wrong secret is told; it says nothing about it."""
        return self.derived("check").hex()[:32] if self._secret else ""

    def derived(self, purpose: str) -> bytes:
        """The key for one purpose, 32 bytes.

        Raises:
            LockedError: there is no secret.
        """
        if self._secret is None:
            raise LockedError("This store has no key.")
        first = hmac.new(self._salt, self._secret, hashlib.sha256).digest()  # HKDF (RFC 5869), one block
        return hmac.new(first, purpose.encode() + b"\x01", hashlib.sha256).digest()

    def seal(self, plain: bytes, purpose: str, about: str) -> bytes:
        """Encrypt for a purpose, bound to what it is `about` so that it fits nowhere else. Plain without a key."""
        return seal(self.derived(purpose), plain, about) if self.is_encrypted else PLAIN + plain

    def open(self, sealed: bytes, purpose: str, about: str) -> bytes:
        """Decrypt.

        Raises:
            LockedError: there is no key, or another one.
        """
        if sealed[:1] == PLAIN:
            return sealed[1:]
        return unseal(self.derived(purpose), sealed, about)


def seal(key: bytes, plain: bytes, about: str) -> bytes:
    """AES-256-GCM with a random nonce, bound to `about`."""
    nonce = secrets.token_bytes(NONCE)
    return SEALED + nonce + AESGCM(key).encrypt(nonce, plain, about.encode())


def unseal(key: bytes, sealed: bytes, about: str) -> bytes:
    """What was sealed.

    Raises:
        LockedError: with another key, or it was changed or put elsewhere.
    """
    try:
        return AESGCM(key).decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], about.encode())
    except (InvalidTag, ValueError) as error:
        raise LockedError("What is encrypted here can't be opened with this key, or it was changed.") from error


@dataclass(frozen=True, slots=True)
class KeySources:
    """Where keys can be kept on this machine; tests bring their own."""

    ask: Callable[[], str] | None = None
    """Asks the person for the passphrase; None where nobody can be asked."""
    keyring: Any = None
    """With `get_password` and `set_password`; None takes the system's, if it has one."""

    def best(self) -> KeyKind:
        """The safest place for a new key that needs nobody to type it; "none" where there is no place."""
        if self._credential() is not None:
            return "credential"
        return "keyring" if self._ring() is not None else "none"

    def create(self, kind: KeyKind) -> tuple[KeyCard, Keys]:
        """Make a new key and keep it there.

        Raises:
            StoreError: it can't be kept there.
        """
        salt = secrets.token_hex(16)
        secret: bytes | None = None
        if kind == "keyring":
            secret = self._to_ring(salt)
        elif kind == "credential":
            secret = self._credential()
            if secret is None:
                raise StoreError(f"There is no systemd credential {CREDENTIAL}. See the page on encryption.")
        elif kind == "passphrase":
            secret = _stretched(self._typed(is_new=True), salt)
        keys = Keys(secret, salt)
        return KeyCard(kind, salt, keys.check), keys

    def find(self, card: KeyCard) -> Keys:
        """The key that a card describes.

        Raises:
            LockedError: it is not at hand, or another one is.
        """
        keys = Keys(self._secret_of(card), card.salt)
        if keys.check != card.check:
            raise LockedError("This is not the key of this store. Nothing was changed.")
        return keys

    def _secret_of(self, card: KeyCard) -> bytes | None:
        if card.kind == "none":
            return None
        if card.kind == "passphrase":
            return _stretched(self._typed(), card.salt)
        found = self._credential() if card.kind == "credential" else self._from_ring(card.salt)
        if found is None:
            place = f"the systemd credential {CREDENTIAL}" if card.kind == "credential" else "this user's keyring"
            raise LockedError(f"The store's key should be in {place} and is not there. Nothing was changed.")
        return found

    def _typed(self, *, is_new: bool = False) -> str:
        typed = os.environ.get(PASSPHRASE) or (self.ask() if self.ask is not None else "")
        if not typed:
            raise LockedError(f"The store needs its passphrase. Type it, or set {PASSPHRASE}.")
        if is_new and len(typed) < PASSPHRASE_MIN:
            raise StoreError(f"A passphrase needs at least {PASSPHRASE_MIN} characters: take four or five words.")
        return typed

    def _credential(self) -> bytes | None:
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        try:
            content = (Path(folder) / CREDENTIAL).read_bytes().strip() if folder else b""
        except OSError:
            return None
        return hashlib.sha256(content).digest() if len(content) >= 32 else None

    def _ring(self) -> Any:
        if self.keyring is not None:
            return self.keyring
        import keyring
        from keyring.errors import KeyringError

        try:
            found = keyring.get_keyring()
        except (KeyringError, RuntimeError):
            return None
        module = type(found).__module__
        is_safe = module.startswith(SAFE_BACKENDS) and not module.startswith(UNSAFE_BACKENDS)
        return found if is_safe and getattr(found, "priority", 0) > 0 else None

    def _from_ring(self, salt: str) -> bytes | None:
        ring = self._ring()
        if ring is None:
            return None
        try:
            text = ring.get_password(SERVICE, salt)
        except Exception as error:  # each system's keyring raises its own
            raise LockedError("This user's keyring can't be opened. Unlock it and try again.") from error
        return bytes.fromhex(text) if text else None

    def _to_ring(self, salt: str) -> bytes:
        ring, secret = self._ring(), secrets.token_bytes(32)
        try:
            if ring is not None:
                ring.set_password(SERVICE, salt, secret.hex())
            kept = None if ring is None else ring.get_password(SERVICE, salt)
        except Exception as error:  # each system's keyring raises its own
            raise StoreError("This user's keyring does not take a key. Unlock it, or use a passphrase.") from error
        if kept != secret.hex():
            raise StoreError("There is no keyring here that keeps a key. Use a passphrase.")
        return secret


@lru_cache(maxsize=4)
def _stretched(passphrase: str, salt: str) -> bytes:
    return hashlib.scrypt(
        passphrase.encode(), salt=bytes.fromhex(salt), n=SCRYPT_N, r=8, p=1, dklen=32, maxmem=64 * 1024 * 1024
    )
