"""The clock of a hold: from the first still moment in the range to the last one, without gaps that are too long."""

from __future__ import annotations

import math

from formcheck.core.rules.exercise import Reach

STILL_WINDOW_S, STILL_CHANGE = 0.30, 0.075
"""Seconds of the window, and the largest change of the range (share) within it, in which a position is still (0.25/s):
movement into the position, which crosses the threshold long before it stops, is not counted as holding."""
RISEN = 0.7
"""Share of its furthest place at which a hold of the outline begins; it ends where 0.3 of it are lost."""
RISE_S = 2.0
"""Seconds [P] that the way from the range to that place may take: what is reached later belongs to the hold."""


class HoldClock:
    """Times a position, seconds. Feed every picture in which the position is known."""

    def __init__(self, gap_s: float, needs_rest: bool) -> None:
        """Start at zero.

        Args:
            gap_s: a hold survives a gap of this length.
            needs_rest: whether only still moments count; an outline's hold counts moving ones too.
        """
        self.total_s = 0.0
        self.is_still = False
        self._gap_s = gap_s
        self._needs_rest = needs_rest
        self._rise: list[tuple[float, float]] = []
        """(time, reached) of each picture that reached further than all before."""
        self._recent: list[tuple[float, float]] = []
        self._from: float | None = None
        self._last_good = -math.inf
        self._last_in_range = -math.inf
        self._closed_s = 0.0

    def pause(self) -> None:
        """The pictures stood still: what was held so far stays, and the gap does not count."""
        if self._from is not None:
            self._closed_s += self._last_good - self._from
            self._from = None
        self._recent.clear()
        self.is_still = False

    def update(self, t: float, reach: Reach, *, is_good: bool) -> None:
        """One picture: how far the movement is, and whether the position is one to be held."""
        moved = reach.excursion
        self._recent = [(s, m) for s, m in self._recent if t - s <= STILL_WINDOW_S + 1e-9]
        self._recent.append((t, moved))
        oldest_s, oldest = self._recent[0]
        spans_window = t - oldest_s >= STILL_WINDOW_S * 0.6
        self.is_still = spans_window and abs(moved - oldest) <= STILL_CHANGE
        middle = (t + oldest_s) / 2 if self._needs_rest else t
        if is_good:
            self._last_in_range = middle
        if is_good and (self.is_still or not self._needs_rest):
            self._hold(t, middle, reach.rom_fraction)
        elif self._from is not None and middle - self._last_in_range > self._gap_s:
            self._closed_s += self._last_good - self._from
            self._from = None

    def _hold(self, t: float, middle: float, rom_fraction: float) -> None:
        # The first still window holds the last, slow part of the way in: the hold begins at its end.
        if self._from is None:
            self._from = t
        if not self._needs_rest:
            self._begin_risen(t, rom_fraction)
        self._last_good = max(middle, self._from)
        self.total_s = self._closed_s + self._last_good - self._from

    def _begin_risen(self, t: float, rom_fraction: float) -> None:
        """A hold of the outline begins where it has reached most of its furthest place, however early that counts."""
        is_over = self._rise and (rom_fraction <= self._rise[-1][1] or t - self._rise[0][0] > RISE_S)
        if self._closed_s or is_over:
            return
        self._rise.append((t, rom_fraction))
        self._from = next(s for s, r in self._rise if r >= RISEN * rom_fraction)
