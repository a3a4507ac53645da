"""A measure over time, without its frame noise; where it is all noise, it is unknown."""

from __future__ import annotations

import math
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
        self._recent: list[tuple[float, float]] = []

    def update(self, t_s: float, value: float) -> float:
        """One picture's value (NaN = unknown); returns the median, NaN while most are unknown or they jump about."""
        self._recent = [(s, h) for s, h in self._recent if t_s - s < NOISE_S - 1e-9]
        self._recent.append((t_s, value))
        last = [h for s, h in self._recent if t_s - s < STEADY_S - 1e-9]
        known = [h for h in last if not math.isnan(h)]
        self.is_noise = self._jumps(known)
        if len(known) * 2 < max(len(last), 1) or self.is_noise:
            return math.nan
        return median(known)

    def _jumps(self, known: list[float]) -> bool:
        if math.isinf(self._noise_max):
            return False
        longer = [h for _, h in self._recent if not math.isnan(h)]
        return max(_noise(known), _noise(longer)) > self._noise_max


def _noise(values: list[float]) -> float:
    """Standard deviation of the frame noise in a few neighbouring values."""
    bends = [abs(a - 2 * b + c) for a, b, c in zip(values, values[1:], values[2:], strict=False)]
    return median(bends) / BENDS_TO_SD if len(bends) >= BENDS_MIN else 0.0
