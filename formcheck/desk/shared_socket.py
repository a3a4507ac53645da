"""A TLS socket that one thread reads while another writes."""

from __future__ import annotations

import select
import ssl
import threading
from typing import Any

LOOK_S = 1.0
"""Seconds after which it is looked again whether the socket was closed."""


class SharedSocket(ssl.SSLSocket):
    """OpenSSL lets only one thread at a time into a connection, and Python 3.11 does not see to it: a first word that
    is sent while the reader meets the server's session tickets may never leave (1 connection in 20, measured).

    From `share` on nobody waits inside OpenSSL: whoever must wait does so outside, and then takes turns.
    """

    _turn: threading.Lock | None = None

    def share(self) -> None:
        """Let two threads use it from now on; the handshake is over."""
        super().settimeout(0.0)
        self._turn = threading.Lock()

    def settimeout(self, value: float | None) -> None:
        """As of any socket, until it is shared: then it waits until something comes, or it is closed."""
        if self._turn is None:
            super().settimeout(value)

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        """What has come; waits for it."""
        if self._turn is None:
            return super().recv(buflen, flags)
        while True:
            try:
                with self._turn:
                    return super().recv(buflen, flags)
            except ssl.SSLWantWriteError:
                self._await(is_to_write=True)
            except (ssl.SSLWantReadError, BlockingIOError):
                self._await(is_to_write=False)

    def send(self, data: Any, flags: int = 0) -> int:
        """Hand over some of it; waits until it can. `sendall` comes here."""
        if self._turn is None:
            return super().send(data, flags)
        while True:
            try:
                with self._turn:
                    return super().send(data, flags)
            except ssl.SSLWantReadError:
                self._await(is_to_write=False)
            except (ssl.SSLWantWriteError, BlockingIOError):
                self._await(is_to_write=True)

    def _await(self, *, is_to_write: bool) -> None:
        number = self.fileno()
        if number < 0:
            raise OSError("The connection was closed.")
        select.select([] if is_to_write else [number], [number] if is_to_write else [], [], LOOK_S)
