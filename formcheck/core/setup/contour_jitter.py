"""Does the outline of the back waver while its owner keeps still? Loose cloth does; skin and tight cloth don't. Pure.

Cloth that lies still is not seen this way: no silhouette tells it from the body under it (rendered people in shirts
2 cm wider, and real ones in wide T-shirts, have trunks as deep as heavier people in tight ones).
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from formcheck.core.body.measure import Body

WINDOW_S = 0.6
"""Window in which the outline is looked at: the slow part of a movement is a straight line in it."""
PICTURES_MIN = 5
"""Fewer known outlines in the window say nothing."""
STILL_TL = 0.05
"""Largest travel of the hips in the window, torso lengths: landmark noise; more is a person who moves."""
MAD_TO_SD = 1.4826


class ContourJitter:
    """The newest window of one person's outline."""

    def __init__(self) -> None:
        self.sd_tl = math.nan
        """What the last picture gave."""
        self._recent: deque[tuple[float, float, float, float]] = deque()

    def update(self, body: Body) -> float:
        """One picture. Robust standard deviation of the hollow about its own trend, torso lengths; NaN = unknown."""
        self.sd_tl = self._waver(body)
        return self.sd_tl

    def _waver(self, body: Body) -> float:
        t = body.t_s
        self._recent.append((t, body.sagitta_tl, body.hip_x_px, body.hip_y_px))
        while t - self._recent[0][0] > WINDOW_S:
            self._recent.popleft()
        known = np.array([row for row in self._recent if not math.isnan(sum(row))])
        if len(known) < PICTURES_MIN or known[-1, 0] - known[0, 0] < WINDOW_S / 2:
            return math.nan
        if not float(np.hypot(np.ptp(known[:, 2]), np.ptp(known[:, 3]))) <= STILL_TL * body.torso_px:
            return math.nan
        times = known[:, 0] - known[0, 0]
        rest = known[:, 1] - np.polyval(np.polyfit(times, known[:, 1], 1), times)
        return MAD_TO_SD * float(np.median(np.abs(rest - np.median(rest))))
