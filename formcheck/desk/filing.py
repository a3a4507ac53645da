"""What lies in a patient's file, as the pages show it: versions of the program, notes with what was added to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from formcheck.desk.prescribing import PLACE, ProgramForm, form_of, reasons_of
from formcheck.session.document import SessionDocument
from formcheck.session.outcome import Answered
from formcheck.session.program import program_in
from formcheck.session.registry import Registry
from formcheck.session.toml_file import TomlFile
from formcheck.store import LockedError, Store, papers
from formcheck.store.papers import Paper


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a patient's program."""

    number: int
    """From 1."""
    paper: Paper

    @property
    def toml(self) -> str:
        """The file that `formcheck session` reads."""
        return str(self.paper.body["toml"])

    @property
    def why(self) -> str:
        """Why it was made."""
        return str(self.paper.body["why"])

    @property
    def form(self) -> ProgramForm:
        """As a form."""
        return form_of(self.toml, self.paper.body["reasons"])

    @property
    def saved(self) -> datetime:
        """When."""
        return datetime.fromisoformat(self.paper.utc)


def versions_of(store: Store, person: str) -> list[Version]:
    """All versions of a patient's program, the first one first.

    Raises:
        LockedError: the store's key is not at hand.
    """
    return [Version(n, paper) for n, paper in enumerate(papers.of_person(store, person, "program"), 1)]


def versions_if_open(store: Store, person: str) -> list[Version]:
    """The same; none where the store's key is not at hand."""
    try:
        return versions_of(store, person)
    except LockedError:
        return []


def keep_program(store: Store, person: str, toml: str, form: ProgramForm, why: str, base: str, known: Registry) -> None:
    """Add a version that was checked.

    Args:
        store: the store, in which somebody acts.
        person: whose program.
        toml: its file.
        form: what it was made of.
        why: why it was made.
        base: id of the version that was looked at; empty where there was none.
        known: the exercises.

    Raises:
        OvertakenError: somebody else has saved one meanwhile.
    """
    file = TomlFile.of(PLACE, toml)
    hashes = {program_in(file, known, is_gentle=is_gentle).hash for is_gentle in (False, True)}
    body = {"toml": toml, "why": why, "reasons": reasons_of(form), "hashes": sorted(hashes)}
    papers.add(store, person, "program", body, base, is_next=True)


def version_in(session: SessionDocument, versions: Sequence[Version]) -> int | None:
    """Which version was done in a session: the newest of its hash that was there when it began; None: another one."""
    program, began = session.program, session.began_utc
    if program is None:
        return None
    found = [
        each.number
        for each in versions
        if program.hash in each.paper.body["hashes"] and (began is None or each.saved <= began)
    ]
    return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Note:
    """A note, and what was added to it later."""

    paper: Paper
    addenda: tuple[Paper, ...] = ()


def notes_of(store: Store, person: str) -> list[Note]:
    """A patient's notes, the newest first.

    Raises:
        LockedError: the store's key is not at hand.
    """
    found = papers.of_person(store, person, "note")
    later = [paper for paper in found if paper.of]
    return [
        Note(paper, tuple(each for each in later if each.of == paper.id)) for paper in reversed(found) if not paper.of
    ]


def outcomes_if_open(store: Store, person: str) -> list[Answered]:
    """A patient's outcome forms; none where the store's key is not at hand."""
    try:
        return store.outcomes(person)
    except LockedError:
        return []
