"""A ticket: a program for one person, signed by a clinician's desk, small enough for a QR code.

The text of a ticket is `FC1:` and base 45 of these bytes, integers big-endian:

| bytes | what |
|---|---|
| 1 | flags: 1 = the program's own text, 2 = a person, 4 = a language |
| 2, 2 | days from 2020-01-01 to the day of issue and to the last day on which it is valid |
| 8 | serial, random; the short code is made of it |
| 16 | the person's pseudonym, where there is one |
| 1, n | length of the language's code, and the code, where there is one |
| rest | the program: a shipped one's name, or TOML, deflated (RFC 1951) with a preset dictionary |
| 64 | Ed25519 (RFC 8032) over `formcheck ticket 1`, a zero byte and all of the above |
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from formcheck.core.text import marked
from formcheck.kiosk import base45
from formcheck.kiosk.short_code import code_of
from formcheck.system.errors import FormcheckError

TEXT_MAX = 700
"""Signs of a ticket's text: larger codes are not read from a phone that is held to a webcam."""
PROGRAM_MAX = 16_384
"""Bytes of a program's text; what inflates to more is none."""
EARLY = timedelta(days=1)
"""By how much a ticket may be of tomorrow: desk and kiosk may stand on two sides of midnight."""
SERIAL_BYTES, PERSON_BYTES, SIGNATURE_BYTES = 8, 16, 64

_PREFIX = re.compile(r"FC(\d{1,3}):")
_DOMAIN = b"formcheck ticket 1\0"
_HEAD = struct.Struct(f">BHH{SERIAL_BYTES}s")
_DAY_0 = date(2020, 1, 1)
_OWN, _PERSON, _LANGUAGE = 1, 2, 4

_DICTIONARY = bytes(
    'settings={reach_hip_deg=130}\ncues="two-thirds"\ncues="summary"\ncues="all"\nlanguage="fr"\ngentle=true\n'
    "pace=true\npace=false\ntone=false\n"
    'days=["mon","tue","wed","thu","fri","sat","sun"]\ndays=["mon","wed","fri"]\ndays=["tue","thu","sat"]\n'
    'title="My program"\n'
    '[[exercise]]\nname="running"\nsets=1\n'
    '[[exercise]]\nname="piriformis-stretch"\nsets=1\nreps=1\nhold_s=30\nrest_s=20\nsides="right-first"\n'
    '[[exercise]]\nname="hip-flexor-stretch"\nsets=1\nreps=2\nhold_s=20\nrest_s=20\nsides="left-first"\n'
    '[[exercise]]\nname="bird-dog"\nsets=3\nreps=8\nrest_s=30\n'
    '[[exercise]]\nname="dead-bug"\nsets=3\nreps=12\nrest_s=30\n'
    '[[exercise]]\nname="glute-bridge"\nsets=2\nreps=10\nhold_s=5\nrest_s=30\n'
    '[[exercise]]\nname="pelvic-tilt"\nsets=3\nreps=10\nhold_s=5\nrest_s=30\n',
    "ascii",
)
"""What programs are made of, the most usual last: seven exercises take 70 bytes. It is part of the format and never
changes."""

Trouble = Literal["off", "foreign", "expired", "early", "newer", "program", "rest", "unknown", "typo", "wait"]
TROUBLES: dict[Trouble, str] = marked({
    "off": "This kiosk takes no tickets. Ask at the desk.",
    "foreign": "This is no ticket of this clinic, or a part of it is missing. Ask at the desk.",
    "expired": "This ticket has run out. Ask at the desk for a new one.",
    "early": "This ticket is not valid yet, or the kiosk's clock is wrong. Ask at the desk.",
    "newer": "This kiosk is too old for this ticket. Ask at the desk.",
    "program": "The program of this ticket can't be done here. Ask at the desk.",
    "rest": "This program has nothing for today. Have a rest, or choose another one.",
    "unknown": "There is no ticket with this number. Check it, or ask at the desk.",
    "typo": "A digit of this number is wrong. Type it again.",
    "wait": "Too many wrong numbers. Wait a little, then try again.",
})  # fmt: skip
"""What is told when a ticket is not taken; nothing of the ticket is in it."""


class TicketError(FormcheckError):
    """A ticket is not taken."""

    def __init__(self, kind: Trouble) -> None:
        super().__init__(TROUBLES[kind])
        self.kind: Trouble = kind


class TicketMakingError(FormcheckError):
    """A ticket can't be made of this."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a desk has signed."""

    program: str
    """A shipped program's name, or where `is_own` the text of a program (TOML)."""
    issued: date
    expires: date
    """The last day on which it is valid."""
    serial: bytes
    """8 random bytes."""
    is_own: bool = False
    person: str = ""
    """Pseudonym of the store, 32 hexadecimal digits; empty for none."""
    language: str = ""
    """Of the person; empty where it is asked for."""

    @property
    def code(self) -> str:
        """Its short code, 8 digits."""
        return code_in(self.serial)


def code_in(serial: bytes) -> str:
    """The short code of a serial."""
    return code_of(int.from_bytes(serial, "big"))


def is_ticket(text: str) -> bool:
    """Whether a text says that it is a ticket, of whatever version, and is no longer than one."""
    return len(text) <= TEXT_MAX and _PREFIX.match(text) is not None


def sign(ticket: Ticket, key: Ed25519PrivateKey) -> str:
    """The text of a ticket: capitals, digits and a few signs.

    Raises:
        TicketMakingError: it is too large, or its days or person make no sense.
    """
    body = _packed(ticket)
    text = f"FC1:{base45.encode(body + key.sign(_DOMAIN + body))}"
    if len(text) > TEXT_MAX:
        raise TicketMakingError(
            f"This program is too long for a ticket ({len(text)} signs of {TEXT_MAX}). "
            "Leave exercises out, or put the file on the kiosk."
        )
    return text


def verify(text: str, key: Ed25519PublicKey, today: date) -> Ticket:
    """Read a ticket. Nothing of it is looked at before its signature is found right.

    Args:
        text: as it was scanned, or as it lies in its file.
        key: the desk's.
        today: the day at the kiosk.

    Raises:
        TicketError: it is not taken; the text says what to do.
    """
    named = _PREFIX.match(text)
    if named is None or len(text) > TEXT_MAX:
        raise TicketError("foreign")
    if named[1] != "1":
        raise TicketError("newer")
    try:
        data = base45.decode(text[named.end() :])
        body, signature = data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]
        key.verify(signature, _DOMAIN + body)
        ticket = _unpacked(body)
    except (InvalidSignature, ValueError, struct.error, zlib.error, IndexError, OverflowError) as error:
        raise TicketError("foreign") from error
    today = date(today.year, today.month, today.day)  # a moment is a day too, and can't be compared with one
    if today > ticket.expires:
        raise TicketError("expired")
    if today < ticket.issued - EARLY:
        raise TicketError("early")
    return ticket


def _packed(ticket: Ticket) -> bytes:
    try:
        person = bytes.fromhex(ticket.person)
        language = ticket.language.encode("ascii")
        days = [(day - _DAY_0).days for day in (ticket.issued, ticket.expires)]
        flags = _OWN * ticket.is_own | _PERSON * bool(person) | _LANGUAGE * bool(language)
        head = _HEAD.pack(flags, *days, ticket.serial)
        if len(ticket.serial) != SERIAL_BYTES or ticket.expires < ticket.issued:
            raise ValueError
        if len(person) not in (0, PERSON_BYTES) or len(language) > 20:
            raise ValueError
    except (ValueError, struct.error) as error:
        raise TicketMakingError(
            "A ticket takes a pseudonym of 32 hexadecimal digits, and ends after the day on which it is made."
        ) from error
    spoken = bytes([len(language)]) + language if language else b""
    program = ticket.program.encode()
    if len(program) > PROGRAM_MAX:
        raise TicketMakingError("This program is far too long for a ticket. Put its file on the kiosk.")
    return head + person + spoken + (_deflated(program) if ticket.is_own else program)


def _unpacked(body: bytes) -> Ticket:
    flags, issued, expires, serial = _HEAD.unpack_from(body)
    if flags & ~(_OWN | _PERSON | _LANGUAGE):
        raise TicketError("newer")
    rest = body[_HEAD.size :]
    person = language = b""
    if flags & _PERSON:
        person, rest = rest[:PERSON_BYTES], rest[PERSON_BYTES:]
    if flags & _LANGUAGE:
        language, rest = rest[1 : 1 + rest[0]], rest[1 + rest[0] :]
    program = _inflated(rest) if flags & _OWN else rest
    first, last = (_DAY_0 + timedelta(days=days) for days in (issued, expires))
    is_own = bool(flags & _OWN)
    return Ticket(program.decode(), first, last, serial, is_own, person.hex(), language.decode("ascii"))


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, _DICTIONARY)
    return packer.compress(data) + packer.flush()


def _inflated(data: bytes) -> bytes:
    """At most `PROGRAM_MAX` bytes are ever made of it."""
    unpacker = zlib.decompressobj(-15, _DICTIONARY)
    made = unpacker.decompress(data, PROGRAM_MAX)
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("it is no program, or a giant one")
    return made
