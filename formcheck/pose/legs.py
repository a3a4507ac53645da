"""Keeps left and right through the crossings that side views cause: the tracker swaps the legs for a few pictures.

Longer swaps are the core's matter (`core.coach.sides`). Three things that could tell them here were measured, and don't
(`docs/repeatability.md`): the depth that the tracker guesses goes with the name of a leg, not with its place; two legs
in one pair of trousers have one colour; and who believes a memory for longer believes it where it is wrong.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.core.body.pose import MIRROR, Floats, Joint
from formcheck.pose.evidence import torso_px
from formcheck.pose.tracker import RawPose

LEG = tuple(int(j) for j in (Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.LEFT_HEEL, Joint.LEFT_TOE))
ARM = tuple(int(j) for j in (Joint.LEFT_ELBOW, Joint.LEFT_WRIST, 17, 19, 21))
"""The joints of one chain (left; the other side is its mirror)."""
APART_TL = 0.25
"""Chains nearer to each other than this can't be told apart by place; the tracker's own labels are taken."""
BETTER = 0.5
"""Swapped places must fit the last picture this much better before the labels are doubted."""
TRUST_AGAIN_S = 0.8
"""Labels that stay swapped for longer are right: it was our memory that was wrong."""


class SideKeeper:
    """Undoes short swaps of the legs and of the arms."""

    def __init__(self) -> None:
        self._chains = (_Chain(LEG), _Chain(ARM))

    def keep(self, raw: RawPose, t_s: float) -> RawPose:
        """The same pose with chains swapped back where the tracker swapped them."""
        order = np.arange(len(raw.xy_px))
        torso = torso_px(raw.xy_px)
        for chain in self._chains:
            if chain.is_swapped(raw.xy_px, t_s, torso):
                for joint in chain.joints:
                    order[joint], order[MIRROR[joint]] = MIRROR[joint], joint
        if (order == np.arange(len(order))).all():
            return raw
        return replace(raw, xy_px=raw.xy_px[order], visibility=raw.visibility[order])


class _Chain:
    def __init__(self, joints: tuple[int, ...]) -> None:
        self.joints = joints
        self._left: Floats | None = None
        self._right: Floats | None = None
        self._t_s = -np.inf
        self._swapped_since: float | None = None

    def is_swapped(self, xy: Floats, t_s: float, torso: float) -> bool:
        """Whether the labels of this picture contradict the last ones; remembers the corrected places."""
        left, right = xy[list(self.joints)], xy[[MIRROR[j] for j in self.joints]]
        apart = float(np.hypot(*(left - right).T).mean())
        swapped = False
        if self._left is not None and self._right is not None and t_s - self._t_s < 0.5 and apart > APART_TL * torso:
            kept = float(np.hypot(*(left - self._left).T).mean() + np.hypot(*(right - self._right).T).mean())
            crossed = float(np.hypot(*(left - self._right).T).mean() + np.hypot(*(right - self._left).T).mean())
            swapped = crossed < BETTER * kept
        if swapped:
            self._swapped_since = t_s if self._swapped_since is None else self._swapped_since
            swapped = t_s - self._swapped_since < TRUST_AGAIN_S
        if not swapped:
            self._swapped_since = None
        self._left, self._right = (right, left) if swapped else (left, right)
        self._t_s = t_s
        return swapped
