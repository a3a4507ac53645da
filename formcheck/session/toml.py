"""TOML files that a person wrote: read, or refused with one sentence that names the cause."""

from __future__ import annotations

import codecs
import tomllib
from pathlib import Path
from typing import Any

from formcheck.system.errors import SettingsError

UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_toml(path: Path, missing: str) -> tuple[dict[str, Any], str]:
    """The tables of a file, and its text. A byte order mark at its beginning is left out.

    Args:
        path: of the file.
        missing: the sentence for a file that can't be read.

    Raises:
        SettingsError: unreadable, or not TOML.
    """
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-16" if raw.startswith(UTF16) else "utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise SettingsError(missing) from error
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from error
    except RecursionError as error:
        raise SettingsError(f"{path} is nested too deeply. Write each table with its own heading.") from error
    except ValueError as error:
        raise SettingsError(f"{path} holds a number with too many digits. Write it shorter.") from error
