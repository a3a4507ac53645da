"""Breathing in the belly's outline of a body that lies still: how long has there been no breath? Pure.

Lying on the back, people breathe with the belly, and from the side it can be seen (exercises.md, 5). It is judged only
where this person's breaths have been seen before, and only while the body is still; otherwise it is unknown.
"""

from __future__ import annotations

import math

from formcheck.core.body.filters import RunningMedian
from formcheck.core.body.measure import Body

RISE_TL = 0.004
"""Least rise and fall that is a breath: 2 mm of a 500 mm torso. Quiet breaths are about 7 mm; the outline's noise is
0.0015 from picture to picture, a third of it as a running median (measured)."""
SEEN_MIN = 2
"""Breaths that must have been seen before their absence says anything."""
STILL_TL = 0.02
"""Hips that travel further than this within `STILL_S` move the belly too."""
STILL_S = 1.0
"""Seconds of that window; in a gap between pictures that is as long, a breath may have been missed."""


class Breathing:
    """Counts breaths and the time since the last one: a signal (`core.rules.exercise.Signal`)."""

    def __init__(self) -> None:
        self._belly = RunningMedian(math.inf)
        self.breaths = 0
        """Breaths seen so far."""
        self._hips: list[tuple[float, float]] = []
        self._since: float | None = None
        self._last_s = math.nan
        self._begin()

    def begin(self, start: Body) -> None:
        """Nothing: breaths need no start."""

    def update(self, body: Body) -> float:
        """One picture. Returns seconds without a breath, NaN while that can't be known."""
        t_s, hip_x_tl = body.t_s, body.hip_x_px / body.torso_px
        belly_tl = self._belly.update(t_s, body.belly_tl)
        is_gap, self._last_s = t_s - self._last_s > STILL_S, t_s
        if is_gap or math.isnan(belly_tl) or not self._is_still(t_s, hip_x_tl):
            self._begin()
            return math.nan
        if self._since is None:
            self._since, self._low, self._high = t_s, belly_tl, belly_tl
        self._follow(t_s, belly_tl)
        return t_s - self._since if self.breaths >= SEEN_MIN else math.nan

    def _begin(self) -> None:
        self._since = None
        self._low = self._high = math.nan
        self._is_rising = False

    def _is_still(self, t_s: float, hip_x_tl: float) -> bool:
        self._hips = [(s, x) for s, x in self._hips if t_s - s <= STILL_S]
        self._hips.append((t_s, hip_x_tl))
        places = [x for _, x in self._hips]
        return max(places) - min(places) <= STILL_TL

    def _follow(self, t_s: float, belly_tl: float) -> None:
        """A breath is a rise of `RISE_TL` that follows a fall of as much."""
        if self._is_rising:
            self._high = max(self._high, belly_tl)
            if self._high - belly_tl >= RISE_TL:
                self._is_rising, self._low = False, belly_tl
            return
        self._low = min(self._low, belly_tl)
        if belly_tl - self._low >= RISE_TL:
            self._is_rising, self._high, self._since = True, belly_tl, t_s
            self.breaths += 1
