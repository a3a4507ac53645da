"""What can go wrong with a store, each as one sentence for the person."""

from __future__ import annotations

from typing import Literal

from formcheck.core.text import marked
from formcheck.system.errors import FormcheckError

TroubleKind = Literal["full", "locked", "gone", "missing", "corrupt", "other"]


class StoreError(FormcheckError):
    """What was asked of the store can't be done."""


class StoreTroubleError(StoreError):
    """The store can't be used now; what waits is kept elsewhere until it can."""

    def __init__(self, kind: TroubleKind, text: str) -> None:
        super().__init__(text)
        self.kind: TroubleKind = kind


class LockedError(StoreError):
    """The store is encrypted, and its key is not at hand."""


class NoStoreError(StoreError):
    """There is no store at that place."""


class NewerSchemaError(StoreError):
    """The store was written by a newer version."""


TEXTS: dict[TroubleKind, str] = marked({
    "full": "The disk is full. Make room.",
    "locked": "Another program holds the store.",
    "gone": "The store can't be reached. Check the network, and that the server runs.",
    "corrupt": "The store is damaged. Restore a backup; the next session puts the file aside and begins a new one.",
    "missing": "The store is no longer where it was. Put it back.",
    "other": "The store can't be written. Check where it is, and that you may write there.",
})  # fmt: skip
"""What is told about a trouble."""
KEPT = marked("What you do is kept until it can be saved.")
"""What is added while somebody exercises."""


def trouble_of(error: BaseException) -> StoreTroubleError:
    """A database's error as what it means for the person; nothing of its text is shown, since it may hold values."""
    text = str(error).lower()
    kind: TroubleKind = "other"
    for words, meant in (
        (("disk is full", "no space left", "disk i/o error", "could not extend", "disk quota"), "full"),
        (("locked", "busy", "deadlock", "lock timeout"), "locked"),
        (("malformed", "not a database", "corrupt", "file is encrypted"), "corrupt"),
        (("connect", "server closed", "terminat", "timeout", "no such host", "could not receive", "is closed"), "gone"),
        (("readonly", "read-only", "unable to open"), "other"),
    ):  # fmt: skip
        if any(word in text for word in words):
            kind = meant  # type: ignore[assignment]
            break
    return StoreTroubleError(kind, TEXTS[kind])
