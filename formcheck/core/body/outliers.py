"""Limbs that are suddenly elsewhere: the tracker has taken another person's for the patient's own, or guesses.

A foot of one's own goes its way from picture to picture. One that jumps, or that comes back into view in another place,
says nothing until it is back where it was seen last. Both at once may be a body that has moved: that is soon believed.
An arm behind the head or the other arm is guessed anew in each picture: while its angle jumps, it is not known.
"""

from __future__ import annotations

import math
from dataclasses import replace

from formcheck.core.body.measure import Body, Limbs
from formcheck.core.body.pose import SIDES, Side

JUMP_TL, BACK_TL = 0.20, 0.15
"""Torso lengths between two pictures, and to the place where it was seen last; landmark noise is 0.03 (measured)."""
FAST_TL_PER_S = 3.0
"""Torso lengths a second of a foot that goes at 1.5 m/s, on the floor only in a kick: pictures that lie further apart
than at 15 a second may show it so much further on."""
STEP_MAX_S = 0.25
"""Seconds for which a foot may go so fast: a kick is over then, half a shank away."""
BOTH_S = 2.0
"""Seconds [P]: so long both feet may be elsewhere before it is the body that has moved."""

Place = tuple[float, float]


class JointGate:
    """Follows both legs of one person."""

    def __init__(self) -> None:
        self.home: Body | None = None
        """The start pose: who is back there has not strayed, wherever the leg was dragged to in between."""
        self._sure: dict[tuple[Side, int], Place] = {}
        self._strayed: set[Side] = set()
        self._t_s, self._step_s = -math.inf, 0.0
        self._both_since: float | None = None

    def update(self, body: Body) -> tuple[Side, ...]:
        """One picture. Returns the sides whose foot or knee is where it can't have come."""
        self._step_s, self._t_s = min(body.t_s - self._t_s, STEP_MAX_S), body.t_s
        seen = {(side, i): place for side in SIDES for i, place in enumerate(_places(body, side)) if not _is_nan(place)}
        jumped = {side for (side, i), place in seen.items() if self._is_far((side, i), place, body)}
        is_alone = all(side in jumped or (side, FOOT) not in seen for side in SIDES)
        if not jumped or not is_alone:
            self._both_since = None
        elif self._both_since is None:
            self._both_since = body.t_s
        elif body.t_s - self._both_since > BOTH_S:
            jumped, self._both_since = set(), None
        self._strayed = jumped
        self._sure |= {key: place for key, place in seen.items() if key[0] not in jumped}
        return tuple(side for side in SIDES if side in jumped)

    def _is_far(self, key: tuple[Side, int], place: Place, body: Body) -> bool:
        jump_tl = max(JUMP_TL, FAST_TL_PER_S * self._step_s)
        limit_px = (BACK_TL if key[0] in self._strayed else jump_tl) * body.torso_px
        if key not in self._sure or math.dist(place, self._sure[key]) <= limit_px:
            return False
        return self.home is None or not math.dist(place, _places(self.home, key[0])[key[1]]) <= limit_px


FOOT = 0


def _places(body: Body, side: Side) -> tuple[Place, Place]:
    limbs = body.limbs(side)
    return (limbs.ankle_x_px, limbs.ankle_y_px), (limbs.knee_x_px, limbs.knee_y_px)


def _is_nan(place: Place) -> bool:
    return math.isnan(place[0])


ARM_DEG, ARM_DEG_PER_S = 20.0, 300.0
"""Jump of the angle at the shoulder from picture to picture, and its speed, beyond which an arm is guessed. Who reaches
out moves it at 80-160 degrees a second; landmark noise is 3-5 degrees (measured)."""
ARM_LOST_S, ARM_CALM_S = 0.4, 2.0
"""Seconds [P] after a jump for which an arm is not known; and after a loss for which one that is lost again is not. A
far arm that is taken for the near one comes and goes for a whole hold, and which of it a picture shows is chance: a
bird dog was counted or not by how it was encoded."""


class ArmGate:
    """Follows both arms of one person."""

    def __init__(self) -> None:
        self._last: dict[Side, tuple[float, float]] = {}
        self._seen: set[Side] = set()
        self._gone_s: dict[Side, float] = {}
        """When an arm was lost last: it jumped, or went out of view."""
        self._until_s: dict[Side, float] = {}
        """Until when it is not known."""

    def update(self, body: Body) -> Body:
        """One picture; returns it without the arms that are guessed."""
        lost = [side for side in SIDES if self._is_lost(body, side)]
        left, right = (_without_arm(body.limbs(side)) if side in lost else body.limbs(side) for side in SIDES)
        return replace(body, left=left, right=right) if lost else body

    def _is_lost(self, body: Body, side: Side) -> bool:
        t, deg = body.t_s, body.limbs(side).shoulder_deg
        if math.isnan(deg):
            if side in self._seen:
                self._lose(side, t, 0.0)
            self._seen.discard(side)
        else:
            last_s, last_deg = self._last.get(side, (t, deg))
            if t - last_s < ARM_LOST_S and abs(deg - last_deg) > max(ARM_DEG, ARM_DEG_PER_S * (t - last_s)):
                self._lose(side, t, ARM_LOST_S)
            self._last[side] = t, deg
            self._seen.add(side)
        return t < self._until_s.get(side, -math.inf)

    def _lose(self, side: Side, t: float, seconds: float) -> None:
        is_again = t - self._gone_s.get(side, -math.inf) < ARM_CALM_S
        self._gone_s[side], self._until_s[side] = t, t + (ARM_CALM_S if is_again else seconds)


def _without_arm(limbs: Limbs) -> Limbs:
    return replace(limbs, shoulder_deg=math.nan, elbow_deg=math.nan)
