"""How fast pictures come, from their own times alone: live and recorded are the same."""

from __future__ import annotations

import math
from collections import deque
from itertools import pairwise

WINDOW_S, LEAST = 4.0, 4
"""Seconds over which the rate is told; over so many pictures at least, where they come more seldom."""
STALL_S, STALLS = 1.0, 2
"""A picture that comes so late, and up to so many of them in the window, is a stall: what lies before and after it is
compared (`core.coach.gap`). More of them are a slow stream."""
TOLD_EVERY_S = 0.1
"""The rate is told anew so often: of a window of seconds it says the same, and at 240 pictures/s costs a twentieth."""
TOLERANCE = 0.9
"""Share of a rate that still bears what needs it: cameras and players keep theirs to a few percent, and a rate at the
edge must not flicker."""


class RateMeter:
    """Follows the times of pictures."""

    def __init__(self) -> None:
        self.fps = math.nan
        """Pictures a second in which half of the last seconds went by; NaN before the third picture. A stream of bursts
        and gaps is as slow as its gaps."""
        self._intervals: deque[float] = deque()
        self._t_s, self._told_s = math.nan, -math.inf

    @property
    def interval_s(self) -> float:
        """Distance of two pictures, seconds; 0 while it is not known."""
        return 0.0 if math.isnan(self.fps) else 1.0 / self.fps

    def note(self, t_s: float) -> None:
        """One picture; its time is later than the last one's."""
        if not math.isnan(self._t_s):
            self._intervals.append(t_s - self._t_s)
        self._t_s = t_s
        if len(self._intervals) < 2 or t_s - self._told_s < TOLD_EVERY_S:
            return
        self._told_s, span_s = t_s, sum(self._intervals)
        while len(self._intervals) > LEAST and span_s - self._intervals[0] >= WINDOW_S:
            span_s -= self._intervals.popleft()
        self.fps = 1.0 / self._median_s()

    def bears(self, fps: float) -> bool:
        """Whether pictures come fast enough for what needs so many a second; so it is taken before a rate is known."""
        return not self.fps < TOLERANCE * fps

    def _median_s(self) -> float:
        """The interval in which half of the time goes by: the long ones weigh more. Each is told from two neighbours,
        since a player that drops pictures makes a long one and a short one of the same rate."""
        usual = [interval for interval in self._intervals if interval <= STALL_S]
        if len(self._intervals) - len(usual) > STALLS or len(usual) < LEAST:
            usual = list(self._intervals)
        ranked = sorted((a + b) / 2 for a, b in pairwise(usual))
        half_s, gone_s = sum(ranked) / 2, 0.0
        for interval in ranked:
            gone_s += interval
            if gone_s >= half_s - 1e-9:
                return interval
        return ranked[-1]
