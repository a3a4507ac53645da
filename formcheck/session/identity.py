"""Identities that sort by time, and times as text."""

from __future__ import annotations

import os
import secrets
import threading
import time
import uuid
from datetime import UTC, datetime

RANDOM_BITS = 74
STEP_BITS = 32  # how far two identities of the same millisecond lie apart, at most: RFC 9562, 6.2, method 2

_lock = threading.Lock()
_newest = 0  # milliseconds and random bits of the last identity that this process made


def uuid7(utc_ms: int | None = None, random_bytes: bytes | None = None) -> str:
    """A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then 74 random ones.

    Those of now sort in the order in which this process made them: also within a millisecond, and when the clock is set
    back.

    Args:
        utc_ms: milliseconds since 1970, UTC; now where it is not given.
        random_bytes: 10 of them, of which 6 bits are overwritten; the system's own where they are not given.
    """
    noise = int.from_bytes(random_bytes if random_bytes is not None else os.urandom(10), "big")
    wanted = (noise >> 64 & 0xFFF) << 62 | noise & (1 << 62) - 1
    if utc_ms is not None:
        return _written(utc_ms << RANDOM_BITS | wanted)
    return _written(_after_all(time.time_ns() // 1_000_000 << RANDOM_BITS | wanted))


def _after_all(wanted: int) -> int:
    global _newest
    with _lock:
        _newest = max(wanted, _newest + 1 + secrets.randbits(STEP_BITS))
        return _newest


def _written(value: int) -> str:
    moment, random = value >> RANDOM_BITS & (1 << 48) - 1, value & (1 << RANDOM_BITS) - 1
    return str(uuid.UUID(int=moment << 80 | 0x7 << 76 | random >> 62 << 64 | 0x2 << 62 | random & (1 << 62) - 1))


def utc_text(epoch_s: float) -> str:
    """Seconds since 1970 as ISO 8601 text in UTC, with milliseconds."""
    return datetime.fromtimestamp(epoch_s, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
