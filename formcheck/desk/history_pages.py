"""How a patient gets on: charts by exercise and session, each with its table, and two sessions side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from formcheck.core.text import marked
from formcheck.desk import filing
from formcheck.desk.file_pages import TITLES
from formcheck.desk.people_pages import STATES, name_in, person_in
from formcheck.desk.roles import Right
from formcheck.desk.visit import NOT_FOUND, Desk, Visit, route
from formcheck.session import history
from formcheck.session.document import Kept
from formcheck.session.history import Point
from formcheck.session.outcome import Answered

COUNTS = marked("Repetitions")
HOLD = marked("Hold, seconds")
REACH = marked("Range, share of the range that counts, %")
BACK = marked("Low back: largest bend against the own start, degrees")
BACK_NOTE = marked("+ is a larger hollow, − a rounder back. The band is one standard deviation of a single bend.")
FELT = marked("Pain before and after, effort; 0 to 10")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of numbers of a chart."""

    label: str
    values: tuple[float | None, ...]
    kind: str = "line"
    """`line`, `bar` (stacked on those before it), or `wish` (what was asked for, without marks)."""
    sd: tuple[float | None, ...] = ()
    """A band around it, where it has a doubt."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and its table: the same numbers twice."""

    title: str
    at: tuple[datetime | None, ...]
    lines: tuple[Line, ...]
    marks: tuple[tuple[str, ...], ...] = ()
    """What was changed at each place."""
    low: float | None = None
    high: float | None = None
    note: str = ""
    decimals: int = 0

    @property
    def is_known(self) -> bool:
        """Whether there is anything in it."""
        return any(value is not None for line in self.lines for value in line.values)

    @property
    def drawn(self) -> dict[str, Any]:
        """For the page's script; what has no date is in the table only."""
        places = [i for i, at in enumerate(self.at) if at is not None]

        def of(values: Sequence[Any]) -> list[Any]:
            return [values[i] for i in places]

        return {
            "title": self.title,
            "x": [at.timestamp() for at in self.at if at is not None],
            "lines": [
                {
                    "label": line.label,
                    "values": of(line.values),
                    "kind": line.kind,
                    "sd": of(line.sd) if line.sd else [],
                }
                for line in self.lines
            ],
            "marks": [bool(each) for each in of(self.marks)] if self.marks else [],
            "low": self.low,
            "high": self.high,
        }


def routes(desk: Desk) -> list[Route]:
    """These pages."""
    return [
        route(desk, "GET", "/patients/{person}/history", shown, Right.PATIENTS),
        route(desk, "GET", "/patients/{person}/compare", compare, Right.PATIENTS),
    ]


def shown(visit: Visit) -> Response:
    """The charts of one exercise: the one that is asked for, or the one that was done last."""
    person, store = person_in(visit), visit.store
    past = store.kept(person=person)
    exercises = history.exercises_in(past)
    asked = visit.request.query_params.get("exercise", "")
    exercise = asked if asked in exercises else next(reversed(exercises), "")
    points = history.history_of(past, exercise, _versions(visit, person, past))
    outcomes = filing.outcomes_if_open(store, person)
    store.note("history-seen", person, f"{len(points)} sessions")
    return visit.page(
        "history.html",
        person=person,
        who=name_in(visit, person),
        exercises=exercises,
        exercise=exercise,
        points=points,
        charts=[chart for chart in charts_of(points) if chart.is_known],
        forms=[_form_chart(form, outcomes) for form in TITLES if any(_stands(one, form) for one in outcomes)],
    )


def _versions(visit: Visit, person: str, past: Sequence[Kept]) -> dict[str, int | None]:
    versions = filing.versions_if_open(visit.store, person)
    return {kept.session.session_id: filing.version_in(kept.session, versions) for kept in past}


def charts_of(points: Sequence[Point]) -> list[Chart]:
    """The charts of one exercise."""
    at, marks = tuple(p.at for p in points), tuple(p.marks for p in points)
    counts = (
        Line("Clean", tuple(p.clean for p in points), "bar"),
        Line("With a fault", tuple(p.faulty for p in points), "bar"),
        Line("Not judged", tuple(p.not_judged for p in points), "bar"),
    )
    held = (
        Line("Held, mean", tuple(p.hold_s for p in points)),
        Line("Asked for", tuple(p.hold_target_s for p in points), "wish"),
    )
    reach = Line("Median", tuple(None if p.reach is None else 100 * p.reach for p in points))
    back = Line("Median", tuple(p.back_deg for p in points), sd=tuple(p.back_sd_deg for p in points))
    felt = (
        Line("Pain before", tuple(p.pain_before for p in points)),
        Line("Pain after", tuple(p.pain_after for p in points)),
        Line("Effort", tuple(p.effort for p in points)),
    )
    return [
        Chart(COUNTS, at, counts, marks, low=0),
        Chart(HOLD, at, held, marks, low=0, decimals=1),
        Chart(REACH, at, (reach,), marks, low=0),
        Chart(BACK, at, (back,), marks, note=BACK_NOTE, decimals=1),
        Chart(FELT, at, felt, marks, low=0, high=10),
    ]


def _stands(one: Answered, form: str) -> bool:
    return one.form == form and not one.withdrawn


def _form_chart(form: str, outcomes: Sequence[Answered]) -> Chart:
    found = [one for one in outcomes if _stands(one, form)]
    line = Line("Score", tuple(one.score for one in found))
    title = next(text for name, text in TITLES.items() if name == form)
    return Chart(title, tuple(one.utc for one in found), (line,), low=0, high=found[0].most, decimals=1)


# -- two sessions ------------------------------------------------------------------------------------------------------


def compare(visit: Visit) -> Response:
    """Two sessions of one patient side by side; by default the last two."""
    person, store = person_in(visit), visit.store
    past = store.kept(person=person)
    by_id = {kept.session.session_id: kept for kept in past}
    chosen = [_chosen(visit, by_id, name, back) for name, back in (("a", 2), ("b", 1))]
    pair = [kept for kept in chosen if kept is not None]
    store.note("sessions-compared", person, " ".join(kept.session.session_id for kept in pair))
    versions = _versions(visit, person, past)
    points = {
        name: [next(iter(history.history_of([kept], name, versions)), None) for kept in pair]
        for name in history.exercises_in(pair)
    }
    return visit.page(
        "compare.html",
        person=person,
        who=name_in(visit, person),
        past=past[::-1],
        pair=pair,
        titles=history.exercises_in(pair),
        points=points,
        words=_fault_words(pair),
        versions=versions,
        states=STATES,
        least=history.least_change_deg,
    )


def _chosen(visit: Visit, by_id: dict[str, Kept], name: str, back: int) -> Kept | None:
    """The session that was asked for; so many before the end where none was.

    Raises:
        HTTPException: it is none of this patient's.
    """
    asked = visit.request.query_params.get(name, "")
    if asked and asked not in by_id:
        raise HTTPException(404, NOT_FOUND)
    known = list(by_id.values())
    return by_id[asked] if asked else known[-back] if len(known) >= back else None


def _fault_words(pair: Sequence[Kept]) -> dict[str, str]:
    return {name: word.short for kept in pair for one in kept.session.sets for name, word in one.fault_words.items()}
