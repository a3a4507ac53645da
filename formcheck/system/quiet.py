"""Native libraries chatter on standard error when they start; the person needs our one sentence, not theirs."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator


@contextlib.contextmanager
def quiet_native_stderr(*, is_active: bool = True) -> Iterator[None]:
    """Silence the native library's start-up chatter on file descriptor 2; Python errors still raise."""
    if not is_active:
        yield
        return
    saved, sink = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(sink)
