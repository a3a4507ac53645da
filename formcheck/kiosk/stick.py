"""An update on a stick: wheels, their hashes, a manifest, and the vendor's signature under it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import platform
import re
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from formcheck.system.errors import FormcheckError
from formcheck.system.shown import shown

SCHEMA = "formcheck.wheelhouse/1"
MANIFEST, SIGNATURE, REQUIREMENTS = "manifest.json", "manifest.sig", "requirements.txt"
BYTES_MAX = 2_000_000
"""Of the manifest and of the list of requirements: ours have 30 kB."""

_NAME = re.compile(r"[A-Za-z0-9_.+-]{1,200}\.whl|requirements\.txt")
_VERSION = re.compile(r"[0-9][A-Za-z0-9.+_]{0,40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a stick says it holds."""

    version: str
    python: str
    """Such as `3.11`: wheels are made for one."""
    system: str
    machine: str
    built: str
    """The day it was made, ISO 8601."""
    unpacked_bytes: int
    files: dict[str, str]
    """SHA-256 by name."""
    schema: str = SCHEMA

    def to_json(self) -> bytes:
        """As it is written and signed."""
        return (json.dumps(asdict(self), indent=1, sort_keys=True) + "\n").encode()

    @classmethod
    def from_json(cls, content: bytes) -> Manifest:
        """The manifest of a text.

        Raises:
            FormcheckError: it is damaged, or of a later kind.
        """
        try:
            data = json.loads(content)
            found = cls(**data)
            texts = (found.version, found.python, found.system, found.machine, found.built)
            is_right = (
                all(isinstance(text, str) for text in texts)
                and _VERSION.fullmatch(found.version)
                and type(found.unpacked_bytes) is int
                and REQUIREMENTS in found.files
                and all(_NAME.fullmatch(name) and _SHA256.fullmatch(sha) for name, sha in found.files.items())
            )
        except (ValueError, TypeError, AttributeError, RecursionError):
            is_right = False
        if not is_right:
            raise FormcheckError(f"{MANIFEST} on the stick is damaged, or of another kind. Make the stick again.")
        if found.schema != SCHEMA:
            raise FormcheckError(f"The stick is of a later kind ({found.schema}). Update by an older stick first.")
        return found


def here() -> tuple[str, str, str]:
    """Python, system and machine of this computer, as a manifest names them."""
    return f"{sys.version_info.major}.{sys.version_info.minor}", sys.platform, platform.machine()


@dataclass(frozen=True, slots=True)
class Stick:
    """A stick that was read and found whole. Its requirements are those that were checked; they are not read again."""

    folder: Path
    manifest: Manifest
    requirements: bytes
    digest: str
    """SHA-256 of the manifest: names this very content."""
    is_signed: bool

    @classmethod
    def read(cls, folder: Path, key: Ed25519PublicKey | None) -> Stick:
        """Read a stick and check all of it.

        Args:
            folder: where it is mounted.
            key: the vendor's; None = what it holds is checked by its hashes only.

        Raises:
            FormcheckError: nothing is there, it is not whole, is not signed by the vendor, or is for another machine.
        """
        content = _content(folder / MANIFEST)
        if key is not None:
            _check_signature(folder, content, key)
        manifest = Manifest.from_json(content)
        if (manifest.python, manifest.system, manifest.machine) != here():
            raise FormcheckError(
                f"The stick is for Python {manifest.python} on {manifest.system} {manifest.machine}; this is "
                f"Python {here()[0]} on {here()[1]} {here()[2]}. Make a stick on a computer like this one."
            )
        for name, digest in manifest.files.items():
            if _sha256(folder / name) != digest:
                raise FormcheckError(f"{name} on the stick is damaged or was changed. Make the stick again.")
        requirements = _content(folder / REQUIREMENTS)
        if hashlib.sha256(requirements).hexdigest() != manifest.files[REQUIREMENTS]:
            raise FormcheckError(f"{REQUIREMENTS} on the stick changes while it is read. Use another stick.")
        return cls(folder, manifest, requirements, hashlib.sha256(content).hexdigest(), key is not None)


def _check_signature(folder: Path, content: bytes, key: Ed25519PublicKey) -> None:
    if not (folder / SIGNATURE).exists():
        raise FormcheckError("The stick is not signed, and this kiosk takes only what its vendor has signed.")
    try:
        key.verify(base64.b64decode(_content(folder / SIGNATURE), validate=False), content)
    except (InvalidSignature, binascii.Error) as error:
        raise FormcheckError(
            "The stick was not signed by this kiosk's vendor, or was changed. Get a new one."
        ) from error


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(BYTES_MAX + 1)
    except FileNotFoundError as error:
        raise FormcheckError(
            f"{shown(path.parent)} holds no update ({path.name} is missing). Name the folder that "
            "'formcheck kiosk wheelhouse' has made."
        ) from error
    except OSError as error:
        raise FormcheckError(
            f"{path.name} on the stick can't be read ({error.strerror}). Use another stick."
        ) from error
    if len(content) > BYTES_MAX:
        raise FormcheckError(f"{path.name} on the stick is far too large. Make the stick again.")
    return content


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise FormcheckError(f"{path.name} is missing on the stick. Make the stick again.") from error
    except OSError as error:
        raise FormcheckError(
            f"{path.name} on the stick can't be read ({error.strerror}). Use another stick."
        ) from error


def vendor_key(path: Path) -> Ed25519PublicKey | None:
    """The vendor's public key of a file; None where there is no file.

    Raises:
        FormcheckError: the file holds no key. It is never taken as "no key": then anything would be installed.
    """
    try:
        text = path.read_text("ascii")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise FormcheckError(f"The vendor's key in {shown(path)} can't be read. Copy it again.") from error
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=False))
    except (ValueError, binascii.Error) as error:
        raise FormcheckError(f"{shown(path)} holds no public key. Copy the vendor's line into it again.") from error


def public_text(key: Ed25519PrivateKey) -> str:
    """The public half of a key, as it stands in the kiosk's `vendor.pub`."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()
