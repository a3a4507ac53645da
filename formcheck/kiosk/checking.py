"""What is looked over once when the kiosk starts, so that nobody stands before a mistake in the clinic's file."""

from __future__ import annotations

from formcheck.kiosk.config import KioskConfig
from formcheck.kiosk.pin import check_hash
from formcheck.kiosk.taking import public_key


def check_config(config: KioskConfig) -> None:
    """Refuse a PIN that is no hash, and a key that is no desk's.

    Raises:
        SettingsError: one of them is none.
    """
    check_hash(config.staff.pin)
    if config.tickets.key:
        public_key(config.tickets.key)
