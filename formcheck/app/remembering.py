"""What the window remembers of former sessions, and where it comes from: nowhere, unless somebody hands it in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from formcheck.core.text import phrase
from formcheck.session.document import Kept
from formcheck.session.next_step import Accepted
from formcheck.system.errors import FormcheckError

_log = structlog.get_logger(__name__)
T = TypeVar("T")


def _forget(_: Accepted) -> None:
    """Nobody keeps it."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Former sessions of the person at the window. Nothing is remembered by default.

    `past` is called on a thread of its own, as often as it is needed; the other two on the main thread, and must be
    quick.
    """

    past: Callable[[], Sequence[Kept]] = tuple
    """Their sessions, at least those of the last half year. May raise a `FormcheckError`."""
    accepted: Callable[[], Sequence[Accepted]] = tuple
    """The proposals that they took."""
    keep: Callable[[Accepted], None] = _forget
    """Keeps one more."""


class Reading(Generic[T]):
    """Work on a thread of its own, whose result is fetched later: no page waits for a slow disk."""

    def __init__(self, work: Callable[[], T], otherwise: T) -> None:
        """Begin at once.

        Args:
            work: what is to be done.
            otherwise: the result where it failed, or has not come yet.
        """
        self.result = otherwise
        self.problem = ""
        """What went wrong, in a sentence; empty while nothing did."""
        self._work = work
        self._done = threading.Event()
        threading.Thread(target=self._run, name="remembering", daemon=True).start()

    def wait(self, timeout_s: float) -> bool:
        """Wait for so many seconds at most; whether it is over."""
        return self._done.wait(timeout_s)

    def _run(self) -> None:
        try:
            self.result = self._work()
        except FormcheckError as error:
            self.problem = error.text
        except Exception as error:  # noqa: BLE001 - what is remembered must not stop a session
            self.problem = phrase("What was remembered could not be read ({kind}).", kind=type(error).__name__)
            _log.error("the past could not be read", error=type(error).__name__)
        finally:
            self._done.set()
