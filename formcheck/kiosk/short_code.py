"""The short code of a ticket: eight digits that can be typed on a remote, the last of which finds typing mistakes."""

from __future__ import annotations

DIGITS = 8
"""Seven of the ticket, and the one that checks them."""
DRAWN = 10 ** (DIGITS - 1)
"""How many codes there are."""

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
"""Damm's quasigroup of order 10 (H. M. Damm, 2004): finds each wrong digit, and two neighbours that changed places."""


def code_of(number: int) -> str:
    """The code of a number from 0 to 9 999 999."""
    digits = f"{number % DRAWN:0{DIGITS - 1}d}"
    return f"{digits}{_rest(digits)}"


def is_code(text: str) -> bool:
    """Whether these are eight digits without a typing mistake."""
    return len(text) == DIGITS and text.isascii() and text.isdigit() and _rest(text) == 0


def in_groups(code: str) -> str:
    """As it is shown and printed: "1234 5678"."""
    return f"{code[: DIGITS // 2]} {code[DIGITS // 2 :]}"


def _rest(digits: str) -> int:
    state = 0
    for digit in digits:
        state = _DAMM[state][int(digit)]
    return state
