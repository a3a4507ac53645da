"""The arrow of the set-up: which way the person, an end of the body or the camera should go."""

from __future__ import annotations

import math

from formcheck.screen.canvas import Box, Canvas
from formcheck.screen.palette import BLUE, CASING
from formcheck.screen.shapes import Point, polygon, stroke

LENGTH = 0.30
"""Length of the arrow, share of the picture's height: seen from 2.5 m without reading."""

_STRAIGHT: tuple[Point, ...] = (
    (-0.5, -0.14), (0.02, -0.14), (0.02, -0.36), (0.5, 0.0), (0.02, 0.36), (0.02, 0.14), (-0.5, 0.14),
)  # fmt: skip
"""Pointing right; length 1."""
_NEARER: tuple[Point, ...] = (
    (-0.10, -0.5), (0.10, -0.5), (0.18, 0.0), (0.42, 0.0), (0.0, 0.5), (-0.42, 0.0), (-0.18, 0.0),
)  # fmt: skip
"""Pointing down and widening: toward whoever looks at the picture."""
_TURNS = {"right": 0.0, "down": 90.0, "left": 180.0, "up": 270.0}
_PLACES: dict[str, tuple[float, float]] = {
    "left": (0.30, 0.22),
    "right": (0.70, 0.22),
    "up": (0.5, 0.20),
    "down": (0.5, 0.80),
    "nearer": (0.5, 0.78),
    "further": (0.5, 0.22),
    "nearer-left": (0.22, 0.78),
    "nearer-right": (0.78, 0.78),
}
"""Middle of each arrow, shares of the picture."""
_MIRROR = {"left": "right", "right": "left", "nearer-left": "nearer-right", "nearer-right": "nearer-left"}


def draw_arrow(canvas: Canvas, box: Box, arrow: str, is_mirrored: bool) -> None:
    """Draw an arrow (`core.setup.setup.Arrow`) over the picture in its box; nothing for an empty or unknown one."""
    arrow = _MIRROR.get(arrow, arrow) if is_mirrored else arrow
    if arrow not in _PLACES:
        return
    x, y = (share * size for share, size in zip(_PLACES[arrow], (box.w, box.h), strict=True))
    size = LENGTH * box.h
    points = [(x + size * dx, y + size * dy) for dx, dy in _shape(arrow)]
    pixels = canvas.view(box)
    stroke(pixels, points, CASING, max(4.0, 0.10 * size), is_closed=True)
    polygon(pixels, points, BLUE)


def _shape(arrow: str) -> list[Point]:
    if arrow.startswith("nearer"):
        return list(_NEARER)
    if arrow == "further":
        return [(dx, -dy) for dx, dy in _NEARER]
    turn = math.radians(_TURNS[arrow])
    cos, sin = math.cos(turn), math.sin(turn)
    return [(cos * dx - sin * dy, sin * dx + cos * dy) for dx, dy in _STRAIGHT]
