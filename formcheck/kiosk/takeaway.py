"""Taking the result along: a QR code that holds it. No server, no network; it stays on the phone that reads it.

Bare text is no good: a phone's camera offers to search the web for it, or says that it found nothing to use. So the
code is a calendar's entry, or a letter that nobody has sent yet:

| form | what it is | what is known |
|---|---|---|
| `event` | `BEGIN:VEVENT` alone, as barcodes have it | zxing (`VEventResultParser`), which many Android apps are built on, looks for it, unfolds and unescapes it; ML Kit has a type for it; an iPhone took it where the longer form "could not be read" (werneckbh/laravel-qr-code, issue 2) |
| `calendar` | the same within `BEGIN:VCALENDAR`, as RFC 5545 has it | zxing and Binary Eye take it as well; guides show this form for both systems |
| `mail` | `mailto:` with subject and body (RFC 6068) | the oldest; the text leaves the phone once it is sent, and percent signs take a third of the room |

None of them could be tried on a phone here.
"""  # noqa: E501

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote

import segno

from formcheck.core.text import marked
from formcheck.kiosk.result import BRIEF_KEY, CLOSING, PRODUCT, Result, no_room
from formcheck.screen import TakeawayView
from formcheck.session.texts import Translate, translator

BYTES_MAX = 700
"""Of the code's text: 89 modules a side, 11 pixels each on a screen of 1080 (clinic.md)."""
BYTES_LEAST = 300
FOLD_OCTETS = 75
"""RFC 5545, 3.1."""

Form = Literal["event", "calendar", "mail"]
TITLE = marked("Take it along")
HOLD_PHONE = marked("Hold your phone's camera to this.")
_INTO_CALENDAR = marked("Tap what your phone shows: your result becomes an entry in its calendar.")
AND_THEN: dict[Form, str] = {
    "event": _INTO_CALENDAR,
    "calendar": _INTO_CALENDAR,
    "mail": marked("Tap what your phone shows: your result becomes a letter that you can send to yourself."),
}
HOLDS, NOTHING_SENT = marked((
    "The code itself holds the result, without your name.",
    "The code itself holds the result, without your name. Nothing is sent.",
))  # fmt: skip
"""Where a desk watches, and where none does."""
CUT = marked("It was too long for the code: the last lines are left out.")
Matrix = tuple[tuple[bool, ...], ...]
"""Modules of a code from the top, True is dark, without a border."""


@dataclass(frozen=True, slots=True)
class Takeaway:
    """A code that holds a result."""

    text: str
    matrix: Matrix
    is_cut: bool
    """Whether exercises or advice had to be left out; the text says so itself."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """The lines that are still in."""

    result: Result
    is_brief: bool = False
    rows: int = 0
    has_advice: bool = True
    has_headline: bool = True

    def lines(self) -> Iterator[str]:
        """English, in the order in which they are read."""
        result = self.result
        rows, left_out = result.rows[: self.rows], len(result.rows) - self.rows
        if self.is_brief and rows:
            yield BRIEF_KEY
        yield from (row.brief if self.is_brief else row.text for row in rows)
        if left_out:
            yield no_room(left_out)
        yield result.pain
        yield result.warning
        yield result.headline if self.has_headline else ""
        yield result.advice if self.has_advice else ""
        yield CLOSING


def takeaway_of(result: Result, language: str, form: Form = "event", bytes_max: int = BYTES_MAX) -> Takeaway:
    """The code that holds a result.

    Whole lines only: where there is no room for words, exercises are given in numbers; then the last ones are left out,
    then what to work on. Pain and its warning always stay.

    Args:
        result: what was done.
        language: of the person.
        form: what the phone is to make of it.
        bytes_max: of the text as UTF-8, at least 300.
    """
    translate = translator(language)
    write = _WRITERS[form]
    drafts = list(_drafts(result))
    for draft in drafts:
        lines = [translate(line) for line in draft.lines() if line]
        text = write(result, translate, lines)
        if len(text.encode()) <= max(bytes_max, BYTES_LEAST):
            break
    else:
        kept = (result.pain, result.warning, CLOSING)
        text = write(replace(result, title=""), translate, [translate(line) for line in kept if line])
    is_cut = draft.rows < len(result.rows) or not (draft.has_advice and draft.has_headline)
    return Takeaway(text, matrix_of(text), is_cut)


def matrix_of(text: str, error: Literal["l", "m"] = "l") -> Matrix:
    """A text as a QR code, of UTF-8; corrected as well as its size allows, at least as `error` says."""
    code = segno.make_qr(text, error=error, encoding=None if text.isascii() else "utf-8")
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def _drafts(result: Result) -> Iterator[_Draft]:
    count = len(result.rows)
    yield _Draft(result, False, count)
    for rows in range(count, -1, -1):
        yield _Draft(result, True, rows)
    yield _Draft(result, True, 0, False)
    yield _Draft(result, True, 0, False, False)


def _event(result: Result, translate: Translate, lines: list[str]) -> str:
    return _content(_event_lines(result, translate, lines))


def _calendar(result: Result, translate: Translate, lines: list[str]) -> str:
    first, *rest = _event_lines(result, translate, lines)
    stamp = f"DTSTAMP:{result.ended:%Y%m%dT%H%M%S}"
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:FormCheck", first, f"UID:{secrets.token_hex(8)}", stamp)
    return _content([*head, *rest, "END:VCALENDAR"])


def _event_lines(result: Result, translate: Translate, lines: list[str]) -> list[str]:
    """An entry at the time of the session, which is the kiosk's and so names no zone."""
    return [
        "BEGIN:VEVENT",
        f"SUMMARY:{_escaped(_heading(result, translate))}",
        f"DTSTART:{result.began:%Y%m%dT%H%M%S}",
        f"DTEND:{result.ended:%Y%m%dT%H%M%S}",
        f"DESCRIPTION:{_escaped(chr(10).join(lines))}",
        "END:VEVENT",
    ]


def _heading(result: Result, translate: Translate) -> str:
    return translate(result.heading) if result.title else PRODUCT


def _mail(result: Result, translate: Translate, lines: list[str]) -> str:
    subject, body = f"{_heading(result, translate)}, {result.day}", "\r\n".join(lines)
    return f"mailto:?subject={quote(subject, safe='')}&body={quote(body, safe='')}"


_WRITERS: dict[Form, Callable[[Result, Translate, list[str]], str]] = {
    "event": _event,
    "calendar": _calendar,
    "mail": _mail,
}


def _escaped(text: str) -> str:
    """A text as a value (RFC 5545, 3.3.11)."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _content(lines: list[str]) -> str:
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _folded(line: str) -> str:
    """A line in pieces of at most 75 octets, none of which breaks a letter; the following ones begin with a space."""
    pieces, piece, taken = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if taken + octets > FOLD_OCTETS:
            pieces.append(piece)
            piece, taken = " ", 1
        piece += letter
        taken += octets
    return "\r\n".join([*pieces, piece])


def view_of(
    takeaway: Takeaway, form: Form = "event", skips_in_s: float | None = None, *, is_watched: bool = False
) -> TakeawayView:
    """The page that shows it; where a desk watches it does not say that nothing is sent."""
    lines = [HOLD_PHONE, AND_THEN[form], HOLDS if is_watched else NOTHING_SENT, *([CUT] if takeaway.is_cut else [])]
    return TakeawayView(takeaway.matrix, TITLE, tuple(lines), skips_in_s)
