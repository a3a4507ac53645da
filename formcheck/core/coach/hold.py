"""The clock of a hold: it begins where the furthest position is all but reached, and ends where that is left.

That is how a physiotherapist times it: within five degrees of the furthest position one holds. Breathing, settling and
a little drift do not stop the clock, sinking does.
"""

from __future__ import annotations

import math
from itertools import pairwise

from formcheck.core.rules.exercise import Reach

STILL_WINDOW_S, STILL_CHANGE = 0.30, 0.075
"""Seconds of the window, and the largest change of the excursion (share) within it, in which a position is still
(0.25/s)."""
REST_S, RESTS, LASTS_S = 0.6, 0.8, 0.2
"""Seconds in which a position that changes by no more than this share of the slack is one of rest. And seconds for
which the furthest place of somebody who has not rested yet must last: a dog that crosses makes hips of 200 degrees for
a third of a second, but never at rest (renders)."""
SINKS = 2.0
"""Who rests lower than the furthest place by so many times the slack (10 degrees) has sunk: the clock stops [P]."""
CREEPS = 0.4
"""Share of the slack by which a place of rest may creep in `REST_S` seconds (3 degrees a second)."""
LOST = 0.3
"""Share of an outline's furthest change within which it is held; a tilt is lost where more of it has gone [P]."""
ARRIVED_S, ARRIVED = 1.0, 0.6
"""Seconds [P] after which whoever has been within this share of the slack of the furthest place has arrived: what is
reached later belongs to the hold. Slow ways of 6 s go faster than 3 degrees a second until they end."""
NEAR = 0.85
"""Share of the range from which on the way out may be part of the hold, as on the way back."""

Place = tuple[float, float]
"""(time, place); -inf where the position is not one to hold."""


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
        self._newest: list[Place] = []
        """Pictures as they come; what is made of them is in the middle of the newest few, without their noise."""
        self._places: list[Place] = []
        """From the way out on; once the furthest place has been reached only the newest."""
        self._still: list[Place] = []
        self._furthest = self._level = -math.inf
        """The furthest place, and that in which one rested last."""
        self._has_rested = self._has_begun = self._has_arrived = False
        self._from_s: float | None = None
        self._until_s = -math.inf
        self._closed_s = 0.0

    @property
    def is_running(self) -> bool:
        """Whether the position is held now."""
        return self._from_s is not None and self._now_s - self._until_s <= 1e-9

    def pause(self) -> None:
        """The pictures stood still: what was held so far stays, and the gap does not count."""
        self._close()
        self._still.clear()
        self._newest.clear()
        self._places.clear()
        self._has_arrived = self._has_begun
        self.is_still = False

    def approach(self, t: float, reach: Reach) -> None:
        """One picture of the way to the range."""
        is_near = reach.is_good and (self._is_of_outline or reach.rom_fraction >= NEAR)
        self._note(t, reach, is_near=is_near)
        self._lapse()

    def update(self, t: float, reach: Reach, *, is_good: bool) -> None:
        """One picture in the range or after it: how far the movement is, and whether the position is one to hold."""
        self._follow_stillness(t, reach.excursion)
        if not self._note(t, reach, is_near=is_good):
            return
        slack = LOST * max(self._furthest, 1.0) if self._is_of_outline else reach.hold_slack
        before = self._furthest
        is_at_rest = self._look(slack)
        if self._furthest == -math.inf:
            return  # it never was one to hold
        least = self._least(slack, may_sink=reach.may_sink)
        if -math.inf < self._places[-1][1] >= least:
            self._hold(slack, least, is_at_rest=is_at_rest)
        else:
            self._leave(least)
        if self._from_s is not None and not self._has_arrived:
            if self._furthest != before and not self._closed_s:
                self._from_s = max(self._from_s, self._arrival(slack))
            self._has_arrived = is_at_rest and self._now_s - self._arrival(ARRIVED * slack) >= ARRIVED_S
        running_s = 0.0 if self._from_s is None else max(0.0, self._until_s - self._from_s)
        self.total_s = self._closed_s + running_s

    # -- where it is ----

    @property
    def _now_s(self) -> float:
        return self._places[-1][0]

    def _note(self, t: float, reach: Reach, *, is_near: bool) -> bool:
        """Keep a picture; whether the place is known."""
        place = reach.rom_fraction if self._is_of_outline else reach.excursion
        if math.isnan(place):
            return False
        self._newest = [
            p for i, p in enumerate(self._newest) if t - p[0] <= (REST_S if i > len(self._newest) - 3 else LASTS_S)
        ]
        self._newest.append((t, place if is_near else -math.inf))
        middle_s = (self._newest[0][0] + t) / 2
        if self._has_arrived:
            self._places = [p for p in self._places if middle_s - p[0] <= REST_S]
        self._places.append((middle_s, _middle([p for _, p in self._newest])))
        return True

    def _look(self, slack: float) -> bool:
        """Look where it is, and whether it rests. Once one has rested only places of rest may be the furthest: what
        was passed on the way was overshot."""
        begin = len(self._places) - 1
        while begin and self._now_s - self._places[begin - 1][0] <= REST_S + 1e-9:
            begin -= 1
        newest = self._places[begin:]
        places = [p for _, p in newest]
        is_long = self._now_s - newest[0][0] >= REST_S * 0.6
        if is_long and max(places) - min(places) <= RESTS * slack and abs(places[-1] - places[0]) <= CREEPS * slack:
            self._look_at_rest(sum(places) / len(places), slack)
            return True
        if self._has_rested:
            self._furthest = max(self._furthest, min(places) if is_long else -math.inf)
        else:
            lasting = [p for s, p in newest if self._now_s - s <= LASTS_S + 1e-9 and p > -math.inf]
            self._furthest = max(self._furthest, min(lasting, default=-math.inf))
        return False

    def _look_at_rest(self, level: float, slack: float) -> None:
        """Where one has rested for less than a second and rests far below then, one has not arrived: that was overshot,
        or misread (a real bird dog read 13 degrees too far for half a second, as the leg came up)."""
        if not self._has_rested or (not self._has_arrived and level < self._furthest - SINKS * slack):
            self._has_rested, self._furthest = True, level
            if not self._has_arrived:
                self._from_s, self._closed_s, self._has_begun = None, 0.0, False
        self._furthest, self._level = max(self._furthest, level), level

    def _least(self, slack: float, *, may_sink: bool) -> float:
        """The place below which it is not held: the slack below where one rested last, but never sunk."""
        if self._is_of_outline or not self._has_rested:
            return self._furthest - slack
        level = min(self._level, self._furthest)
        return level - slack if may_sink else max(level - slack, self._furthest - SINKS * slack)

    def _arrival(self, slack: float) -> float:
        """When the furthest place was reached to within the slack, and not left for longer than a gap since."""
        least = self._furthest - slack
        arrived_s = left_s = self._places[0][0]
        is_below = is_way = self._places[0][1] < least
        for before, after in pairwise(self._places):
            if after[1] >= least:
                if is_below and (is_way or after[0] - left_s > self._gap_s):
                    arrived_s = _passed(before, after, least)
                is_below = is_way = False
            elif not is_below:
                is_below, left_s = True, before[0]
        return arrived_s

    # -- the clock ----

    def _hold(self, slack: float, least: float, *, is_at_rest: bool) -> None:
        before = self._places[-2:-1]
        if before and before[0][0] > self._until_s:
            self._lapse()
        if not self._has_begun:
            self._from_s, self._has_begun = min(self._arrival(slack), self._now_s), True
        elif self._from_s is None:
            back_s = _passed(before[0], self._places[-1], least) if before else self._now_s
            rest_s = next(s for s, _ in self._places if self._now_s - s <= REST_S) if is_at_rest else back_s
            self._from_s = max(self._until_s, min(back_s, rest_s))
        self._until_s = self._now_s

    def _leave(self, least: float) -> None:
        """What is left of the hold between its last picture and this one; then the gap runs."""
        before = self._places[-2:-1]
        if before and before[0][0] == self._until_s and self._now_s - self._until_s <= self._gap_s:
            self._until_s = _passed(before[0], self._places[-1], least)
        self._lapse()

    def _lapse(self) -> None:
        if self._places and self._now_s - self._until_s > self._gap_s:
            self._close()

    def _close(self) -> None:
        if self._from_s is not None:
            self._closed_s += max(0.0, self._until_s - self._from_s)
            self._from_s = None

    def _follow_stillness(self, t: float, excursion: float) -> None:
        self._still = [(s, m) for s, m in self._still if t - s <= STILL_WINDOW_S + 1e-9]
        self._still.append((t, excursion))
        oldest_s, oldest = self._still[0]
        self.is_still = t - oldest_s >= STILL_WINDOW_S * 0.6 and abs(excursion - oldest) <= STILL_CHANGE


def _middle(places: list[float]) -> float:
    """Their median; of two in its middle the mean, unless one is not to be held."""
    ranked = sorted(places)
    return (ranked[(len(ranked) - 1) // 2] + ranked[len(ranked) // 2]) / 2


def _passed(before: Place, after: Place, least: float) -> float:
    """When a place was passed between two pictures, either way; that of the one that is held where it can't be told."""
    (t0, low), (t1, high) = before, after
    if not (math.isfinite(low) and math.isfinite(high)) or low == high:
        return t1 if high >= least else t0
    return t0 + (t1 - t0) * min(max((least - low) / (high - low), 0.0), 1.0)
