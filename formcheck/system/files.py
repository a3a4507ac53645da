"""Where results are written: refused before the work when it can't be done."""

from __future__ import annotations

import os
from pathlib import Path

from formcheck.system.errors import FormcheckError


def check_writable(path: Path | None) -> None:
    """Refuse a result's place before the work rather than after it.

    Raises:
        FormcheckError: nothing can be written there.
    """
    if path is None:
        return
    if path.is_dir() or not path.parent.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise FormcheckError(f"{path} can't be written. Choose a folder that exists and that you may write to.")


def write_text(path: Path, text: str) -> None:
    """Write a text file.

    Raises:
        FormcheckError: it can't be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FormcheckError(f"{path} can't be written ({error.strerror}). Choose another place.") from error
