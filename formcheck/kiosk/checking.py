"""What is looked over once when the kiosk starts, so that nobody stands before a mistake in the clinic's file."""

from __future__ import annotations

from formcheck.kiosk.config import KioskConfig
from formcheck.kiosk.pin import check_hash
from formcheck.kiosk.taking import public_key
from formcheck.kiosk.worker import key_names
from formcheck.screen.keys import stand_ins
from formcheck.session.program import load_program
from formcheck.session.registry import load_exercises
from formcheck.system.errors import SettingsError


def check_config(config: KioskConfig) -> None:
    """Refuse a PIN that is no hash, a key that is no desk's or no keyboard's, programs that can't be read, and a file
    with which there is nothing to choose.

    Raises:
        SettingsError: one of them; the text says what to do.
    """
    check_hash(config.staff.pin)
    if config.tickets.key:
        public_key(config.tickets.key)
    stand_ins(key_names(config))
    registry = load_exercises()
    for name in config.programs:
        load_program(name, registry)
    if not (config.programs or config.exercises or config.tickets.key):
        raise SettingsError("There is nothing to choose. Name a program, or set exercises = true, or tickets.key.")
