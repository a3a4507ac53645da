"""The low back: error of its contour, of its change, the sign of the change, and what is known how often."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from formcheck.core.body.back import Back, Lumbar, lumbar_of, sagitta_tl
from formcheck.core.body.pose import Joint
from formcheck.session.registry import load_exercises
from tests.lab.bench.clips import SHIPPED, Clip
from tests.lab.bench.contours import Z90, contour_errors_mm, station_scores, torso_px
from tests.lab.bench.stats import Figure, clustered, mean, median, p95, rmse, share

CHANGE_MIN_MM = 8.0
"""Changes from here on must have the right sign."""
SIDE_VIEW_DEG = 20.0
WANTED_PX = 250.0
"""Distance from hip to shoulder for which the goal of the change's error is set; most clips are smaller."""
LEAD_S = 1.4
"""The start pose at the beginning of every clip."""
SMOOTH_S = 0.4
COVERAGES = (0.2, 0.4, 0.6, 0.8, 1.0)
BACK_EXERCISES = frozenset({"dead-bug", "bird-dog", "glute-bridge", "pelvic-tilt", "hip-flexor-stretch",
                            "piriformis-stretch"})  # fmt: skip
BACK_KINDS = frozenset({"good", "plain", "over", "under", "sizes", "room"})


@dataclass(frozen=True)
class Change:
    """The change of the hollow against the start pose in every frame of a clip, mm; NaN where unknown."""

    true_mm: np.ndarray
    found_mm: np.ndarray
    sd_mm: np.ndarray
    """Standard deviation of the found change, as the product derives it from those of the stations."""
    hip_deg: np.ndarray
    """Change of the near shoulder-hip-knee angle: what others judge the arch by."""
    pitch_deg: np.ndarray
    """Change of the trunk line's pitch: likewise."""


@cache
def change_of(clip: Clip, way: str = SHIPPED) -> Change:
    """Measure a clip by one way to read the outline."""
    assert clip.frames is not None
    frames, stream, read = clip.frames, clip.stream, clip.ways[way]
    torso = float(np.median(frames["torso_mm"]))
    times = stream["t_s"]
    true = np.interp(times, frames["t_s"], true_hollow_mm(frames))
    lumbar = read_lumbar(read, times)
    found = _steady(times, np.array([one.sagitta_tl for one in lumbar]) * torso)
    still = times < LEAD_S
    sd = np.array([one.sd_tl for one in lumbar]) * torso
    start = sd[still & np.isfinite(sd)]
    sd = np.hypot(sd, np.median(start) / np.sqrt(len(start)) if len(start) else 0.0)
    near = clip.truth["near_side"].upper()
    hip = _angle(stream["xy_px"], Joint[f"{near}_SHOULDER"], Joint[f"{near}_HIP"], Joint[f"{near}_KNEE"])
    trunk = stream["xy_px"][:, Joint[f"{near}_SHOULDER"]] - stream["xy_px"][:, Joint[f"{near}_HIP"]]
    pitch = np.degrees(np.arctan2(-trunk[:, 1], np.abs(trunk[:, 0])))
    parts = [_since_start(values, still) for values in (true, found, hip, pitch)]
    return Change(parts[0], parts[1], sd, parts[2], parts[3])


def true_hollow_mm(frames: dict[str, np.ndarray]) -> np.ndarray:
    """Depth of the dressed back's true hollow in every frame."""
    torso = float(np.median(frames["torso_mm"]))
    return np.array([sagitta_tl(row) for row in frames["cloth_back_offset_t"]]) * torso


def read_lumbar(read: dict[str, np.ndarray], times: np.ndarray) -> list[Lumbar]:
    """The low back of every frame as the product derives it from an outline."""
    rows = zip(times, read["offset_tl"], read["sd_tl"], read["contour_px"], read["unknown"], strict=True)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parts of an outline that are wholly unknown
        return [lumbar_of(Back(float(t), offset, sd, line, str(why))) for t, offset, sd, line, why in rows]  # type: ignore[arg-type]


def _since_start(values: np.ndarray, still: np.ndarray) -> np.ndarray:
    """Less their median in the start pose; nothing is known without one."""
    start = values[still & np.isfinite(values)]
    return values - np.median(start) if len(start) else values * np.nan


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


def usable(clips: Sequence[Clip]) -> list[Clip]:
    """Clips in which the back can be told from the side."""
    return [
        c
        for c in clips
        if c.frames is not None
        and c.kind in BACK_KINDS
        and c.exercise in BACK_EXERCISES
        and c.azimuth_deg <= SIDE_VIEW_DEG
    ]


def judged_by_outline(clips: Sequence[Clip]) -> list[Clip]:
    """Clips of exercises in which FormCheck says something on the ground of the back's outline."""
    exercises = load_exercises().exercises
    judged = {n for n, e in exercises.items() if "back" in e.required_parts or any(f.of_back for f in e.faults)}
    return [c for c in clips if c.exercise in judged]


def figures(clips: Sequence[Clip]) -> dict[str, Figure]:
    """Contour, change, sign and coverage over all usable clips; intervals over clips."""
    own = usable(clips)
    contours = [contour_errors_mm(c) for c in own]
    changes = [change_of(c) for c in own]
    known = [np.isfinite(c.found_mm) & np.isfinite(c.true_mm) for c in changes]
    large = [np.abs(c.true_mm) >= CHANGE_MIN_MM for c in changes]
    right = [np.sign(c.true_mm) == np.sign(c.found_mm) for c in changes]
    errors = [(c.found_mm - c.true_mm)[is_known] for c, is_known in zip(changes, known, strict=True)]
    sizes = [float(np.median(torso_px(c.frames))) for c in own if c.frames is not None]
    return {
        "contour_error_median": clustered(contours, median, "mm"),
        "contour_error_p95": clustered(contours, p95, "mm"),
        "change_bias": clustered(errors, mean, "mm"),
        "change_rmse": clustered(errors, rmse, "mm"),
        "change_rmse_at_250_px": clustered(
            [e * px / WANTED_PX for e, px in zip(errors, sizes, strict=True)], rmse, "mm"
        ),
        "hip_to_shoulder": clustered([np.array([px]) for px in sizes], median, "px"),
        "sign_right": clustered(
            [_among(r, lg & k) for r, lg, k in zip(right, large, known, strict=True)], mean, "share"
        ),
        "large_changes_judged": clustered([_among(k, lg) for lg, k in zip(large, known, strict=True)], mean, "share"),
        "frames_known": clustered([k.astype(float) for k in known], mean, "share"),
    }


def _among(what: np.ndarray, where: np.ndarray) -> np.ndarray:
    return np.asarray(what[where], float)


def calibration(clips: Sequence[Clip], way: str = SHIPPED) -> dict[str, Figure]:
    """Share of 90 % intervals that hold the truth: of every station of the contour, and of the hollow's change."""
    own = usable(clips)
    scores = [station_scores(c, way) for c in own]
    changes = [change_of(c, way) for c in own]
    parts = [np.abs(c.found_mm - c.true_mm) / np.maximum(c.sd_mm, 1e-6) for c in changes]
    return {
        "contour_held": clustered([(s <= Z90).astype(float) for s in scores], mean, "share"),
        "change_held": clustered([(p[np.isfinite(p)] <= Z90).astype(float) for p in parts], mean, "share"),
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
