"""Sessions that nobody was named for, as stations send them: whose is this?"""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from formcheck.desk.roles import Right
from formcheck.desk.visit import Desk, Visit, route, to
from formcheck.store import Identity, LockedError, Store

SHOWN = 50
"""Newest sessions that are listed."""


def routes(desk: Desk) -> list[Route]:
    """These pages."""
    return [
        route(desk, "GET", "/nobodys", nobodys, Right.PATIENTS),
        route(desk, "POST", "/sessions/{session:uuid}/assign", assign, Right.CORRECT),
    ]


def nobodys(visit: Visit) -> Response:
    """The newest sessions of nobody, with a choice of patients for whoever may say whose they are."""
    store = visit.store
    rows = [row for row in store.listed() if row.pseudonym is None][::-1]
    found = list(store.read(rows[:SHOWN]))
    store.note("nobodys-seen", detail=f"{len(found)} sessions")
    people = choices(visit, store) if visit.who.may(Right.CORRECT) else []
    return visit.page("nobodys.html", sessions=found, people=people, more=max(0, len(rows) - SHOWN))


def choices(visit: Visit, store: Store) -> list[tuple[str, str]]:
    """Every patient: the pseudonym, and what is shown of them; names only for whoever may see them."""
    pseudonyms = [each.pseudonym for each in store.people()]
    names: dict[str, Identity] = {}
    if visit.who.may(Right.NAMES):
        try:
            names = store.names(pseudonyms)
        except LockedError:
            names = {}
    shown = [(each, names[each].name if each in names else "") for each in pseudonyms]
    return [(each, f"{each[:8]} {name}".strip()) for each, name in shown]


def assign(visit: Visit) -> Response:
    """Say whose a session is."""
    session_id = visit.path("session")
    visit.desk.board.keeper.assign(session_id, visit.given("person", 32) or None, visit.who.who)
    return to(f"/sessions/{session_id}")
