"""Builders of synthetic poses: a stick figure with known joint angles, moved through key poses."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import BUTTOCK, LUMBAR, RIBS, STATIONS, Back, Posture, unknown_back
from formcheck.core.body.lumbar_weights import WEIGHTS
from formcheck.core.body.measure import Limbs
from formcheck.core.body.pose import (
    ANKLE,
    EAR,
    ELBOW,
    HIP,
    JOINT_COUNT,
    KNEE,
    MIRROR,
    SHOULDER,
    SIDES,
    TOE,
    WRIST,
    Evidence,
    Joint,
    Pose,
    Side,
)
from formcheck.core.body.tracked import Tracked, track
from formcheck.core.rules.events import Event
from formcheck.core.rules.exercise import Exercise
from formcheck.session.set import Set

THIGH_TL, SHANK_TL, FOOT_TL = 0.80, 0.78, 0.25
UPPER_ARM_TL, FOREARM_TL, NECK_TL = 0.55, 0.48, 0.30
"""Lengths of an adult in torso lengths (anthropometric averages, rounded)."""
OUTLINE_SD_TL = 0.004
"""Doubt of an outline that is seen well, torso lengths."""
FAR_SHIFT_TL = 0.03
"""The far side lies a little off, as perspective has it."""
_OF_LIMBS = [f.name for f in fields(Limbs)]
_HALF_WAY = [i for i in range(len(STATIONS)) if i not in (*BUTTOCK, *LUMBAR, *RIBS)]
"""Stations between the hollow and its two ends."""


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
    lumbar_model: str = ""
    """Name of the model by whose mean the outline bends; empty = that of the posture."""


@dataclass(frozen=True, slots=True)
class Lens:
    """How a stance is seen."""

    torso_px: float = 200.0
    hip_px: tuple[float, float] = (640.0, 480.0)
    is_head_right: bool = True
    size: tuple[int, int] = (1280, 720)


Filmed = tuple[Pose, Back]
Vector = NDArray[np.float64]


def pose_of(stance: Stance, t_s: float, index: int = 0, lens: Lens | None = None) -> Pose:
    """The pose of a stance, every joint measured."""
    lens = lens or Lens()
    toward = 1.0 if lens.is_head_right else -1.0
    trunk = math.radians(stance.trunk_deg)
    along = np.array([toward * math.cos(trunk), math.sin(trunk)])
    front = np.array([-along[1], along[0]])
    wants_up = stance.posture == "supine"
    if stance.posture == "upright":
        front = toward * np.array([along[1], -along[0]])
    elif (front[1] > 0) != wants_up:
        front = -front
    xy = np.full((JOINT_COUNT, 2), np.nan)
    hip = np.array([toward * stance.hip_x_tl, stance.hip_y_tl])
    near: Side = "left" if along[0] * front[1] - along[1] * front[0] > 0 else "right"
    for side in SIDES:
        shift = np.zeros(2) if side == near else np.array([0.0, FAR_SHIFT_TL])
        _place(xy, stance.left if side == "left" else stance.right, side, hip + shift, along, front)
        head = hip + shift + along + NECK_TL * _turn(along, front, stance.neck_deg)
        xy[EAR[side]] = head
    xy[Joint.NOSE] = xy[EAR[near]] + 0.12 * front
    missing = np.isnan(xy[:, 0])
    xy[missing] = xy[Joint.NOSE]
    pixels = np.array(lens.hip_px) + xy * np.array([1.0, -1.0]) * lens.torso_px
    evidence = np.full(JOINT_COUNT, Evidence.MEASURED, np.uint8)
    return Pose(t_s, index, *lens.size, pixels.astype(np.float32), evidence)


def _turn(along: Vector, front: Vector, degrees: float) -> Vector:
    """Unit vector `degrees` away from the trunk line through the front."""
    return np.asarray(math.cos(math.radians(degrees)) * along + math.sin(math.radians(degrees)) * front)


def _place(xy: Vector, limbs: Limbs, side: Side, hip: Vector, along: Vector, front: Vector) -> None:
    shoulder = hip + along
    thigh, arm = limbs.hip_deg, 180.0 - limbs.shoulder_deg
    shank, forearm = thigh + 180.0 - limbs.knee_deg, arm - (180.0 - limbs.elbow_deg)
    xy[HIP[side]], xy[SHOULDER[side]] = hip, shoulder
    xy[KNEE[side]] = hip + THIGH_TL * _turn(along, front, thigh)
    xy[ANKLE[side]] = xy[KNEE[side]] + SHANK_TL * _turn(along, front, shank)
    xy[TOE[side]] = xy[ANKLE[side]] + FOOT_TL * _turn(along, front, shank - 90.0)
    xy[Joint[f"{side.upper()}_HEEL"]] = xy[ANKLE[side]]
    xy[ELBOW[side]] = shoulder + UPPER_ARM_TL * _turn(along, front, arm)
    xy[WRIST[side]] = xy[ELBOW[side]] + FOREARM_TL * _turn(along, front, forearm)


def back_of(stance: Stance, t_s: float) -> Back:
    """The outline of a stance: flat, with its lumbar hollow, and bent as the product has learned that backs bend."""
    offset = (0.2 + stance.lumbar_deg * bend_tl(stance.lumbar_model or stance.posture)).astype(np.float32)
    offset[LUMBAR] -= np.float32(stance.sagitta_tl)
    offset[_HALF_WAY] -= np.float32(stance.sagitta_tl / 2)
    points = np.full((len(STATIONS), 2), np.nan, np.float32)
    return Back(t_s, offset, np.full(len(STATIONS), OUTLINE_SD_TL, np.float32), points)


@cache
def bend_tl(model: str) -> Vector:
    """(17,) how the outline changes on average when the low back extends by one degree, torso lengths."""
    mean, upper, _ = WEIGHTS[model]
    covariance = np.zeros((len(mean), len(mean)))
    covariance[np.triu_indices(len(mean))] = upper
    return np.asarray(covariance[: len(STATIONS), -1] / covariance[-1, -1])


def between(a: Stance, b: Stance, share: float) -> Stance:
    """A stance on the way from `a` (0) to `b` (1), eased as people move."""
    if a is b:
        return a
    eased = share * share * (3.0 - 2.0 * share)

    def mix(x: float, y: float) -> float:
        return x + (y - x) * eased

    def limbs(x: Limbs, y: Limbs) -> Limbs:
        return Limbs(**{name: mix(getattr(x, name), getattr(y, name)) for name in _OF_LIMBS})

    scalars = ("trunk_deg", "neck_deg", "hip_x_tl", "hip_y_tl", "sagitta_tl", "lumbar_deg")
    return replace(
        a,
        left=limbs(a.left, b.left),
        right=limbs(a.right, b.right),
        **{name: mix(getattr(a, name), getattr(b, name)) for name in scalars},  # type: ignore[arg-type]
    )


def film(keys: Sequence[tuple[float, Stance]], fps: float = 30.0, lens: Lens | None = None) -> list[Filmed]:
    """The pictures of a movement through timed key poses (seconds, stance), at a frame rate."""
    begin, end = keys[0][0], keys[-1][0]
    frames: list[Filmed] = []
    for index in range(math.floor((end - begin) * fps + 1e-6) + 1):
        t = begin + index / fps
        later = next((i for i, (when, _) in enumerate(keys) if when >= t - 1e-9 and i > 0), len(keys) - 1)
        (t0, a), (t1, b) = keys[later - 1], keys[later]
        stance = between(a, b, min(1.0, max(0.0, (t - t0) / (t1 - t0))) if t1 > t0 else 1.0)
        frames.append((pose_of(stance, t, index, lens), back_of(stance, t)))
    return frames


def thinned(frames: Sequence[Filmed], fps: float, jitter: float = 0.0, seed: int = 1) -> list[Filmed]:
    """The same movement in fewer pictures, each with its own time.

    Args:
        frames: the pictures, at a higher rate.
        fps: about so many a second are left.
        jitter: share of their distance by which each comes early or late.
        seed: of that.
    """
    times = np.array([pose.t_s for pose, _ in frames])
    ticks = np.arange(times[0], times[-1], 1.0 / fps)
    ticks += np.random.default_rng(seed).uniform(-jitter, jitter, len(ticks)) / fps
    return [frames[i] for i in np.unique(np.clip(np.searchsorted(times, ticks - 1e-9), 0, len(times) - 1))]


def mirrored(frames: Iterable[Filmed]) -> list[Filmed]:
    """The same movement by a person whose left and right are exchanged, seen in a mirrored picture."""
    out = []
    for pose, back in frames:
        xy = pose.xy_px[list(MIRROR)].copy()
        xy[:, 0] = pose.width - 1 - xy[:, 0]
        out.append((replace(pose, xy_px=xy, evidence=pose.evidence[list(MIRROR)]), back))
    return out


def hidden(frames: Iterable[Filmed], *joints: Joint, evidence: Evidence = Evidence.PREDICTED) -> list[Filmed]:
    """The same pictures with some joints guessed (or absent) instead of seen."""
    out = []
    for pose, back in frames:
        changed = pose.evidence.copy()
        changed[list(joints)] = evidence
        out.append((replace(pose, evidence=changed), back))
    return out


def without_back(frames: Iterable[Filmed]) -> list[Filmed]:
    """The same pictures with the back's outline unknown."""
    return [(pose, unknown_back(pose.t_s, "outline-lost")) for pose, _ in frames]


class Watcher(Protocol):
    """Whatever watches one exercise: a set, or a coach alone."""

    exercise: Exercise


def seen(watcher: Watcher, pose: Pose, back: Back | None) -> Tracked:
    """A picture as the watcher of an exercise is handed it."""
    return track(pose, back, watcher.exercise.posture)


def judge(exercise: Exercise, frames: Iterable[Filmed], **overrides: float) -> list[Event]:
    """The events of a recording."""
    session = Set(exercise, overrides, is_live=False)
    events: list[Event] = []
    for pose, back in frames:
        events += session.update(seen(session, pose, back)).events
    return events + list(session.finish().events)
