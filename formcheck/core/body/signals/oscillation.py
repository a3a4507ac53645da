"""Bouncing: hips that swing to and fro while a stretch is held."""

from __future__ import annotations

import math
from itertools import pairwise

from formcheck.core.body.measure import Body

TURN_TL = 0.01
"""A smaller way back is landmark noise, not a turn (torso lengths, measured)."""
SWING_MAX_S = 1.0
"""Half a period at 0.5 Hz, the slowest that is bouncing [P]."""
SWINGS = 4
"""So many swings in a row are bouncing: moving into a stretch and settling makes two, shifting once three [P]."""


class Oscillation:
    """Follows the hips of one person, along and across the picture: a signal (`core.rules.exercise.Signal`)."""

    def __init__(self) -> None:
        self._along, self._up = _Turns(), _Turns()

    def begin(self, start: Body) -> None:
        """Nothing: swings need no start."""

    def update(self, body: Body) -> float:
        """One picture. Returns the smallest of the last swings, torso lengths; 0 if there are none, NaN if unknown."""
        t_s, torso = body.t_s, body.torso_px
        if not torso > 0:
            return math.nan
        return max(turns.update(t_s, px, TURN_TL * torso) for turns, px in self._pairs(body)) / torso

    def _pairs(self, body: Body) -> tuple[tuple[_Turns, float], ...]:
        return (self._along, body.hip_x_px), (self._up, body.hip_y_px)


class _Turns:
    """Follows one coordinate from turn to turn; pixels."""

    def __init__(self) -> None:
        self._points: list[tuple[float, float]] = []
        """The last turns, and the furthest point since."""

    def update(self, t_s: float, place: float, least: float) -> float:
        """The smallest of the last swings, or 0."""
        if math.isnan(place):
            return math.nan
        self._follow(t_s, place, least)
        last = self._points[-SWINGS - 1 :]
        if len(last) <= SWINGS or t_s - last[-2][0] > SWING_MAX_S:
            return 0.0
        swings = list(pairwise(last))
        if any(b[0] - a[0] > SWING_MAX_S for a, b in swings):
            return 0.0
        return min(abs(b[1] - a[1]) for a, b in swings)

    def _follow(self, t_s: float, place: float, least: float) -> None:
        points = self._points
        if not points:
            points.append((t_s, place))
            return
        gone = place - points[-1][1]
        way = points[-1][1] - points[-2][1] if len(points) > 1 else 0.0
        if gone * way > 0:
            points[-1] = (t_s, place)
        elif abs(gone) >= least:
            self._points = [*points[-SWINGS - 1 :], (t_s, place)]
