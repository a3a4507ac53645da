"""How often coach and clinicians agree, from what clinicians have corrected and signed; and the labels as a file."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from formcheck.desk.roles import Right
from formcheck.desk.visit import Desk, Visit, route
from formcheck.session.document import Kept
from formcheck.store import Store
from formcheck.study import words
from formcheck.study.compare import FEW, Compared, among, coach_counts, compared, counts_compared, of_coach
from formcheck.study.labels import Counted, Label, as_csv, counts_of, labels_of

SAID: Mapping[str, Any] = {
    "percent": words.percent,
    "number": words.number,
    "with_interval": words.with_interval,
    "percent_with_interval": words.percent_with_interval,
}
"""How figures are written in the template."""


def routes(desk: Desk) -> list[Route]:
    """These pages."""
    return [
        route(desk, "GET", "/agreement", agreement, Right.CORRECT),
        route(desk, "GET", "/agreement/labels.csv", download, Right.EXPORT),
    ]


def agreement(visit: Visit) -> Response:
    """The figures, by exercise and fault."""
    store = visit.store
    labels, counted, sessions = _labels(store)
    store.note("agreement-seen", detail=f"{len(labels)} labels of {sessions} sessions")
    installed = visit.desk.board.installed
    return visit.page(
        "agreement.html",
        labels=len(labels),
        sessions=sessions,
        raters=len({label.rater for label in labels}),
        persons=len({label.person for label in labels}),
        coach=_by_exercise(compared(of_coach(labels))),
        people=_by_exercise(compared(among(labels))),
        counts=counts_compared(coach_counts(counted)),
        title=lambda exercise: words.title_of(exercise, installed),
        fault=lambda each: words.fault_of(each.exercise, each.fault, installed),
        few=FEW,
        **SAID,
    )


def _by_exercise(rows: list[Compared]) -> list[tuple[str, list[Compared]]]:
    return [(exercise, list(found)) for exercise, found in groupby(rows, key=lambda each: each.exercise)]


def download(visit: Visit) -> Response:
    """The labels, with pseudonyms and ids only."""
    store = visit.store
    labels, _, _ = _labels(store)
    store.note("export", detail=f"{len(labels)} labels")
    headers: dict[str, Any] = {"content-disposition": 'attachment; filename="labels.csv"'}
    return Response(as_csv(labels), media_type="text/csv", headers=headers)


def _labels(store: Store) -> tuple[list[Label], list[Counted], int]:
    """All labels and counts of the store, and of how many sessions."""
    labels: list[Label] = []
    counted: list[Counted] = []
    sessions = 0
    for kept in store.read(store.listed()):
        found = labels_of(kept) if _is_touched(kept) else []
        labels += found
        counted += counts_of(kept)
        sessions += bool(found)
    return labels, counted, sessions


def _is_touched(kept: Kept) -> bool:
    return bool(kept.signatures) or any(each.by for each in kept.amended)
