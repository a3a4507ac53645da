"""Keeps left and right through the crossings that side views cause: the tracker swaps the legs for a few pictures.

Two things tell a swap. Limbs go on where they were going: one that jumps to the other's place, while that one jumps to
its own, was swapped. And the order in depth: the leg of the nearer hip is the nearer one. In 1300 pictures of four
people whose legs were told rightly, far apart or not, knees and ankles never had another order than the hips.
The colour of the legs was tried and tells nothing: in one pair of trousers it knew the leg in 50 to 99 of 100 pictures,
and was sure of itself where it was wrong (`docs/repeatability.md`).
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
"""Swapped places must fit what was expected this much better before the labels are doubted."""
TRUST_AGAIN_S, CREDIT_S = 0.8, 2.0
"""Labels that stay swapped for so much longer than they were not since the limbs parted are right where the depth has
the right order, too: it was our memory that was wrong. So many seconds at most speak for the memory [P]."""
MEMORY_S = 0.5
"""Where a limb was longer ago says nothing of where it is."""
COAST_S = 0.15
"""Seconds for which a limb is expected to go on as it went; then it may have turned."""
DEPTH_MIN = 0.04
"""Difference in depth, picture widths, from which an order counts: half of the least that was seen of legs that were
told rightly."""
DEPTH_S = 0.2
"""Seconds for which the order in depth must be wrong, or right again: a guess of one picture is none."""


class SideKeeper:
    """Undoes swaps of the legs and of the arms."""

    def __init__(self) -> None:
        self._chains = (_Chain(LEG, int(Joint.LEFT_HIP)), _Chain(ARM))

    def keep(self, raw: RawPose, t_s: float) -> RawPose:
        """The same pose with chains swapped back where the tracker swapped them."""
        order = np.arange(len(raw.xy_px))
        torso = torso_px(raw.xy_px)
        for chain in self._chains:
            if chain.is_swapped(raw, t_s, torso):
                for joint in chain.joints:
                    order[joint], order[MIRROR[joint]] = MIRROR[joint], joint
        if (order == np.arange(len(order))).all():
            return raw
        depth = None if raw.depth is None else raw.depth[order]
        return replace(raw, xy_px=raw.xy_px[order], visibility=raw.visibility[order], depth=depth)


class _Chain:
    def __init__(self, joints: tuple[int, ...], root: int | None = None) -> None:
        """Follow the joints of a chain and their mirrors; with the joint at its root (left), by their depth too."""
        self.joints = joints
        self._root = root
        self._left = list(joints)
        self._right = [MIRROR[j] for j in joints]
        self._places: Floats | None = None
        """(2, n, 2) where left and right were, swaps undone."""
        self._speed: Floats | None = None
        """Their pixels a second."""
        self._t_s = -np.inf
        self._swapped_since: float | None = None
        self._agreed_s = 0.0
        """Seconds for which the labels were not swapped since the limbs parted."""
        self._wrong_s = 0.0
        self._is_wrong = False

    def is_swapped(self, raw: RawPose, t_s: float, torso: float) -> bool:
        """Whether the labels of this picture contradict the last ones, or the depth; remembers the corrected places."""
        places = np.stack([raw.xy_px[self._left], raw.xy_px[self._right]])
        dt = t_s - self._t_s
        is_apart = float(np.hypot(*(places[0] - places[1]).T).mean()) > APART_TL * torso
        is_wrong = self._is_wrong_in_depth(raw, min(dt, MEMORY_S)) and is_apart
        swapped = is_apart and self._has_jumped(places, dt)
        if swapped:
            self._swapped_since = t_s if self._swapped_since is None else self._swapped_since
            swapped = t_s - self._swapped_since < TRUST_AGAIN_S + self._agreed_s
        else:
            self._swapped_since = None
            self._agreed_s = min(self._agreed_s + min(dt, MEMORY_S), CREDIT_S) if is_apart else 0.0
        self._remember(places[::-1] if swapped or is_wrong else places, t_s, dt)
        return swapped or is_wrong

    def _has_jumped(self, places: Floats, dt: float) -> bool:
        """Whether each limb is where the other one was expected."""
        if self._places is None or not 0 < dt < MEMORY_S:
            return False
        expected = self._places if self._speed is None else self._places + self._speed * min(dt, COAST_S)
        kept, crossed = (float(np.hypot(*(p - expected).reshape(-1, 2).T).mean()) for p in (places, places[::-1]))
        return crossed < BETTER * kept

    def _is_wrong_in_depth(self, raw: RawPose, dt: float) -> bool:
        """Whether the limb of the nearer root has been the farther one for some time."""
        if self._root is None or raw.depth is None:
            return False
        root = float(raw.depth[self._root] - raw.depth[MIRROR[self._root]])
        limb = float((raw.depth[self._left[:2]] - raw.depth[self._right[:2]]).mean())
        if min(abs(root), abs(limb)) >= DEPTH_MIN:
            self._wrong_s = float(np.clip(self._wrong_s + (dt if root * limb < 0 else -dt), 0.0, 2 * DEPTH_S))
        self._is_wrong = self._wrong_s >= DEPTH_S if not self._is_wrong else self._wrong_s > DEPTH_S / 2
        return self._is_wrong

    def _remember(self, places: Floats, t_s: float, dt: float) -> None:
        before = self._places if 0 < dt < MEMORY_S else None
        self._speed = None if before is None else np.asarray((places - before) / dt, np.float32)
        self._places, self._t_s = places, t_s
