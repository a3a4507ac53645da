"""One hand that goes to and fro while the rest of the body keeps still: waving, or tapping the floor. Pure.

It can be done lying, on all fours, kneeling, sitting and standing, whatever hurts. No exercise has it: there the limbs
take their time, or the legs move too. Measured: of 17 rendered people who waved or tapped, in five positions, 15 were
understood; the two others tapped behind their body, where the camera does not see the hand. In 16 minutes of exercise,
talk and set-up (58 streams, 17 of them of real people) and in ten renders of people who drink, scratch, talk, hug their
knees or lay their hands on the head, the most was two half swings in a row.
"""

from __future__ import annotations

import math

from formcheck.core.body.geometry import Point, middle
from formcheck.core.body.pose import ANKLE, HIP, KNEE, SHOULDER, SIDES, WRIST, Joint, Pose, Side

SWINGS = 6
"""Half swings in a row that make the sign: three times to and fro. Two occur in real talk."""
SWING_TL = 0.25
"""Least way of the hand in a half swing, torso lengths: 12 cm. Scratching and talking move it less, or the body too."""
QUICKEST_S, SLOWEST_S = 0.13, 0.8
"""A half swing lasts between these, seconds: what is quicker is a tracker that jumps from hand to hand, what is slower
is an exercise."""
STILL_TL = 0.30
"""Way of hips, shoulders, knees and feet meanwhile, torso lengths: landmark noise is 0.05, and a body
gives way to its arm by 0.1. Running moves the feet by 1.3."""
_HANDS = tuple(WRIST.values())
_SEEN = (*KNEE.values(), *ANKLE.values(), *_HANDS)


class WaveDetector:
    """Counts the swings of both hands, from picture to picture."""

    def __init__(self) -> None:
        self._hands = [_Hand(side) for side in SIDES]

    def update(self, pose: Pose) -> int:
        """One picture; returns the half swings in a row of the hand that has more of them."""
        xy: list[list[float]] = pose.xy_px.tolist()
        hip, shoulder = middle(xy, HIP), middle(xy, SHOULDER)
        if not pose.is_present or hip is None or shoulder is None or hip == shoulder:
            self._hands = [_Hand(side) for side in SIDES]
            return 0
        torso_px = math.hypot(shoulder[0] - hip[0], shoulder[1] - hip[1])
        places = {joint: (xy[joint][0], xy[joint][1]) for joint in _SEEN if pose.is_measured(joint)}
        return max([hand.update(pose.t_s, places, (hip, shoulder), torso_px) for hand in self._hands])


class _Hand:
    """One hand, seen from the hips; everything else is what must keep still."""

    def __init__(self, side: Side) -> None:
        self._joint = WRIST[side]
        self._swings = _Swings(), _Swings()
        self._ranges: dict[int, tuple[float, float, float, float]] = {}
        """Least and greatest x and y of everything else since the swings began, pixels."""

    def update(self, t_s: float, places: dict[Joint, Point], trunk: tuple[Point, Point], torso_px: float) -> int:
        rest = {int(joint): place for joint, place in places.items() if joint not in _HANDS}
        rest |= {-1 - i: place for i, place in enumerate(trunk)}
        if not self._is_still(rest, STILL_TL * torso_px):
            self._ranges, self._swings = {}, (_Swings(), _Swings())
        if self._joint in places:
            for swings, hand, hip in zip(self._swings, places[self._joint], trunk[0], strict=True):
                swings.note(t_s, (hand - hip) / torso_px)
        count = max([swings.count(t_s) for swings in self._swings])
        if not count:
            self._ranges = {}
        return count

    def _is_still(self, rest: dict[int, Point], way_px: float) -> bool:
        for name, (x, y) in rest.items():
            left, right, top, bottom = self._ranges.get(name, (x, x, y, y))
            grown = self._ranges[name] = min(left, x), max(right, x), min(top, y), max(bottom, y)
            if math.hypot(grown[1] - grown[0], grown[3] - grown[2]) > way_px:
                return False
        return True


class _Swings:
    """Turning points of one coordinate: it turns where it has come back by `SWING_TL` from its furthest."""

    def __init__(self) -> None:
        self._run = 0
        self._turned_s = math.nan
        self._way = 0.0
        """1 = growing, -1 = falling, 0 = not known yet."""
        self._low = self._high = (math.nan, math.nan)
        """Time and value since the last turn."""

    def count(self, t_s: float) -> int:
        """Half swings in a row; none when the last turn is too long ago."""
        if t_s - self._turned_s > 2 * SLOWEST_S:
            self._run = 0
        return self._run

    def note(self, t_s: float, value: float) -> None:
        """The next value, torso lengths."""
        self._low = (t_s, value) if not value >= self._low[1] else self._low
        self._high = (t_s, value) if not value <= self._high[1] else self._high
        if self._way >= 0 and self._high[1] - value >= SWING_TL:
            self._turn(self._high[0], -1.0, (t_s, value))
        elif self._way <= 0 and value - self._low[1] >= SWING_TL:
            self._turn(self._low[0], 1.0, (t_s, value))

    def _turn(self, turned_s: float, way: float, now: tuple[float, float]) -> None:
        is_swing = QUICKEST_S <= turned_s - self._turned_s <= SLOWEST_S
        self._run = self._run + 1 if is_swing else 0
        self._turned_s, self._way, self._low, self._high = turned_s, way, now, now
