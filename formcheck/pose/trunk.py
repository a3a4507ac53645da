"""What a reader of the back's outline is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import Posture
from formcheck.core.body.measure import HIP, SHOULDER, front_of
from formcheck.core.body.pose import Floats, Joint, Pose, Side
from formcheck.pose.tracker import Picture, RawPose

Reading = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Offset (17,) of the outline at each of `STATIONS` and its standard deviation (17,), torso lengths, NaN unknown."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Where the torso lies in a picture, pixels: `hip` (2,), `axis` (2,) to the shoulders, `dorsal` (2,) as long."""

    hip: Floats
    axis: Floats
    dorsal: Floats

    def to_picture(self, share: Floats, depth_tl: Floats) -> Floats:
        """Points (..., 2) in pixels from shares of the way to the shoulders and depths towards the back."""
        return np.asarray(self.hip + share[..., None] * self.axis + depth_tl[..., None] * self.dorsal, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Trunk:
    """Where the trunk lies in a picture, and where its back posture."""

    frame: Frame
    posture: Posture

    def turned(self) -> Trunk:
        """The same, for the outline of the front."""
        return Trunk(Frame(self.frame.hip, self.frame.axis, -self.frame.dorsal), self.posture)


Reader = Callable[[Picture, RawPose, Trunk], Reading]
"""A way to read the outline in a BGR picture, given the tracker's mask of it."""


def trunk_of(pose: Pose, posture: Posture, torso_px: float) -> Trunk:
    """The trunk of a pose whose hips and shoulders are known; `torso_px` is from hip to shoulder."""
    hip, shoulder = _middle(pose, HIP), _middle(pose, SHOULDER)
    along = (shoulder - hip) / torso_px
    return Trunk(Frame(hip, shoulder - hip, -front_of(along, posture, pose) * torso_px), posture)


def _middle(pose: Pose, pair: dict[Side, Joint]) -> Floats:
    return np.asarray((pose.point(pair["left"]) + pose.point(pair["right"])) / 2, np.float32)
