"""Somebody who has stopped on the way out and holds below the range: then they can be told while it helps."""

from __future__ import annotations

import math
from collections import deque

from formcheck.core.coach.hold import CREEPS, REST_S, RESTS
from formcheck.core.rules.exercise import Reach

STILL_S = 0.7
"""Seconds for which somebody must have rested below the range [P]: slow ways of 6 s go 7 degrees in as long."""
SHORT_SDS = 3.0
"""Times the noise of the furthest reach (`core.coach.faults.ROM_SD`) by which they must be short of it: who is in the
range to within the noise is told nothing."""
KNOWN_MIN = 3
"""Fewer pictures tell no rest."""


class ShortfallDetector:
    """Watches one movement on its way out. Feed every picture of it, in order of time."""

    def __init__(self, rom_sd: float) -> None:
        self._most = 1.0 - SHORT_SDS * rom_sd
        self._places: deque[tuple[float, Reach]] = deque()

    def update(self, t: float, reach: Reach) -> bool:
        """Whether the movement has rested below the range for long enough: it neither trembles by more than a place of
        rest does, nor creeps on toward the range (both as the clock of a hold has it)."""
        if math.isnan(reach.excursion) or not -math.inf < reach.rom_fraction < self._most:
            self._places.clear()
            return False
        self._places.append((t, reach))
        while len(self._places) > 1 and self._places[1][0] <= t - STILL_S + 1e-9:
            self._places.popleft()
        if t - self._places[0][0] < STILL_S - 1e-9 or len(self._places) < KNOWN_MIN:
            return False
        whole, in_range = [r.excursion for _, r in self._places], [r.rom_fraction for _, r in self._places]
        return _rests(whole, reach.hold_slack) and _rests(in_range, reach.hold_slack)


def _rests(places: list[float], slack: float) -> bool:
    """Whether places of `STILL_S` seconds are one of rest."""
    third = len(places) // 3 or 1
    crept = sum(places[-third:]) / third - sum(places[:third]) / third
    return max(places) - min(places) <= RESTS * slack and abs(crept) <= CREEPS * slack * STILL_S / REST_S
