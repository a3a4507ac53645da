"""The furthest reach of a cycle: the picture that stands for it. What lasts counts, not a glitch of the tracker."""

from __future__ import annotations

import math

from formcheck.core.body.measure import Body

LASTS_S = 0.2
"""Seconds for which a reach must last: two skeletons torn into one show hips of 200 degrees for one or two pictures
(measured, somebody walking past)."""


class EndRange:
    """Follows one cycle."""

    def __init__(self) -> None:
        self.body: Body | None = None
        """The picture of the furthest reach so far; None while there is none."""
        self._reached = -math.inf
        self._was_still = False
        self._recent: list[tuple[float, Body]] = []

    def update(self, body: Body, reached: float, *, is_still: bool) -> None:
        """One picture, and how far it reaches; NaN = unknown. Once the body has been still, only that counts: a dog
        that crosses leaves hips of 200 degrees for a third of a second, but never at rest (renders)."""
        if math.isnan(reached) or (self._was_still and not is_still):
            return
        if is_still and not self._was_still:
            self._was_still, self._reached = True, -math.inf
            self._recent.clear()
        self._recent = [(r, b) for r, b in self._recent if body.t_s - b.t_s <= LASTS_S + 1e-9]
        self._recent.append((reached, body))
        least, picture = min(self._recent, key=lambda pair: pair[0])
        if least > self._reached and body.t_s - self._recent[0][1].t_s >= LASTS_S / 2:
            self.body, self._reached = picture, least
