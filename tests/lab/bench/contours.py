"""Contours: how far a found outline of the back lies from the true (dressed) one in the picture."""

from __future__ import annotations

from functools import cache

import numpy as np

from formcheck.core.body.pose import Joint
from tests.lab.bench.clips import SHIPPED, Clip

EVERY = 3
"""Every so many frames are measured."""

Z90 = 1.645
"""Standard deviations on either side within which 90 of 100 normal errors lie."""


def middle(frames: dict[str, np.ndarray], joint: str) -> np.ndarray:
    """The true middle of a pair of joints in the picture, (frames, 2) pixels."""
    names = [str(n) for n in frames["joint_names"]]
    left, right = names.index(f"{joint}_left"), names.index(f"{joint}_right")
    return np.asarray((frames["joints_px"][:, left] + frames["joints_px"][:, right]) / 2)


def torso_px(frames: dict[str, np.ndarray]) -> np.ndarray:
    """Distance from hips to shoulders in the picture, (frames,)."""
    return np.asarray(np.hypot(*(middle(frames, "shoulder") - middle(frames, "hip")).T))


@cache
def contour_errors_mm(clip: Clip, way: str = SHIPPED) -> np.ndarray:
    """Distance of every found contour point from the true (dressed) contour, mm; every third frame."""
    assert clip.frames is not None
    frames, read = clip.frames, clip.ways[way]
    scale = np.median(frames["torso_mm"]) / torso_px(frames)
    found: list[float] = []
    for i in _measured(clip, way):
        j = clip.rows[i]
        points = read["contour_px"][i]
        points = points[np.isfinite(points).all(axis=1)]
        found += (_distance(points, frames["cloth_back_px"][j]) * scale[j]).tolist()
    return np.array(found)


@cache
def station_scores(clip: Clip, way: str = SHIPPED) -> np.ndarray:
    """Error of every known offset over its own standard deviation; every third frame.

    The error is along the offset's own direction: from the found point across the found hip-shoulder line to the true
    contour. Stations beside which the true contour has ended are left out.
    """
    assert clip.frames is not None
    frames, read = clip.frames, clip.ways[way]
    hip, shoulder = (_landmarks(clip, part) for part in ("HIP", "SHOULDER"))
    scores: list[np.ndarray] = []
    for i in _measured(clip, way):
        axis = shoulder[i] - hip[i]
        across = np.array([-axis[1], axis[0]])  # one torso long, so that errors come in torso lengths
        errors = crossings(read["contour_px"][i], across, frames["cloth_back_px"][clip.rows[i]])
        scores.append(errors / np.maximum(read["sd_tl"][i], 1e-6))
    values = np.concatenate(scores) if scores else np.empty(0)
    return np.asarray(np.abs(values[np.isfinite(values)]))


def _measured(clip: Clip, way: str) -> list[int]:
    """Frames in which a way knows the back and the true one is whole."""
    assert clip.frames is not None
    unknown, lines = clip.ways[way]["unknown"], clip.frames["cloth_back_px"]
    frames = range(0, len(unknown), EVERY)
    return [i for i in frames if not unknown[i] and np.isfinite(lines[clip.rows[i]]).all()]


def _landmarks(clip: Clip, part: str) -> np.ndarray:
    """The found middle of a pair of joints, (frames, 2) pixels."""
    xy = clip.stream["xy_px"]
    return np.asarray((xy[:, Joint[f"LEFT_{part}"]] + xy[:, Joint[f"RIGHT_{part}"]]) / 2)


def crossings(points: np.ndarray, across: np.ndarray, line: np.ndarray) -> np.ndarray:
    """How many lengths of ``across`` (2,) each point (N, 2) must move along it to meet a polyline (M, 2), signed.

    The nearest meeting counts; NaN where there is none.
    """
    a, way = line[:-1], line[1:] - line[:-1]
    from_a = points[:, None] - a
    det = way[:, 0] * across[1] - way[:, 1] * across[0]
    det = np.where(np.abs(det) < 1e-9, np.nan, det)
    share = (from_a[..., 0] * across[1] - from_a[..., 1] * across[0]) / det
    steps = (from_a[..., 0] * way[:, 1] - from_a[..., 1] * way[:, 0]) / det
    steps = np.where((share >= 0) & (share <= 1), steps, np.nan)
    nearest = np.where(np.isnan(steps), np.inf, np.abs(steps)).argmin(axis=1)
    return np.asarray(steps[np.arange(len(points)), nearest])


def _distance(points: np.ndarray, line: np.ndarray) -> np.ndarray:
    """Distance of points (N, 2) from a polyline (M, 2)."""
    a, b = line[:-1], line[1:]
    way = b - a
    along = ((points[:, None] - a) * way).sum(axis=2) / np.maximum((way**2).sum(axis=1), 1e-9)
    nearest = a + np.clip(along, 0, 1)[..., None] * way
    return np.asarray(np.hypot(*np.moveaxis(points[:, None] - nearest, 2, 0)).min(axis=1))
