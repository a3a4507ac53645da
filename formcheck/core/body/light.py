"""Light and focus of one picture, and from where on they hide the body."""

from __future__ import annotations

from dataclasses import dataclass

Limit = tuple[float, float]
"""From where something is a problem, and down to where it stays one."""
DARK: Limit = (0.12, 0.16)
"""Median grey. The tracker loses rendered people at 0.05 and follows them at 0.16."""
BLURRED: Limit = (8.0, 6.5)
"""Width of edges, pixels of 480 lines: renders and real clips in focus 1.5-3.4, blurred by 6 pixels 10."""


@dataclass(frozen=True, slots=True)
class Light:
    """Facts of one picture's light and focus."""

    brightness: float
    """Median grey of the picture, 0 black to 1 white."""
    glare: float
    """Share of the picture that is white, 0..1."""
    person: float
    """Median grey of the person's trunk, 0..1; NaN when nobody is there."""
    edge_px: float
    """Width of the edges around the person, pixels of a picture of 480 lines: 2-4 in focus; NaN where there is none."""
