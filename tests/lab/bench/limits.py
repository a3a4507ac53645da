"""Limits: thresholds of faults beside the noise of what they are measured on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.core.rules.exercise import Exercise
from formcheck.session.registry import load_exercises
from tests.lab.bench.angles import KINDS, errors_of, sides_of
from tests.lab.bench.backs import change_of, usable
from tests.lab.bench.clips import Clip
from tests.lab.bench.stats import Figure, clustered, rmse

SIDE_VIEW_DEG = 20.0
NOISES = 2.0
"""A limit must be this many standard deviations away: a still joint would pass it in one frame of 40."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a limit in degrees is measured on."""

    joint: str
    from_deg: float = 0.0
    """The angle of good form from which the limit is away; 0 where the limit is a change."""


ON = {
    ("dead-bug", "drift_deg"): Measured("hip"),
    ("dead-bug", "arm_drop_deg"): Measured("shoulder"),
    ("bird-dog", "high_deg"): Measured("hip", 180.0),
    ("glute-bridge", "sag_deg"): Measured("hip"),
    ("glute-bridge", "feet_deg"): Measured("knee", 90.0),
    ("hip-flexor-stretch", "lean_deg"): Measured("trunk"),
    ("piriformis-stretch", "lean_max_deg"): Measured("trunk", 30.0),
    ("running", "waist_deg"): Measured("trunk"),
}


def table(clips: Sequence[Clip]) -> list[dict[str, object]]:
    """Limits in degrees and of the back's outline; a row for each fault with known noise, in views up to 20 degrees."""
    rows: list[dict[str, object]] = []
    for name, exercise in sorted(load_exercises().exercises.items()):
        own = [c for c in clips if c.exercise == name and c.frames is not None and c.kind in KINDS]
        own = [c for c in own if c.azimuth_deg <= SIDE_VIEW_DEG]
        rows += _rows(exercise, own)
    return rows


def _rows(exercise: Exercise, clips: Sequence[Clip]) -> list[dict[str, object]]:
    settings = {s.name: s for s in exercise.settings}
    rows: list[dict[str, object]] = []
    for fault in exercise.faults:
        setting, on = settings.get(fault.limit), ON.get((exercise.name, fault.limit))
        if setting is None or not (on or fault.of_back):
            continue
        noise = _angle_noise(clips, on.joint) if on else _back_noise(clips)
        away = abs(float(setting.value) - (on.from_deg if on else 0.0))
        if noise.count and not math.isnan(noise.value):
            rows.append(
                {
                    "exercise": exercise.name,
                    "fault": fault.name,
                    "limit": f"{setting.value:g} {setting.unit}",
                    "measured_on": on.joint if on else "outline of the back",
                    "away_from_good_form": round(away, 3),
                    "noise_sd": noise,
                    "inside_noise": away < NOISES * noise.value,
                }
            )
    return rows


def _angle_noise(clips: Sequence[Clip], joint: str) -> Figure:
    """Spread within a clip, the worse of both sides."""
    sides: dict[str, list[np.ndarray]] = {}
    for clip in clips:
        for where, side in sides_of(clip):
            errors = errors_of(clip, joint, side)
            if len(errors):
                sides.setdefault(where, []).append(errors - errors.mean())
    figures = [clustered(parts, rmse, "deg") for parts in sides.values()]
    return max(figures, key=lambda f: f.value, default=clustered([], rmse, "deg"))


def _back_noise(clips: Sequence[Clip]) -> Figure:
    """Error of the hollow's change from the start pose, torso lengths."""
    parts = []
    for clip in usable(clips):
        assert clip.frames is not None
        change, torso = change_of(clip), float(np.median(clip.frames["torso_mm"]))
        parts.append((change.found_mm - change.true_mm) / torso)
    return clustered(parts, rmse, "T")
