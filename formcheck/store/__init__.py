"""Stub of the store: its signatures. The store itself takes its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from formcheck.session.document import Kept


class Store:
    """What reports and exports may ask of a store."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError

    def kept(
        self, person: str | None = None, session_id: str | None = None, since: datetime | None = None
    ) -> Sequence[Kept]:
        """Sessions, oldest first."""
        raise NotImplementedError

    def person(self, text: str) -> str:
        """Pseudonym from a pseudonym, its unique beginning, or a name."""
        raise NotImplementedError

    def name_of(self, pseudonym: str) -> str | None:
        """Name in the vault."""
        raise NotImplementedError


def open_store(where: str | None = None) -> Store:
    """Open the store."""
    raise NotImplementedError
