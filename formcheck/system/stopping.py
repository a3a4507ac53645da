"""Ctrl-C and the signals by which a machine ends its programs: asked once, the work ends in order."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))


class Stopped(BaseException):
    """The program ends at once: no `SystemExit`, since others' code may raise that too and is not obeyed."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number
        """As shells have it for a program that a signal ended."""


@contextmanager
def stop_requests() -> Iterator[Callable[[], int]]:
    """Tells whether the program was asked to stop: the signal's number, 0 while it was not.

    The second request is obeyed at once, by `Stopped`. Outside the main thread there are no signals to hear.
    """
    heard: list[int] = []

    def hear(number: int, _: FrameType | None) -> None:
        heard.append(number)
        if len(heard) > 1:
            raise Stopped(number)

    if threading.current_thread() is not threading.main_thread():
        yield lambda: 0
        return
    before = {number: signal.signal(number, hear) for number in SIGNALS}
    try:
        yield lambda: heard[0] if heard else 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def leaving_on_request() -> Iterator[None]:
    """A request to end raises `Stopped` here, so that what was done is still written. (Ctrl-C raises by itself.)"""

    def leave(number: int, _: FrameType | None) -> None:
        raise Stopped(number)

    is_main = threading.current_thread() is threading.main_thread()
    ours = [number for number in SIGNALS if is_main and signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, leave)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
