"""Ends a worker whose recording never ends: whatever it hangs in, Python or a library."""

from __future__ import annotations

import faulthandler
import os
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, TypeVar

Item = TypeVar("Item")

REARM_S = 1.0
"""How often at most the clock is set anew: each time costs a thread."""


class Watchdog:
    """Ends this process when the next item of a stream takes too long; the note then says where it hung."""

    def __init__(self, limit_s: float, note: Path | None) -> None:
        """Watch.

        Args:
            limit_s: seconds that one item may take.
            note: a file that is there with something in it only where the limit was passed; None writes none.
        """
        self._limit_s, self._note = limit_s, note
        self._armed_s = 0.0
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        self._file = open(self._note or os.devnull, "wb")
        self._arm()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        faulthandler.cancel_dump_traceback_later()
        if self._file is not None:
            self._file.close()
        if self._note is not None:
            self._note.unlink(missing_ok=True)

    def each(self, items: Iterator[Item]) -> Generator[Item, None, None]:
        """The items; the clock begins anew with each."""
        for item in items:
            if time.monotonic() - self._armed_s > min(REARM_S, self._limit_s / 2):
                self._arm()
            yield item

    def _arm(self) -> None:
        self._armed_s = time.monotonic()
        if self._file is not None:
            faulthandler.dump_traceback_later(self._limit_s, exit=True, file=self._file)
