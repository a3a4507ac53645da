"""The clinician's desk: its key, and the tickets that are made with it."""

from __future__ import annotations

import base64
import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from formcheck.core.text import marked, phrase
from formcheck.kiosk.taking import SUFFIX, program_of
from formcheck.kiosk.ticket import SERIAL_BYTES, Ticket, TicketMakingError, code_in, sign
from formcheck.session.program import load_program, program_in, program_names
from formcheck.session.registry import Registry
from formcheck.session.texts import SOURCE_LANGUAGE, translator
from formcheck.session.toml_file import TomlFile, in_toml, key_in_toml
from formcheck.system.errors import FormcheckError
from formcheck.system.files import cannot_write, write_text
from formcheck.system.shown import shown

MY_PROGRAM = marked("My program")
"""What a program of one's own is called on the kiosk's screen, which others see: its title may hold a name."""
HEADING = marked("Your program at the kiosk")
DO_THIS = marked("Choose “My program” at the kiosk. Hold this code to its camera, or type the number.")
DO_THIS_ALONE = marked("Hold your slip to the camera.")
"""Where the kiosk knows no numbers."""
MEANING = marked("It holds exercises, and no name. Whoever has it can do them: keep it like a prescription.")
PASSPHRASE_MIN = 12
"""Characters of a passphrase, as for the store."""
DAYS_MAX = 400
_KEY_BYTES_MAX = 10_000
_DRAWS = 100


class KeyFileError(FormcheckError):
    """The desk's key can't be read."""


class NeedsPassphraseError(KeyFileError):
    """The desk's key is encrypted, and no passphrase was given."""


@dataclass(frozen=True, slots=True)
class Made:
    """A ticket, and its text."""

    ticket: Ticket
    text: str


def new_key(path: Path, passphrase: str = "") -> None:
    """Make a key file that only its owner may read.

    Args:
        path: a file that is not there yet.
        passphrase: encrypts it (PKCS 8); empty for none.

    Raises:
        FormcheckError: there is a file, it can't be written, or the passphrase is too short.
    """
    if passphrase and len(passphrase) < PASSPHRASE_MIN:
        raise FormcheckError(f"This passphrase is too short. Use at least {PASSPHRASE_MIN} characters.")
    lock: KeySerializationEncryption = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    data = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise FormcheckError(
            f"{shown(path)} is there already. A key is never overwritten: choose another name."
        ) from error
    except OSError as error:
        raise cannot_write(path, error) from error


def read_key(path: Path, passphrase: str = "") -> Ed25519PrivateKey:
    """The desk's private key.

    Raises:
        NeedsPassphraseError: it is encrypted, and there is no passphrase.
        KeyFileError: it can't be read, others may read it too, the passphrase is wrong, or it is no such key.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_KEY_BYTES_MAX)
            mode = os.fstat(file.fileno()).st_mode
    except OSError as error:
        raise KeyFileError(f"{shown(path)} can't be read ({error.strerror}). Check its path.") from error
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileError(f"Others may read {shown(path)}. Whoever has it can make tickets: chmod 600 {shown(path)}")
    if b"ENCRYPTED" in data and not passphrase:
        raise NeedsPassphraseError(f"{shown(path)} is encrypted. Give its passphrase.")
    try:
        key = load_pem_private_key(data, passphrase.encode() if b"ENCRYPTED" in data else None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        what = "its passphrase is another one" if b"ENCRYPTED" in data else "it is no key file"
        raise KeyFileError(
            f"{shown(path)} can't be opened: {what}. Use the file that 'formcheck kiosk ticket new-key' made."
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"{shown(path)} is a key of another kind. Make one with 'formcheck kiosk ticket new-key'.")
    return key


def public_text(key: Ed25519PrivateKey) -> str:
    """The public key for `tickets.key` of the kiosk's file: 43 signs of base64url."""
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def make_ticket(
    program: str | TomlFile,
    key: Ed25519PrivateKey,
    registry: Registry,
    today: date,
    *,
    valid_days: int = 90,
    person: str = "",
    language: str = "",
    title: str = "",
    folder: Path | None = None,
) -> Made:
    """Make and sign a ticket.

    Args:
        program: a shipped program's name, the path of an own one, or an own one itself.
        key: the desk's.
        registry: the exercises that are installed.
        today: day of issue.
        valid_days: how many days after it the ticket still holds, 1 to 400.
        person: pseudonym of the store; empty for none.
        language: of the person; the program's own or none when empty.
        title: what an own program is called on the kiosk's screen; "My program" when empty.
        folder: where tickets lie: none of their codes is drawn again.

    Raises:
        SettingsError: the program makes no sense; the text names the line.
        TicketMakingError: it can't be made a ticket of.
    """
    if not 1 <= valid_days <= DAYS_MAX:
        raise TicketMakingError(f"A ticket is valid for 1 to {DAYS_MAX} days.")
    own = _own(program, registry)
    planned = load_program(str(program), registry) if own is None else program_in(own, registry)
    is_own = own is not None
    text = str(program) if own is None else _as_text(own.data, title or MY_PROGRAM)
    last, serial = today + timedelta(days=valid_days), _serial(folder)
    ticket = Ticket(text, today, last, serial, is_own, person.lower(), language)
    if program_of(ticket, registry, None).hash != planned.hash:
        raise TicketMakingError("This program can't be put on a ticket as it is. Put its file on the kiosk.")
    return Made(ticket, sign(ticket, key))


def _own(program: str | TomlFile, registry: Registry) -> TomlFile | None:
    """The program as a file; None for one that ships.

    Raises:
        SettingsError: there is none.
    """
    if isinstance(program, TomlFile):
        return program
    if program in program_names():
        return None
    load_program(program, registry)
    return TomlFile.read(Path(program))


def _serial(folder: Path | None) -> bytes:
    """A serial whose code no ticket of the folder has."""
    for _ in range(_DRAWS):
        serial = secrets.token_bytes(SERIAL_BYTES)
        if folder is None or not (folder / f"{code_in(serial)}{SUFFIX}").exists():
            return serial
    raise TicketMakingError("The folder is full of tickets. Take out those that have run out.")


def keep_ticket(made: Made, folder: Path) -> Path:
    """Write a ticket's file for the kiosk's folder; returns its path, which says nothing of the person.

    Raises:
        FormcheckError: it can't be written.
    """
    path = folder / f"{made.ticket.code}{SUFFIX}"
    write_text(path, made.text + "\n")
    return path


def slip_words(ticket: Ticket, *, has_number: bool = True) -> tuple[str, str, str, str]:
    """What stands on a slip, in the ticket's language: heading, what to do, until when, what it is."""
    translate = translator(ticket.language or SOURCE_LANGUAGE)
    valid = phrase("Valid until {day}.", day=ticket.expires.isoformat())
    do_this = DO_THIS if has_number else DO_THIS_ALONE
    return translate(HEADING), translate(do_this), translate(valid), translate(MEANING)


def _as_text(data: dict[str, Any], title: str) -> str:
    """A program without its comments, under another title."""
    head = {**{key: value for key, value in data.items() if key != "exercise"}, "title": title}
    tables = [line for table in data["exercise"] for line in ("[[exercise]]", *_lines(table))]
    return "\n".join([*_lines(head), *tables])


def _lines(table: dict[str, Any]) -> Iterator[str]:
    return (f"{key_in_toml(key)}={in_toml(value)}" for key, value in table.items())
