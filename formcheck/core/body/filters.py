"""A measure over time, without its frame noise; where it is all noise, it is unknown."""

from __future__ import annotations

import math
from collections import deque
from statistics import median

STEADY_S = 0.4
"""Window of the running median. It keeps what lasts 0.2 s and longer, and lags half its length behind."""
NOISE_MAX_TL = 0.010
"""An outline whose single readings are noisier than this (standard deviation, torso lengths) can't tell an arch of
0.015: its steady reading keeps 0.4 of it, and a change must be four times that. Renders and real clips show 0.0003 to
0.006; a white shirt in front of a white wall 0.01 to 0.07, since the edge jumps from fold to fold."""
NOISE_S = 1.0
"""Window in which the noise is taken besides the median's own, which sees it sooner: more pictures tell it better."""
BENDS_TO_SD = 1.652
"""Median absolute second difference of noise with a standard deviation of 1. A movement, however quick, hardly bends
from picture to picture; an edge that dwells on a fold for three of them does."""
BENDS_MIN = 4
"""Fewer don't tell noise."""


class RunningMedian:
    """A measure over time, without its frame noise: a running median of the known pictures; unknown while they jump.

    Args:
        noise_max: frame noise from which they do, standard deviation in the unit of the measure; infinite = never.
    """

    def __init__(self, noise_max: float = NOISE_MAX_TL) -> None:
        self._noise_max = noise_max
        self.is_noise = False
        """Whether it is unknown because its readings jump about."""
        self._recent: deque[tuple[float, float]] = deque()
        self._known: deque[tuple[float, float]] = deque(maxlen=3)
        self._bends: deque[tuple[float, float]] = deque()
        """Second differences of three neighbouring known values, each with the time of the first of the three."""

    def update(self, t_s: float, value: float) -> float:
        """One picture's value (NaN = unknown); returns the median, NaN while most are unknown or they jump about."""
        recent = self._recent
        recent.append((t_s, value))
        while t_s - recent[0][0] >= STEADY_S - 1e-9:
            recent.popleft()
        known = [v for _, v in recent if not math.isnan(v)]
        self.is_noise = not math.isinf(self._noise_max) and self._noise(t_s, value) > self._noise_max
        if len(known) * 2 < len(recent) or self.is_noise:
            return math.nan
        return median(known)

    def _noise(self, t_s: float, value: float) -> float:
        """Standard deviation of the frame noise: the larger one of the two windows."""
        if not math.isnan(value):
            self._known.append((t_s, value))
            if len(self._known) == 3:
                (first_s, a), (_, b), (_, c) = self._known
                self._bends.append((first_s, abs(a - 2 * b + c)))
        while self._bends and t_s - self._bends[0][0] >= NOISE_S - 1e-9:
            self._bends.popleft()
        shorter = [bend for s, bend in self._bends if t_s - s < STEADY_S - 1e-9]
        return max(_to_sd(shorter), _to_sd([bend for _, bend in self._bends]))


def _to_sd(bends: list[float]) -> float:
    """Standard deviation of the noise that makes these second differences; 0 where too few tell it."""
    return median(bends) / BENDS_TO_SD if len(bends) >= BENDS_MIN else 0.0
