"""Opening the store for a command; a passphrase is typed where there is somebody to type it."""

from __future__ import annotations

import getpass
import sys
from functools import cache
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:  # the store loads its database; `--help` answers without
    from formcheck.store import KeySources, Store

WhereOption = Annotated[
    str | None, typer.Option("--store", help="A file's path or postgresql://…; default: FORMCHECK_STORE, or your own.")
]


def sources() -> KeySources:
    """Where keys are on this machine; a passphrase is typed where there is somebody to type it."""
    from formcheck.store import KeySources

    return KeySources(ask=_typed if sys.stdin is not None and sys.stdin.isatty() else None)


@cache
def _typed() -> str:
    """The passphrase, typed once in a run."""
    return getpass.getpass("Passphrase of the store: ")


def opened(where: str | None) -> Store:
    """The store, for a command.

    Raises:
        FormcheckError: it can't be opened.
    """
    from formcheck.store import open_store

    return open_store(where, sources=sources())
