"""The clock of a hold: it begins where the furthest position is all but reached, and ends where that is left.

That is how a physiotherapist times it: breathing, settling and a little drift do not stop it, sinking does. The
position that is held is the mean of the hold so far, or five degrees below its furthest place where that is higher.
"""

from __future__ import annotations

import math

from formcheck.core.rules.exercise import Reach

STILL_WINDOW_S, STILL_CHANGE = 0.30, 0.075
"""Seconds of the window, and the largest change of the excursion (share) within it, in which a position is still
(0.25/s)."""
SINKS = 2.0
"""Who rests lower than the furthest place by so many times the slack (10 degrees) has sunk: the clock stops [P]."""
LOST = 0.3
"""Share of an outline's furthest change within which it is held; a tilt is lost where more of it has gone [P]."""
RISE_S = 2.0
"""Seconds [P] that the way from the range to the furthest place may take: what is reached later belongs to the hold."""


class HoldClock:
    """Times the position of one cycle, seconds. Feed every picture in which the position is known, in order of time."""

    def __init__(self, gap_s: float, *, is_of_outline: bool = False) -> None:
        """Start at zero.

        Args:
            gap_s: a hold survives a gap of this length.
            is_of_outline: whether it is the back's outline that is held; then its slack is a share of its change.
        """
        self.total_s = 0.0
        self.is_still = False
        self._gap_s = gap_s
        self._is_of_outline = is_of_outline
        self._places: list[tuple[float, float]] = []
        """(time, place) of every picture since the hold began, or of the whole way to it."""
        self._still: list[tuple[float, float]] = []
        self._peak = -math.inf
        self._sum = 0.0
        self._reached_s = math.nan
        self._from_s: float | None = None
        self._until_s = -math.inf
        self._closed_s = 0.0

    def pause(self) -> None:
        """The pictures stood still: what was held so far stays, and the gap does not count."""
        self._close()
        self._still.clear()
        self.is_still = False

    def approach(self, t: float, reach: Reach) -> None:
        """One picture of the way to the range."""
        self._note(t, self._place(reach))

    def update(self, t: float, reach: Reach, *, is_good: bool) -> None:
        """One picture in the range or after it: how far the movement is, and whether the position is one to hold."""
        self._rest(t, reach.excursion)
        place, was_peak = self._place(reach), self._peak
        if math.isnan(place):
            return
        self._note(t, place)
        slack = LOST * self._peak if self._is_of_outline else reach.hold_slack
        if is_good and math.isnan(self._reached_s):
            self._reached_s = t
            self._begin_at(self._arrival(slack))
        if self._from_s is not None and self._peak > was_peak and not self._closed_s and t - self._reached_s <= RISE_S:
            self._begin_at(max(self._arrival(slack), self._from_s))
        sinks_to = -math.inf if reach.may_sink else self._peak - SINKS * slack
        if is_good and (place >= self._level(slack) - slack or (self.is_still and place >= sinks_to)):
            self._begin_at(t if self._from_s is None else self._from_s)
            self._until_s = t
        elif self._from_s is not None and t - self._until_s > self._gap_s:
            self._close()
        running_s = 0.0 if self._from_s is None else max(0.0, self._until_s - self._from_s)
        self.total_s = self._closed_s + running_s

    def _place(self, reach: Reach) -> float:
        return reach.rom_fraction if self._is_of_outline else reach.excursion

    def _note(self, t: float, place: float) -> None:
        """Remember a place; one that lasts for two pictures may be the furthest: one alone may be a glitch."""
        if math.isnan(place):
            return
        lasting = min(place, self._places[-1][1]) if self._places else place
        self._peak = max(self._peak, lasting)
        self._places.append((t, place))
        self._sum += place

    def _arrival(self, slack: float) -> float:
        """When the furthest place so far was reached, to within the slack, for the last time."""
        below = [i for i, (_, place) in enumerate(self._places) if place < self._peak - slack]
        return self._places[min(below[-1] + 1, len(self._places) - 1) if below else 0][0]

    def _begin_at(self, from_s: float) -> None:
        if from_s == self._from_s:
            return
        self._from_s = from_s
        self._places = [(t, place) for t, place in self._places if t >= from_s]
        self._sum = sum(place for _, place in self._places)

    def _level(self, slack: float) -> float:
        """The place that is held."""
        mean = self._sum / len(self._places) if self._places else -math.inf
        return max(mean, self._peak - slack)

    def _close(self) -> None:
        if self._from_s is not None:
            self._closed_s += max(0.0, self._until_s - self._from_s)
            self._from_s = None

    def _rest(self, t: float, excursion: float) -> None:
        self._still = [(s, m) for s, m in self._still if t - s <= STILL_WINDOW_S + 1e-9]
        self._still.append((t, excursion))
        oldest_s, oldest = self._still[0]
        self.is_still = t - oldest_s >= STILL_WINDOW_S * 0.6 and abs(excursion - oldest) <= STILL_CHANGE
