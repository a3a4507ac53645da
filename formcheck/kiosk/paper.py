"""The result on paper: one page of plain text. No file is written."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from formcheck.kiosk.result import BRIEF_KEY, CLOSING, Result, no_room
from formcheck.session.texts import Translate, translator

COLUMNS, MARGIN = 80, 10
"""Signs of a line, and how many of them are left empty on each side."""
LINES = 60
"""Of a page: CUPS prints six lines an inch on A4 and on Letter, the margin at the top among them."""
TOP = 4


def page_of(result: Result, language: str) -> str:
    """A result as one page, lines of at most 80 signs, in the person's language.

    Where it is longer than a page exercises are given in numbers; then the last ones are left out, and it says so.
    """
    translate = translator(language)
    for is_brief, rows in ((False, len(result.rows)), *((True, n) for n in range(len(result.rows), -1, -1))):
        lines = list(_lines(result, translate, is_brief, rows))
        if len(lines) <= LINES:
            break
    return "".join(f"{line}\n" for line in lines[:LINES])


def _lines(result: Result, translate: Translate, is_brief: bool, rows: int) -> Iterator[str]:
    yield from [""] * TOP
    yield from _wrapped(translate(result.heading))
    yield from _wrapped(f"{result.day}, {result.began:%H:%M} - {result.ended:%H:%M}")
    yield ""
    if is_brief:
        yield from _wrapped(translate(BRIEF_KEY))
    for row in result.rows[:rows]:
        yield from _wrapped(translate(row.brief if is_brief else row.text), 2)
        yield from () if is_brief else ("",)
    left_out = len(result.rows) - rows
    if left_out:
        yield from _wrapped(translate(no_room(left_out)))
    for text in (result.pain, result.warning, result.headline, result.advice, CLOSING):
        yield from ("", *_wrapped(translate(text))) if text else ()


def _wrapped(text: str, indent: int = 0) -> list[str]:
    """Lines within the margins; what follows the first one stands further in."""
    first = " " * MARGIN
    return textwrap.wrap(
        text, COLUMNS - MARGIN, initial_indent=first, subsequent_indent=first + " " * indent, break_on_hyphens=False
    )
