"""What a station keeps of its own: the key that it is known by, and the desks that it was paired with."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from formcheck.desk.pairing import signed, station_id
from formcheck.system.data import data_folder
from formcheck.system.errors import FormcheckError, UsageError
from formcheck.system.files import cannot_write
from formcheck.system.shown import shown

PORT = 8443
"""Where a desk listens, unless its address says otherwise."""
SIZE_MAX = 100_000
"""Bytes of a file that is read."""
NONCE_BYTES = 12
SECURE = {"wss": True, "https": True, "ws": False, "http": False, "": None}


class IdentityError(FormcheckError):
    """The station's key or its list of desks can't be read or written."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a desk is."""

    host: str
    port: int
    is_secure: bool
    """Whether it is reached by TLS; only one on this very machine may be without."""

    @property
    def name(self) -> str:
        """As it is kept and shown."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'wss' if self.is_secure else 'ws'}://{host}:{self.port}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """The address as somebody wrote it: `192.168.1.20`, `desk.local:8443`, `https://…`, `127.0.0.1:8000`.

        Raises:
            UsageError: it is none, or it is not of this machine and without TLS.
        """
        try:
            parts = urlsplit(text if "://" in text else f"//{text}")
            host, port = parts.hostname or "", parts.port or PORT
            asked = SECURE[parts.scheme]
        except (ValueError, KeyError) as error:
            raise UsageError(f"{text[:60]!r} is not a desk's address. Write one such as 192.168.1.20:8443.") from error
        if not host or parts.username or parts.path.strip("/") or parts.query or parts.fragment:
            raise UsageError(f"{text[:60]!r} is not a desk's address. Write one such as 192.168.1.20:8443.")
        is_here = _is_here(host)
        if asked is False and not is_here:
            raise UsageError("Without TLS a desk can be reached on this machine only. Write wss:// before its address.")
        return cls(host, port, (not is_here) if asked is None else asked)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Identity:
    """A station's key, and the certificates of the desks that it was paired with."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read them; the key is made at the first time, readable by this user only.

        Args:
            folder: where they lie; `desk` in this user's data folder, by default.

        Raises:
            IdentityError: the key can't be read or made.
        """
        self.folder = folder or data_folder() / "desk"
        """Where they lie."""
        self._private = self._read() or self._make()
        self.key = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        """The public key, 64 hexadecimal digits."""

    @property
    def id(self) -> str:
        """What desks call this station."""
        return station_id(self.key)

    def sign(self, context: bytes) -> str:
        """The signature of a greeting."""
        return signed(self._private, context)

    def seal(self, plain: bytes, about: str) -> bytes:
        """Seal something by a key that is made of this station's own (AES-256-GCM, HKDF-SHA-256)."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._box().encrypt(nonce, plain, about.encode())

    def unseal(self, sealed: bytes, about: str) -> bytes:
        """What was sealed.

        Raises:
            InvalidTag: by another key, or for another purpose.
            ValueError: it is too short.
        """
        return self._box().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode())

    def _box(self) -> AESGCM:
        raw = self._private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        return AESGCM(HKDF(hashes.SHA256(), 32, None, b"formcheck desk waiting").derive(raw))

    def pinned(self, address: Address) -> str | None:
        """The fingerprint of the desk there, empty for one without TLS; None where it was not paired."""
        found = self._pins().get(address.name)
        return found if isinstance(found, str) else None

    @property
    def desks(self) -> tuple[str, ...]:
        """Names of the desks that it was paired with."""
        return tuple(sorted(self._pins()))

    def pin(self, address: Address, fingerprint: str) -> None:
        """It was paired with this desk.

        Raises:
            IdentityError: that can't be written.
        """
        self._write_pins(self._pins() | {address.name: fingerprint})

    def forget(self, address: Address) -> None:
        """The desk there is not known any more.

        Raises:
            IdentityError: that can't be written.
        """
        self._write_pins({name: value for name, value in self._pins().items() if name != address.name})

    @property
    def _key_path(self) -> Path:
        return self.folder / "station.key"

    @property
    def _pins_path(self) -> Path:
        return self.folder / "desks.json"

    def _read(self) -> Ed25519PrivateKey | None:
        path = self._key_path
        try:
            with path.open("rb") as file:
                data, mode = file.read(SIZE_MAX), os.fstat(file.fileno()).st_mode
        except FileNotFoundError:
            return None
        except OSError as error:
            raise IdentityError(f"{shown(path)} can't be read ({error.strerror}).") from error
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise IdentityError(f"Others may read {shown(path)}, this station's key: chmod 600 {shown(path)}")
        try:
            key = load_pem_private_key(data, None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise IdentityError(f"{shown(path)} is no station's key. Remove it, and pair this station again.")
        return key

    def _make(self) -> Ed25519PrivateKey:
        key = Ed25519PrivateKey.generate()
        self._write(self._key_path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return key

    def _pins(self) -> dict[str, object]:
        try:
            with self._pins_path.open("rb") as file:
                found = json.loads(file.read(SIZE_MAX))
        except (OSError, ValueError, RecursionError):
            return {}  # without the file nobody is trusted
        return found if isinstance(found, dict) else {}

    def _write_pins(self, pins: dict[str, object]) -> None:
        self._write(self._pins_path, (json.dumps(pins, indent=1, sort_keys=True) + "\n").encode())

    def _write(self, path: Path, data: bytes) -> None:
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(data)
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise IdentityError(str(cannot_write(path, error))) from error
