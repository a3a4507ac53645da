"""Patients: the list, one patient's sessions, and what can be taken away of all of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from formcheck.core.text import marked
from formcheck.desk import files, filing
from formcheck.desk.roles import Right
from formcheck.desk.security import policy_of_report
from formcheck.desk.visit import NOT_FOUND, Desk, Visit, route, to
from formcheck.export.report import html_of, person_page
from formcheck.session.document import Kept
from formcheck.store import Identity, LockedError, Store

PAGE = 50
"""Patients on one page."""
STATES: dict[str, str] = marked({
    "open": "Going on",
    "ended": "Draft",
    "interrupted": "Draft, broken off",
    "signed": "Signed",
    "amended": "Amended since it was signed",
})  # fmt: skip
LOCKED = marked("Names can't be shown: the store's key is not on this computer.")
PSEUDONYM = re.compile(r"[0-9a-f]{32}")


def routes(desk: Desk) -> list[Route]:
    """These pages."""
    patient_path = "/patients/{person}"
    return [
        route(desk, "GET", "/patients", patients, Right.PATIENTS),
        route(desk, "POST", "/patients", add_patient, Right.NAMES),
        route(desk, "GET", patient_path, patient, Right.PATIENTS),
        route(desk, "GET", patient_path + "/report", report, Right.PATIENTS),
        route(desk, "GET", patient_path + "/files/{kind}", download, Right.EXPORT),
    ]


def patients(visit: Visit) -> Response:
    """Everybody, a page at a time; names for whoever may see them."""
    store = visit.store
    everybody = store.people()
    text = visit.request.query_params.get("page", "1")
    page = max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1
    shown = everybody[(page - 1) * PAGE : page * PAGE]
    names, locked = _names(visit, store, [each.pseudonym for each in shown])
    store.note("patients-seen", detail=f"page {page}: {len(shown)}")
    return visit.page(
        "patients.html", people=shown, names=names, locked=locked, page=page, pages=-(-len(everybody) // PAGE)
    )


def _names(visit: Visit, store: Store, pseudonyms: list[str]) -> tuple[dict[str, Identity], str]:
    """Who they are, for whoever may know; and a sentence where nobody can."""
    if not visit.who.may(Right.NAMES):
        return {}, ""
    try:
        return store.names(pseudonyms), ""
    except LockedError:
        return {}, LOCKED


def add_patient(visit: Visit) -> Response:
    """Somebody new."""
    name, number = visit.given("name", 200), visit.given("number", 200)
    return to(f"/patients/{visit.store.add_person(Identity(name, '', number))}")


def person_in(visit: Visit) -> str:
    """The patient in the path.

    Raises:
        HTTPException: there is none of that pseudonym.
    """
    pseudonym = visit.path("person")
    if not PSEUDONYM.fullmatch(pseudonym) or pseudonym not in {each.pseudonym for each in visit.store.people()}:
        raise HTTPException(404, NOT_FOUND)
    return pseudonym


def name_in(visit: Visit, pseudonym: str) -> Identity | None:
    """Who a patient is, for whoever may know; that it was looked at is noted."""
    return _names(visit, visit.store, [pseudonym])[0].get(pseudonym)


def patient(visit: Visit) -> Response:
    """One patient's sessions, the newest first."""
    pseudonym, store = person_in(visit), visit.store
    names, locked = _names(visit, store, [pseudonym])
    sessions = store.kept(person=pseudonym)[::-1]
    versions = filing.versions_if_open(store, pseudonym)
    store.note("patient-seen", pseudonym, f"{len(sessions)} sessions")
    return visit.page(
        "patient.html",
        person=pseudonym,
        who=names.get(pseudonym),
        locked=locked,
        sessions=sessions,
        done={kept.session.session_id: filing.version_in(kept.session, versions) for kept in sessions},
        states=STATES,
    )


# -- to take away ------------------------------------------------------------------------------------------------------


def report(visit: Visit) -> Response:
    """The report of the last weeks, as it is printed; without a name."""
    pseudonym = person_in(visit)
    html = _report_of(visit, _taken(visit, pseudonym, "report-seen"), pseudonym)
    return HTMLResponse(html, headers={"content-security-policy": policy_of_report(html)})


def _report_of(visit: Visit, sessions: list[Kept], pseudonym: str) -> str:
    return html_of(
        person_page(sessions, person=pseudonym, until=datetime.now(UTC)),
        files.paper_of(visit),
        files.language_of(visit),
    )


def download(visit: Visit) -> Response:
    """All sessions of a patient as a file; outcome forms are in the FHIR bundle, notes in none."""
    kind = visit.path("kind")
    if kind not in files.KINDS:
        raise HTTPException(404, NOT_FOUND)
    pseudonym = person_in(visit)
    sessions = _taken(visit, pseudonym, "export", kind)
    name = f"patient-{pseudonym[:8]}"
    if kind == "pdf":
        return files.as_pdf(_report_of(visit, sessions, pseudonym), name)
    outcomes = visit.store.outcomes(pseudonym) if kind == "fhir" else []
    return files.as_file(sessions, kind, name, outcomes)


def _taken(visit: Visit, pseudonym: str, what: str, kind: str = "") -> list[Kept]:
    """All sessions of somebody that are taken away; that they are is written first."""
    sessions = visit.store.kept(person=pseudonym)
    visit.store.note(what, pseudonym, f"{len(sessions)} sessions {kind}".rstrip())
    return sessions
