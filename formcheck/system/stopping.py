"""Ctrl-C and the signals by which a machine ends its programs: asked once, the work ends in order."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))


@contextmanager
def stop_requests() -> Iterator[Callable[[], int]]:
    """Tells whether the program was asked to stop: the signal's number, 0 while it was not.

    The second request is obeyed at once, by `SystemExit`. Outside the main thread there are no signals to hear.
    """
    heard: list[int] = []

    def hear(number: int, _: FrameType | None) -> None:
        heard.append(number)
        if len(heard) > 1:
            raise SystemExit(exit_code(number))

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
    """A request to end raises `SystemExit` here, so that what was done is still written. (Ctrl-C raises by itself.)"""

    def leave(number: int, _: FrameType | None) -> None:
        raise SystemExit(exit_code(number))

    is_main = threading.current_thread() is threading.main_thread()
    ours = [number for number in SIGNALS if is_main and signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, leave)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def exit_code(number: int) -> int:
    """The exit code of a program that a signal ended, as shells have it."""
    return 128 + number
