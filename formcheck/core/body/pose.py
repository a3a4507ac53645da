"""The pose of one person in one picture: joints in pixels, each with how it came to be known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")


def other(side: Side) -> Side:
    """The opposite side."""
    return "right" if side == "left" else "left"


class Evidence(IntEnum):
    """How a joint came to be known. Only a measured joint may score a repetition or a fault."""

    ABSENT = 0
    """Not in the picture, or nobody there."""
    PREDICTED = 1
    """Guessed by the tracker: hidden, at odds with the mask, with the person's own bones or with time."""
    MEASURED = 2
    """Tracked."""


class Joint(IntEnum):
    """Joints by their BlazePose index (33 landmarks; the ones that FormCheck names)."""

    NOSE = 0
    LEFT_EAR = 7
    RIGHT_EAR = 8
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_TOE = 31
    RIGHT_TOE = 32


def _pair(name: str) -> dict[Side, Joint]:
    return {"left": Joint[f"LEFT_{name}"], "right": Joint[f"RIGHT_{name}"]}


EAR, SHOULDER, ELBOW, WRIST = _pair("EAR"), _pair("SHOULDER"), _pair("ELBOW"), _pair("WRIST")
HIP, KNEE, ANKLE, TOE = _pair("HIP"), _pair("KNEE"), _pair("ANKLE"), _pair("TOE")

JOINT_COUNT = 33
_MEASURED = int(Evidence.MEASURED)

MIRROR = (0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, *(i + (1 if i % 2 else -1) for i in range(11, 33)))
"""Index of each joint's counterpart on the other side of the body."""


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """One person in one picture. Arrays are read-only by convention.

    Coordinates are pixels of the unmirrored camera picture: x right, y down.
    """

    t_s: float
    """Time of the picture, seconds of the recording or of the camera's clock."""
    index: int
    """Number of the picture in its source."""
    width: int
    height: int
    xy_px: Floats
    """(33, 2) positions in pixels, NaN where absent."""
    evidence: NDArray[np.uint8]
    """(33,) values of `Evidence`."""
    is_present: bool = True
    """False when the locked person was not found in this picture; then every joint is absent."""
    others: int = 0
    """How many further people were seen lately."""
    person: int = 0
    """Who is followed: 0 is the session's first patient, another number another person."""

    def point(self, joint: Joint) -> Floats:
        """(2,) position in pixels, NaN if absent."""
        return np.asarray(self.xy_px[joint])

    def is_measured(self, *joints: Joint) -> bool:
        """Whether every one of the joints was seen."""
        return all(self.evidence[joint] == _MEASURED for joint in joints)


def absent_pose(t_s: float, index: int, width: int, height: int, others: int = 0, person: int = 0) -> Pose:
    """The pose of nobody: every joint absent."""
    return Pose(
        t_s=t_s,
        index=index,
        width=width,
        height=height,
        xy_px=np.full((JOINT_COUNT, 2), np.nan, np.float32),
        evidence=np.zeros(JOINT_COUNT, np.uint8),
        is_present=False,
        others=others,
        person=person,
    )
