"""What is written into a patient's file: notes with their addenda, and outcome forms. Nothing is ever changed."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from formcheck.core.text import marked
from formcheck.desk import filing
from formcheck.desk.people_pages import name_in, person_in
from formcheck.desk.program_pages import accounts_of
from formcheck.desk.roles import Right
from formcheck.desk.visit import NOT_FOUND, Desk, Visit, route, to
from formcheck.session import outcome
from formcheck.session.outcome import FORMS, FormName, OutcomeError
from formcheck.store import StoreError, papers

NOTE_MAX = 8000
"""Letters of a note: three pages."""
EMPTY = marked("Write something first.")
TOO_LONG = marked("A note has at most 8000 letters. Make two of it. Nothing was lost.")
NO_SUCH = marked("There is no such form in this file, or it was withdrawn already.")
WHY_MISSING = marked("Say why the form does not stand.")
TITLES: dict[FormName, str] = marked({
    "nprs": "Pain, 0 to 10 (NPRS)",
    "rmdq": "Roland-Morris disability questionnaire",
    "psfs": "Patient-specific functional scale (PSFS)",
})  # fmt: skip


def routes(desk: Desk) -> list[Route]:
    """These pages."""
    notes_path, forms_path = "/patients/{person}/notes", "/patients/{person}/outcomes"
    one = forms_path + "/{form}"
    return [
        route(desk, "GET", notes_path, notes, Right.FILE),
        route(desk, "POST", notes_path, add_note, Right.FILE),
        route(desk, "GET", forms_path, outcomes, Right.FILE),
        route(desk, "POST", forms_path + "/withdraw", withdraw, Right.FILE),
        route(desk, "GET", one, blank, Right.FILE),
        route(desk, "POST", one, answer, Right.FILE),
    ]


# -- notes -------------------------------------------------------------------------------------------------------------


def notes(visit: Visit) -> Response:
    """A patient's notes, the newest first."""
    return _notes(visit, person_in(visit))


def _notes(visit: Visit, person: str, status: int = 200, problem: str = "") -> Response:
    found = filing.notes_of(visit.store, person)
    visit.store.note("notes-seen", person, f"{len(found)} notes")
    of = visit.form.get("of", "")
    return visit.page(
        "notes.html",
        status,
        person=person,
        who=name_in(visit, person),
        notes=found,
        known=accounts_of(visit),
        typed=visit.form.get("text", ""),
        of=of if of in {note.paper.id for note in found} else "",
        longest=NOTE_MAX,
        problem=problem,
    )


def add_note(visit: Visit) -> Response:
    """A new note, or an addendum to one. What can't be kept comes back as it was typed."""
    person, text, of = person_in(visit), visit.form.get("text", "").strip(), visit.given("of", 36)
    if not text:
        return _notes(visit, person, 400, EMPTY)
    if len(text) > NOTE_MAX:
        return _notes(visit, person, 400, TOO_LONG)
    try:
        papers.add(visit.store, person, "note", {"text": text}, of)
    except StoreError as error:
        return _notes(visit, person, 400, error.text)
    return to(f"/patients/{person}/notes")


# -- outcome forms -----------------------------------------------------------------------------------------------------


def outcomes(visit: Visit) -> Response:
    """Forms that were answered, with their scores, and blank ones."""
    return _outcomes(visit, person_in(visit))


def _outcomes(visit: Visit, person: str, status: int = 200, problem: str = "") -> Response:
    found = visit.store.outcomes(person)
    visit.store.note("outcomes-seen", person, f"{len(found)} forms")
    return visit.page(
        "outcomes.html",
        status,
        person=person,
        who=name_in(visit, person),
        found=found[::-1],
        titles=TITLES,
        sentences=outcome.RMDQ,
        known=accounts_of(visit),
        problem=problem,
    )


def _form_in(visit: Visit) -> FormName:
    name = visit.path("form")
    if name not in FORMS:
        raise HTTPException(404, NOT_FOUND)
    return name


def blank(visit: Visit) -> Response:
    """A form to be filled in."""
    return _blank(visit, person_in(visit), _form_in(visit))


def _blank(visit: Visit, person: str, form: FormName, status: int = 200, problem: str = "") -> Response:
    return visit.page(
        "outcome_form.html",
        status,
        person=person,
        who=name_in(visit, person),
        form=form,
        titles=TITLES,
        typed=visit.form,
        words=outcome,
        problem=problem,
    )


def answer(visit: Visit) -> Response:
    """Score a form and keep it; one that can't be scored comes back as it was filled in."""
    person, form = person_in(visit), _form_in(visit)
    try:
        answers, activities = outcome.checked(form, visit.form)
    except OutcomeError as error:
        return _blank(visit, person, form, 400, error.text)
    papers.add(visit.store, person, "outcome", {"form": form, "answers": answers, "activities": activities})
    return to(f"/patients/{person}/outcomes")


def withdraw(visit: Visit) -> Response:
    """Say that a form does not stand, and why; it stays on record."""
    person, of, why = person_in(visit), visit.given("of", 36), visit.given("why")
    if not why:
        return _outcomes(visit, person, 400, WHY_MISSING)
    if of not in {one.id for one in visit.store.outcomes(person) if not one.withdrawn}:
        return _outcomes(visit, person, 400, NO_SUCH)
    papers.add(visit.store, person, "outcome", {"withdrawn": why}, of)
    return to(f"/patients/{person}/outcomes")
