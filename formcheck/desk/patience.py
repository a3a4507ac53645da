"""How often, how slowly and over how many lines one device may ask, so that it can't keep the others out."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Callable
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

RATE = 30.0
"""Requests a second that one device may ask for in the long run; a page has about eight, the first time."""
BURST = 300
"""Requests that it may ask for at once."""
DEVICES_MAX = 4096
"""Devices that are kept in mind; of more, those that were quiet longest are forgotten."""
HEADERS_S = 10.0
"""Seconds for a request's line and headers, and for a TLS greeting."""
BODY_S = 20.0
"""Seconds for a request's body."""
LINES = 60
"""Connections of one device at once."""


class Rate:
    """Counts the requests of each device: a bucket that a request empties by one, and time fills again."""

    def __init__(self, rate: float = RATE, burst: int = BURST, now: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._now = rate, burst, now
        self._left: dict[str, tuple[float, float]] = {}

    def __len__(self) -> int:
        return len(self._left)

    def wait_s(self, address: str) -> float:
        """Take one request of a device; 0 where it may be answered, else the seconds after which one may.

        One that may not is not counted.
        """
        device, now_s = device_of(address), self._now()
        left, then_s = self._left.pop(device, (float(self._burst), now_s))
        left = min(left + (now_s - then_s) * self._rate, self._burst)
        may = left >= 1
        self._left[device] = (left - may, now_s)
        if len(self._left) > DEVICES_MAX:
            del self._left[next(iter(self._left))]
        return 0.0 if may else (1 - left) / self._rate


def device_of(address: str) -> str:
    """Whom an address stands for: of the sixth version of IP a device has as many as it likes, of one network."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


class PatientProtocol(H11Protocol):
    """HTTP with an end to patience: whoever does not come to the end of a request's headers is hung up on."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A line is open."""
        super().connection_made(transport)
        if self._lines() > LINES:
            transport.abort()
            return
        self._watch()

    def _lines(self) -> int:
        """Lines of this device, this one and those of stations among them."""
        own = device_of(self.client[0]) if self.client else ""
        others: list[Any] = [getattr(each, "client", None) for each in self.connections]
        return sum(1 for client in others if client and device_of(client[0]) == own)

    def data_received(self, data: bytes) -> None:
        """More came."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._calm()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Wait for the end of headers, for so long and no longer; between two requests uvicorn itself waits."""
        if self.conn.their_state is not h11.IDLE:
            self._calm()
        elif self._late is None:
            self._late = self.loop.call_later(HEADERS_S, self.transport.abort)

    def _calm(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
