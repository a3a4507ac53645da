"""Which ankle lies on the other knee. The tracker places it badly, so what most pictures of a second say counts."""

from __future__ import annotations

import math

from formcheck.core.body import Body
from formcheck.core.pose import SIDES, Side, other

WINDOW_S = 1.0
REACH_T = 0.40
"""Ankle to the other knee, torso lengths: 0.2 [P] + the landmark error of the crossed leg, 0.18 (measured). Of feet on
the floor it is a shank, 0.8."""


class Crossing:
    """Follows both legs of one person."""

    def __init__(self) -> None:
        self._recent: list[tuple[float, Side | None]] = []

    def update(self, t_s: float, body: Body) -> Side | None:
        """One picture. Returns the crossed side, None for neither or while it can't be seen."""
        self._recent = [(t, side) for t, side in self._recent if t_s - t < WINDOW_S]
        if not math.isnan(body.left.ankle_y_px + body.right.ankle_y_px):
            self._recent.append((t_s, crossed_now(body)))
        votes = [side for _, side in self._recent]
        return next((side for side in SIDES if 2 * votes.count(side) > len(votes)), None)


def crossed_now(body: Body) -> Side | None:
    """What one picture says: the side whose ankle is near the other knee, and higher than the other ankle."""
    gaps: dict[Side, float] = {}
    for side in SIDES:
        own, stand = body.limbs(side), body.limbs(other(side))
        gap = math.hypot(own.ankle_x_px - stand.knee_x_px, own.ankle_y_px - stand.knee_y_px) / body.torso_px
        if gap <= REACH_T and own.ankle_y_px > stand.ankle_y_px:
            gaps[side] = gap
    return min(gaps, key=lambda s: gaps[s]) if gaps else None
