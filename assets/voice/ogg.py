"""Gives an Ogg file a fixed stream number, so that the same sound is the same file to the byte."""

from __future__ import annotations

import struct

POLYNOMIAL = 0x04C11DB7
"""Ogg's CRC-32: this polynomial, not reflected, start and end value 0 [RFC 3533]."""


def _table() -> list[int]:
    rows = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = ((value << 1) ^ (POLYNOMIAL if value & 0x80000000 else 0)) & 0xFFFFFFFF
        rows.append(value)
    return rows


TABLE = _table()


def checksum(page: bytes) -> int:
    """Ogg's checksum of a page whose own checksum field is zero."""
    value = 0
    for byte in page:
        value = ((value << 8) & 0xFFFFFFFF) ^ TABLE[(value >> 24) ^ byte]
    return value


def with_serial(stream: bytes, serial: int) -> bytes:
    """The same Ogg stream with another serial number; encoders draw it at random.

    Raises:
        ValueError: `stream` is not a sequence of whole Ogg pages.
    """
    out, at = bytearray(), 0
    while at < len(stream):
        if stream[at : at + 4] != b"OggS":
            raise ValueError(f"no Ogg page at byte {at}")
        segments = stream[at + 26]
        size = 27 + segments + sum(stream[at + 27 : at + 27 + segments])
        page = bytearray(stream[at : at + size])
        page[14:18] = struct.pack("<I", serial)
        page[22:26] = bytes(4)
        page[22:26] = struct.pack("<I", checksum(bytes(page)))
        out += page
        at += size
    return bytes(out)
