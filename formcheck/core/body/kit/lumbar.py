"""The low back: the limit of its bend; the gap under it of somebody who lies, how much shows, how far it closes.

A tight shirt shows all of it, a hanging one a part, and that part closes less.
"""

from __future__ import annotations

from formcheck.core.body.baseline import SIGNAL_TO_NOISE, STEADY_NOISE, Baseline
from formcheck.core.body.measure import Body

LUMBAR_LIMIT = (
    "Bend of the low back against the own start: 10 beyond the target [P]; the least honest claim is 6 (MDC)."
)
LUMBAR_SOURCE = "[P]; minimal detectable change 5.9 degrees (iHandy 2016)"

TELLS = 0.86
"""Share of the gap of tight shirts from which it is said that it did not close (they show from 0.024 T on)."""
TIMED = 0.36
"""Share from which it is told how long it stays closed: of 0.010 T 0.005 closes, the outline's own error (measured)."""
VEILED = 0.75
"""A hold begins later and ends earlier in a hanging shirt: it is called short below this share of what is asked for."""
CLOSES, LEAST_TL = 0.30, 0.003
"""Share of the gap that shows which a tilt closes at least (renders: 0.33 in hanging shirts to 0.65 in tight ones),
and the smallest change that is told from the outline's noise (0.0003-0.0008, steady), torso lengths."""
SHOWN = 0.5
"""Share of the flattening that is asked for from which a gap is seen to close [P]."""


def gap_shown(start: Baseline, gap_tl: float) -> float:
    """How much of a gap the start shows: 1 = as tight shirts do (`gap_tl`). A hanging shirt fills it."""
    return start.body.steady_sagitta_tl / gap_tl


def shows_gap(start: Baseline, flat_tl: float) -> bool:
    """Whether the start shows a gap that can be seen to close."""
    return start.body.steady_sagitta_tl >= SHOWN * flat_tl


def flattened(body: Body, start: Baseline, flat_tl: float) -> float:
    """How much flatter the steady outline is than in the own start, as a share of what is asked for.

    Asked for is a share of the gap that shows, at most `flat_tl`: a hanging shirt hides most of both. Where none shows,
    all of `flat_tl`: a round back or a shirt that fills the gap bends with the tilt nevertheless. NaN where so small a
    change could not be told from the noise that the start pose showed.
    """
    least_tl = max(CLOSES * start.body.steady_sagitta_tl, LEAST_TL) if shows_gap(start, flat_tl) else flat_tl
    asked_tl = min(least_tl, flat_tl)
    if not SIGNAL_TO_NOISE * STEADY_NOISE * start.sagitta_sd_tl <= asked_tl:
        return float("nan")
    return (start.body.steady_sagitta_tl - body.steady_sagitta_tl) / asked_tl


def is_told(start: Baseline, gap_tl: float) -> bool:
    """Whether enough of the gap shows to say that it did not close."""
    return gap_shown(start, gap_tl) >= TELLS


def hold_asked_s(start: Baseline, gap_tl: float, flat_tl: float, hold_s: float) -> float:
    """Seconds below which a hold is short, of those asked for; none where so little closes that it can't be timed.

    Args:
        start: the person's own.
        gap_tl: what tight shirts show of the gap.
        flat_tl: the flattening that is asked for where no gap shows: more than any noise.
        hold_s: what is asked for.
    """
    if gap_shown(start, gap_tl) >= 1:
        return hold_s
    return hold_s * VEILED if gap_shown(start, gap_tl) >= TIMED or not shows_gap(start, flat_tl) else 0.0


def lost_again(body: Body, top: Body, start: Baseline) -> float:
    """Share of the largest flattening that has gone again; NaN where there was none."""
    neutral_tl = start.body.steady_sagitta_tl
    flat_tl, best_tl = neutral_tl - body.steady_sagitta_tl, neutral_tl - top.steady_sagitta_tl
    return 1.0 - flat_tl / best_tl if best_tl > 0 else float("nan")
