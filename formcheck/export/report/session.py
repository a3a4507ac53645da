"""The report of one session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from functools import partial

from formcheck.core.rules.events import Verdict
from formcheck.core.text import counted, marked, phrase
from formcheck.export.fhir.summary import largest_bend, mean_of
from formcheck.export.report import charts, parts, words
from formcheck.export.report.charts import Dot, Series
from formcheck.export.report.page import Drawing, Grid, Page, Section
from formcheck.session.document import FaultSpan, Kept, Rep, SetDocument

UNDATED = marked("Session at a time that is not known")
PLANNED, NO_PROGRAM, ALL_DONE, NO_SET, NO_COUNT, NOT_DONE = marked((
    "What was planned and done",
    "There was no program: what was asked is what the exercise itself asks.",
    "Every planned set was done to its end.",
    "No set was done.",
    "Nothing was counted.",
    "not done",
))  # fmt: skip
NO_BEND, NO_REP, NO_FAULT = marked(
    ("Low back: its bend could not be measured.", "No repetition was counted.", "No fault was seen.")
)
PAIN: dict[str, tuple[str, str]] = {
    "before": marked(("Pain before: {value} of 10.", "Pain before was not asked, or not answered.")),
    "after": marked(("Pain after: {value} of 10.", "Pain after was not asked, or not answered.")),
}
PAIN_AND_EFFORT, NO_EFFORT = marked(("Pain and effort", "Effort was not asked."))
COUNTS, ASKED = marked(("counts", "asked"))
"""Names of the lines in charts."""
RANGE, BEND, HOLD = marked((
    "Range by repetition, % of what counts",
    "Bend of the low back, °, with its standard deviation",
    "Hold by repetition, s",
))  # fmt: skip


def session_page(kept: Kept, *, name: str | None = None, zone: tzinfo | None = None) -> Page:
    """The report of a session.

    Args:
        kept: the session.
        name: of the person, where it is to be shown.
        zone: whose clock the times follow; None: this machine's.
    """
    session, sets = kept.session, kept.session.shown_sets
    whose = words.typed(name) if name else words.pseudonym(kept.person)
    lines = [whose, phrase("Session {id}", id=session.session_id), *words.signed(kept, zone)]
    groups = parts.by_exercise(sets).values()
    return Page(
        title=phrase("Session of {when}", when=words.moment(session.started_utc, zone))
        if session.started_utc
        else UNDATED,
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
    done = phrase("{n} of {total}", n=reps, total=sum(t or 0 for t in targets)) if any(targets) else str(reps)
    held = sum(one.hold_total_s for one in sets)
    pain = kept.session.pain
    labels = marked(("repetitions", "clean", "with a fault", "not judged", "pain before → after", "held"))
    values = (
        done,
        str(sum(one.clean_reps for one in sets)),
        str(sum(one.faulty_reps for one in sets)),
        str(sum(one.not_judged_reps for one in sets)),
        phrase("{first} → {last}", first=words.number(pain.before), last=words.number(pain.after)),
    )
    tiles = list(zip(labels, values, strict=False))
    if held:
        tiles.insert(4, (labels[-1], words.number(held, 0, "s")))
    return tuple(tiles)


def _done(kept: Kept) -> Section:
    session = kept.session
    head = marked(
        ("Exercise", "How it ended", "Asked", "Done", "Clean", "With a fault", "Not judged", "Held", "Length")
    )
    rows = [_done_row(one) for one in session.shown_sets]
    done = {(one.exercise, one.set, one.side) for one in session.shown_sets}
    for plan in session.planned:
        if (plan.exercise, plan.set, plan.side) not in done:
            asked = _asked(plan.target_reps, plan.target_hold_s)
            title = _set_name(plan.title or plan.exercise, plan.set, plan.side)
            rows.append((title, NOT_DONE, asked, "0", *(words.UNKNOWN,) * 5))
    sentences = [words.BROKEN_OFF[session.break_off]] if session.break_off else []
    if not session.planned:
        sentences.append(NO_PROGRAM)
    elif session.is_complete:
        sentences.append(ALL_DONE)
    if not rows:
        sentences.append(NO_SET)
    elif not any(one.reps or one.measured for one in session.shown_sets):
        sentences.append(NO_COUNT)
    grid = Grid(head, tuple(rows), text_columns=2) if rows else None
    return Section(PLANNED, tuple(sentences), grid)


def _set_name(name: str, number: int, side: str | None) -> str:
    named = parts.set_name(name, number)
    return phrase("{set}, {side}", set=named, side=words.SIDES.get(side, side)) if side else named


def _asked(reps: int | None, hold_s: float | None) -> str:
    asked = [str(reps)] if reps else []
    asked += [phrase("{time} hold", time=words.number(hold_s, 1, "s"))] if hold_s else []
    return phrase("{reps} × {hold}", reps=asked[0], hold=asked[1]) if len(asked) > 1 else (asked or [words.UNKNOWN])[0]


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
    said: list[str] = [
        phrase("{title}: {value}.", title=title, value=words.measured(text))
        for one in sets
        for title, text in one.measured.items()
    ]
    said += [held] if (held := parts.held(sets)) else []
    reaches = [rep.reach for rep in reps if rep.reach is not None]
    if reaches:
        mean, low, high = (words.share(v) for v in (mean_of(reaches), min(reaches), max(reaches)))
        said.append(phrase("Range: {mean} of what counts, from {low} to {high}.", mean=mean, low=low, high=high))
    if parts.judges_back(sets) and reps:
        said.append(_back(largest_bend(reps)))
    said += _attempts(sets)
    if not reps and not any(one.measured for one in sets):
        said.append(NO_REP)
    elif not any(one.faults for one in sets):
        said.append(NO_FAULT)
    return said


def _back(largest: Rep | None) -> str:
    if largest is None:
        return NO_BEND
    return phrase(
        "Low back: largest bend against the own start {bend} in repetition {n} "
        "(positive: extended; ±: standard deviation).",
        bend=parts.bend(largest),
        n=largest.index,
    )


def _attempts(sets: Sequence[SetDocument]) -> list[str]:
    """Movements that began and did not count, and why."""
    attempts = [attempt for one in sets for attempt in one.attempts]
    if not attempts:
        return []
    why = dict.fromkeys(words.fault_name(sets, attempt.reason) for attempt in attempts if attempt.reason)
    count = counted(len(attempts), "{n} movement began and did not count", "{n} movements began and did not count")
    if not why:
        return [phrase("{told}.", told=count)]
    return [phrase("{told}: {reasons:lower}.", told=count, reasons=words.together(why))]


def _corrected(sets: Sequence[SetDocument]) -> list[str]:
    """Which repetitions are shown as somebody corrected them."""
    added = sum(rep.is_added for one in sets for rep in one.reps)
    more: list[str] = []
    if added:
        told = counted(
            added,
            "{n} repetition added that the coach has not counted.",
            "{n} repetitions added that the coach has not counted.",
        )
        more.append(told)
    indices = sorted({rep.index for one in sets for rep in (*one.reps, *one.taken_back) if rep.told is not None})
    if not indices:
        return more
    told = counted(
        len(indices),
        "Repetition {which}: shown as corrected; what the coach told stands below.",
        "Repetitions {which}: shown as corrected; what the coach told stands below.",
        which=", ".join(map(str, indices)),
    )
    return [told, *more]


def _faults(sets: Sequence[SetDocument]) -> Grid | None:
    names = dict.fromkeys(name for one in sets for name in one.faults)
    if not names:
        return None
    rows = []
    for name in names:
        count = sum(one.faults.get(name, 0) for one in sets)
        cue = next((one.fault_words[name].cue for one in sets if name in one.fault_words), "")
        rows.append((words.fault_name(sets, name), cue or words.UNKNOWN, str(count), _magnitudes(sets, name)))
    return Grid(marked(("Fault", "What is said", "Repetitions", "Measured")), tuple(rows), text_columns=2)


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
    return low if low == high else phrase("{low} to {high}", low=low, high=high)


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
        drawn.append(_drawing(RANGE, series, reps, (100.0, COUNTS), low=0.0))
    if parts.judges_back(sets) and any(rep.back_deg is not None for rep in reps):
        series = _by_verdict([(rep, rep.back_deg, rep.back_sd_deg) for rep in reps])
        drawn.append(_drawing(BEND, series, reps, None))
    target = next((one.target_hold_s for one in sets if one.target_hold_s), None)
    if target:
        series = _by_verdict([(rep, rep.hold_s, None) for rep in reps])
        drawn.append(_drawing(HOLD, series, reps, (target, ASKED), low=0.0))
    return tuple(drawn)


def _by_verdict(values: Sequence[tuple[Rep, float | None, float | None]]) -> list[Series]:
    """One series a verdict, so that its shape says which."""
    found: dict[Verdict, list[Dot]] = {verdict: [] for verdict in words.VERDICTS}
    for place, (rep, value, sd) in enumerate(values, 1):
        if value is not None:
            found[rep.verdict].append(Dot(place, value, sd))
    return [Series(words.VERDICTS[verdict], charts.SHAPES[verdict], tuple(dots)) for verdict, dots in found.items()]


def _drawing(
    caption: str, series: list[Series], reps: Sequence[Rep], line: tuple[float, str] | None, low: float | None = None
) -> Drawing:
    labels = [(place, str(place)) for place in range(1, len(reps) + 1)]
    return Drawing(caption, partial(charts.dots, title=caption, series=series, labels=labels, line=line, low=low))


def _pain(kept: Kept) -> Section:
    session, pain = kept.session, kept.session.pain
    said = []
    for when, value in (("before", pain.before), ("after", pain.after)):
        known, unknown = PAIN[when]
        said.append(phrase(known, value=value) if value is not None else unknown)
    for exercise, effort in session.effort.items():
        title = next((one.name for one in session.shown_sets if one.exercise == exercise), words.plain(exercise))
        if effort is not None:
            said.append(phrase("Effort of {exercise}: {value} of 10.", exercise=title, value=effort))
        else:
            said.append(phrase("Effort of {exercise}: not answered.", exercise=title))
    if not session.effort:
        said.append(NO_EFFORT)
    return Section(PAIN_AND_EFFORT, tuple(said))
