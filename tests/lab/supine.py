"""Lying on the back: the pelvis and the rib cage rest on the floor, and so does the head.

The head lies towards +Y, the feet towards -Y, the floor is z = 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from tests.lab.body import Floats, RestBody
from tests.lab.kinematics import Pose, Posed, find_zero, rotate_x, skin, solve
from tests.lab.limbs import bend_spine
from tests.lab.trunk import find_trunk

BUTTOCK_SINK_M = 0.020
RIB_SINK_M = 0.010
"""How far soft tissue flattens on a mat; without it a lying mesh touches at two points and seems to hover."""

HEAD_SINK_M = 0.004

THORACIC_FLATTENING_DEG = 9.0
"""How much the floor straightens the upper back against standing; without it the head hangs back over a round back."""

Limbs = Callable[[Floats], dict[str, Floats]]
"""Given the rotation of the chest, the absolute rotations of arms and legs."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A part of the skin that can touch the floor: rest vertices (K, 3) and weights (K, B)."""

    vertices_m: Floats
    weights: Floats

    def lowest(self, posed: Posed) -> float:
        """Height of its lowest point in a pose, metres."""
        return float(skin(posed, self.vertices_m, self.weights)[:, 2].min())


@dataclass(frozen=True, slots=True)
class SupineBody:
    """A body with the patches on which it lies, and the lumbar angle that lays its back flat."""

    body: RestBody
    buttocks: Patch
    ribs: Patch
    head: Patch
    flat_deg: float = 0.0


def lie_down(body: RestBody) -> SupineBody:
    """Find the patches of a body that will touch the floor."""
    hip_z = float(body.heads_m[body.bone("upperleg01.L"), 2])
    z, y = body.vertices_m[:, 2], body.vertices_m[:, 1]
    behind = y > float(np.median(y)) - 0.02
    buttocks = body.carried_by("root", "pelvis", "upperleg", "spine05") & behind & (np.abs(z - hip_z) < 0.13)
    ribs = body.carried_by("spine01", "spine02", "clavicle", "shoulder") & behind
    head = body.carried_by("head") & (y > float(body.points["ear.L"][1]))

    def patch(mask: np.ndarray) -> Patch:
        return Patch(body.vertices_m[mask], body.weights[mask])

    return SupineBody(body, patch(buttocks), patch(ribs), patch(head))


def rest_trunk(
    lying: SupineBody, lumbar_deg: float, limbs: Limbs, tilt_deg: float | None = None, settle_head: bool = True
) -> Posed:
    """Lay trunk and head on the floor.

    Args:
        lying: The body and its patches.
        lumbar_deg: Extension of the low back against the rest pose.
        limbs: Places arms and legs once the chest's rotation is known.
        tilt_deg: Pitch of the pelvis. None lets buttocks and ribs both touch; given (the bridge), the ribs carry.
        settle_head: Whether the neck bends until the head touches, the costliest part.
    """
    spine = _lay_spine(lumbar_deg, 0.0)

    def posed_at(tilt_deg: float) -> Posed:
        root = rotate_x(-90.0 + tilt_deg)
        thorax = root @ rotate_x(-lumbar_deg - THORACIC_FLATTENING_DEG)
        return solve(lying.body, Pose({"root": root, **limbs(thorax)}, spine))

    def imbalance(tilt_deg: float) -> float:
        posed = posed_at(tilt_deg)
        return lying.buttocks.lowest(posed) + BUTTOCK_SINK_M - lying.ribs.lowest(posed) - RIB_SINK_M

    posed = posed_at(find_zero(imbalance, -35.0, 45.0) if tilt_deg is None else tilt_deg)
    drop = -lying.ribs.lowest(posed) - RIB_SINK_M
    if not settle_head:
        return posed.moved(np.array([0.0, -posed.joint("neck01")[1], drop]))
    return _rest_head(lying, posed, lumbar_deg, limbs, drop)


def tilt_of(posed: Posed) -> float:
    """Pitch of a lying pelvis, degrees: the ``tilt_deg`` that ``rest_trunk`` found."""
    root = posed.rotations[posed.body.bone("root")]
    return float(np.degrees(np.arctan2(root[2, 1], root[1, 1]))) + 90.0


def _lay_spine(lumbar_deg: float, neck_deg: float) -> dict[str, Floats]:
    """Relative rotations of a lying spine."""
    return bend_spine(lumbar_deg, neck_deg) | {"spine01": rotate_x(-THORACIC_FLATTENING_DEG)}


def _rest_head(lying: SupineBody, posed: Posed, lumbar_deg: float, limbs: Limbs, drop_m: float) -> Posed:
    """Bend the neck until the back of the head touches, and put the body on the floor at its place."""
    body = lying.body
    root, thorax = posed.rotations[body.bone("root")], posed.rotations[body.bone("spine01")]
    placed = limbs(thorax)

    def bent(neck_deg: float) -> Posed:
        return solve(body, Pose({"root": root, **placed}, _lay_spine(lumbar_deg, neck_deg)))

    neck = find_zero(lambda deg: lying.head.lowest(bent(deg)) + drop_m + HEAD_SINK_M, -50.0, 80.0)
    final = bent(neck)
    anchor = final.joint("neck01")
    return final.moved(np.array([0.0, -anchor[1], drop_m]))


def press_on_floor(vertices_m: Floats, softness_m: float = 0.006) -> Floats:
    """Flatten what would sink into the floor; the bend is smooth so that no crease appears."""
    pressed = vertices_m.copy()
    z = pressed[:, 2]
    pressed[:, 2] = 0.5 * (z + np.sqrt(z * z + softness_m**2))
    return pressed


def flatten_back(lying: SupineBody, limbs: Limbs, wanted_gap_m: float) -> SupineBody:
    """Find the lumbar angle that leaves a wanted gap under the back, and remember it as the body's flat back."""
    trunk = find_trunk(lying.body)

    def excess(lumbar_deg: float) -> float:
        return trunk.lumbar_gap_m(rest_trunk(lying, lumbar_deg, limbs)) - wanted_gap_m

    return replace(lying, flat_deg=find_zero(excess, -40.0, 15.0, tolerance=2e-4))
