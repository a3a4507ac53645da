"""Whether the picture is the right way up, told from the body: which way gravity points, and how an exercise starts.

Of a camera that hangs upside down, or a recording without a mark, only what is in the picture can tell. Whoever stands
has the head up: that decides. Whoever holds the start position of the exercise, but for a quarter or a half turn, most
likely does so in a turned picture. A dead bug on its head has the angles of a bird dog, but not its weight: what a body
rests on is level, the trunk of the one, hands and knees of the other. A bridge that is held is nearly one that rests,
turned; so what is seen longer is believed, until somebody stands or holds the start position the right way up. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from formcheck.core.body.geometry import middle
from formcheck.core.body.pose import ANKLE, EAR, HIP, KNEE, SHOULDER, WRIST, Pose

Score = Callable[[Pose], float]
"""How near a pose is to the start pose of the exercise, 0..1."""

LOOK_EVERY_S = 0.2
"""How often a pose is looked at: what counts lasts for seconds."""
LOOK_MAX_S = 1.0
"""A look speaks for the time since the one before, at most for so long: a slow machine sees a pose a second."""
UP_S, TURNED_S = 0.55, 2.9
"""How long somebody must be seen the right way up, or turned, to be believed: three looks, and 3 s but for one look.
The start pose is held for 3 s before a set (`ANYWAY_S` of the set-up); going down to the floor passes through others,
for less."""
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
        self._standing_s: dict[int, float] = {}
        self._starting_s: dict[int, float] = {}
        """Seconds by turn, of somebody who stood, and of somebody in the start pose."""
        self._looked_s = -math.inf

    def update(self, pose: Pose) -> int:
        """One pose. Returns `turned_deg`."""
        since_s = pose.t_s - self._looked_s
        if not pose.is_present or 0 <= since_s < LOOK_EVERY_S:
            return self.turned_deg
        self._looked_s = pose.t_s
        seconds = min(since_s, LOOK_MAX_S) if 0 <= since_s < math.inf else LOOK_EVERY_S
        standing = _standing(pose)
        if standing is not None:
            self._note_standing(standing, seconds)
        elif not self._is_settled:
            self._note_start(pose, seconds)
        return self.turned_deg

    def _note_standing(self, turn: int, seconds: float) -> None:
        """Gravity decides, also against what was believed before: the camera may have been turned."""
        before_s = self._standing_s.get(turn)
        self._standing_s = {turn: LOOK_EVERY_S if before_s is None else before_s + seconds}
        if self._standing_s[turn] >= UP_S:
            self.turned_deg, self._is_settled = turn, turn == 0
            self._starting_s.clear()

    def _note_start(self, pose: Pose, seconds: float) -> None:
        turn = next((t for t in (0, 180, 90, 270) if self._is_start(turned_back(pose, t))), None)
        if turn is None:
            return
        seen_s = self._starting_s
        if turn == self.turned_deg != 0:
            seen_s.clear()  # it is as believed
            return
        seen_s[turn] = seen_s.get(turn, 0.0) + seconds
        if seen_s[turn] < max(seen_s.values()):
            return
        if seen_s[turn] >= (UP_S if turn == 0 and not self.turned_deg else TURNED_S):
            self.turned_deg, self._is_settled = turn, turn == 0
            seen_s.clear()

    def _is_start(self, pose: Pose) -> bool:
        return self.score(pose) >= IN_START and _rests_on_level(pose)


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


def _rests_on_level(pose: Pose) -> bool:
    """Whether the lower one of the trunk, and of hands and knees, is the more level one; also where one isn't seen."""
    xy: list[list[float]] = pose.xy_px.tolist()
    shoulder, hip, wrist, knee = (middle(xy, pair) for pair in (SHOULDER, HIP, WRIST, KNEE))
    if shoulder is None or hip is None or wrist is None or knee is None:
        return True
    trunk, limbs = _slope(shoulder, hip), _slope(wrist, knee)
    is_on_trunk = shoulder[1] + hip[1] >= wrist[1] + knee[1]
    return trunk <= limbs if is_on_trunk else limbs <= trunk


def _slope(a: tuple[float, float], b: tuple[float, float]) -> float:
    return abs(math.atan2(b[1] - a[1], abs(b[0] - a[0])))


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
