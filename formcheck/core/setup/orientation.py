"""Whether the picture is the right way up, told from the body: which way gravity points, and how an exercise starts.

Of a camera that hangs upside down, or a recording without a mark, only what is in the picture can tell. Whoever stands
has the head up: that decides. Whoever holds the start position of the exercise, but for a quarter or a half turn, most
likely does so in a turned picture; but a dead bug on its head is the start of a bird dog, and a bridge that is held is
nearly one that rests, turned. So what is seen first, and longer, is believed until somebody stands. Pure.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from formcheck.core.body.geometry import middle
from formcheck.core.body.pose import ANKLE, EAR, HIP, KNEE, SHOULDER, Pose

Score = Callable[[Pose], float]
"""How near a pose is to the start pose of the exercise, 0..1."""

LOOK_EVERY_S = 0.2
"""How often a pose is looked at: what counts lasts for seconds."""
UP_LOOKS, TURNED_LOOKS = 3, 15
"""How often somebody must be seen the right way up, or turned, to be believed: 0.6 and 3 s. The start pose is held for
3 s before a set (`ANYWAY_S` of the set-up); going down to the floor passes through others, for less."""
UPRIGHT_DEG = 30.0
"""Trunk, thighs and shins of somebody who stands lean less than this; whoever sits has the thighs level, whoever holds
a bridge in a picture that lies on its side has level shins."""
IN_START = 0.99
"""All checks of the start pose are met."""


class Orientation:
    """Watches the poses of a session for how the picture is turned."""

    def __init__(self, score: Score) -> None:
        """Begin.

        Args:
            score: of the exercise that is watched for.
        """
        self.score = score
        self.turned_deg = 0
        """By how many degrees the picture seems to be turned clockwise from the right way up: 0, 90, 180 or 270; 0
        also while nothing is known."""
        self._is_settled = False
        self._standing: Counter[int] = Counter()
        self._starting: Counter[int] = Counter()
        """Looks by turn, at somebody who stood, and at somebody in the start pose."""
        self._looked_s = -math.inf

    def update(self, pose: Pose) -> int:
        """One pose. Returns `turned_deg`."""
        if pose.is_present and not 0 <= pose.t_s - self._looked_s < LOOK_EVERY_S:
            self._looked_s = pose.t_s
            standing = _standing(pose)
            if standing is not None:
                self._note_standing(standing)
            elif not self._is_settled and not self.turned_deg:
                self._note_start(pose)
        return self.turned_deg

    def _note_standing(self, turn: int) -> None:
        """Gravity decides, also against what was believed before: the camera may have been turned."""
        self._standing = Counter({turn: self._standing[turn] + 1})
        if self._standing[turn] >= UP_LOOKS:
            self.turned_deg, self._is_settled = turn, turn == 0
            self._starting.clear()

    def _note_start(self, pose: Pose) -> None:
        turn = next((t for t in (0, 180, 90, 270) if self.score(turned_back(pose, t)) >= IN_START), None)
        if turn is None:
            return
        looks = self._starting
        looks[turn] += 1
        if looks[turn] <= max((count for other, count in looks.items() if other != turn), default=0):
            return
        if looks[turn] >= (UP_LOOKS if turn == 0 else TURNED_LOOKS):
            self.turned_deg, self._is_settled = turn, turn == 0


def turned_back(pose: Pose, turn: int) -> Pose:
    """A pose of a picture that was turned clockwise by 0, 90, 180 or 270 degrees, as it is in the picture before."""
    if turn == 0:
        return pose
    x, y = pose.xy_px.T
    width, height = pose.width, pose.height
    if turn == 180:
        return replace(pose, xy_px=np.stack((width - x, height - y), axis=1))
    xy = (y, width - x) if turn == 90 else (height - y, x)
    return replace(pose, xy_px=np.stack(xy, axis=1), width=height, height=width)


def _standing(pose: Pose) -> int | None:
    """0 for somebody who stands, 180 for the same on their head, None for anybody else."""
    xy: list[list[float]] = pose.xy_px.tolist()
    chain = [middle(xy, pair) for pair in (EAR, SHOULDER, HIP, KNEE, ANKLE)]
    places = [place for place in chain if place is not None]
    if len(places) < len(chain):
        return None
    steps = [(below[0] - above[0], below[1] - above[1]) for above, below in pairwise(places)]
    if any(abs(x) > math.tan(math.radians(UPRIGHT_DEG)) * abs(y) for x, y in steps[1:]):
        return None  # a head may nod
    is_down = {y > 0 for _, y in steps}
    return None if len(is_down) > 1 else 0 if is_down.pop() else 180
