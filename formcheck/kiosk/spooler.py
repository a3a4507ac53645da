"""A printer of this computer, by CUPS (`lp`, `lpstat`, `cancel`): print a page, and take back what has not come out.

CUPS itself keeps what it printed for a while: `PreserveJobFiles No` and `PreserveJobHistory No` in its `cupsd.conf`.
"""

from __future__ import annotations

import getpass
import os
import re
import subprocess
from contextlib import suppress
from typing import Literal

from formcheck.core.text import marked
from formcheck.system.errors import FormcheckError

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


def print_page(text: str, printer: str) -> str:
    """Hand a page to a printer. Returns the job's name; empty where the spooler did not say.

    Args:
        text: plain text, lines of at most 80 signs.
        printer: as `lpstat -p` names it; empty where there is none.

    Raises:
        PrintError: it was not taken; the text says what to do.
    """
    if not printer:
        raise PrintError("none")
    done = _run(["lp", "-d", printer, "-t", JOB_TITLE, "-o", "document-format=text/plain", "-"], text)
    if done.returncode:
        told = done.stderr.lower()
        raise PrintError("unknown" if any(words in told for words in _UNKNOWN) else "refused")
    found = _JOB.search(done.stdout)
    return found[1] if found else ""


def waiting(printer: str) -> tuple[str, ...]:
    """Jobs of this user that have not come out of a printer yet: there is no paper, or it is at work.

    Raises:
        PrintError: the spooler doesn't answer.
    """
    listed = _run(["lpstat", "-W", "not-completed", "-u", getpass.getuser()], "")
    names = (line.split()[0] for line in listed.stdout.splitlines() if line.strip())
    return tuple(name for name in names if name.rpartition("-")[0] == printer)


def take_back(job: str) -> None:
    """A job out of the queue again, and its data too.

    Raises:
        PrintError: the spooler doesn't answer.
    """
    _run(["cancel", "-x", job], "")


def sweep(printer: str) -> None:
    """Take back all that waits, so that nothing of one person comes out when the next one stands there.

    Args:
        printer: as `lpstat -p` names it; empty where there is none.
    """
    if not printer:
        return
    with suppress(PrintError):  # the spooler is gone, and what it held with it
        for job in waiting(printer):
            take_back(job)


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
