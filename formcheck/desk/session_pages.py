"""One session: what was told and what it is held to be, corrections, signatures, files, movements played again."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from formcheck.core.body.pose import SIDES, Side
from formcheck.core.text import marked
from formcheck.desk import correcting, files, filing, moving
from formcheck.desk.people_pages import STATES
from formcheck.desk.roles import Right
from formcheck.desk.security import policy_of_report
from formcheck.desk.visit import NOT_FOUND, Desk, Visit, route, to
from formcheck.export.report import html_of, session_page
from formcheck.session.document import Kept
from formcheck.session.fold import RepLine, reps_of
from formcheck.session.record import SetRecord

NO_MOVEMENT = marked("The movement of this repetition was not kept.")


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
        route(desk, "GET", session, one_session, Right.PATIENTS),
        route(desk, "POST", session + "/amend", amend, Right.CORRECT),
        route(desk, "POST", session + "/add", add, Right.CORRECT),
        route(desk, "POST", session + "/sign", sign, Right.SIGN),
        route(desk, "GET", session + "/movement", movement, Right.PATIENTS),
        route(desk, "GET", session + "/report", report, Right.PATIENTS),
        route(desk, "GET", session + "/files/{kind}", download, Right.EXPORT),
    ]


def one_session(visit: Visit) -> Response:
    """One session: its sets, each repetition with both values, signatures."""
    return _session(visit, visit.path("session"))


def _session(visit: Visit, session_id: str) -> Response:
    store = visit.store
    kept = store.one(session_id)
    record = store.record(session_id)
    store.note("session-seen", kept.person or "", f"session {session_id}")
    sets = [(one, correcting.choices_of(one.exercise), _rows(one)) for one in record.shown_sets]
    versions = filing.versions_if_open(store, kept.person) if kept.person else []
    return visit.page(
        "session.html",
        kept=kept,
        sets=sets,
        states=STATES,
        languages=files.report_languages(),
        added=correcting.added_choices,
        known=_known(visit),
        version=filing.version_in(kept.session, versions),
        movements=moving.sets_of(store, kept),
        figures=moving.drawings(kept),
        titles={one.exercise: one.name for one in kept.session.sets},
    )


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
    session_id, index = visit.path("session"), visit.given("rep", 6)
    record = _record(visit, session_id)
    event = correcting.amendment(
        record, correcting.index_of(index), visit.given("choice"), visit.who.who, visit.given("why")
    )
    visit.store.amend(session_id, record.set_id, [event])
    return to(f"/sessions/{session_id}")


def add(visit: Visit) -> Response:
    """Add a repetition that the coach has not counted to a session that is over."""
    session_id = visit.path("session")
    record = _record(visit, session_id)
    side: Side | None = next((each for each in SIDES if each == visit.given("side", 5)), None)
    event = correcting.addition(record, visit.given("choice"), side, visit.who.who, visit.given("why"))
    visit.store.amend(session_id, record.set_id, [event])
    return to(f"/sessions/{session_id}")


def _record(visit: Visit, session_id: str) -> SetRecord:
    set_id = visit.given("set")
    found = next((one for one in visit.store.record(session_id).sets if one.set_id == set_id), None)
    if found is None:
        raise correcting.CorrectionError(correcting.NO_SUCH)
    return found


def sign(visit: Visit) -> Response:
    """Sign a session as it is now."""
    visit.store.sign(visit.path("session"), visit.who.who)
    return to(f"/sessions/{visit.path('session')}")


def report(visit: Visit) -> Response:
    """The report, as it is printed; without a name."""
    html = html_of(session_page(_taken(visit, "report-seen")), files.paper_of(visit), files.language_of(visit))
    return HTMLResponse(html, headers={"content-security-policy": policy_of_report(html)})


def download(visit: Visit) -> Response:
    """A session as a file; the name of the file is made here, and nothing of the address is part of it."""
    kind = visit.path("kind")
    if kind not in files.KINDS:
        raise HTTPException(404, NOT_FOUND)
    kept = _taken(visit, "export", kind)
    name = f"session-{kept.session.session_id}"
    if kind == "pdf":
        html = html_of(session_page(kept), files.paper_of(visit), files.language_of(visit))
        return files.as_pdf(html, name)
    return files.as_file([kept], kind, name)


def _taken(visit: Visit, what: str, kind: str = "") -> Kept:
    """A session that somebody takes away; that they do is written first."""
    session_id, store = visit.path("session"), visit.store
    kept = store.one(session_id)
    store.note(what, kept.person or "", f"session {session_id} {kind}".rstrip())
    return kept


def movement(visit: Visit) -> Response:
    """One repetition as stick figures over time, where its pose stream was kept; JSON."""
    session_id, store, query = visit.path("session"), visit.store, visit.request.query_params
    set_id, number = query.get("set", ""), query.get("rep", "")
    kept = store.one(session_id)
    store.note("movement-seen", kept.person or "", f"session {session_id}")
    is_number = number.isdecimal() and len(number) < 6
    shown = moving.movement_of(store, kept, set_id, int(number)) if is_number else None
    return JSONResponse(shown) if shown is not None else JSONResponse({"text": NO_MOVEMENT}, 404)
