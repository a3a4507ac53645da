"""The last pages: the summary of a set and the report of a session. They format the record and count nothing."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import get_args

from formcheck.core.feedback.phrases import FLOW, UNSEEN, exercise_cues, not_judged_cue, remedy_for
from formcheck.core.rules.events import Clock
from formcheck.core.rules.exercise import Exercise
from formcheck.core.rules.setting import Settings
from formcheck.core.text import COMMAS, counted, listed, marked, phrase
from formcheck.screen import BandLine, Bar, ReportRow, ReportView, SummaryView, Tally, Wording
from formcheck.screen.words import NOTHING, NOTHING_ADVICE
from formcheck.session.program import SIDES
from formcheck.session.record import Counts, SetRecord
from formcheck.session.session_record import ADVICE, SessionRecord

BANDS_MAX = 6
"""Quantities of a run beside its picture: more are too small to read."""
ROWS_MAX = 9
"""With more sets than this the report has a row for each exercise."""
REASON_S = 10.0
"""Seconds for which a part was not seen, from which it is the reason why nothing was counted [P]."""
OUTCOMES = marked({
    "skipped": "left out",
    "hurt": "stopped because it hurt",
    "restarted": "begun anew",
    "interrupted": "broken off",
})  # fmt: skip
"""How a set ended, where that is worth a word."""
NOT_JUDGED = marked({
    "head": "I could not judge your head.",
    "shoulders": "I could not judge your shoulders.",
    "arms": "I could not judge your arms.",
    "hips": "I could not judge your hips.",
    "knees": "I could not judge your knees.",
    "feet": "I could not judge your feet.",
    "back": "I could not judge your back.",
})  # fmt: skip


def tally_of(counts: Counts) -> Tally:
    """The counts for the screen."""
    return Tally(counts.clean, counts.faulty, counts.not_judged)


def summary_of(record: SetRecord) -> SummaryView:
    """How one set went."""
    exercise, wording = record.exercise, Wording.of(record.exercise)
    most, planned = record.most_seen_fault, record.planned
    reps, is_per_side = record.asked or (exercise.dose.reps, exercise.dose.per_side)
    return SummaryView(
        title=exercise.title,
        tally=tally_of(record.counts),
        target_reps=planned.reps if planned else reps,
        is_per_side=planned.is_per_side if planned else is_per_side,
        is_done=record.outcome == "done",
        attempts=tuple(Counter(wording.attempt(attempt.reason) for attempt in record.attempts).items()),
        hold_total_s=record.hold_total_s,
        fault=wording.fault(most[0].name) if most else "",
        fault_count=most[1] if most else 0,
        cue=most[0].cue if most else "",
        unjudged=(
            *_not_counted(record),
            *((_not_judged(part), _remedy(record, part)) for part in record.not_judged_parts),
        ),
        lines=record.lines,
        bands=_bands(record),
        cycle=_cycle(record),
    )


def _bands(record: SetRecord) -> tuple[BandLine, ...]:
    """What was measured and has a band, those that the live page shows first."""
    bout, details = record.exercise.bout, record.metrics.get("details", {})
    known = [(m, (details.get(m.name) or {}).get("value")) for m in bout.metrics] if bout is not None else []
    return tuple(
        BandLine(
            m.title,
            f"{value:.{m.decimals}f} {m.unit}".replace(" deg", "°"),
            value,
            math.nan if m.low is None else m.low,
            math.nan if m.high is None else m.high,
        )
        for m, value in known
        if value is not None and (m.low is not None or m.high is not None)
    )[:BANDS_MAX]


def _cycle(record: SetRecord) -> tuple[tuple[tuple[float, float] | None, ...], ...]:
    """The average step, as it was kept."""
    moments = record.metrics.get("cycle") or ()
    return tuple(tuple(None if place is None else (place[0], place[1]) for place in moment) for moment in moments)


def _not_counted(record: SetRecord) -> list[tuple[str, str]]:
    """What kept it from counting, and what to do: too few pictures for a while; in a set without any repetition a part
    that was not seen for long."""
    unseen_s: defaultdict[str, float] = defaultdict(float)
    for span in record.unseen:
        unseen_s[span.part] += span.t_s - span.start_s
    least_s = math.inf if record.counts.reps or record.lines else REASON_S
    longest = sorted(unseen_s, key=lambda part: -unseen_s[part])
    parts = [part for part in longest if part == "rate" or (part != "back" and unseen_s[part] >= least_s)]
    return [(UNSEEN[part], _remedy(record, part)) for part in parts if part not in record.not_judged_parts]


def _not_judged(part: str) -> str:
    return not_judged_cue((part,))[1] if part in get_args(Clock) else NOT_JUDGED[part]


def _remedy(record: SetRecord, part: str) -> str:
    """What to do about a part that could not be judged: as was advised while it was not seen."""
    spans = [span for span in record.unseen if span.part == part]
    advice = max(spans, key=lambda span: span.t_s - span.start_s).advice if spans else ""
    return advice.removeprefix(UNSEEN.get(part, "")).strip() or remedy_for(part)


def report_of(session: SessionRecord, exercises: Sequence[Exercise], ended: str) -> ReportView:
    """The last page of a session.

    Args:
        session: what was done.
        exercises: those of the plan, in their order.
        ended: how it ended, in words.
    """
    counts, sets = session.counts, session.shown_sets
    target = f" / {session.target_reps}" if session.target_reps else ""
    tiles = [(phrase("Repetitions"), f"{counts.reps}{target}"), (phrase("Clean"), str(counts.clean))]
    tiles += [(phrase("With a fault"), str(counts.faulty))] if counts.faulty else []
    tiles += [(phrase("Not judged"), str(counts.not_judged))] if counts.not_judged else []
    held_s = session.hold_total_s
    tiles += [(phrase("Held"), phrase("{n} s", n=round(held_s)))] if held_s > 0 else []
    tiles.append((phrase("Time"), phrase("{n} min", n=max(1, round(session.length_s / 60)))))
    headline, advice = _work_on(session)
    return ReportView(
        title=session.program.title if session.program else exercises[0].title,
        tiles=tuple(tiles[:6]),
        rows=tuple(_row(group) for group in _grouped(sets)),
        ended=ended,
        headline=headline,
        advice=advice,
        warning=ADVICE.get(session.pain_verdict, "") or (FLOW["safety.hurt"] if session.is_stopped_by_pain else ""),
        is_all_clean=counts.reps > 0 and counts.clean == counts.reps,
    )


def _work_on(session: SessionRecord) -> tuple[str, str]:
    """Headline and advice of the one thing to work on; what else there is to say where no fault was seen."""
    if session.is_stopped_by_pain:
        return "", ""
    counts = session.counts
    if not counts.reps and not any(record.lines for record in session.shown_sets):
        nothing = (NOTHING, NOTHING_ADVICE)
        return next((why for record in session.shown_sets for why in _not_counted(record)), nothing)
    todo = session.work_on()
    if todo is not None:
        fault = Wording.of(todo.exercise).fault(todo.rule.name)
        headline = counted(
            todo.count, "{title}: {fault:lower}", "{title}: {fault:lower} ({n} times)",
            title=todo.exercise.title, fault=fault,
        )  # fmt: skip
        return headline, todo.rule.cue
    if counts.not_judged:
        worst = max(session.shown_sets, key=lambda record: record.counts.not_judged)
        part = next(iter(worst.not_judged_parts), "back")
        return phrase("{title}: {text}", title=worst.exercise.title, text=_not_judged(part)), _remedy(worst, part)
    return "", ""


def _grouped(sets: Sequence[SetRecord]) -> list[list[SetRecord]]:
    if len(sets) <= ROWS_MAX:
        return [[record] for record in sets]
    groups: dict[str, list[SetRecord]] = {}
    for record in sets:
        groups.setdefault(record.exercise.name, []).append(record)
    return list(groups.values())


def _row(records: Sequence[SetRecord]) -> ReportRow:
    first = records[0]
    exercise, planned = first.exercise, first.planned
    counts = sum((record.counts for record in records), Counts())
    wanted = sum(record.planned.total_reps for record in records if record.planned)
    held_s = sum(record.hold_total_s for record in records)
    parts = [part for part in (f"{counts.reps} / {wanted}", counts.in_words) if part]
    parts += [phrase("held {n} s", n=round(held_s))] if held_s >= 1 else []
    if exercise.bout is not None:
        lines = [line for record in records for line in record.lines[:2]]
        parts = [phrase("{what} {much}", what=what, much=much) for what, much in lines]
    parts += [OUTCOMES[record.outcome] for record in records if record.outcome in OUTCOMES][:1]
    title = exercise.title
    if planned and planned.side and len(records) == 1:
        title = phrase("{title}, {side}", title=title, side=SIDES[planned.side])
    bars = tuple(bar for record in records for bar in _bars(record))
    return ReportRow(title, listed(parts, COMMAS), bars, exercise.judges_back)


def _bars(record: SetRecord) -> list[Bar]:
    """The repetitions and attempts of a set in their order."""
    limit_deg = back_limit_deg(record)
    bars = [(rep.end_s, Bar(rep.rom_fraction, rep.back_change_deg / limit_deg, rep.verdict)) for rep in record.reps]
    bars += [(attempt.t_s, Bar(math.nan, math.nan, "not-judged", is_attempt=True)) for attempt in record.attempts]
    return [bar for _, bar in sorted(bars, key=lambda item: item[0])]


def back_limit_deg(record: SetRecord) -> float:
    """The tightest limit of the back that was in force, degrees; NaN where the exercise has none."""
    planned = record.planned
    settings = Settings(record.exercise.all_settings, planned.overrides if planned else None)
    return min((f.lumbar_limit_deg(settings) for f in record.exercise.faults if f.of_back), default=math.nan)


def spoken_report(session: SessionRecord) -> list[tuple[str, str]]:
    """What is said with the last page, as names and texts: pain first, or else the one thing to work on."""
    verdict = session.pain_verdict
    if verdict:
        return [(f"pain.{verdict}", FLOW[f"pain.{verdict}"])]
    todo = session.work_on()
    if todo is None:
        return []
    title, cue = f"{todo.exercise.name}.title", f"{todo.exercise.name}.{todo.rule.name}"
    cues = exercise_cues(todo.exercise)
    return [("session.work-on", FLOW["session.work-on"]), (title, cues[title]), (cue, cues[cue])]
