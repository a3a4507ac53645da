"""The outline of the back as the edge of the tracker's mask: coarse (8 mm pixels), but never on a stripe or a hem."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import STATIONS
from formcheck.pose.tracker import Picture, RawPose
from formcheck.pose.trunk import Reading, Trunk

REACH_TL = 0.60
"""The outline is searched this far from the hip-shoulder line, torso lengths: half a deep trunk is 0.35."""
STEPS = 73
"""Samples along each ray: one per 0.008 torso lengths, finer than the mask's own pixel."""
OVERSAMPLE = 3
"""Rays per station, averaged: a folded shirt or a bad pixel moves one of them."""
EDGE = 0.5
"""Share of body at which the outline lies."""
BASE_SD_TL = 0.008
"""Noise of the edge itself, torso lengths: about 1 px at 150 px (measured on renders)."""

Depths = NDArray[np.float64]


def rays() -> Depths:
    """(17, 3) where the rays of each station begin, shares of the way from hip to shoulder."""
    spread = 0.4 / len(STATIONS) / OVERSAMPLE
    jitter = (np.arange(OVERSAMPLE) - (OVERSAMPLE - 1) / 2) * spread
    return np.asarray(np.array(STATIONS)[:, None] + jitter)


def mask_edge(picture: Picture | None, raw: RawPose, trunk: Trunk) -> Reading:
    """Read the mask's edge at each station; a `Reader`."""
    del picture
    edges = mask_depths(raw, trunk, rays().ravel()).reshape(len(STATIONS), OVERSAMPLE)
    with np.errstate(invalid="ignore"):
        offset = edges.mean(axis=1)
        sd = np.hypot(BASE_SD_TL, edges.std(axis=1))
    return offset.astype(np.float32), sd.astype(np.float32)


def mask_depths(raw: RawPose, trunk: Trunk, along: Depths) -> Depths:
    """(rays,) torso lengths from the hip-shoulder line to the mask's edge on rays at shares `along` of that line.

    NaN where no edge lies within reach; all NaN where a ray leaves the picture.
    """
    assert raw.mask is not None
    depth = np.linspace(0.0, REACH_TL, STEPS)
    begin = trunk.frame.to_picture(along.astype(np.float32), np.zeros(1, np.float32)) * raw.mask_scale
    out = depth[:, None] * trunk.frame.dorsal * raw.mask_scale
    x, y = (np.add.outer(begin[:, i], out[:, i]).astype(np.float32) for i in (0, 1))
    values = cv2.remap(raw.mask, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    edges = _edges(np.asarray(values), depth)
    if x.min() < 0 or x.max() >= raw.mask.shape[1]:
        edges[:] = np.nan
    return edges


def _edges(values: NDArray[np.float32], depth: Depths) -> Depths:
    """(rays,) depth at which the mask first falls through `EDGE`, linearly interpolated; NaN where it doesn't."""
    below = values < EDGE
    first = below.argmax(axis=1)
    rows = np.arange(len(values))
    outer, inner = values[rows, first], values[rows, np.maximum(first - 1, 0)]
    share = (inner - EDGE) / np.maximum(inner - outer, 1e-6)
    edges = depth[np.maximum(first - 1, 0)] + share * (depth[1] - depth[0])
    return np.where(below.any(axis=1) & (first > 0), edges, np.nan)
