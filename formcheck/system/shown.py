"""File names as they may be shown, written and spoken: a name need not be text."""

from __future__ import annotations

import os


def shown(path: str | os.PathLike[str]) -> str:
    """A path as text that every console, file and font can take.

    On Linux a name is bytes. Those that are not UTF-8 reach Python as lone surrogates, which open the file but can be
    neither printed nor written; in their place stands a question mark in a lozenge.
    """
    return os.fspath(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
