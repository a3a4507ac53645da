"""Limbs and spine: pieces of a pose, given as directions in the room or as angles in degrees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from tests.lab.body import Floats, RestBody
from tests.lab.kinematics import aim, cross, frame, rotate_x, unit

X_AXIS: Floats = np.array([1.0, 0.0, 0.0])
UP: Floats = np.array([0.0, 0.0, 1.0])

LUMBAR_BONES = ("spine05", "spine04", "spine03", "spine02")
"""The bones of the low back, from the pelvis up."""
LUMBAR_SHARES: list[float] = [0.10, 0.35, 0.35, 0.20]
"""How the lumbar angle is shared between them: most of it at L5-L2, where people bend. One degree then moves the gap
under a lying back by about 1 mm."""

GIRDLE_SHARE = 0.25
"""Share of the arm's turn that the shoulder blade takes; without it a raised arm caves the shoulder in."""

SIDES = {"L": 1.0, "R": -1.0}
"""Side to the sign of its X."""

OTHER = {"L": "R", "R": "L"}


def sagittal(elevation_deg: float, ahead_y: float = -1.0, spread: float = 0.0) -> Floats:
    """Direction ``elevation_deg`` above the horizontal, in the plane that points to ``ahead_y`` * Y."""
    angle = np.radians(elevation_deg)
    return unit(np.array([spread, ahead_y * np.cos(angle), np.sin(angle)]))


@contextmanager
def lumbar_shares(shares: Sequence[float]) -> Iterator[None]:
    """Share the lumbar angle otherwise between the four bones, for people who bend elsewhere. The shares make 1."""
    usual = LUMBAR_SHARES[:]
    LUMBAR_SHARES[:] = shares
    try:
        yield
    finally:
        LUMBAR_SHARES[:] = usual


def bend_spine(lumbar_deg: float, neck_deg: float) -> dict[str, Floats]:
    """Relative rotations of the spine: ``lumbar_deg`` extends the low back, ``neck_deg`` bends the head forward."""
    turns = {bone: rotate_x(-lumbar_deg * share) for bone, share in zip(LUMBAR_BONES, LUMBAR_SHARES, strict=True)}
    turns |= {bone: rotate_x(neck_deg / 4.0) for bone in ("neck01", "neck02", "neck03", "head")}
    return turns


def place_leg(body: RestBody, side: str, thigh: Floats, shin: Floats, foot: Floats) -> dict[str, Floats]:
    """Absolute rotations that point thigh, shin and sole (heel to toe) along unit vectors in the room."""
    hip, knee, ankle = (body.heads_m[body.bone(f"{bone}.{side}")] for bone in ("upperleg01", "lowerleg01", "foot"))
    sole = body.points[f"toe.{side}"] - body.points[f"heel.{side}"]
    return {
        f"upperleg01.{side}": aim(knee - hip, X_AXIS, thigh, X_AXIS),
        f"lowerleg01.{side}": aim(ankle - knee, X_AXIS, shin, X_AXIS),
        f"foot.{side}": aim(sole, X_AXIS, foot, X_AXIS),
    }


def place_arm(
    body: RestBody, side: str, thorax: Floats, upper: Floats, fore: Floats, hand: Floats, palm: Floats
) -> dict[str, Floats]:
    """Absolute rotations for an arm.

    Args:
        body: Whose arm.
        side: "L" or "R".
        thorax: Rotation of the chest (3, 3), for the shoulder blade's share.
        upper: Direction of the upper arm.
        fore: Direction of the forearm.
        hand: Direction of the hand.
        palm: Direction that the palm faces.
    """
    shoulder, elbow, wrist = (
        body.heads_m[body.bone(f"{bone}.{side}")] for bone in ("upperarm01", "lowerarm01", "wrist")
    )
    hinge = cross(elbow - shoulder, wrist - elbow)
    arm = aim(elbow - shoulder, hinge, upper, -X_AXIS)
    forearm = aim(wrist - elbow, hinge, fore, -X_AXIS)
    hand_turn = frame(hand, palm) @ _rest_hand(body, side).T
    girdle = thorax @ share_rotation(thorax.T @ arm, GIRDLE_SHARE)
    twisted = forearm @ share_rotation(forearm.T @ hand_turn, 0.35)
    return {
        f"shoulder01.{side}": girdle,
        f"upperarm01.{side}": arm,
        f"lowerarm01.{side}": forearm,
        f"lowerarm02.{side}": twisted if hand @ fore > 0.5 else forearm,
        f"wrist.{side}": hand_turn,
    }


def _rest_hand(body: RestBody, side: str) -> Floats:
    """Frame of the hand at rest: its direction and the way its palm faces."""
    wrist = body.heads_m[body.bone(f"wrist.{side}")]
    index, middle, little = (body.points[f"finger{n}-1.{side}"] for n in (2, 3, 5))
    across = index - little
    palm = cross(middle - wrist, across) * SIDES[side]
    return frame(middle - wrist, palm)


def share_rotation(rotation: Floats, share: float) -> Floats:
    """Take a share of a rotation about its own axis (Rodrigues), (3, 3)."""
    angle = np.arccos(np.clip((np.trace(rotation) - 1.0) / 2.0, -1.0, 1.0))
    if angle < 1e-6:
        return np.eye(3)
    skew = (rotation - rotation.T) / (2.0 * np.sin(angle))
    part = angle * share
    turned: Floats = np.eye(3) + np.sin(part) * skew + (1.0 - np.cos(part)) * skew @ skew
    return turned
