"""Ways: the outlines of several readers, and what others judge a back by, on the same frames."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tests.lab.bench.backs import BACK_EXERCISES, BACK_KINDS, CHANGE_MIN_MM, calibration, change_of, usable
from tests.lab.bench.clips import SHIPPED, Clip
from tests.lab.bench.contours import contour_errors_mm
from tests.lab.bench.stats import Figure, clustered, mean, median, rmse

ANGLES = {"shoulder-hip-knee angle": "hip_deg", "trunk pitch": "pitch_deg"}
"""What others judge an arch by: columns of a `Change`."""

VIEWS_DEG = (0, 10, 20, 40)


@dataclass(frozen=True, slots=True)
class Found:
    """What one way says of a group of clips, one array a clip."""

    true_mm: list[np.ndarray]
    found_mm: list[np.ndarray]
    contours_mm: list[np.ndarray]
    """Empty for ways without a contour."""


def names(clips: Sequence[Clip]) -> list[str]:
    """Ways that read every one of the clips; what FormCheck ships first."""
    common = set.intersection(*(set(c.ways) for c in clips)) if clips else {SHIPPED}
    return [SHIPPED, *sorted(common - {SHIPPED}), *ANGLES]


def listen(clips: Sequence[Clip], name: str) -> Found:
    """Collect what a way says; angles are scaled by their best fit to the truth of these very clips."""
    if name not in ANGLES:
        changes = [change_of(c, name) for c in clips]
        found = [c.found_mm for c in changes]
        return Found([c.true_mm for c in changes], found, [contour_errors_mm(c, name) for c in clips])
    changes = [change_of(c) for c in clips]
    angles = [getattr(c, ANGLES[name]) for c in changes]
    found = [np.full(0, np.nan)] * len(clips)
    for exercise in {c.exercise for c in clips}:
        own = [i for i, c in enumerate(clips) if c.exercise == exercise]
        scale = fit_scale([angles[i] for i in own], [changes[i].true_mm for i in own])
        for i in own:
            found[i] = angles[i] * scale
    return Found([c.true_mm for c in changes], found, [])


def fit_scale(angles: Sequence[np.ndarray], true_mm: Sequence[np.ndarray]) -> float:
    """Millimetres a degree by least squares through the start pose, where both changes are nothing."""
    x, y = np.concatenate(angles), np.concatenate(true_mm)
    both = np.isfinite(x) & np.isfinite(y)
    power = float(np.sum(x[both] ** 2))
    return float(np.sum(x[both] * y[both])) / power if power else 0.0


def judge(found: Found) -> dict[str, Figure]:
    """Contour, change, sign and coverage."""
    known = [np.isfinite(f) & np.isfinite(t) for f, t in zip(found.found_mm, found.true_mm, strict=True)]
    rows = list(zip(found.true_mm, found.found_mm, known, strict=True))
    large = [k & (np.abs(t) >= CHANGE_MIN_MM) for t, _, k in rows]
    right = [
        (np.sign(t) == np.sign(f))[is_large].astype(float) for (t, f, _), is_large in zip(rows, large, strict=True)
    ]
    missed = [(f - t)[is_large] for (t, f, _), is_large in zip(rows, large, strict=True)]
    return {
        "contour_error_median": clustered(found.contours_mm, median, "mm"),
        "change_rmse": clustered([(f - t)[k] for t, f, k in rows], rmse, "mm"),
        "change_rmse_where_large": clustered(missed, rmse, "mm"),
        "sign_right": clustered(right, mean, "share"),
        "frames_known": clustered([k.astype(float) for k in known], mean, "share"),
    }


Group = Callable[[Clip], str]


def table(clips: Sequence[Clip], group: Group) -> list[dict[str, object]]:
    """A row for each group and way."""
    groups: dict[str, list[Clip]] = {}
    for clip in clips:
        groups.setdefault(group(clip), []).append(clip)
    return [
        {"of": key, "way": name, **judge(listen(groups[key], name))} for key in sorted(groups) for name in names(clips)
    ]


def tables(clips: Sequence[Clip]) -> dict[str, list[dict[str, object]]]:
    """By exercise, by view and by clothing; in views up to 20 degrees but for the second."""
    every = [
        c for c in read_by_all(clips) if c.frames is not None and c.exercise in BACK_EXERCISES and c.kind in BACK_KINDS
    ]
    side = usable(every)
    return {
        "by_exercise": table(side, lambda c: c.exercise),
        "by_view": table(every, lambda c: f"{min(VIEWS_DEG, key=lambda v: abs(v - c.azimuth_deg))} degrees"),
        "by_clothing": table(side, lambda c: "loose" if c.is_loose else "tight"),
    }


def read_by_all(clips: Sequence[Clip]) -> list[Clip]:
    """Clips that every way has read; all of them if only FormCheck has."""
    asked = [c for c in clips if c.readings is not None]
    return asked or list(clips)


def calibrations(clips: Sequence[Clip]) -> dict[str, dict[str, Figure]]:
    """Share of 90 % intervals that hold the truth, of each way that tells its uncertainty."""
    own = usable(read_by_all(clips))
    return {name: calibration(own, name) for name in names(own) if name not in ANGLES}
