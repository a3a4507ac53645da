"""Whether this person wants to be listened to: kept from one time to the next."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from formcheck.system.data import data_folder


def _path() -> Path:
    return data_folder() / "listening.json"


def is_wished() -> bool:
    """What was said the last time; no where nobody asked for it."""
    try:
        return bool(json.loads(_path().read_bytes()[:1000])["listen"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def keep_wish(is_on: bool) -> None:
    """Keep it for the next time."""
    with suppress(OSError):
        _path().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _path().write_text(json.dumps({"listen": is_on}) + "\n", "utf-8")
