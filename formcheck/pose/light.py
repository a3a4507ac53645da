"""Light and focus of a picture: is there enough light, does it come from behind, is the picture sharp. About 0.4 ms."""

from __future__ import annotations

import cv2
import numpy as np

from formcheck.core.body.light import Light
from formcheck.core.body.pose import HIP, SHOULDER, Floats, Pose
from formcheck.pose.tracker import Picture

STEP = 8
"""Every so many pixels are looked at for brightness: 160 x 90 of a 720p picture."""
WHITE = 240
"""Grey from which a pixel is white: a window against the room."""
WINDOW_PX, LINES = 160, 480
"""Focus is measured in a square of this side around the trunk, in a picture reduced to so many lines."""
SPAN_PX = 17
"""An edge is looked at over this length: wider ones all count as this wide."""
EDGE_MIN = 40.0
"""Grey levels from which a change of brightness is an edge: ten times the noise of a webcam."""
EDGES_MIN = 30
"""Fewer edge pixels say nothing about focus."""


def light_of(picture: Picture, pose: Pose) -> Light:
    """Facts of a BGR picture (h, w, 3) and of the person in it."""
    coarse = cv2.cvtColor(np.ascontiguousarray(picture[::STEP, ::STEP]), cv2.COLOR_BGR2GRAY)
    return Light(
        brightness=float(np.median(coarse)) / 255,
        glare=float((coarse >= WHITE).mean()),
        person=_person(coarse, pose),
        edge_px=edge_width(_window(picture, pose)),
    )


def edge_width(grey: Picture) -> float:
    """How many pixels the edges of a grey picture take from dark to light: 2-4 in focus; NaN where there are no edges.

    Height of each edge over its steepest step, the median of all; noise is far below the height of an edge.
    """
    widths = [_widths(np.ascontiguousarray(turned, np.uint8)) for turned in (grey, grey.T)]
    found = np.concatenate(widths)
    return float(np.median(found)) if len(found) >= EDGES_MIN else float("nan")


def _widths(grey: Picture) -> Floats:
    """(n,) widths of the edges that cross the rows."""
    kernel = np.ones((1, SPAN_PX), np.uint8)
    step = cv2.absdiff(grey[:, 1:], grey[:, :-1])
    height = cv2.subtract(cv2.dilate(grey, kernel), cv2.erode(grey, kernel))[:, 1:]
    is_edge = (height >= EDGE_MIN) & (step == cv2.dilate(step, kernel)) & (step > 0)
    return np.asarray(height[is_edge] / step[is_edge].astype(np.float32), np.float32)


def _torso(pose: Pose) -> Floats:
    """(n, 2) shoulders and hips that are known."""
    points = np.array([pose.point(pair[side]) for pair in (SHOULDER, HIP) for side in pair])
    return np.asarray(points[~np.isnan(points).any(axis=1)], np.float32)


def _person(coarse: Picture, pose: Pose) -> float:
    points = _torso(pose)
    if len(points) < 2:
        return float("nan")
    low = np.maximum(points.min(axis=0) / STEP, 0).astype(int)
    high = (points.max(axis=0) / STEP).astype(int) + 1
    patch = coarse[low[1] : high[1], low[0] : high[0]]
    return float(np.median(patch)) / 255 if patch.size else float("nan")


def _window(picture: Picture, pose: Pose) -> Picture:
    """A square around the trunk (the picture's middle when nobody is there), grey."""
    height, width = picture.shape[:2]
    points = _torso(pose)
    x, y = points.mean(axis=0) if len(points) else (width / 2, height / 2)
    scale = max(1.0, height / LINES)
    side = round(WINDOW_PX * scale)
    left = int(min(max(0.0, float(x) - side / 2), max(0, width - side)))
    top = int(min(max(0.0, float(y) - side / 2), max(0, height - side)))
    part = cv2.cvtColor(np.ascontiguousarray(picture[top : top + side, left : left + side]), cv2.COLOR_BGR2GRAY)
    if scale > 1:
        size = (max(1, round(part.shape[1] / scale)), max(1, round(part.shape[0] / scale)))
        part = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    return np.asarray(part, np.uint8)
