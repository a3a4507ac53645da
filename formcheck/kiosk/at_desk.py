"""Tickets that the supervisor's desk hands out in a browser: `formcheck desk --ticket-key`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from formcheck.desk.tickets import Slip
from formcheck.kiosk.desk import keep_ticket, make_ticket, slip_words
from formcheck.kiosk.short_code import in_groups
from formcheck.session.registry import load_exercises
from formcheck.session.texts import SOURCE_LANGUAGE
from formcheck.session.toml_file import TomlFile

QUIET = 4
"""Modules of white around a code (ISO 18004)."""


@dataclass(frozen=True, slots=True)
class DeskTickets:
    """Signs with the desk's key (a `TicketMaker`)."""

    key: Ed25519PrivateKey
    folder: Path | None = None
    """The kiosk's folder, so that the number can be typed there; None: by its code alone."""
    today: Callable[[], date] = date.today

    def __call__(self, program: TomlFile, person: str, valid_days: int, language: str) -> Slip:
        """Make a ticket, and keep its file where there is a folder."""
        made = make_ticket(
            program, self.key, load_exercises(), self.today(),
            valid_days=valid_days, person=person, language=language, folder=self.folder,
        )  # fmt: skip
        if self.folder is not None:
            keep_ticket(made, self.folder)
        code = segno.make_qr(made.text, error="l")
        svg = code.svg_inline(border=QUIET, light="#fff", omitsize=True, svgclass=None, lineclass=None)
        has_number, ticket = self.folder is not None, made.ticket
        heading, *lines = slip_words(ticket, has_number=has_number)
        number = in_groups(ticket.code) if has_number else ""
        return Slip(svg, number, ticket.expires, ticket.language or SOURCE_LANGUAGE, heading, tuple(lines))
