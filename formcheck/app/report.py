"""The last page of a session, and what is said beside it."""

from __future__ import annotations

import math

from formcheck.core.feedback.phrases import FLOW
from formcheck.screen import Bar, ReportRow, ReportView
from formcheck.screen.words import FAULTS, NOTHING, NOTHING_ADVICE
from formcheck.session.record import Practice, SetRecord, pain_advice, pain_verdict, work_on

ROWS_MAX = 9
"""With more sets than this the report has a row for each exercise."""


def report_of(practice: Practice) -> ReportView:
    """The last page."""
    sets = practice.sets
    done = practice.as_dict()["summary"]
    tiles = [
        ("Repetitions", f"{done['reps']} / {done['target_reps']}"),
        ("Clean", f"{done['clean_reps']} / {done['reps']}"),
    ]
    if done["hold_total_s"] > 0:
        tiles.append(("Held", f"{done['hold_total_s']:.0f} s"))
    tiles.append(("Time", f"{max(1, round(practice.length_s / 60))} min"))
    todo = work_on(sets)
    headline = advice = ""
    if not done["reps"] and not any(record.lines for record in sets):
        headline, advice = NOTHING, NOTHING_ADVICE
    elif todo is not None:
        name = FAULTS.get(todo.fault, todo.fault.replace("-", " "))
        headline = f"{todo.exercise.title}: {name.lower()} ({todo.count} times)" if todo.count > 1 else ""
        headline = headline or f"{todo.exercise.title}: {name.lower()}"
        advice = todo.cue
    rows = tuple(_row(group) for group in _grouped(sets))
    warning = pain_advice(practice.pain_before, practice.pain_after)
    return ReportView(
        practice.program.title, tuple(tiles), rows, headline, advice, warning, is_complete=practice.is_complete
    )


def _grouped(sets: list[SetRecord]) -> list[list[SetRecord]]:
    if len(sets) <= ROWS_MAX:
        return [[record] for record in sets]
    groups: dict[str, list[SetRecord]] = {}
    for record in sets:
        groups.setdefault(record.planned.exercise.name, []).append(record)
    return list(groups.values())


def _row(records: list[SetRecord]) -> ReportRow:
    exercise = records[0].planned.exercise
    reps = [rep for record in records for rep in record.reps]
    wanted = sum(record.planned.reps for record in records)
    text = f"{len(reps)} / {wanted}, {sum(r.clean_reps for r in records)} clean"
    held = sum(record.hold_total_s for record in records)
    text = f"{text}, held {held:.0f} s" if held >= 1 else text
    if exercise.bout is not None:
        text = ", ".join(f"{what} {much}" for record in records for what, much in record.lines[:2])
    ended = [r.outcome for r in records if r.outcome not in ("done", "stopped")]
    text = f"{text}, {ended[0]}" if ended else text
    limits = [_limit(records[0], fault.outline_limit) for fault in exercise.faults if fault.of_back]
    best = max((rep.reach for rep in reps), default=1.0) or 1.0
    bars = tuple(
        Bar(rep.reach / best, rep.back_tl / min(limits) if limits else math.nan, not rep.faults) for rep in reps
    )  # fmt: skip
    side = f", {records[0].planned.side}" if records[0].planned.side and len(records) == 1 else ""
    return ReportRow(f"{exercise.title}{side}", text, bars, bool(limits))


def _limit(record: SetRecord, name: str) -> float:
    """A limit's value in force for a set."""
    declared = {s.name: s.value for s in record.planned.exercise.all_settings}
    return float(record.planned.overrides.get(name, declared[name]))


def spoken_report(practice: Practice) -> list[tuple[str, str]]:
    """What is said with the last page, as names and texts: pain first, or else the one thing to work on."""
    verdict = pain_verdict(practice.pain_before, practice.pain_after)
    if verdict:
        return [(f"pain.{verdict}", FLOW[f"pain.{verdict}"])]
    todo = work_on(practice.sets)
    if todo is None:
        return []
    return [("session.work-on", FLOW["session.work-on"]), (f"{todo.exercise.name}.{todo.fault}", todo.cue)]
