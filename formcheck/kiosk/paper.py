"""The result on paper, where the clinic has a printer: one page of plain text for CUPS (`lp`). No file is written.

CUPS itself keeps what it printed for a while: `PreserveJobFiles No` and `PreserveJobHistory No` in its `cupsd.conf`.
"""

from __future__ import annotations

import os
import re
import subprocess
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from formcheck.core.text import marked
from formcheck.kiosk.config import Printer
from formcheck.kiosk.result import BRIEF_KEY, CLOSING, Result, no_room
from formcheck.session.texts import Translate, translator
from formcheck.system.errors import FormcheckError

COLUMNS, MARGIN = 80, 10
"""Signs of a line, and how many of them are left empty on each side."""
LINES = 60
"""Of a page: CUPS prints six lines an inch on A4 and on Letter, the margin at the top among them."""
TOP = 4
TIMEOUT_S = 10.0
"""For which the spooler may take: it answers at once, unless it hangs."""
JOB_TITLE = "FormCheck"
"""What the printer's display and its list of jobs show."""

PrinterTrouble = Literal["none", "absent", "unknown", "refused", "hangs", "waits"]
TROUBLES: dict[PrinterTrouble, str] = marked({
    "none": "No printer is set up here. Take your result along by your phone.",
    "absent": "This computer can't print. Take your result along by your phone, or ask at the desk.",
    "unknown": "The printer isn't known to this computer. Take your result along by your phone, or ask at the desk.",
    "refused": "The printer takes nothing now. Take your result along by your phone, or ask at the desk.",
    "hangs": "The printer doesn't answer. Take your result along by your phone, or ask at the desk.",
    "waits": "The printer doesn't print: is there paper? Your page was taken back, so that nobody else gets it.",
})  # fmt: skip
"""What is told where nothing is printed; the page with the result stays."""
_UNKNOWN = ("does not exist", "no default destination", "no destinations", "unknown destination", "not found")
_JOB = re.compile(r"request id is (\S+)")


class PrintError(FormcheckError):
    """The result was not printed; nothing else was lost."""

    def __init__(self, kind: PrinterTrouble) -> None:
        super().__init__(TROUBLES[kind])
        self.kind: PrinterTrouble = kind


@dataclass(frozen=True, slots=True)
class PrintJob:
    """What the spooler has taken."""

    name: str
    """As the spooler calls it; empty where it did not say."""

    def is_waiting(self) -> bool:
        """Whether it is still in the queue: it is being printed, or there is no paper."""
        if not self.name:
            return False
        try:
            listed = _run(["lpstat", "-W", "not-completed"], "")
        except PrintError:
            return False
        return any(line.split()[:1] == [self.name] for line in listed.stdout.splitlines())

    def take_back(self) -> None:
        """Out of the queue again, so that it does not come out when the next person stands there (`TROUBLES["waits"]`).

        Raises:
            PrintError: the spooler doesn't answer.
        """
        if self.name:
            _run(["cancel", "-x", self.name], "")


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


def print_page(text: str, printer: Printer) -> PrintJob:
    """Hand a page to a printer.

    Raises:
        PrintError: it was not taken; the text says what to do.
    """
    if not printer.name:
        raise PrintError("none")
    done = _run(["lp", "-d", printer.name, "-t", JOB_TITLE, "-o", "document-format=text/plain", "-"], text)
    if done.returncode:
        told = done.stderr.lower()
        raise PrintError("unknown" if any(words in told for words in _UNKNOWN) else "refused")
    found = _JOB.search(done.stdout)
    return PrintJob(found[1] if found else "")


def _run(command: list[str], text: str) -> subprocess.CompletedProcess[str]:
    """Run a command of CUPS; it answers in English."""
    try:
        return subprocess.run(
            command, input=text, capture_output=True, timeout=TIMEOUT_S, check=False,
            encoding="utf-8", errors="replace", env={**os.environ, "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise PrintError("hangs") from error
    except OSError as error:
        raise PrintError("absent") from error


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
