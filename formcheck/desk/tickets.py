"""What the desk needs to hand out tickets for the kiosk. Who signs them is given to it: the kiosk's room is above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from formcheck.session.toml_file import TomlFile


@dataclass(frozen=True, slots=True)
class Slip:
    """A ticket to hand over."""

    svg: str
    """Its code as a drawing that stands in a page: no style, no script, no text."""
    number: str
    """Eight digits in two groups; empty where the kiosk knows no numbers."""
    expires: date
    """The last day on which it is valid."""
    language: str
    """Code of the language of what stands on it."""
    heading: str
    lines: tuple[str, ...]
    """What to do with it, until when, what it is; in the patient's language."""


class TicketMaker(Protocol):
    """Signs tickets with the desk's key."""

    def __call__(self, program: TomlFile, person: str, valid_days: int, language: str) -> Slip:
        """A ticket for one person.

        Raises:
            FormcheckError: the program is too long for one, or it can't be kept for the kiosk.
        """
