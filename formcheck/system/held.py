"""A file that is held for as long as a program lives: whoever can take it knows that the holder is gone.

The system lets go of it when the program ends, however it ends.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import IO


class Held:
    """A file that this program holds."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self._file, self._path = file, path

    def release(self) -> None:
        """Let go of it, and take it away."""
        with contextlib.suppress(OSError):
            self._path.unlink()
        self._file.close()


def hold(path: Path) -> Held | None:
    """Take a file; None where another program (or this one) holds it.

    Raises:
        OSError: there can be no file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "r+b", buffering=0)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return Held(file, path)


def is_held(path: Path) -> bool:
    """Whether some program holds it."""
    if not path.exists():
        return False
    held = hold(path)
    if held is None:
        return True
    held.release()
    return False
