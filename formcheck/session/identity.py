"""Identities that sort by time, and times as text."""

from __future__ import annotations

import os
import time
import uuid
from datetime import UTC, datetime


def uuid7(utc_ms: int | None = None, random_bytes: bytes | None = None) -> str:
    """A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then 74 random ones.

    Args:
        utc_ms: milliseconds since 1970, UTC; now where it is not given.
        random_bytes: 10 of them; the system's own where they are not given.
    """
    moment = time.time_ns() // 1_000_000 if utc_ms is None else utc_ms
    noise = int.from_bytes(random_bytes if random_bytes is not None else os.urandom(10), "big")
    value = (moment & (1 << 48) - 1) << 80 | noise
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def utc_text(epoch_s: float) -> str:
    """Seconds since 1970 as ISO 8601 text in UTC, with milliseconds."""
    return datetime.fromtimestamp(epoch_s, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
