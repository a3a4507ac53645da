"""What a page consists of, and the page as HTML: no script, nothing from outside, every text escaped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from formcheck.core.text import marked
from formcheck.export.report.figure import LEGEND
from formcheck.session.texts import SOURCE_LANGUAGE, Translate, translator

Paper = Literal["a4", "letter"]
ALWAYS = marked(
    "FormCheck is a practice companion. It measures what the camera shows; a clinician knows what it means. "
    "Not judged: too little was seen to say whether there was a fault. – stands for: not known."
)


FIXED: dict[str, str] = marked({
    "footer": "FormCheck, practice companion",
    "figures": "Stick figures of moments of this exercise;",
})  # fmt: skip
"""What the page itself says, by its name in the template."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart or a figure, and what it shows."""

    caption: str
    draw: Callable[[Translate], Markup]
    """Makes it, with its words in a language."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. Columns from `text_columns` on are numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    text_columns: int = 1


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and what follows it: sentences, charts, a table, stick figures."""

    title: str
    sentences: tuple[str, ...] = ()
    grid: Grid | None = None
    charts: tuple[Drawing, ...] = ()
    figures: tuple[Drawing, ...] = ()
    is_compact: bool = False
    """Whether the charts stand three in a row rather than two."""


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report."""

    title: str
    lines: tuple[str, ...]
    """Whose it is, from when, whether it is signed."""
    tiles: tuple[tuple[str, str], ...]
    """The few numbers that are seen first: label and value."""
    sections: tuple[Section, ...]


def html_of(page: Page, paper: Paper, language: str = SOURCE_LANGUAGE) -> str:
    """The page as one HTML document, to print on that paper.

    Args:
        page: a session's, or a person's.
        paper: its size.
        language: a code such as `fr`; what has no translation stays English.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["in_css"] = _in_css
    return environment.get_template("page.html").render(
        page=page, paper=paper, language=language, t=translator(language), always=ALWAYS, legend=LEGEND, **FIXED
    )


def _in_css(text: str) -> Markup:
    """A text between quotation marks of a style sheet, where no entity is read: what could end it as CSS writes it."""
    return Markup("".join(f"\\{ord(sign):x} " if sign in '"\\<>&' else sign for sign in text))
