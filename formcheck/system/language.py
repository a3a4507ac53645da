"""The language of this user: as the system says, and as somebody has chosen in the window."""

from __future__ import annotations

import ctypes
import json
import locale
import os
import sys
from contextlib import suppress

from formcheck.system.data import data_folder

CHOSEN = "language.json"
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where a system like Linux or macOS says it, the strongest first."""


def system_languages() -> tuple[str, ...]:
    """Codes of the languages that the system speaks, the best first, e.g. ("fr_CA", "en"); empty where it is silent."""
    told = next((value for name in VARIABLES if (value := os.environ.get(name))), "")
    if not told and sys.platform == "win32":
        told = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    codes = (code.partition(".")[0].partition("@")[0] for code in told.split(":"))
    return tuple(code for code in codes if code not in ("", "C", "POSIX"))


def chosen_language() -> str | None:
    """What somebody has chosen in the window; None where nobody has."""
    try:
        return str(json.loads((data_folder() / CHOSEN).read_bytes()[:1000])["language"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_language(language: str) -> None:
    """Keep what was chosen; where nothing can be written it holds for this time."""
    path = data_folder() / CHOSEN
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(json.dumps({"language": language}) + "\n", "utf-8")
