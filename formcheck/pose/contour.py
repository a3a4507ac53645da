"""The back's contour from the mask's edge: sub-pixel, at fixed stations between hip and shoulder, with uncertainty.

The mask is a prior with 8 mm pixels; its own issue replaces it by a finer reading of the raw picture.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.core.back import STATIONS, Back, Surface, Unknown, unknown_back
from formcheck.core.body import ELBOW, HIP, SHOULDER, WRIST, Body, front_of, measure
from formcheck.core.pose import Floats, Pose
from formcheck.pose.tracker import RawPose

REACH_T = 0.60
"""The outline is searched this far from the hip-shoulder line, torso lengths: half a deep trunk is 0.35."""
STEPS = 73
"""Samples along each ray: one per 0.008 torso lengths, finer than the mask's own pixel."""
OVERSAMPLE = 3
"""Rays per station, averaged: a folded shirt or a bad pixel moves one of them."""
EDGE = 0.5
"""Share of body at which the outline lies."""
TORSO_MIN_PX = 60.0
"""A smaller torso has its whole lumbar hollow within one mask pixel."""
OBLIQUE_MAX_DEG = 40.0
"""Beyond it the hip error doubles (measured) and the outline shows the flank."""
ARM_CLEAR_T = 0.12
"""An elbow or wrist nearer than this to the lumbar outline is what the mask would measure."""
BELLY = [i for i, s in enumerate(STATIONS) if 0.25 <= s <= 0.55]
"""Stations of the belly: above the root of the thigh, below a hand on the chest."""
BASE_SD_T = 0.008
"""Noise of the edge itself, torso lengths: about 1 px at 150 px (measured on renders)."""


def contour(pose: Pose, raw: RawPose, faces: Surface) -> Back:
    """The back of one picture; unknown with its reason when it can't be read."""
    body = measure(pose, faces)
    reason = why_unknown(pose, body)
    if reason or raw.mask is None:
        return unknown_back(pose.t_s, reason or "no-torso")
    hip, shoulder = _middle(pose, HIP), _middle(pose, SHOULDER)
    along = (shoulder - hip) / body.torso_px
    dorsal = -front_of(along, faces, pose)
    offset, sd = _read(raw, hip, shoulder - hip, dorsal * body.torso_px)
    points = hip + np.array(STATIONS)[:, None] * (shoulder - hip) + offset[:, None] * dorsal * body.torso_px
    covered = _covered_by_arm(pose, points.astype(np.float32), body.torso_px)
    if covered.mean() > 0.25:
        return unknown_back(pose.t_s, "arm-in-front")
    offset[covered] = np.nan
    if np.isnan(offset).mean() > 0.34:
        return unknown_back(pose.t_s, "outline-lost")
    sd[np.isnan(offset)] = np.nan
    belly_t = _belly(raw, hip, shoulder - hip, -dorsal * body.torso_px) if faces == "floor" else float("nan")
    return Back(pose.t_s, offset, sd, points.astype(np.float32), belly_t=belly_t)


def _belly(raw: RawPose, hip: Floats, axis: Floats, ventral: Floats) -> float:
    """Mean height of the front outline over the belly, torso lengths; NaN where it isn't all seen."""
    height, _ = _read(raw, hip, axis, ventral)
    return float(height[BELLY].mean())


def why_unknown(pose: Pose, body: Body) -> Unknown:
    """Why the outline can't be read at all, or nothing."""
    if not body.is_present or np.isnan(body.torso_px) or not pose.is_measured(HIP[body.near], SHOULDER[body.near]):
        return "no-torso"
    if body.torso_px < TORSO_MIN_PX:
        return "small"
    return "oblique" if body.oblique_deg > OBLIQUE_MAX_DEG else ""


def _middle(pose: Pose, pair: dict) -> Floats:  # type: ignore[type-arg]
    return np.asarray((pose.point(pair["left"]) + pose.point(pair["right"])) / 2, np.float32)


def _read(raw: RawPose, hip: Floats, axis: Floats, dorsal: Floats) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Offset and its standard deviation at each station, torso lengths; NaN where no edge lies within reach."""
    assert raw.mask is not None
    spread = 0.4 / len(STATIONS) / OVERSAMPLE
    jitter = (np.arange(OVERSAMPLE) - (OVERSAMPLE - 1) / 2) * spread
    stations = (np.array(STATIONS)[:, None] + jitter).ravel()
    depth = np.linspace(0.0, REACH_T, STEPS)
    grid = hip + stations[:, None, None] * axis + depth[None, :, None] * dorsal
    grid = (grid * raw.mask_scale).astype(np.float32)
    values = cv2.remap(raw.mask, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = grid[..., 0].min() >= 0 and grid[..., 0].max() < raw.mask.shape[1]
    edges = _edges(np.asarray(values), depth).reshape(len(STATIONS), OVERSAMPLE)
    if not inside:
        edges[:] = np.nan
    with np.errstate(invalid="ignore"):
        offset = edges.mean(axis=1)
        sd = np.hypot(BASE_SD_T, edges.std(axis=1))
    return offset.astype(np.float32), sd.astype(np.float32)


def _edges(values: NDArray[np.float32], depth: NDArray[np.float64]) -> NDArray[np.float64]:
    """(rays,) depth at which the mask first falls through `EDGE`, linearly interpolated; NaN where it doesn't."""
    below = values < EDGE
    first = below.argmax(axis=1)
    rows = np.arange(len(values))
    outer, inner = values[rows, first], values[rows, np.maximum(first - 1, 0)]
    share = (inner - EDGE) / np.maximum(inner - outer, 1e-6)
    edges = depth[np.maximum(first - 1, 0)] + share * (depth[1] - depth[0])
    return np.where(below.any(axis=1) & (first > 0), edges, np.nan)


def _covered_by_arm(pose: Pose, points: Floats, torso_px: float) -> NDArray[np.bool_]:
    """(17,) stations whose outline lies next to an arm."""
    covered = np.zeros(len(points), bool)
    for side in ("left", "right"):
        for joint in (ELBOW[side], WRIST[side]):
            where = pose.point(joint)
            if not np.isnan(where).any():
                covered |= np.hypot(*(points - where).T) < ARM_CLEAR_T * torso_px
    return covered
