"""What a reader of the back's outline is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import Posture
from formcheck.core.body.geometry import Geometry
from formcheck.core.body.pose import Floats
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
    """Where the trunk lies in a picture, and how it lies or stands."""

    frame: Frame
    posture: Posture

    @property
    def layout(self) -> tuple[Posture, bool, bool]:
        """How it lies or stands, whether the shoulders are right of the hips, and whether the back is below them: what
        changes when somebody turns over or round."""
        return self.posture, bool(self.frame.axis[0] > 0), bool(self.frame.dorsal[1] > 0)

    def turned(self) -> Trunk:
        """The trunk turned over: for the outline of the front."""
        return Trunk(Frame(self.frame.hip, self.frame.axis, -self.frame.dorsal), self.posture)


Reader = Callable[[Picture, RawPose, Trunk], Reading]
"""A way to read the outline in a BGR picture, given the tracker's mask of it."""


def trunk_of(geometry: Geometry) -> Trunk:
    """The trunk for the readers, from the geometry of the picture."""
    hip, shoulder = (np.array(place, np.float32) for place in (geometry.hip_px, geometry.shoulder_px))
    dorsal = -np.array(geometry.front, np.float32) * np.float32(geometry.torso_px)
    return Trunk(Frame(hip, shoulder - hip, dorsal), geometry.posture)
