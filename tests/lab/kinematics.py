"""Kinematics: turns a pose (rotations of bones) into joints and skin.

A pose gives some bones an *absolute* rotation in the room and others a *relative* one; the rest follow their parent.
All rotations act on the rest frame of ``body.py``, so the identity is the rest pose.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from tests.lab.body import Floats, RestBody


@dataclass(frozen=True, slots=True)
class Pose:
    """Rotations by bone name, (3, 3) each, and the place of the root joint in metres."""

    absolute: dict[str, Floats] = field(default_factory=dict)
    relative: dict[str, Floats] = field(default_factory=dict)
    root_m: Floats = field(default_factory=lambda: np.zeros(3))


@dataclass(frozen=True, slots=True)
class Posed:
    """A posed skeleton: bone rotations (B, 3, 3) and joint centres (B, 3) in metres."""

    body: RestBody
    rotations: Floats
    joints_m: Floats

    def joint(self, name: str) -> Floats:
        """Return a joint centre, (3,) in metres."""
        found: Floats = self.joints_m[self.body.bone(name)]
        return found

    def point(self, name: str) -> Floats:
        """Return a surface landmark, (3,) in metres."""
        bone = self.body.bound_to[name]
        offset = self.body.points[name] - self.body.heads_m[bone]
        found: Floats = self.rotations[bone] @ offset + self.joints_m[bone]
        return found

    def moved(self, shift_m: Floats) -> Posed:
        """Return the same pose elsewhere."""
        return Posed(self.body, self.rotations, self.joints_m + shift_m)


def rotate_x(degrees: float) -> Floats:
    """Rotation about X, (3, 3)."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def unit(vector: Floats) -> Floats:
    """Scale a vector to length 1."""
    scaled: Floats = np.asarray(vector, dtype=np.float64)
    return scaled / math.sqrt(float(scaled @ scaled))


def cross(a: Floats, b: Floats) -> Floats:
    """Cross product of two vectors (3,); ``np.cross`` is ten times slower on single vectors."""
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def frame(direction: Floats, hinge: Floats) -> Floats:
    """Right-handed frame (3, 3), columns: the direction, the part of the hinge across it, their product."""
    first = unit(direction)
    second = unit(np.asarray(hinge, dtype=np.float64) - first * (hinge @ first))
    return np.stack([first, second, cross(first, second)], axis=1)


def aim(rest_direction: Floats, rest_hinge: Floats, direction: Floats, hinge: Floats) -> Floats:
    """Rotation (3, 3) that brings a segment from its rest direction and hinge to the wanted ones."""
    turned: Floats = frame(direction, hinge) @ frame(rest_direction, rest_hinge).T
    return turned


def solve(body: RestBody, pose: Pose) -> Posed:
    """Forward kinematics of a pose."""
    count = len(body.names)
    rotations, joints = np.empty((count, 3, 3)), np.empty((count, 3))
    ways_m, parents = body.heads_m - body.heads_m[body.parents], body.parents.tolist()
    for bone, name in enumerate(body.names):
        parent = parents[bone]
        above = rotations[parent] if parent >= 0 else np.eye(3)
        joints[bone] = joints[parent] + above @ ways_m[bone] if parent >= 0 else pose.root_m
        turn = pose.relative.get(name)
        rotations[bone] = pose.absolute.get(name, above if turn is None else above @ turn)
    return Posed(body, rotations, joints)


def skin(posed: Posed, vertices_m: Floats, weights: Floats) -> Floats:
    """Linear blend skinning of rest vertices (N, 3) with weights (N, B) to the pose, (N, 3) in metres."""
    offsets = posed.joints_m - np.einsum("bij,bj->bi", posed.rotations, posed.body.heads_m)
    transforms = np.concatenate([posed.rotations, offsets[:, :, None]], axis=2).reshape(len(offsets), 12)
    blended = (weights @ transforms).reshape(-1, 3, 4)
    moved: Floats = np.einsum("nij,nj->ni", blended[:, :, :3], vertices_m) + blended[:, :, 3]
    return moved


def angle_deg(first: Floats, corner: Floats, last: Floats) -> float:
    """Angle at ``corner`` between two points, 0-180 degrees."""
    a, b = unit(first - corner), unit(last - corner)
    return float(np.degrees(np.arccos(np.clip(a @ b, -1.0, 1.0))))


def find_zero(function: Callable[[float], float], low: float, high: float, tolerance: float = 1e-5) -> float:
    """Zero of a monotone function between two bounds, by the Illinois variant of regula falsi.

    The nearer bound comes back when there is no zero between them. The answer depends on the function and the bounds
    alone, never on the frame before, so it is as continuous in time as what it is asked.
    """
    at_low, at_high = function(low), function(high)
    if at_low * at_high > 0.0:
        return low if abs(at_low) < abs(at_high) else high
    middle = low
    for _ in range(40):
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        value = function(middle)
        if abs(value) < tolerance:
            break
        if value * at_high < 0.0:
            low, at_low = high, at_high
        else:
            at_low *= 0.5
        high, at_high = middle, value
    return middle
