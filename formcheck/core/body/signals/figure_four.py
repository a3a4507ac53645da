"""Which ankle lies on the other knee: seen there, or seen to have left its own place on the floor.

From the side the tracker soon puts a crossed ankle down to the standing one, most of all while the trunk leans. So the
way up is what tells: most pictures of a second decide, and nobody uncrosses while leaning.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from formcheck.core.body.measure import Body
from formcheck.core.body.pose import SIDES, Side, other

WINDOW_S = 1.0
MEMORY_S = 5.0
"""A foot that is hidden for so long may have moved."""
LAID, KEPT = 0.5, 0.25
"""Shares of the window in which the foot is seen there: more to begin with, at least so many to stay."""
REACH_TL = 0.40
"""Ankle to the other knee, torso lengths: 0.2 [P] + the landmark error of the crossed leg, 0.18 (measured). Of feet on
the floor it is a shank, 0.8."""
LIFTED_TL = 0.20
"""A quarter of a shank above its own place; the standing foot stays within 0.13 (renders)."""
LEANING_DEG = 7.0
"""Trunk forward of its own start by more than it sways."""


@dataclass(frozen=True, slots=True)
class Crossed:
    """Which ankle lies on the other knee."""

    side: Side | None = None
    """The crossed side; None for neither, or while it can't be seen."""
    since_s: float = math.nan
    """When the ankle was laid there, seconds of the recording; NaN while none is."""


class FigureFour:
    """Follows both legs of one person: a signal (`core.rules.exercise.Signal`) with values of `Crossed`."""

    def __init__(self) -> None:
        self._home: Body | None = None
        self._since_s = math.nan
        self._recent: list[tuple[float, Side | None]] = []
        self._side: Side | None = None

    def begin(self, start: Body) -> None:
        """The start pose has been taken: there the feet stand."""
        self._home = start

    def update(self, body: Body) -> Crossed:
        """One picture."""
        side = self._follow(body)
        return Crossed(side, self._since_s)

    def _follow(self, body: Body) -> Side | None:
        t_s, side = body.t_s, self._seen(body)
        is_kept = self._side is not None and _is_leaning(body, self._home)
        if side is not None or (not is_kept and self._is_known(body)):
            self._recent.append((t_s, side))
        elif is_kept:
            return self._side
        last_s = self._recent[-1][0] if self._recent else -math.inf
        since_s = math.inf if t_s - last_s > MEMORY_S else last_s - WINDOW_S
        self._recent = [(t, vote) for t, vote in self._recent if t > since_s]
        return self._decide()

    def _decide(self) -> Side | None:
        votes = [side for _, side in self._recent]
        side = next((side for side in SIDES if votes.count(side) > LAID * len(votes)), None)
        if side is None and self._side is not None and votes.count(self._side) >= KEPT * len(votes) > 0:
            side = self._side
        if side != self._side:
            firsts = (t for t, vote in self._recent if vote == side)
            self._side, self._since_s = side, math.nan if side is None else next(firsts)
        return side

    def _seen(self, body: Body) -> Side | None:
        """The side whose foot has left the floor most, or whose ankle is near the other knee."""
        lifts = {side: _lift_tl(body, self._home, side) for side in SIDES}
        lifted = [side for side in SIDES if lifts[side] >= LIFTED_TL]
        if not lifted:
            return crossed_now(body)
        return max(lifted, key=lambda side: lifts[side])

    def _is_known(self, body: Body) -> bool:
        """Whether a foot that is down would be seen."""
        sides = SIDES if self._side is None else (self._side,)
        return any(not math.isnan(body.limbs(side).ankle_y_px) for side in sides)


def _is_leaning(body: Body, home: Body | None) -> bool:
    return home is not None and body.lean_deg - home.lean_deg > LEANING_DEG


def _lift_tl(body: Body, home: Body | None, side: Side) -> float:
    """How far a foot is above its place on the floor, torso lengths; NaN while unknown, or when it began crossed."""
    if home is None or crossed_now(home) == side:
        return math.nan
    return (body.limbs(side).ankle_y_px - home.limbs(side).ankle_y_px) / home.torso_px


def crossed_now(body: Body) -> Side | None:
    """What one picture says: the side whose ankle is near the other knee, and higher than the other ankle."""
    gaps: dict[Side, float] = {}
    for side in SIDES:
        own, stand = body.limbs(side), body.limbs(other(side))
        gap = math.hypot(own.ankle_x_px - stand.knee_x_px, own.ankle_y_px - stand.knee_y_px) / body.torso_px
        if gap <= REACH_TL and own.ankle_y_px > stand.ankle_y_px:
            gaps[side] = gap
    if not gaps:
        return None
    return min(gaps, key=lambda side: gaps[side])
