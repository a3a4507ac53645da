"""The difference as one page that needs nothing else: to read, to send, to print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from formcheck.archive.why import WORDS

CHANGES_MAX = 2000
"""Recordings that are listed one by one; the JSON holds all of them."""
VERDICT_WORDS = {
    "clean": "clean",
    "faulty": "with a fault",
    "not-judged": "not judged",
    "unknown": "verdict not kept",
    "none": "none",
}


def as_html(difference: Mapping[str, Any]) -> str:
    """The page of a `formcheck.archive-diff/1`."""
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.get_template("difference.html")
    return page.render(d=difference, why=WORDS, verdict=VERDICT_WORDS, changes_max=CHANGES_MAX)
