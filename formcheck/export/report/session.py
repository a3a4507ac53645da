"""The report of one session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from formcheck.core.rules.events import Verdict
from formcheck.export.fhir.summary import largest_bend, mean_of
from formcheck.export.report import charts, parts, words
from formcheck.export.report.charts import Dot, Series
from formcheck.export.report.page import Drawing, Grid, Page, Section
from formcheck.session.document import FaultSpan, Kept, Rep, SetDocument

UNDATED = "Session at a time that is not known"


def session_page(kept: Kept, *, name: str | None = None, zone: tzinfo | None = None) -> Page:
    """The report of a session.

    Args:
        kept: the session.
        name: of the person, where it is to be shown.
        zone: whose clock the times follow; None: this machine's.
    """
    session, sets = kept.session, kept.session.shown_sets
    lines = [name or words.pseudonym(kept.person), f"Session {session.session_id}", *words.signed(kept, zone)]
    groups = parts.by_exercise(sets).values()
    return Page(
        title=f"Session of {words.moment(session.started_utc, zone)}" if session.started_utc else UNDATED,
        lines=tuple(lines),
        tiles=_tiles(kept),
        sections=(
            _done(kept),
            *(_exercise(kept, group) for group in groups),
            parts.not_seen([kept], is_by_set=True),
            _pain(kept),
            parts.corrections([kept], zone),
            parts.thresholds([kept]),
            *parts.changes([kept], zone),
            parts.sources([kept]),
        ),
    )


def _tiles(kept: Kept) -> tuple[tuple[str, str], ...]:
    sets = kept.session.shown_sets
    reps, targets = sum(len(one.reps) for one in sets), [one.target_reps for one in kept.session.planned]
    targets = targets or [one.target_reps for one in sets]
    asked = f" of {sum(t or 0 for t in targets)}" if any(targets) else ""
    held = sum(one.hold_total_s for one in sets)
    pain = kept.session.pain
    return (
        ("repetitions", f"{reps}{asked}"),
        ("clean", str(sum(one.clean_reps for one in sets))),
        ("with a fault", str(sum(one.faulty_reps for one in sets))),
        ("not judged", str(sum(one.not_judged_reps for one in sets))),
        *((("held", words.number(held, 0, "s")),) if held else ()),
        ("pain before → after", f"{words.number(pain.before)} → {words.number(pain.after)}"),
    )


def _done(kept: Kept) -> Section:
    session = kept.session
    head = ("Exercise", "How it ended", "Asked", "Done", "Clean", "With a fault", "Not judged", "Held", "Length")
    rows = [_done_row(one) for one in session.shown_sets]
    done = {(one.exercise, one.set, one.side) for one in session.shown_sets}
    for plan in session.planned:
        if (plan.exercise, plan.set, plan.side) not in done:
            asked = _asked(plan.target_reps, plan.target_hold_s)
            title = _set_name(plan.title or plan.exercise, plan.set, plan.side)
            rows.append((title, "not done", asked, "0", *(words.UNKNOWN,) * 5))
    sentences = [f"It was broken off {words.BROKEN_OFF[session.break_off]}."] if session.break_off else []
    if not session.planned:
        sentences.append("There was no program: what was asked is what the exercise itself asks.")
    elif session.is_complete:
        sentences.append("Every planned set was done to its end.")
    if not rows:
        sentences.append("No set was done.")
    elif not any(one.reps or one.measured for one in session.shown_sets):
        sentences.append("Nothing was counted.")
    grid = Grid(head, tuple(rows), text_columns=2) if rows else None
    return Section("What was planned and done", tuple(sentences), grid)


def _set_name(name: str, number: int, side: str | None) -> str:
    return f"{name}, set {number}{f', {side}' if side else ''}"


def _asked(reps: int | None, hold_s: float | None) -> str:
    asked = [str(reps)] if reps else []
    asked += [f"{words.number(hold_s, 1, 's')} hold"] if hold_s else []
    return " × ".join(asked) or words.UNKNOWN


def _done_row(one: SetDocument) -> tuple[str, ...]:
    return (
        _set_name(one.name, one.set, one.side),
        words.ENDED[one.outcome],
        _asked(one.target_reps, one.target_hold_s),
        str(len(one.reps)),
        str(one.clean_reps),
        str(one.faulty_reps),
        str(one.not_judged_reps),
        words.number(one.hold_total_s or None, 1, "s"),
        words.number(one.length_s, 0, "s"),
    )


def _exercise(kept: Kept, sets: Sequence[SetDocument]) -> Section:
    reps = [rep for one in sets for rep in one.reps]
    return Section(
        title=sets[0].name,
        sentences=(*_sentences(sets, reps), *_corrected(sets)),
        grid=_faults(sets),
        charts=_charts(sets, reps),
        figures=parts.examples([kept], sets),
        is_compact=True,
    )


def _sentences(sets: Sequence[SetDocument], reps: Sequence[Rep]) -> list[str]:
    said = [f"{title}: {text}." for one in sets for title, text in one.measured.items()]
    said += [held] if (held := parts.held(sets)) else []
    reaches = [rep.reach for rep in reps if rep.reach is not None]
    if reaches:
        mean, low, high = (words.share(v) for v in (mean_of(reaches), min(reaches), max(reaches)))
        said.append(f"Range: {mean} of what counts, from {low} to {high}.")
    if parts.judges_back(sets) and reps:
        largest = largest_bend(reps)
        where = f" in repetition {largest.index}" if largest else ""
        said.append(
            f"Low back: largest bend against the own start {parts.bend(largest)}{where} "
            "(positive: extended; ±: standard deviation)."
            if largest
            else "Low back: its bend could not be measured."
        )
    attempts = [attempt for one in sets for attempt in one.attempts]
    if attempts:
        why = dict.fromkeys(words.fault_name(sets, attempt.reason) for attempt in attempts if attempt.reason)
        reasons = f": {', '.join(why)}" if why else ""
        said.append(f"{words.times(len(attempts), 'movement')} began and did not count{reasons}.")
    if not reps and not any(one.measured for one in sets):
        said.append("No repetition was counted.")
    elif not any(one.faults for one in sets):
        said.append("No fault was seen.")
    return said


def _corrected(sets: Sequence[SetDocument]) -> list[str]:
    """Which repetitions are shown as somebody corrected them."""
    added = sum(rep.is_added for one in sets for rep in one.reps)
    more = [f"{words.times(added, 'repetition')} added that the coach has not counted."] if added else []
    indices = sorted({rep.index for one in sets for rep in (*one.reps, *one.taken_back) if rep.told is not None})
    if not indices:
        return more
    noun = "Repetition" if len(indices) == 1 else "Repetitions"
    return [f"{noun} {', '.join(map(str, indices))}: shown as corrected; what the coach told stands below.", *more]


def _faults(sets: Sequence[SetDocument]) -> Grid | None:
    names = dict.fromkeys(name for one in sets for name in one.faults)
    if not names:
        return None
    rows = []
    for name in names:
        count = sum(one.faults.get(name, 0) for one in sets)
        cue = next((one.fault_words[name].cue for one in sets if name in one.fault_words), "")
        rows.append((words.fault_name(sets, name), cue or words.UNKNOWN, str(count), _magnitudes(sets, name)))
    return Grid(("Fault", "What is said", "Repetitions", "Measured"), tuple(rows), text_columns=2)


def _magnitudes(sets: Sequence[SetDocument], name: str) -> str:
    """What was measured of a fault where it stands, from the least to the largest."""
    spans = [
        span
        for one in sets
        for span in one.fault_spans
        if span.name == name and span.magnitude is not None and _stands(one, span)
    ]
    values = sorted(span.magnitude for span in spans if span.magnitude is not None)
    if not values:
        return words.UNKNOWN
    unit = spans[0].unit.replace("deg", "°")
    low, high = (words.number(value, 1, unit) for value in (values[0], values[-1]))
    return low if low == high else f"{low} to {high}"


def _stands(one: SetDocument, span: FaultSpan) -> bool:
    """Whether a repetition at that time has the fault still; a run has no repetitions."""
    return not one.reps or any(
        span.name in rep.faults and (rep.start_s or 0.0) <= span.end_s and span.start_s <= (rep.end_s or span.start_s)
        for rep in one.reps
    )


def _charts(sets: Sequence[SetDocument], reps: Sequence[Rep]) -> tuple[Drawing, ...]:
    if not reps:
        return ()
    drawn = []
    if any(rep.reach is not None for rep in reps):
        series = _by_verdict([(rep, None if rep.reach is None else 100 * rep.reach, None) for rep in reps])
        drawn.append(_drawing("Range by repetition, % of what counts", series, reps, (100.0, "counts"), low=0.0))
    if parts.judges_back(sets) and any(rep.back_deg is not None for rep in reps):
        series = _by_verdict([(rep, rep.back_deg, rep.back_sd_deg) for rep in reps])
        caption = "Bend of the low back, °, with its standard deviation"
        drawn.append(_drawing(caption, series, reps, None))
    target = next((one.target_hold_s for one in sets if one.target_hold_s), None)
    if target:
        series = _by_verdict([(rep, rep.hold_s, None) for rep in reps])
        drawn.append(_drawing("Hold by repetition, s", series, reps, (target, "asked"), low=0.0))
    return tuple(drawn)


def _by_verdict(values: Sequence[tuple[Rep, float | None, float | None]]) -> list[Series]:
    """One series a verdict, so that its shape says which."""
    found: dict[Verdict, list[Dot]] = {verdict: [] for verdict in charts.WORDS}
    for place, (rep, value, sd) in enumerate(values, 1):
        if value is not None:
            found[rep.verdict].append(Dot(place, value, sd))
    return [Series(charts.WORDS[verdict], charts.SHAPES[verdict], tuple(dots)) for verdict, dots in found.items()]


def _drawing(
    caption: str, series: list[Series], reps: Sequence[Rep], line: tuple[float, str] | None, low: float | None = None
) -> Drawing:
    labels = [(place, str(place)) for place in range(1, len(reps) + 1)]
    return Drawing(caption, charts.dots(caption, series, labels, line=line, low=low))


def _pain(kept: Kept) -> Section:
    session, pain = kept.session, kept.session.pain
    said = []
    for when, value in (("before", pain.before), ("after", pain.after)):
        known = f"Pain {when}: {value} of 10."
        said.append(known if value is not None else f"Pain {when} was not asked, or not answered.")
    for exercise, effort in session.effort.items():
        title = next((one.name for one in session.shown_sets if one.exercise == exercise), words.plain(exercise))
        said.append(
            f"Effort of {title}: {effort} of 10." if effort is not None else f"Effort of {title}: not answered."
        )
    if not session.effort:
        said.append("Effort was not asked.")
    return Section("Pain and effort", tuple(said))
