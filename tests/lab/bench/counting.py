"""Counting: repetitions, sides, holds, attempts, and what must never be counted."""

from __future__ import annotations

from collections.abc import Sequence

from tests.lab.bench.clips import NOT_REPS, Clip
from tests.lab.bench.match import Entry, match_reps
from tests.lab.bench.stats import Figure, mean, median, p95, share, spread, tally
from tests.lab.held import held_s, held_way_deg

SIDE_VIEW_DEG = 20.0
"""Sides are judged in views up to here."""

UNHELD = frozenset({"dead-bug", "running"})
"""Exercises without a hold."""


def of_reps(clips: Sequence[Clip]) -> dict[str, Figure]:
    """Counts against truth, over clips in which repetitions are done."""
    counted = [c for c in clips if c.kind not in NOT_REPS and c.truth["reps"]]
    errors = [len(c.found["reps"]) - len(c.truth["reps"]) for c in counted]
    pairs = {c.name: match_reps(c) for c in counted}
    sided = [(t, f) for c in counted if c.azimuth_deg <= SIDE_VIEW_DEG for t, f in pairs[c.name] if t["side"]]
    matched = sum(map(len, pairs.values()))
    return {
        "off_by_one": share(sum(abs(e) <= 1 for e in errors), len(errors)),
        "exact": share(sum(e == 0 for e in errors), len(errors)),
        "mean_absolute_error": spread([float(abs(e)) for e in errors], mean, "reps"),
        "found_in_time": share(matched, sum(len(c.truth["reps"]) for c in counted)),
        "true_in_time": share(matched, sum(len(c.found["reps"]) for c in counted)),
        "side_right": share(sum(t["side"] == f["side"] for t, f in sided), len(sided)),
    }


def of_holds(clips: Sequence[Clip]) -> dict[str, Figure]:
    """Seconds of the hold against truth, over matched repetitions of exercises that are held.

    A hold has one meaning: the time within 5 degrees of the furthest position, in the pelvic tilt until 0.3 of the
    flattening is lost. Stretches whose clock stops on purpose are left out.
    """
    held = [c for c in clips if c.kind not in NOT_REPS and c.exercise not in UNHELD]
    pairs = [(c, t, f) for c in held for t, f in match_reps(c) if runs(c, t)]
    errors = [f["hold_s"] - true_hold_s(c, t) for c, t, f in pairs]
    return {
        "hold_error_median": spread([abs(e) for e in errors], median, "s"),
        "hold_error_p95": spread([abs(e) for e in errors], p95, "s"),
        "hold_bias": spread(errors, mean, "s"),
    }


STRETCHES = frozenset({"hip-flexor-stretch", "piriformis-stretch"})
"""Their clock runs only while the position is good. The truth of older renders has the time in the stretch: it is read
from the frames."""


def runs(clip: Clip, rep: Entry) -> bool:
    """Whether nothing stops the clock."""
    return clip.exercise not in STRETCHES or set(rep["faults"]) <= {"short-hold"}


def true_hold_s(clip: Clip, rep: Entry) -> float:
    """Seconds that a hold really lasted."""
    if clip.exercise not in STRETCHES or clip.frames is None:
        return float(rep["hold_s"])
    inside = (clip.frames["t_s"] >= rep["start_s"]) & (clip.frames["t_s"] <= rep["end_s"])
    way_deg = held_way_deg(clip.frames, rep["side"] or "left")
    return held_s(clip.frames["t_s"][inside], way_deg[inside], clip.frames["stretch"][inside])


def of_life(clips: Sequence[Clip]) -> dict[str, Figure]:
    """Repetitions that were counted while nobody did any."""
    life = [c for c in clips if c.kind == "life"]
    wrong = sum(max(0, len(c.found["reps"]) - len(c.truth["reps"])) for c in life)
    clean = share(sum(len(c.found["reps"]) <= len(c.truth["reps"]) for c in life), len(life))
    cues = sum(cue["kind"] in ("form", "safety", "count", "praise") for c in life for cue in c.found["cues"])
    return {
        "life_counts": tally(wrong, len(life), "counts"),
        "life_clips_clean": clean,
        "life_cues": tally(cues, len(life), "cues"),
    }


def of_attempts(clips: Sequence[Clip]) -> dict[str, Figure]:
    """Movements that turned back too early: not counted, and told."""
    tried = [(c, a) for c in clips if c.kind not in NOT_REPS for a in c.truth["attempts"]]

    def during(clip: Clip, attempt: dict[str, float], what: str) -> bool:
        return any(x["start_s"] < attempt["end_s"] and x["end_s"] > attempt["start_s"] for x in clip.found[what])

    told = sum(during(c, a, "attempts") for c, a in tried)
    counted = sum(
        any(r["start_s"] < a["end_s"] - 0.5 and r["end_s"] > a["start_s"] + 0.5 for r in c.found["reps"])
        for c, a in tried
    )
    return {"attempts_told": share(told, len(tried)), "attempts_counted_as_reps": share(counted, len(tried))}
