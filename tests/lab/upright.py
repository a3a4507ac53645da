"""Upright: what the standing, kneeling and seated drills share. The body faces -Y; angles in degrees, metres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.lab.body import Floats, RestBody
from tests.lab.kinematics import Pose, Posed, aim, cross, rotate_x, skin, solve, unit
from tests.lab.limbs import SIDES, X_AXIS, bend_spine, place_arm

THINNED = 3
"""Every so many vertices are looked at to find the lowest."""

AHEAD: Floats = np.array([0.0, -1.0, 0.0])
DOWN: Floats = np.array([0.0, 0.0, -1.0])
PALM_IN = {"L": np.array([-1.0, 0.0, 0.0]), "R": np.array([1.0, 0.0, 0.0])}


def hang(flexion_deg: float, spread: float = 0.0) -> Floats:
    """Direction of a limb that hangs down (0) or points ahead (90), (3,) unit; ``spread`` is its X."""
    angle = np.radians(flexion_deg)
    return unit(np.array([spread, -np.sin(angle), -np.cos(angle)]))


def lean_deg(low: Floats, high: Floats) -> float:
    """Line between two points off the vertical in the side view, degrees, positive ahead."""
    way = high - low
    return float(np.degrees(np.arctan2(-way[1], way[2])))


def bend_limb(from_m: Floats, to_m: Floats, first_m: float, second_m: float, hint: Floats) -> tuple[Floats, Floats]:
    """Directions of two bones that reach from one point to another, with the joint between them towards ``hint``."""
    way = to_m - from_m
    distance = min(float(np.linalg.norm(way)), 0.9995 * (first_m + second_m))
    along = unit(way)
    across = unit(hint - along * (hint @ along))
    cosine = (first_m**2 + distance**2 - second_m**2) / (2.0 * first_m * distance)
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))
    first = np.cos(angle) * along + np.sin(angle) * across
    return first, unit(along * distance - first * first_m)


def bone_m(body: RestBody, first: str, second: str) -> float:
    """Distance between two joints of the left side, metres."""
    return float(np.linalg.norm(body.heads_m[body.bone(f"{second}.L")] - body.heads_m[body.bone(f"{first}.L")]))


def turned_leg(body: RestBody, side: str, thigh: Floats, shin: Floats, foot: Floats | None) -> dict[str, Floats]:
    """Absolute rotations of a bent leg, its knee hinged across thigh and shin; without ``foot`` the ankle is square."""
    hip, knee, ankle = (body.heads_m[body.bone(f"{bone}.{side}")] for bone in ("upperleg01", "lowerleg01", "foot"))
    bend = cross(thigh, shin)
    hinge = unit(bend + 0.02 * X_AXIS)
    sole = body.points[f"toe.{side}"] - body.points[f"heel.{side}"]
    return {
        f"upperleg01.{side}": aim(knee - hip, X_AXIS, thigh, hinge),
        f"lowerleg01.{side}": aim(ankle - knee, X_AXIS, shin, hinge),
        f"foot.{side}": aim(sole, X_AXIS, cross(shin, hinge) if foot is None else foot, hinge),
    }


@dataclass(frozen=True, slots=True)
class Skin:
    """Skin of some bones, thinned: rest vertices (K, 3) and weights (K, B)."""

    vertices_m: Floats
    weights: Floats

    def posed(self, posed: Posed) -> Floats:
        """Where the skin is, (K, 3) metres."""
        return skin(posed, self.vertices_m, self.weights)

    def lowest(self, posed: Posed) -> float:
        """Height of its lowest point, metres."""
        return float(self.posed(posed)[:, 2].min())


def skin_of(body: RestBody, *prefixes: str) -> Skin:
    """The thinned skin that some bones carry."""
    mask = np.flatnonzero(body.carried_by(*prefixes))[::THINNED]
    return Skin(body.vertices_m[mask], body.weights[mask])


@dataclass(frozen=True, slots=True)
class Torso:
    """Trunk of an upright pose: lean of the line from hips to shoulders, lumbar extension, hunch, bend of the neck."""

    lean_deg: float = 0.0
    lumbar_deg: float = 0.0
    hunch_deg: float = 0.0
    neck_deg: float = 0.0

    def spine(self) -> dict[str, Floats]:
        """Relative rotations of the spine; a hunch rounds the upper back and pokes the head forward."""
        turns = bend_spine(self.lumbar_deg, self.neck_deg)
        h = self.hunch_deg
        turns["spine02"] = turns["spine02"] @ rotate_x(0.45 * h)
        turns["spine01"] = rotate_x(0.55 * h)
        turns["neck01"] = turns["neck01"] @ rotate_x(0.35 * h)
        turns["head"] = turns["head"] @ rotate_x(-0.8 * h)
        return turns

    def pitch_deg(self, body: RestBody) -> float:
        """Turn of the pelvis about X that gives the trunk its lean."""
        posed = solve(body, Pose({"root": np.eye(3)}, self.spine()))
        return self.lean_deg - lean_deg(middle(posed, "upperleg01"), middle(posed, "upperarm01"))


def middle(posed: Posed, bone: str) -> Floats:
    """Middle between a joint's two sides, (3,) metres."""
    return (posed.joint(f"{bone}.L") + posed.joint(f"{bone}.R")) / 2.0


def torso_m(posed: Posed) -> float:
    """Length from the middle of the hips to the middle of the shoulders, metres."""
    return float(np.linalg.norm(middle(posed, "upperarm01") - middle(posed, "upperleg01")))


def reach_hands(posed: Posed, targets_m: dict[str, Floats], palms: dict[str, Floats]) -> dict[str, Floats]:
    """Absolute rotations of both arms so that wrists reach their targets, elbows well out."""
    body = posed.body
    thorax = posed.rotations[body.bone("spine01")]
    upper_m, fore_m = bone_m(body, "upperarm01", "lowerarm01"), bone_m(body, "lowerarm01", "wrist")
    turns: dict[str, Floats] = {}
    for side, sign in SIDES.items():
        hint = np.array([1.0 * sign, 0.35, -0.35])
        shoulder = posed.joint(f"upperarm01.{side}")
        upper, fore = bend_limb(shoulder, targets_m[side], upper_m, fore_m, hint)
        hand = unit(fore + 0.5 * (AHEAD + 0.2 * DOWN))
        turns |= place_arm(body, side, thorax, upper, fore, hand, palms[side])
    return turns


def settle_hands(
    body: RestBody, turns: dict[str, Floats], torso: Torso, targets_m: dict[str, Floats], palms: dict[str, Floats],
    hip_m: Floats,
) -> Posed:  # fmt: skip
    """Pose with the hips' middle at ``hip_m`` and both hands at their targets.

    The shoulder blade follows the arm, which moves the shoulder: three rounds bring the wrists there to a millimetre.
    """
    posed = put_hips(solve(body, Pose(turns, torso.spine())), hip_m)
    for _ in range(3):
        posed = put_hips(solve(body, Pose(turns | reach_hands(posed, targets_m, palms), torso.spine())), hip_m)
    return posed


def put_hips(posed: Posed, hip_m: Floats) -> Posed:
    """The same pose with the middle of its hip joints at a place."""
    return posed.moved(hip_m - middle(posed, "upperleg01"))
