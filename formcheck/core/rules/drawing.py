"""Pieces of the small drawings by which an exercise is shown in the menu: polylines in a box that is 8:5 in shape."""

from __future__ import annotations

import math

Polyline = tuple[tuple[float, float], ...]
"""Points in a box 0..1 wide and 0..1 high (right, down). One that ends where it began is filled."""
ASPECT = 1.6
"""Width of a drawing's box over its height."""
FLOOR: Polyline = ((0.04, 0.90), (0.96, 0.90))


def head(x: float, y: float, radius: float = 0.055) -> Polyline:
    """A round head with its middle at x, y; `radius` in shares of the width."""
    turns = [math.tau * i / 20 for i in range(20)]
    circle = tuple((x + radius * math.cos(a), y + radius * ASPECT * math.sin(a)) for a in turns)
    return (*circle, circle[0])
