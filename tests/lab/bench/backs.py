"""The low back: error of its contour, of its change, the sign of the change, and what is known how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from formcheck.core.back import hollow_t
from formcheck.core.pose import Joint
from formcheck.registry import load_exercises
from tests.lab.bench.clips import Clip
from tests.lab.bench.stats import Figure, clustered, mean, median, p95, rmse, share

CHANGE_MIN_MM = 8.0
"""Changes from here on must have the right sign."""
SIDE_VIEW_DEG = 20.0
LEAD_S = 1.4
"""The start pose at the beginning of every clip."""
SMOOTH_S = 0.4
COVERAGES = (0.2, 0.4, 0.6, 0.8, 1.0)
BACK_EXERCISES = frozenset({"dead-bug", "bird-dog", "glute-bridge", "pelvic-tilt", "hip-flexor-stretch",
                            "piriformis-stretch"})  # fmt: skip


@dataclass(frozen=True)
class Change:
    """The change of the hollow against the start pose in every frame of a clip, mm; NaN where unknown."""

    true_mm: np.ndarray
    found_mm: np.ndarray
    sd_mm: np.ndarray
    hip_deg: np.ndarray
    """Change of the near shoulder-hip-knee angle: what others judge the arch by."""
    pitch_deg: np.ndarray
    """Change of the trunk line's pitch: likewise."""


@cache
def change_of(clip: Clip) -> Change:
    """Measure a clip."""
    assert clip.frames is not None
    frames, stream = clip.frames, clip.stream
    torso = float(np.median(frames["torso_mm"]))
    times = stream["t_s"]
    true = np.array([hollow_t(row) for row in frames["cloth_back_offset_t"]]) * torso
    true = np.interp(times, frames["t_s"], true)
    found = _steady(times, np.array([hollow_t(row) for row in stream["offset_t"]]) * torso)
    still = times < LEAD_S
    sd = np.nanmean(np.where(np.isfinite(stream["sd_t"]), stream["sd_t"], np.inf), axis=1) * torso
    near = clip.truth["near_side"].upper()
    hip = _angle(stream["xy_px"], Joint[f"{near}_SHOULDER"], Joint[f"{near}_HIP"], Joint[f"{near}_KNEE"])
    trunk = stream["xy_px"][:, Joint[f"{near}_SHOULDER"]] - stream["xy_px"][:, Joint[f"{near}_HIP"]]
    pitch = np.degrees(np.arctan2(-trunk[:, 1], np.abs(trunk[:, 0])))
    parts = [values - np.nanmedian(values[still]) if np.isfinite(values[still]).any() else values * np.nan
             for values in (true, found, hip, pitch)]  # fmt: skip
    return Change(parts[0], parts[1], sd, parts[2], parts[3])


def _steady(times: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Centred running median: no lag, as the truth has none."""
    out = np.full(len(values), np.nan)
    for i, t in enumerate(times):
        near = values[np.abs(times - t) <= SMOOTH_S / 2]
        if np.isfinite(near).sum() * 2 >= len(near):
            out[i] = np.nanmedian(near)
    return out


def _angle(xy: np.ndarray, a: int, b: int, c: int) -> np.ndarray:
    u, v = xy[:, a] - xy[:, b], xy[:, c] - xy[:, b]
    cross = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    return np.asarray(np.degrees(np.arctan2(np.abs(cross), (u * v).sum(axis=1))))


def contour_errors_mm(clip: Clip) -> np.ndarray:
    """Distance of every found contour point from the true (dressed) contour, mm; every third frame."""
    assert clip.frames is not None
    frames, stream = clip.frames, clip.stream
    torso_px = np.hypot(*(_middle(frames, "shoulder") - _middle(frames, "hip")).T)
    scale = np.median(frames["torso_mm"]) / torso_px
    found: list[float] = []
    for i in range(0, len(stream["t_s"]), 3):
        j = clip.rows[i]
        line, points = frames["cloth_back_px"][j], stream["contour_px"][i]
        if stream["unknown"][i] or not np.isfinite(line).all():
            continue
        points = points[np.isfinite(points).all(axis=1)]
        found += (_distance(points, line) * scale[j]).tolist()
    return np.array(found)


def _middle(frames: dict[str, np.ndarray], joint: str) -> np.ndarray:
    names = [str(n) for n in frames["joint_names"]]
    left, right = names.index(f"{joint}_left"), names.index(f"{joint}_right")
    return np.asarray((frames["joints_px"][:, left] + frames["joints_px"][:, right]) / 2)


def _distance(points: np.ndarray, line: np.ndarray) -> np.ndarray:
    """Distance of points (N, 2) from a polyline (M, 2)."""
    a, b = line[:-1], line[1:]
    way = b - a
    along = ((points[:, None] - a) * way).sum(axis=2) / np.maximum((way**2).sum(axis=1), 1e-9)
    nearest = a + np.clip(along, 0, 1)[..., None] * way
    return np.asarray(np.hypot(*np.moveaxis(points[:, None] - nearest, 2, 0)).min(axis=1))


def usable(clips: Sequence[Clip]) -> list[Clip]:
    """Clips in which the back can be told from the side."""
    kinds = ("good", "plain", "over", "under", "room")
    return [
        c
        for c in clips
        if c.frames is not None and c.kind in kinds and c.exercise in BACK_EXERCISES and c.azimuth_deg <= SIDE_VIEW_DEG
    ]


def judged_by_outline(clips: Sequence[Clip]) -> list[Clip]:
    """Clips of exercises in which FormCheck says something on the ground of the back's outline."""
    exercises = load_exercises().exercises
    judged = {n for n, e in exercises.items() if "back" in e.needs or any(f.of_back for f in e.faults)}
    return [c for c in clips if c.exercise in judged]


def figures(clips: Sequence[Clip]) -> dict[str, Figure]:
    """Contour, change, sign and coverage over all usable clips; intervals over clips."""
    own = usable(clips)
    contours = [contour_errors_mm(c) for c in own]
    changes = [change_of(c) for c in own]
    known = [np.isfinite(c.found_mm) & np.isfinite(c.true_mm) for c in changes]
    large = [is_known & (np.abs(c.true_mm) >= CHANGE_MIN_MM) for c, is_known in zip(changes, known, strict=True)]
    right = [(np.sign(c.true_mm) == np.sign(c.found_mm))[is_large] for c, is_large in zip(changes, large, strict=True)]
    errors = [(c.found_mm - c.true_mm)[is_known] for c, is_known in zip(changes, known, strict=True)]
    return {
        "contour_error_median": clustered(contours, median, "mm"),
        "contour_error_p95": clustered(contours, p95, "mm"),
        "change_bias": clustered(errors, mean, "mm"),
        "change_rmse": clustered(errors, rmse, "mm"),
        "sign_right": clustered([r.astype(float) for r in right], mean, "share"),
        "frames_known": clustered([k.astype(float) for k in known], mean, "share"),
    }


def by_exercise(clips: Sequence[Clip]) -> dict[str, dict[str, Figure]]:
    """The same for each exercise."""
    names = sorted({c.exercise for c in usable(clips)})
    return {name: figures([c for c in clips if c.exercise == name]) for name in names}


def risk_coverage(clips: Sequence[Clip]) -> list[tuple[float, Figure]]:
    """Share of wrong signs among the surest share of all frames in which the back truly changed enough.

    Frames without a known back count as not judged, so the curve ends where nothing more is known.
    """
    rows: list[tuple[float, bool]] = []
    count = 0
    for clip in usable(clips):
        change = change_of(clip)
        count += int((np.abs(change.true_mm) >= CHANGE_MIN_MM).sum())
        large = np.isfinite(change.found_mm) & (np.abs(change.true_mm) >= CHANGE_MIN_MM)
        sure = np.abs(change.found_mm) / np.maximum(change.sd_mm, 1e-3)
        wrong = np.sign(change.true_mm) != np.sign(change.found_mm)
        rows += list(zip((-sure[large]).tolist(), wrong[large].tolist(), strict=True))
    rows.sort()
    curve = []
    for coverage in COVERAGES:
        kept = rows[: round(coverage * count)]
        if len(kept) >= 0.98 * coverage * count:
            curve.append((coverage, share(sum(wrong for _, wrong in kept), len(kept))))
    if count and len(rows) < count:
        curve.append((len(rows) / count, share(sum(wrong for _, wrong in rows), len(rows))))
    return curve
