"""The person's own span, from flat to arched: a guided 15 seconds, led by voice. Pure.

Absolute arch says little (people differ by 20 degrees and more); a share of the own span says more than torso lengths.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from formcheck.core.body.back import Posture
from formcheck.core.body.baseline import MAD_TO_SD, SIGNAL_TO_NOISE, baseline_of
from formcheck.core.body.lumbar_angle import features, lumbar_change
from formcheck.core.body.measure import Body
from formcheck.core.rules.events import Cue
from formcheck.core.rules.exercise import Exercise

Stage = Literal["waiting", "flat", "relaxed", "arched", "done", "failed"]
STAGES: tuple[Stage, ...] = ("flat", "relaxed", "arched")
STAGE_S = 5.0
"""Each of the three positions: two seconds to hear and move, three to measure."""
SETTLE_S = 2.0
KNOWN_SHARE = 0.6
"""Least share of pictures with a known outline in which a position is measured."""
STILL_S = 1.0
"""The outline must be known this long before the first instruction: the person lies there and is seen."""
FAULT_SHARE = 0.3
"""Share of the span that is a fault: an arch of half the span [P], less the fifth that the start pose may have [P]."""

GOAL_SHARE = 0.5
"""Share of the way from relaxed to flat that is a tilt: half of what the person can do is meant, not noise [P]."""

CUES: dict[Posture, dict[str, str]] = {
    "supine": {"flat": "Press your back flat.", "relaxed": "Relax.", "arched": "Lift your low back. Not if it hurts."},
    "quadruped": {
        "flat": "Round your back a little.",
        "relaxed": "Relax.",
        "arched": "Let your back sink. Not if it hurts.",
    },
    "upright": {
        "flat": "Pull your tailbone under.",
        "relaxed": "Relax.",
        "arched": "Push your belly out. Not if it hurts.",
    },
}
DONE = "Good. I know your back now."
FAILED = "I can't judge your back. Use your hand."


def calibration_cues() -> dict[str, str]:
    """Every text of the calibration by cue name."""
    texts = {f"calibrate.{posture}.{stage}": text for posture, cues in CUES.items() for stage, text in cues.items()}
    return {**texts, "calibrate.done": DONE, "calibrate.failed": FAILED}


@dataclass(frozen=True, slots=True)
class Span:
    """What a back can do, as its outline shows it: hollows in torso lengths, and the bend between flat and arched."""

    flat_tl: float
    relaxed_tl: float
    arched_tl: float
    noise_tl: float
    """Standard deviation of the hollow while a position is kept, breathing included."""
    bend_deg: float = math.nan
    """Bend of the low back from flat to arched, degrees."""

    @property
    def length_tl(self) -> float:
        """From flat to arched."""
        return self.arched_tl - self.flat_tl

    @property
    def is_usable(self) -> bool:
        """Whether a share of it can be told from the noise."""
        return self.length_tl > 0 and self.length_tl >= SIGNAL_TO_NOISE * self.noise_tl

    def limits(self, exercise: Exercise) -> dict[str, float]:
        """The settings that this span replaces, within what is allowed: limits of the back's faults (degrees), and how
        much of the hollow a movement of the outline must close (torso lengths)."""
        if not self.is_usable:
            return {}
        declared = {s.name: s for s in exercise.all_settings}
        wanted = {
            f.lumbar_limit: FAULT_SHARE * self.bend_deg for f in exercise.faults if f.of_back and self.bend_deg > 0
        }
        if exercise.outline_goal:
            wanted[exercise.outline_goal] = GOAL_SHARE * (self.relaxed_tl - self.flat_tl)
        return {name: round(min(max(v, declared[name].low), declared[name].high), 4) for name, v in wanted.items()}


class Calibrator:
    """Leads through the three positions and measures them."""

    def __init__(self, posture: Posture, lumbar_model: str = "") -> None:
        self.stage: Stage = "waiting"
        self.span: Span | None = None
        self._posture, self._model = posture, lumbar_model or posture
        self._since: float | None = None
        self._kept: dict[Stage, list[Body]] = {stage: [] for stage in STAGES}

    def update(self, t: float, body: Body) -> list[Cue]:
        """One picture's body, its hollow NaN where it is not known. Returns what to say now."""
        if self.stage in ("done", "failed"):
            return []
        if self.stage == "waiting":
            return self._wait(t, body.sagitta_tl)
        assert self._since is not None
        if t - self._since >= SETTLE_S:
            self._kept[self.stage].append(body)
        return self._next(t) if t - self._since >= STAGE_S else []

    def _wait(self, t: float, sagitta_tl: float) -> list[Cue]:
        if math.isnan(sagitta_tl):
            self._since = None
            return []
        self._since = t if self._since is None else self._since
        return self._enter(t, "flat") if t - self._since >= STILL_S else []

    def _next(self, t: float) -> list[Cue]:
        after = STAGES.index(self.stage) + 1
        if after < len(STAGES):
            return self._enter(t, STAGES[after])
        self.span = self._measure()
        is_good = self.span is not None and self.span.is_usable
        self.stage = "done" if is_good else "failed"
        return [Cue(t, "setup", f"calibrate.{self.stage}", DONE if is_good else FAILED)]

    def _enter(self, t: float, stage: Stage) -> list[Cue]:
        self.stage, self._since = stage, t
        return [Cue(t, "setup", f"calibrate.{self._posture}.{stage}", CUES[self._posture][stage])]

    def _measure(self) -> Span | None:
        """The span, or None where a position was seen too little."""
        hollows, noises = [], []
        for stage in STAGES:
            kept = np.array([body.sagitta_tl for body in self._kept[stage]])
            known = kept[~np.isnan(kept)]
            if not len(kept) or len(known) < KNOWN_SHARE * len(kept):
                return None
            hollows.append(float(np.median(known)))
            noises.append(MAD_TO_SD * float(np.median(np.abs(known - np.median(known)))))
        flat, relaxed, arched = hollows
        return Span(flat, relaxed, arched, max(noises), self._bend_deg())

    def _bend_deg(self) -> float:
        flat, relaxed, arched = (baseline_of(self._kept[stage]).body for stage in STAGES)
        if flat.contour is None or relaxed.contour is None or arched.contour is None:
            return math.nan
        ends = [(b.contour, features(b, relaxed)) for b in (flat, arched)]
        low, high = (
            lumbar_change(c, relaxed.contour, limbs, self._model, relaxed.side_on_deg).deg
            for c, limbs in ends
            if c is not None
        )
        return high - low
