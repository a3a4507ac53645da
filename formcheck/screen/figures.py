"""Small drawings of the exercises for the menu: polylines in a box 0..1 wide and 0..1 high, 8:5 in shape."""

from __future__ import annotations

import math

from formcheck.screen.view import Polyline

ASPECT = 1.6
"""Width of a figure's box over its height."""

FLOOR: Polyline = ((0.04, 0.90), (0.96, 0.90))


def head(x: float, y: float, radius: float = 0.055) -> Polyline:
    """A round head; `radius` in shares of the width."""
    turns = [math.tau * i / 20 for i in range(20)]
    circle = tuple((x + radius * math.cos(a), y + radius * ASPECT * math.sin(a)) for a in turns)
    return (*circle, circle[0])


FIGURES: dict[str, tuple[Polyline, ...]] = {
    "dead-bug": (
        FLOOR,
        head(0.14, 0.77),
        ((0.23, 0.80), (0.52, 0.80)),
        ((0.25, 0.79), (0.27, 0.30)),
        ((0.52, 0.80), (0.55, 0.38), (0.72, 0.38)),
        ((0.52, 0.80), (0.74, 0.66), (0.94, 0.70)),
    ),
    "bird-dog": (
        FLOOR,
        head(0.26, 0.36),
        ((0.35, 0.44), (0.62, 0.44)),
        ((0.35, 0.44), (0.36, 0.88)),
        ((0.36, 0.46), (0.05, 0.54)),
        ((0.62, 0.44), (0.62, 0.86), (0.78, 0.86)),
        ((0.62, 0.44), (0.80, 0.42), (0.96, 0.42)),
    ),
    "glute-bridge": (
        FLOOR,
        head(0.12, 0.77),
        ((0.21, 0.82), (0.52, 0.50), (0.76, 0.40), (0.78, 0.87), (0.86, 0.87)),
        ((0.22, 0.84), (0.46, 0.86)),
    ),
    "pelvic-tilt": (
        FLOOR,
        head(0.12, 0.78),
        ((0.21, 0.84), (0.55, 0.84), (0.70, 0.46), (0.82, 0.87), (0.90, 0.87)),
        ((0.24, 0.84), (0.34, 0.74), (0.44, 0.80)),
        ((0.36, 0.60), (0.44, 0.54), (0.52, 0.58), (0.47, 0.60), (0.52, 0.58), (0.52, 0.50)),
    ),
    "hip-flexor-stretch": (
        FLOOR,
        head(0.50, 0.13),
        ((0.50, 0.25), (0.50, 0.58)),
        ((0.50, 0.30), (0.43, 0.44), (0.48, 0.54)),
        ((0.50, 0.58), (0.68, 0.60), (0.68, 0.87), (0.76, 0.87)),
        ((0.50, 0.58), (0.40, 0.86), (0.22, 0.87)),
    ),
    "piriformis-stretch": (
        FLOOR,
        head(0.50, 0.17),
        ((0.47, 0.28), (0.40, 0.58)),
        ((0.47, 0.32), (0.56, 0.48)),
        ((0.40, 0.58), (0.60, 0.58), (0.60, 0.87), (0.68, 0.87)),
        ((0.40, 0.58), (0.56, 0.46), (0.64, 0.57), (0.70, 0.60)),
        ((0.28, 0.34), (0.28, 0.64), (0.52, 0.64)),
        ((0.30, 0.64), (0.30, 0.88)),
        ((0.50, 0.64), (0.50, 0.88)),
    ),
    "running": (
        FLOOR,
        head(0.55, 0.13),
        ((0.53, 0.25), (0.49, 0.52)),
        ((0.53, 0.28), (0.43, 0.38), (0.50, 0.46)),
        ((0.53, 0.28), (0.60, 0.40), (0.67, 0.33)),
        ((0.49, 0.52), (0.60, 0.62), (0.57, 0.84), (0.62, 0.84)),
        ((0.49, 0.52), (0.42, 0.70), (0.30, 0.66), (0.29, 0.74)),
    ),
}
"""By the exercise's name."""

STANDING: tuple[Polyline, ...] = (
    FLOOR,
    head(0.5, 0.14),
    ((0.5, 0.26), (0.5, 0.54)),
    ((0.36, 0.48), (0.43, 0.30), (0.57, 0.30), (0.64, 0.48)),
    ((0.44, 0.88), (0.45, 0.70), (0.5, 0.54), (0.55, 0.70), (0.56, 0.88)),
)
"""For exercises that bring no figure of their own."""


def figure_for(name: str) -> tuple[Polyline, ...]:
    """The drawing of an exercise, or a standing person."""
    return FIGURES.get(name, STANDING)
