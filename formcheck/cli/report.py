"""A report to print: of a session, or of a person's last weeks."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from formcheck.cli.consoles import out
from formcheck.cli.opening import WhereOption, opened
from formcheck.cli.options import LanguageOption, languages_of
from formcheck.system.errors import FormcheckError
from formcheck.system.files import Draft, cannot_write, check_writable
from formcheck.system.shown import shown

if TYPE_CHECKING:  # the store loads its libraries; `--help` answers without them
    from formcheck.export.report import Page
    from formcheck.store import Store


class PaperName(StrEnum):
    """The papers."""

    A4 = "a4"
    LETTER = "letter"


def report(
    to: Annotated[Path, typer.Option("--to", help="Where to write it: a file that ends in .html or .pdf.")],
    whose: Annotated[
        str | None,
        typer.Argument(
            metavar="[PERSON|SESSION]",
            help="A session's id; or a person: pseudonym, its beginning, or a name. Without it: the last session.",
        ),
    ] = None,
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=520, help="For a person: how many weeks back.")] = 8,
    paper: Annotated[PaperName, typer.Option("--paper", help="What it is printed on.")] = PaperName.A4,
    name: Annotated[bool, typer.Option("--name", help="Show the person's name, where the vault has one.")] = False,
    language: LanguageOption = None,
    store: WhereOption = None,
) -> None:
    """Write a report from what was kept: one file to read, print or send."""
    from formcheck.export.report import html_of, pdf_of

    if to.suffix.lower() not in (".html", ".htm", ".pdf"):
        raise FormcheckError(f"{shown(to)}: a report is an .html or a .pdf file. Name it so.")
    chosen = languages_of(language).best()
    check_writable(to)
    with opened(store) as found:
        page = _page(found, whose, weeks, is_named=name)
    html = html_of(page, paper.value, chosen)
    content = pdf_of(html) if to.suffix.lower() == ".pdf" else html.encode("utf-8", "replace")
    with Draft(to) as draft:
        try:
            draft.path.write_bytes(content)
        except OSError as error:
            raise cannot_write(to, error) from error
        draft.keep()
    out.print(f"{page.title}: {shown(to)}", highlight=False, markup=False, soft_wrap=True)


def _page(store: Store, whose: str | None, weeks: int, *, is_named: bool) -> Page:
    """The page that was asked for.

    Raises:
        FormcheckError: there is no such session or person, or nothing was kept yet.
    """
    from formcheck.export.report import person_page, session_page

    if whose is None or _is_session(whose):
        found = store.last() if whose is None else store.one(str(uuid.UUID(whose)))
        if found is None:
            raise FormcheckError("Nothing was kept yet.")
        known = store.name_of(found.person) if is_named and found.person else None
        return session_page(found, name=known)
    person = store.person(whose)
    known = store.name_of(person) if is_named else None
    until = datetime.now(UTC)
    last = store.last(person)
    sessions = store.kept(person=person, since=until - timedelta(weeks=weeks, days=1)) or ([last] if last else [])
    return person_page(sessions, person=person, until=until, weeks=weeks, name=known)


def _is_session(text: str) -> bool:
    """Whether a text is a session's id rather than a person: a UUID with its hyphens."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
