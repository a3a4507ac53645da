"""The line between the supervisor and a worker: one word a line, over a socket that only the two of them have."""

from __future__ import annotations

import os
import select
import socket
from typing import Literal

Told = Literal["ready", "shown", "drawn", "woken", "printing", "finished", "failed", "quit", "locked"]
"""What a worker tells: it has loaded everything; its page is on the screen; a picture was drawn; somebody has come;
a page goes to the printer; somebody has gone, and it lets go of camera and sound; it failed, and has said so on the
screen; the staff end the kiosk. `locked` carries what is kept of wrong PINs (`locked TEXT`)."""
Asked = Literal["show", "leave"]
"""What the supervisor asks: come to the screen; end."""
FD = "FORMCHECK_KIOSK_FD"
"""Name of the environment's entry with the socket's number."""
LINE_MAX = 4096
"""Bytes of the longest line."""


class Link:
    """One end of the line. It never blocks longer than asked, and never raises: a line that is cut says so."""

    def __init__(self, end: socket.socket) -> None:
        self._end, self._waiting = end, b""
        self._end.setblocking(False)
        self.is_cut = False
        """Whether the other one has gone."""

    @classmethod
    def of_worker(cls) -> Link | None:
        """The end that the supervisor has left to this process; None where it was started by hand."""
        number = os.environ.pop(FD, "")
        return cls(socket.socket(fileno=int(number))) if number.isdecimal() else None

    def fileno(self) -> int:
        """The socket's number, to wait for it."""
        return self._end.fileno()

    def tell(self, word: str) -> None:
        """Say a word; a full or cut line is let be."""
        try:
            self._end.sendall(word.encode() + b"\n")
        except BlockingIOError:
            return
        except OSError:
            self.is_cut = True

    def words(self, timeout_s: float = 0.0) -> list[str]:
        """The words that have come, waiting up to so many seconds for the first."""
        if self.is_cut or not select.select([self._end], [], [], timeout_s)[0]:
            return []
        try:
            data = self._end.recv(LINE_MAX)
        except BlockingIOError:
            return []
        except OSError:
            data = b""
        if not data:
            self.is_cut = True
            return []
        *lines, self._waiting = (self._waiting + data).split(b"\n")
        self._waiting = self._waiting[-LINE_MAX:]
        return [line.decode(errors="replace") for line in lines if line]

    def close(self) -> None:
        """Cut the line."""
        self.is_cut = True
        self._end.close()
