"""Bytes as text of 45 signs (RFC 9285): a QR code keeps it in its alphanumeric mode, 8.25 bits for each byte."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}


def encode(data: bytes) -> str:
    """Three signs for two bytes, two for a last one alone."""
    signs = []
    for i in range(0, len(data), 2):
        pair = data[i : i + 2]
        number = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            number, value = divmod(number, 45)
            signs.append(ALPHABET[value])
    return "".join(signs)


def decode(text: str) -> bytes:
    """What was encoded.

    Raises:
        ValueError: a sign is none of the 45, or the text is no whole number of bytes.
    """
    data = bytearray()
    for i in range(0, len(text), 3):
        group = text[i : i + 3]
        if len(group) == 1 or any(sign not in _VALUES for sign in group):
            raise ValueError("this is not base 45")
        number = sum(_VALUES[sign] * 45**place for place, sign in enumerate(group))
        if number >= 256 ** (len(group) - 1):
            raise ValueError("this is not base 45")
        data += number.to_bytes(len(group) - 1, "big")
    return bytes(data)
