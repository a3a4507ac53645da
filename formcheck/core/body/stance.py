"""A body with known joint angles: what a demonstration and a synthetic movement are made of."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import Posture
from formcheck.core.body.measure import Limbs
from formcheck.core.body.pose import ANKLE, EAR, ELBOW, HIP, JOINT_COUNT, KNEE, SHOULDER, SIDES, TOE, WRIST, Joint, Side

THIGH_TL, SHANK_TL, FOOT_TL = 0.80, 0.78, 0.25
UPPER_ARM_TL, FOREARM_TL, NECK_TL = 0.55, 0.48, 0.30
"""Lengths of an adult in torso lengths (anthropometric averages, rounded)."""
NOSE_TL = 0.12
"""Nose ahead of the ear."""
HEEL: dict[Side, Joint] = {"left": Joint.LEFT_HEEL, "right": Joint.RIGHT_HEEL}
Vector = NDArray[np.float64]
_OF_LIMBS = [f.name for f in fields(Limbs)]
_SCALARS = ("trunk_deg", "neck_deg", "hip_x_tl", "hip_y_tl", "sagitta_tl", "lumbar_deg", "turned_out")


@dataclass(frozen=True, slots=True)
class Stance:
    """A body with known angles. On its back with the head to the right, its left side is the near one."""

    posture: Posture = "supine"
    left: Limbs = field(default_factory=Limbs)
    right: Limbs = field(default_factory=Limbs)
    trunk_deg: float = 0.0
    """Hip-to-shoulder line above the horizontal."""
    neck_deg: float = 0.0
    hip_x_tl: float = 0.0
    """Travel of the hips towards the head, torso lengths."""
    hip_y_tl: float = 0.0
    """Travel of the hips upwards, likewise."""
    sagitta_tl: float = 0.0
    """Depth of the lumbar hollow, torso lengths."""
    lumbar_deg: float = 0.0
    """Bend of the low back, degrees: positive = extended (arched), negative = flexed (rounded)."""
    turned_out: float = 0.0
    """How far the left knee points at the eye, as in a crossed leg: share by which thigh and shank look shorter."""
    lumbar_model: str = ""
    """Name of the model by whose mean the outline bends; empty = that of the posture."""

    @property
    def axes(self) -> tuple[Vector, Vector]:
        """Unit vectors along the trunk to the head and to the front of the body: x to where the head points, y up."""
        trunk = math.radians(self.trunk_deg)
        along = np.array([math.cos(trunk), math.sin(trunk)])
        toward = 1.0 if self.posture == "supine" else -1.0
        return along, toward * np.array([-along[1], along[0]])

    @property
    def near(self) -> Side:
        """The side nearer to the camera when the head (upright: the front) points to the right."""
        return "left" if self.posture == "supine" else "right"


def limbs(stance: Stance, side: Side, **angles: float) -> Stance:
    """The stance with some angles of one side changed, by their names in `Limbs`."""
    return replace(stance, **{side: replace(getattr(stance, side), **angles)})


def joints_tl(stance: Stance) -> Vector:
    """(33, 2) joints in torso lengths: x to where the head points, y up, from where the hips begin; all known."""
    along, front = stance.axes
    xy = np.full((JOINT_COUNT, 2), np.nan)
    hip = np.array([stance.hip_x_tl, stance.hip_y_tl])
    for side in SIDES:
        _place(xy, stance.left if side == "left" else stance.right, side, hip, along, front)
        if side == "left" and stance.turned_out:
            knee = hip + (1.0 - stance.turned_out) * (xy[KNEE[side]] - hip)
            xy[ANKLE[side]] = knee + (1.0 - stance.turned_out) * (xy[ANKLE[side]] - xy[KNEE[side]])
            xy[KNEE[side]] = knee
        xy[EAR[side]] = hip + along + NECK_TL * _turn(along, front, stance.neck_deg)
    xy[Joint.NOSE] = xy[EAR["left"]] + NOSE_TL * front
    xy[np.isnan(xy[:, 0])] = xy[Joint.NOSE]
    return xy


def _turn(along: Vector, front: Vector, degrees: float) -> Vector:
    """Unit vector `degrees` away from the trunk line through the front."""
    return np.asarray(math.cos(math.radians(degrees)) * along + math.sin(math.radians(degrees)) * front)


def _place(xy: Vector, angles: Limbs, side: Side, hip: Vector, along: Vector, front: Vector) -> None:
    shoulder = hip + along
    thigh, arm = angles.hip_deg, 180.0 - angles.shoulder_deg
    shank, forearm = thigh + 180.0 - angles.knee_deg, arm - (180.0 - angles.elbow_deg)
    xy[HIP[side]], xy[SHOULDER[side]] = hip, shoulder
    xy[KNEE[side]] = hip + THIGH_TL * _turn(along, front, thigh)
    xy[ANKLE[side]] = xy[KNEE[side]] + SHANK_TL * _turn(along, front, shank)
    xy[TOE[side]] = xy[ANKLE[side]] + FOOT_TL * _turn(along, front, shank - 90.0)
    xy[HEEL[side]] = xy[ANKLE[side]]
    xy[ELBOW[side]] = shoulder + UPPER_ARM_TL * _turn(along, front, arm)
    xy[WRIST[side]] = xy[ELBOW[side]] + FOREARM_TL * _turn(along, front, forearm)


def between(a: Stance, b: Stance, share: float) -> Stance:
    """A stance on the way from `a` (0) to `b` (1), eased as people move."""
    if a is b:
        return a
    eased = share * share * (3.0 - 2.0 * share)

    def mix(x: float, y: float) -> float:
        return x + (y - x) * eased

    def mixed(x: Limbs, y: Limbs) -> Limbs:
        return Limbs(**{name: mix(getattr(x, name), getattr(y, name)) for name in _OF_LIMBS})

    return replace(
        a,
        left=mixed(a.left, b.left),
        right=mixed(a.right, b.right),
        **{name: mix(getattr(a, name), getattr(b, name)) for name in _SCALARS},  # type: ignore[arg-type]
    )
