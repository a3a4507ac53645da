"""Tickets at the kiosk: by the text of a QR code, or by the short code of one that lies in the kiosk's folder."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from formcheck.kiosk.config import Tickets
from formcheck.kiosk.short_code import is_code
from formcheck.kiosk.ticket import TEXT_MAX, Ticket, TicketError, verify
from formcheck.kiosk.tries import Tries
from formcheck.session.program import Program, load_program, program_in, program_names
from formcheck.session.registry import Registry
from formcheck.session.toml_file import TomlFile
from formcheck.system.errors import SettingsError

SUFFIX = ".ticket"
"""Of a ticket's file, whose name is its short code: it says nothing of the person."""
_SEPARATORS = str.maketrans("", "", " -.\N{NO-BREAK SPACE}")


@dataclass(frozen=True, slots=True)
class Taken:
    """A ticket that holds, and its program as it is today."""

    ticket: Ticket
    program: Program


class TicketTaker:
    """Takes tickets of one desk. It says nothing of them to anybody, and keeps none."""

    def __init__(self, tickets: Tickets, registry: Registry, tries: Tries | None = None) -> None:
        """Make it.

        Args:
            tickets: as they are configured.
            registry: the exercises that are installed.
            tries: the wrong numbers so far, from the process before.

        Raises:
            SettingsError: the desk's key is none.
        """
        self._key = public_key(tickets.key) if tickets.key else None
        self._folder, self._registry = tickets.folder, registry
        self.tries = tries or Tries()

    @property
    def takes_any(self) -> bool:
        """Whether a ticket can be shown at all."""
        return self._key is not None

    @property
    def takes_codes(self) -> bool:
        """Whether a number can be typed."""
        return self.takes_any and self._folder is not None

    def by_text(self, text: str, today: date) -> Taken:
        """The ticket that was held to the camera.

        Raises:
            TicketError: it is not taken.
        """
        if self._key is None:
            raise TicketError("off")
        ticket = verify(text, self._key, today)
        return Taken(ticket, program_of(ticket, self._registry, today))

    def by_code(self, typed: str, today: date, now_s: float) -> Taken:
        """The ticket whose number was typed; its signature is checked all the same.

        Args:
            typed: eight digits; spaces and dashes between them are let pass.
            today: the day at the kiosk.
            now_s: seconds of a clock that only grows.

        Raises:
            TicketError: there is none, it is not taken, or it must be waited.
        """
        if not self.takes_codes:
            raise TicketError("off")
        if self.tries.wait_s(now_s) > 0:
            raise TicketError("wait")
        code = typed.translate(_SEPARATORS)
        if not is_code(code):
            raise TicketError("typo")  # it says nothing about what there is, so it costs nothing
        text = self._text_of(code)
        if text is None:
            self.tries = self.tries.after_wrong(now_s)
            raise TicketError("unknown")
        taken = self.by_text(text, today)
        if taken.ticket.code != code:  # a file that was given another number
            raise TicketError("foreign")
        return taken

    def _text_of(self, code: str) -> str | None:
        assert self._folder is not None
        try:
            with (self._folder / f"{code}{SUFFIX}").open("rb") as file:
                return file.read(TEXT_MAX + 2).decode("ascii", "replace").strip("\r\n")
        except OSError:
            return None


def public_key(text: str) -> Ed25519PublicKey:
    """The desk's key, as `formcheck kiosk ticket key` prints it.

    Raises:
        SettingsError: it is none.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        return Ed25519PublicKey.from_public_bytes(data)
    except (binascii.Error, ValueError) as error:
        raise SettingsError(
            "tickets.key of the kiosk's file is no key of a desk. Copy what 'formcheck kiosk ticket key' prints."
        ) from error


def program_of(ticket: Ticket, registry: Registry, today: date | None) -> Program:
    """The program of a ticket, checked as any other.

    Raises:
        TicketError: it makes no sense here, or has nothing for this day.
    """
    _load(ticket, registry, None)
    try:
        return _load(ticket, registry, today)
    except TicketError as error:
        raise TicketError("rest") from error


def _load(ticket: Ticket, registry: Registry, today: date | None) -> Program:
    try:
        if ticket.is_own:
            return program_in(TomlFile.of(Path("ticket"), ticket.program), registry, today)
        if ticket.program in program_names():  # never a path: a ticket names no file of this machine
            return load_program(ticket.program, registry, today)
    except SettingsError as error:
        raise TicketError("program") from error
    raise TicketError("program")
