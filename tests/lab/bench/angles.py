"""Angles: joint angles from landmarks against the true ones, near and far side, by exercise and view."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from formcheck.core.body.pose import ANKLE, ELBOW, HIP, KNEE, SHOULDER, SIDES, WRIST, Evidence, Side
from tests.lab.bench.clips import Clip
from tests.lab.bench.stats import Figure, clustered, mean, rmse

CORNERS = {
    "hip": (SHOULDER, HIP, KNEE),
    "knee": (HIP, KNEE, ANKLE),
    "shoulder": (HIP, SHOULDER, ELBOW),
    "elbow": (SHOULDER, ELBOW, WRIST),
}
TRUNK = "trunk"
"""Not a joint: pitch of the line from hip to shoulder."""
JOINTS = (*CORNERS, TRUNK)

FRAMES_MIN = 30
SIDE_VIEW_DEG = 20.0
KINDS = frozenset({"good", "plain", "over", "under"})


@cache
def errors_of(clip: Clip, joint: str, side: Side) -> np.ndarray:
    """Found less true angle in every frame in which all its landmarks were seen, degrees."""
    assert clip.frames is not None
    stream = clip.stream
    pairs = CORNERS.get(joint, (SHOULDER, HIP))
    corners = [int(pair[side]) for pair in pairs]
    seen = (stream["evidence"][:, corners] == Evidence.MEASURED).all(axis=1)
    points = [stream["xy_px"][:, corner] for corner in corners]
    if joint == TRUNK:
        way = points[0] - points[1]
        found = np.degrees(np.arctan2(-way[:, 1], np.abs(way[:, 0])))
    else:
        u, v = points[0] - points[1], points[2] - points[1]
        cross = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
        found = np.degrees(np.arctan2(np.abs(cross), (u * v).sum(axis=1)))
    column = "trunk_pitch_deg" if joint == TRUNK else f"{joint}_{side}_deg"
    true = np.interp(stream["t_s"], clip.frames["t_s"], clip.frames[column])
    return np.asarray((found - true)[seen])


def sides_of(clip: Clip) -> tuple[tuple[str, Side], tuple[str, Side]]:
    """The near and the far side of a clip."""
    near: Side = clip.truth["near_side"]
    return ("near", near), ("far", next(s for s in SIDES if s != near))


def table(clips: Sequence[Clip]) -> list[dict[str, object]]:
    """Bias, RMSE and spread within a clip, by exercise, view, joint, and near or far side; intervals over clips."""
    usable = [c for c in clips if c.frames is not None and c.kind in KINDS]
    groups: dict[tuple[str, int, str, str], list[np.ndarray]] = {}
    for clip in usable:
        view = round(clip.azimuth_deg / 10) * 10
        for joint in JOINTS:
            for where, side in sides_of(clip):
                errors = errors_of(clip, joint, side)
                if len(errors) >= FRAMES_MIN:
                    groups.setdefault((clip.exercise, view, joint, where), []).append(errors)
    return [_row(key, groups[key]) for key in sorted(groups)]


def _row(key: tuple[str, int, str, str], parts: Sequence[np.ndarray]) -> dict[str, object]:
    exercise, view, joint, where = key
    figures: dict[str, Figure] = {
        "bias": clustered(parts, mean, "deg"),
        "rmse": clustered(parts, rmse, "deg"),
        "spread_in_a_clip": clustered([p - p.mean() for p in parts], rmse, "deg"),
    }
    place = {"exercise": exercise, "view_deg": view, "joint": joint, "side": where}
    return {**place, **figures, "frames": sum(map(len, parts))}


def summary(clips: Sequence[Clip]) -> list[dict[str, object]]:
    """A row for each exercise and joint: near and far side in views up to 20 degrees, and the near one at 40."""
    groups: dict[tuple[str, str], dict[str, list[np.ndarray]]] = {}
    for clip in clips:
        if clip.frames is None or clip.kind not in KINDS:
            continue
        for joint in JOINTS:
            for where, side in sides_of(clip):
                errors = errors_of(clip, joint, side)
                place = where if clip.azimuth_deg <= SIDE_VIEW_DEG else f"{where} at 40"
                if len(errors) >= FRAMES_MIN:
                    groups.setdefault((clip.exercise, joint), {}).setdefault(place, []).append(errors)
    return [_brief(key, groups[key]) for key in sorted(groups)]


def _brief(key: tuple[str, str], parts: dict[str, list[np.ndarray]]) -> dict[str, object]:
    near, far, oblique = (parts.get(place, []) for place in ("near", "far", "near at 40"))
    return {
        "exercise": key[0],
        "joint": key[1],
        "near_bias": clustered(near, mean, "deg"),
        "near_spread": clustered([p - p.mean() for p in near], rmse, "deg"),
        "near_rmse": clustered(near, rmse, "deg"),
        "far_rmse": clustered(far, rmse, "deg"),
        "near_rmse_at_40_deg": clustered(oblique, rmse, "deg"),
    }
