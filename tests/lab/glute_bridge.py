"""The glute bridge: on the back, feet flat; the hips rise until shoulder, hip and knee are in line, and stay there.

The feet never slide: hip, knee and ankle are a two-bone linkage from the hip to a fixed ankle. The trunk turns about
the upper back, where it rests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tests.lab.body import Floats, RestBody
from tests.lab.drill import Blemish, judge, mix
from tests.lab.kinematics import Posed, find_zero, unit
from tests.lab.limbs import SIDES, UP, place_arm, place_leg, sagittal
from tests.lab.supine import SupineBody, lie_down, rest_trunk, tilt_of
from tests.lab.tempo import Rep, Sway

LOW_LIMIT_DEG = 160.0
ARCH_LIMIT_DEG = 190.0
SAG_LIMIT_DEG = 10.0
HOLD_LIMIT_S = 4.5
FEET_LIMIT_DEG = 115.0
"""Thresholds of exercises.md, 2.2."""

KNEE_START_DEG = 82.0
RELAXED_LUMBAR_DEG = -12.0
"""Lumbar angle of someone lying relaxed with bent knees, against the standing rest pose."""

TOP_DEG = 179.0


@dataclass(frozen=True, slots=True)
class GluteBridge:
    """Knobs of a repetition.

    ``top_deg`` signed shoulder-hip-knee angle at the top (179), ``arch_deg`` lumbar extension at the top (0),
    ``sag_deg`` how far the hips sink in the middle of the hold (0). Knobs of the clip: ``knee_deg``, knee angle at the
    start (82); ``arms`` 0 beside the body, 2 on the floor overhead, as the coach asks for (0).
    """

    lying: SupineBody
    tilt_deg: float
    ankle_m: Floats
    start_deg: float
    knee_start_deg: float
    arms: float = 0.0
    name: str = "glute-bridge"

    @property
    def body(self) -> RestBody:
        """The body that performs it."""
        return self.lying.body

    def pose(self, rep: Rep, reach: float, hold_progress: float, sway: Sway, t_s: float) -> Posed:
        """Pose the body."""
        lumbar = RELAXED_LUMBAR_DEG + self.lumbar_deg(rep, reach, sway, t_s)
        sunk = rep.knobs.get("sag_deg", 0.0) * float(np.sin(np.pi * np.clip((hold_progress - 0.15) / 0.75, 0, 1)) ** 2)
        top = rep.knobs.get("top_deg", TOP_DEG) - sunk + 0.4 * sway.of("top", t_s)
        wanted = mix(self.start_deg, top, reach)

        def excess(lift_deg: float) -> float:
            return hip_angle_deg(self._raised(lumbar, lift_deg, settle=False)) - wanted

        return self._raised(lumbar, find_zero(excess, -6.0, 60.0, tolerance=1e-3), settle=True)

    def lumbar_deg(self, rep: Rep, reach: float, sway: Sway, t_s: float) -> float:
        """Extension of the low back against the relaxed one, degrees."""
        return rep.knobs.get("arch_deg", -2.0) * reach + 0.4 * sway.of("lumbar", t_s)

    def blemishes(self, reps: tuple[Rep, ...], index: int, hold_s: float) -> tuple[Blemish, ...]:
        """Faults and near misses of one repetition."""
        knobs = reps[index].knobs
        top, found = knobs.get("top_deg", TOP_DEG), tuple[Blemish, ...]()
        if top < LOW_LIMIT_DEG + 8.0:
            found += (Blemish("too-low", top, "deg", LOW_LIMIT_DEG, top < LOW_LIMIT_DEG, "rep"),)
        if top > 180.0 or knobs.get("arch_deg", 0.0) > 0.0:
            found += (Blemish("over-arch", top, "deg", ARCH_LIMIT_DEG, top > ARCH_LIMIT_DEG, "hold"),)
        is_sunk = knobs.get("sag_deg", 0.0) > SAG_LIMIT_DEG  # hips that sink end a hold, and are told as that
        if hold_s < 1.27 * HOLD_LIMIT_S and not is_sunk:
            found += (Blemish("short-hold", hold_s, "s", HOLD_LIMIT_S, hold_s < HOLD_LIMIT_S, "rep"),)
        if self.knee_start_deg > KNEE_START_DEG + 10.0:
            far = self.knee_start_deg
            found += (Blemish("feet-too-far", far, "deg", FEET_LIMIT_DEG, far > FEET_LIMIT_DEG, "rep"),)
        return found + judge("hips-sag", knobs.get("sag_deg", 0.0), "deg", SAG_LIMIT_DEG, "hold")

    def _raised(self, lumbar_deg: float, lift_deg: float, settle: bool) -> Posed:
        """The body with the pelvis pitched up; arms and head find the floor only when it has to ``settle``."""
        thigh, shin = sagittal(50.0), sagittal(-50.0)
        draft = self._lay(lumbar_deg, lift_deg, thigh, shin, None, settle=False)
        thigh, shin = reach_ankle(draft, self.ankle_m)
        return self._lay(lumbar_deg, lift_deg, thigh, shin, draft, settle)

    def _lay(
        self, lumbar_deg: float, lift_deg: float, thigh: Floats, shin: Floats, known: Posed | None, settle: bool
    ) -> Posed:
        """Put trunk and limbs together."""

        def limbs(thorax: Floats) -> dict[str, Floats]:
            turns = lay_limbs(self.body, thorax, thigh, shin, known)
            return turns | lay_overhead(self.body, thorax, known) if self.arms == OVERHEAD else turns

        return rest_trunk(self.lying, lumbar_deg, limbs, tilt_deg=self.tilt_deg - lift_deg, settle_head=settle)


def lie_for_bridge(body: RestBody, base: Mapping[str, float]) -> GluteBridge:
    """Lay a body down with its feet flat on the floor; ``base`` may hold ``knee_deg``."""
    lying, knee = lie_down(body), base.get("knee_deg", KNEE_START_DEG)
    foot_m = _ankle_height(body)

    def posed_at(thigh_deg: float) -> Posed:
        thigh, shin = sagittal(thigh_deg), sagittal(thigh_deg - 180.0 + knee)
        return rest_trunk(
            lying, RELAXED_LUMBAR_DEG, lambda thorax: lay_limbs(body, thorax, thigh, shin, None), settle_head=False
        )

    def gap(thigh_deg: float) -> float:
        ankle = posed_at(thigh_deg).joint("foot.L")
        return float(ankle[2]) - foot_m

    top = 90.0 - (90.0 - knee / 2.0) * 0.2
    posed = posed_at(find_zero(gap, 5.0, top, tolerance=1e-4))
    ankle = posed.joint("foot.L") * np.array([0.0, 1.0, 1.0])
    tilt = tilt_of(posed)
    return GluteBridge(lying, tilt, ankle, hip_angle_deg(posed), knee, base.get("arms", 0.0))


def lay_limbs(body: RestBody, thorax: Floats, thigh: Floats, shin: Floats, known: Posed | None) -> dict[str, Floats]:
    """Legs along two directions with flat feet, arms on the floor beside the body."""
    turns: dict[str, Floats] = {}
    for side, sign in SIDES.items():
        turns |= place_leg(body, side, thigh + np.array([0.015 * sign, 0, 0]), shin, np.array([0.0, -1.0, 0.0]))
        fall = -0.10 if known is None else -(known.joint(f"upperarm01.{side}")[2] - HAND_HEIGHT_M) / _arm_m(body)
        arm = unit(np.array([0.26 * sign, -1.0, fall]))
        turns |= place_arm(body, side, thorax, arm, arm, unit(arm * [1, 1, 0]), np.array([0.0, 0.0, -1.0]))
    return turns


def lay_overhead(body: RestBody, thorax: Floats, known: Posed | None) -> dict[str, Floats]:
    """Both arms on the floor overhead, once ``known`` tells how high the shoulders are."""
    turns: dict[str, Floats] = {}
    for side, sign in SIDES.items():
        height = 0.12 if known is None else float(known.joint(f"upperarm01.{side}")[2])
        upper = unit(np.array([0.50 * sign, 0.85, 0.0]) + UP * (ELBOW_HEIGHT_M - height) / 0.28)
        fore = unit(np.array([-0.35 * sign, 0.93, 0.0]))
        turns |= place_arm(body, side, thorax, upper, fore, fore, UP)
    return turns


OVERHEAD = 2.0

ELBOW_HEIGHT_M = 0.05
"""Height of an elbow that lies on the floor."""

HAND_HEIGHT_M = 0.030
"""Height of the wrist of a hand that lies palm down."""


def reach_ankle(posed: Posed, ankle_m: Floats) -> tuple[Floats, Floats]:
    """Directions of thigh and shin that bring the ankle to its place from where the hip is, in the side view."""
    hip = posed.joint("upperleg01.L") * np.array([0.0, 1.0, 1.0])
    thigh_m, shin_m = _lengths(posed.body)
    to_ankle = ankle_m - hip
    distance = min(float(np.linalg.norm(to_ankle)), 0.998 * (thigh_m + shin_m))
    cosine = (thigh_m**2 + distance**2 - shin_m**2) / (2.0 * thigh_m * distance)
    elevation = np.degrees(np.arctan2(to_ankle[2], -to_ankle[1]) + np.arccos(np.clip(cosine, -1.0, 1.0)))
    thigh = sagittal(float(elevation))
    return thigh, unit(to_ankle - thigh * thigh_m)


def hip_angle_deg(posed: Posed) -> float:
    """Shoulder-hip-knee angle in the side view, signed: above 180 the hip is above the line, degrees."""
    shoulder, hip, knee = (posed.joint(f"{bone}.L")[1:] for bone in ("upperarm01", "upperleg01", "lowerleg01"))
    up, down = shoulder - hip, knee - hip
    turn = np.degrees(np.arctan2(down[1], down[0]) - np.arctan2(up[1], up[0]))
    return float(turn % 360.0)


def _lengths(body: RestBody) -> tuple[float, float]:
    """Lengths of thigh and shin, metres."""
    hip, knee, ankle = (body.heads_m[body.bone(f"{bone}.L")] for bone in ("upperleg01", "lowerleg01", "foot"))
    return float(np.linalg.norm(knee - hip)), float(np.linalg.norm(ankle - knee))


def _arm_m(body: RestBody) -> float:
    """Length from shoulder to wrist, metres."""
    shoulder, wrist = (body.heads_m[body.bone(f"{bone}.L")] for bone in ("upperarm01", "wrist"))
    return float(np.linalg.norm(wrist - shoulder))


def _ankle_height(body: RestBody) -> float:
    """Height of the ankle over a flat sole, metres."""
    ankle, heel, toe = body.heads_m[body.bone("foot.L")], body.points["heel.L"], body.points["toe.L"]
    sole = unit(toe - heel)
    mask = body.carried_by("foot.L")
    down = np.cross(sole, np.array([1.0, 0.0, 0.0]))
    down = down if down[2] < 0 else -down
    return float(((body.vertices_m[mask] - ankle) @ down).max()) - 0.004
