"""Patients, their sessions, corrections, signatures, and files to take away."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from formcheck.core.text import marked
from formcheck.desk import correcting
from formcheck.desk.roles import Right
from formcheck.desk.security import policy_of_report
from formcheck.desk.visit import NOT_FOUND, Desk, Visit, route, to
from formcheck.export.files import export_sessions, names_of
from formcheck.export.report import Paper, html_of, pdf_of, session_page
from formcheck.session.document import Kept
from formcheck.session.fold import RepLine, reps_of
from formcheck.session.record import SetRecord
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


@dataclass(frozen=True, slots=True)
class RepRow:
    """One repetition on the page: what the coach told, and what it is held to be."""

    index: int
    side: str
    hold_s: float | None
    told: str
    now: str
    why: str
    by: str

    @property
    def is_amended(self) -> bool:
        """Whether both differ."""
        return self.told != self.now


def routes(desk: Desk) -> list[Route]:
    """These pages."""
    session = "/sessions/{session:uuid}"
    return [
        route(desk, "GET", "/patients", patients, Right.PATIENTS),
        route(desk, "POST", "/patients", add_patient, Right.NAMES),
        route(desk, "GET", "/patients/{person}", patient, Right.PATIENTS),
        route(desk, "GET", session, one_session, Right.PATIENTS),
        route(desk, "POST", session + "/amend", amend, Right.CORRECT),
        route(desk, "POST", session + "/sign", sign, Right.SIGN),
        route(desk, "GET", session + "/report", report, Right.PATIENTS),
        route(desk, "GET", session + "/files/{kind}", download, Right.EXPORT),
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


def patient(visit: Visit) -> Response:
    """One patient's sessions, the newest first."""
    pseudonym, store = visit.path("person"), visit.store
    if not PSEUDONYM.fullmatch(pseudonym) or pseudonym not in {each.pseudonym for each in store.people()}:
        raise HTTPException(404, NOT_FOUND)
    names, locked = _names(visit, store, [pseudonym])
    sessions = store.kept(person=pseudonym)[::-1]
    store.note("patient-seen", pseudonym, f"{len(sessions)} sessions")
    return visit.page(
        "patient.html", person=pseudonym, who=names.get(pseudonym), locked=locked, sessions=sessions, states=STATES
    )


def one_session(visit: Visit) -> Response:
    """One session: its sets, each repetition with both values, signatures."""
    return _session(visit, visit.path("session"))


def _session(visit: Visit, session_id: str) -> Response:
    store = visit.store
    kept = store.one(session_id)
    record = store.record(session_id)
    store.note("session-seen", kept.person or "", f"session {session_id}")
    sets = [(one, correcting.choices_of(one.exercise), _rows(one)) for one in record.shown_sets]
    return visit.page("session.html", kept=kept, sets=sets, states=STATES, can_pdf=True, known=_known(visit))


def _known(visit: Visit) -> dict[str, str]:
    """Names of those who can sign and correct, by what stands in the store."""
    return {each.who: each.name for each in visit.desk.accounts.all()}


def _rows(record: SetRecord) -> list[RepRow]:
    return [_row(record, line) for line in reps_of(record.events)]


def _row(record: SetRecord, line: RepLine) -> RepRow:
    last = line.amendments[-1] if line.amendments else None
    return RepRow(
        line.index,
        line.side or "",
        None if line.is_added else line.hold_s,
        correcting.coach_told(record.exercise, line),
        correcting.told(record.exercise, line.is_counted, line.verdict, line.faults),
        getattr(last, "why", ""),
        getattr(last, "by", ""),
    )


def amend(visit: Visit) -> Response:
    """Correct one repetition of a session that is over."""
    session_id, set_id, index = visit.path("session"), visit.given("set"), visit.given("rep", 6)
    store = visit.store
    record = next((one for one in store.record(session_id).sets if one.set_id == set_id), None)
    if record is None:
        raise correcting.CorrectionError(correcting.NO_SUCH)
    event = correcting.amendment(
        record, correcting.index_of(index), visit.given("choice"), visit.who.who, visit.given("why")
    )
    store.amend(session_id, set_id, [event])
    return to(f"/sessions/{session_id}")


def sign(visit: Visit) -> Response:
    """Sign a session as it is now."""
    visit.store.sign(visit.path("session"), visit.who.who)
    return to(f"/sessions/{visit.path('session')}")


def report(visit: Visit) -> Response:
    """The report, as it is printed; without a name."""
    kept = _taken(visit, "report-seen")
    html = html_of(session_page(kept), _paper(visit))
    return HTMLResponse(html, headers={"content-security-policy": policy_of_report(html)})


def download(visit: Visit) -> Response:
    """A session as a file; the name of the file is made here, and nothing of the address is part of it."""
    kind = visit.path("kind")
    if kind not in ("csv", "fhir", "pdf"):
        raise HTTPException(404, NOT_FOUND)
    kept = _taken(visit, "export", kind)
    name = f"session-{kept.session.session_id}"
    if kind == "pdf":
        return _file(pdf_of(html_of(session_page(kept), _paper(visit))), f"{name}.pdf", "application/pdf")
    buffers = {each: io.BytesIO() for each in names_of([kind])}
    export_sessions([kept], [kind], buffers)
    if kind == "fhir":
        (content,) = (buffer.getvalue() for buffer in buffers.values())
        return _file(content, f"{name}.fhir.json", "application/fhir+json")
    return _file(_zipped(buffers), f"{name}.csv.zip", "application/zip")


def _paper(visit: Visit) -> Paper:
    return "letter" if visit.request.query_params.get("paper") == "letter" else "a4"


def _taken(visit: Visit, what: str, kind: str = "") -> Kept:
    """A session that somebody takes away; that they do is written first."""
    session_id, store = visit.path("session"), visit.store
    kept = store.one(session_id)
    store.note(what, kept.person or "", f"session {session_id} {kind}".rstrip())
    return kept


def _zipped(buffers: dict[str, io.BytesIO]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, buffer in buffers.items():
            archive.writestr(zipfile.ZipInfo(name), buffer.getvalue())
    return whole.getvalue()


def _file(content: bytes, name: str, kind: str) -> Response:
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
