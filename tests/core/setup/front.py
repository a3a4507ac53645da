"""Somebody of sticks who is filmed from the front, in torso lengths: for whatever judges who stands before a screen.

Proportions are Drillis and Contini's. Turning, leaning and raised arms are worked out in space and then flattened, so
that a turned person's shoulders are as narrow as they look. Right in the picture is the person's own left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from formcheck.core.body.pose import Evidence, Joint, Pose

UPPER_TL, FORE_TL = 0.65, 0.51
SIDE = {"left": 1.0, "right": -1.0}


@dataclass(frozen=True)
class Arm:
    """Direction of the upper arm from hanging (0) outward (90) and up (180), negative across the body; how far it
    points ahead of the body's plane; and how far the elbow is bent, towards the head."""

    out_deg: float = 8.0
    ahead_deg: float = 5.0
    bent_deg: float = 5.0


HANGING, OUT, LEVEL, UP, ACROSS = Arm(), Arm(118.0), Arm(92.0), Arm(174.0), Arm(-120.0, 45.0, -8.0)
"""Hands of a clock at half past five, at two, three and twelve, and across the chest at ten."""


def person(
    t_s=0.0, *, left=HANGING, right=HANGING, turn_deg=0.0, head_deg=0.0, tilt_deg=0.0, lean_deg=0.0, torso_px=100.0,
    at=(640.0, 420.0), size=(1280, 720), guessed=(), gone=(), who=0, noise_tl=0.0, rng=None,
):  # fmt: skip
    """The pose of somebody whose hips are at a place in the picture.

    Args:
        turn_deg: of the body, to its own left; head_deg: of the head against the body.
        tilt_deg: of the trunk sideways, lean_deg: forward.
        guessed: joints that were not seen; gone: joints that are not in the picture.
    """
    places = dict(_trunk(head_deg))
    for side, arm in (("left", left), ("right", right)):
        places |= _arm(side, arm)
    xyz = np.full((33, 3), np.nan)
    for joint, place in places.items():
        xyz[joint] = place
    xyz = xyz @ _about(0, lean_deg).T @ _about(2, tilt_deg).T @ _about(1, turn_deg).T
    if noise_tl:
        xyz += rng.normal(0.0, noise_tl, xyz.shape)
    xy = (np.array(at) + xyz[:, :2] * (1.0, -1.0) * torso_px).astype(np.float32)
    evidence = np.where(np.isnan(xy[:, 0]), Evidence.ABSENT, Evidence.MEASURED).astype(np.uint8)
    evidence[list(guessed)] = Evidence.PREDICTED
    evidence[list(gone)], xy[list(gone)] = Evidence.ABSENT, np.nan
    return Pose(t_s, round(t_s * 30), *size, xy, evidence, person=who)


def _trunk(head_deg):
    """Hips, shoulders and head: right, up, towards the camera."""
    for side, sign in SIDE.items():
        yield Joint[f"{side.upper()}_SHOULDER"], (0.35 * sign, 1.0, 0.0)
        yield Joint[f"{side.upper()}_HIP"], (0.17 * sign, 0.0, 0.0)
        yield Joint[f"{side.upper()}_KNEE"], (0.17 * sign, -0.85, 0.0)
        yield Joint[f"{side.upper()}_ANKLE"], (0.17 * sign, -1.7, 0.0)
        ear = np.array([0.15 * sign, 0.0, 0.0]) @ _about(1, head_deg).T
        yield Joint[f"{side.upper()}_EAR"], tuple(ear + np.array([0.0, 1.45, 0.03]))
    nose = np.array([0.0, 0.0, 0.21]) @ _about(1, head_deg).T
    yield Joint.NOSE, tuple(nose + np.array([0.0, 1.42, 0.03]))


def _arm(side, arm):
    sign = SIDE[side]
    shoulder = np.array([0.35 * sign, 1.0, 0.0])
    upper, fore = (_direction(arm.out_deg + bent, arm.ahead_deg) * (sign, 1, 1) for bent in (0.0, arm.bent_deg))
    elbow = shoulder + UPPER_TL * upper
    return {Joint[f"{side.upper()}_ELBOW"]: elbow, Joint[f"{side.upper()}_WRIST"]: elbow + FORE_TL * fore}


def _direction(out_deg, ahead_deg):
    out, ahead = math.radians(out_deg), math.radians(ahead_deg)
    return np.array([math.sin(out) * math.cos(ahead), -math.cos(out) * math.cos(ahead), math.sin(ahead)])


def _about(axis, degrees):
    """Rotation about right (0: forward), up (1: to the own left, which is to the picture's right) or the view (2)."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array(
        {
            0: [[1, 0, 0], [0, c, -s], [0, s, c]],
            1: [[c, 0, s], [0, 1, 0], [-s, 0, c]],
            2: [[c, -s, 0], [s, c, 0], [0, 0, 1]],
        }[axis]
    )
