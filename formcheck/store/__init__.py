"""The store of sessions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol, Self

from formcheck.session.document import Kept


class StoredRecording(Protocol):
    """A pose stream that was kept with its session."""

    session_id: str
    set_id: str
    exercise: str
    sha256: str
    overrides: Mapping[str, object]

    def read(self) -> bytes:
        """The `.npz`."""


class Store:
    """A store."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def kept(self, person: str | None = None, session_id: str | None = None, since: str | None = None) -> list[Kept]:
        """Sessions, oldest first."""
        raise NotImplementedError

    def recordings(self, person: str | None = None) -> Iterator[StoredRecording]:
        """The kept streams."""
        raise NotImplementedError


def open_store(where: str | None = None) -> Store:
    """Open a store."""
    raise NotImplementedError
