"""The seated piriformis stretch (figure-4): an ankle crosses onto the other knee, the trunk hinges forward and stays.

Hips stay on the seat and the standing foot on the floor. The first part of a reach crosses the leg, in front of and
over the other knee so that nothing cuts through; the second leans.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tests.lab.body import Floats, RestBody
from tests.lab.drill import Blemish, judge, mix
from tests.lab.hip_flexor import ON_TIME, mix_points, trunk_lean_deg
from tests.lab.kinematics import Pose, Posed, rotate_x, solve, unit
from tests.lab.limbs import OTHER, SIDES, place_leg, share_rotation
from tests.lab.tempo import PtsRebasing, Rep, Sway, ease
from tests.lab.upright import (
    AHEAD,
    DOWN,
    Skin,
    Torso,
    bend_limb,
    bone_m,
    hang,
    put_hips,
    settle_hands,
    skin_of,
    torso_m,
    turned_leg,
)

LEAN_GOAL_DEG = 20.0
NO_LEAN_LIMIT_DEG = 15.0
TOO_FAR_LIMIT_DEG = 60.0
ROUND_LIMIT_DEG = 24.0
"""Lumbar flexion that moves the dorsal outline of these bodies by 0.05 T."""

HOLD_LIMIT_S = 20.0
"""Thresholds of exercises.md, 2.6; ``hold_s`` of a clip lowers the last."""

CROSSED_AT = 0.48
"""Share of the reach at which the ankle lies on the knee and the lean begins."""

SEAT_M = 0.44
SINK_M = 0.012
"""How far the buttocks give way on the seat."""

FOOT_SINK_M = 0.006
SHIN_OVER_KNEE_M = 0.108
"""Height of the crossed ankle's centre over the other knee's, for a person of 1.66 m: both limbs' flesh."""


@dataclass(frozen=True, slots=True)
class Piriformis:
    """Knobs of a repetition.

    ``lean_deg`` trunk ahead of the vertical (33), ``round_deg`` lumbar flexion at the full lean (2). Knobs of the clip:
    ``side`` 1 crosses the left leg and -1 the right, ``seat_m`` height of the seat (0.44, as the scene has it),
    ``hold_s`` hold that is asked for.
    """

    body: RestBody
    side: str
    hip_m: Floats
    ankles_m: dict[str, Floats]
    asked_hold_s: float
    name: str = "piriformis-stretch"

    def pose(self, rep: Rep, reach: float, hold_progress: float, sway: Sway, t_s: float) -> Posed:
        """Pose the body."""
        del hold_progress
        bent = self._bent(reach)
        lean = mix(0.0, rep.knobs.get("lean_deg", 33.0), bent) + 0.6 * sway.of("lean", t_s)
        neck = mix(-2.0, -10.0, bent) + 0.6 * sway.of("head", t_s)
        torso = Torso(lean, self.lumbar_deg(rep, reach, sway, t_s), 0.0, neck)
        return self.sit(ease(reach / CROSSED_AT), torso)

    def lumbar_deg(self, rep: Rep, reach: float, sway: Sway, t_s: float) -> float:
        """Extension of the low back against upright sitting, degrees; negative is rounding."""
        return -rep.knobs.get("round_deg", 2.0) * self._bent(reach) + 0.4 * sway.of("lumbar", t_s)

    def measures(self, posed: Posed, rep: Rep) -> dict[str, float]:
        """What the sheet measures, from the posed body; ``stretch`` is 1 where crossed and leaning enough to count."""
        del rep
        other = OTHER[self.side]
        away = float(np.linalg.norm(posed.joint(f"foot.{self.side}") - posed.joint(f"lowerleg01.{other}")))
        lean = trunk_lean_deg(posed)
        gap = away / torso_m(posed)
        return {"lean_deg": lean, "ankle_knee_tl": gap, "stretch": lean / LEAN_GOAL_DEG if gap < 0.4 else 0.0}

    def blemishes(self, reps: tuple[Rep, ...], index: int, hold_s: float) -> tuple[Blemish, ...]:
        """Faults and near misses of one repetition."""
        knobs = reps[index].knobs
        lean = knobs.get("lean_deg", 33.0)
        found = judge("back-round", max(knobs.get("round_deg", 0.0), 0.0), "deg", ROUND_LIMIT_DEG)
        if lean < LEAN_GOAL_DEG + 4.0:
            found += (Blemish("no-lean", lean, "deg", NO_LEAN_LIMIT_DEG, lean < NO_LEAN_LIMIT_DEG, "rep"),)
        elif lean > 50.0:
            found += (Blemish("lean-too-far", lean, "deg", TOO_FAR_LIMIT_DEG, lean > TOO_FAR_LIMIT_DEG, "hold"),)
        asked_s = ON_TIME * self.asked_hold_s
        if 0.0 < hold_s < asked_s or knobs.get("near_short"):
            found += (Blemish("short-hold", hold_s, "s", asked_s, hold_s < asked_s, "rep"),)
        return found

    def extras(
        self, body: dict[str, Any], timeline: PtsRebasing, times_s: Floats, columns: dict[str, Floats]
    ) -> dict[str, Any]:
        """The hold that the clip asks for, as the coach's setting: less 5 % for timing."""
        del body, timeline, times_s, columns
        return {"settings": {"hold_s": round(ON_TIME * self.asked_hold_s, 3), "hold_share": 1.0}}

    def sit(self, crossed: float, torso: Torso) -> Posed:
        """Seated with the leg ``crossed`` 0-1 of its way; the hands go with it from the thighs to the shin."""
        body, own, other = self.body, self.side, OTHER[self.side]
        root = rotate_x(torso.pitch_deg(body))
        draft = put_hips(solve(body, Pose({"root": root}, torso.spine())), self.hip_m)
        lengths = bone_m(body, "upperleg01", "lowerleg01"), bone_m(body, "lowerleg01", "foot")
        turns: dict[str, Floats] = {"root": root}
        stand_hip = draft.joint(f"upperleg01.{other}")
        thigh, shin = bend_limb(stand_hip, self.ankles_m[other], *lengths, AHEAD - DOWN)
        turns |= place_leg(body, other, thigh, shin, AHEAD)
        knee = stand_hip + thigh * lengths[0]
        ankle = self._crossing(knee, thigh, crossed)
        sign = SIDES[own]
        hint = unit(mix_points(AHEAD - DOWN, np.array([1.0 * sign, -0.35, 0.05]), ease(crossed)))
        hip = draft.joint(f"upperleg01.{own}")
        thigh, shin = bend_limb(hip, ankle, *lengths, hint)
        flat = place_leg(body, own, thigh, shin, AHEAD)
        free = turned_leg(body, own, thigh, shin, None)
        turns |= free if crossed > 0.0 else flat
        if 0.0 < crossed < 0.25:
            turns[f"foot.{own}"] = _between(flat[f"foot.{own}"], free[f"foot.{own}"], ease(crossed / 0.25))
        targets = self._hands(put_hips(solve(body, Pose(turns, torso.spine())), self.hip_m), crossed)
        return settle_hands(body, turns, torso, targets, dict.fromkeys(SIDES, DOWN), self.hip_m)

    def _bent(self, reach: float) -> float:
        """Share of the lean: nothing until the leg is crossed."""
        return ease((reach - CROSSED_AT) / (1.0 - CROSSED_AT))

    def _crossing(self, knee: Floats, thigh: Floats, share: float) -> Floats:
        """Way of the crossing ankle from the floor to the other knee, up in front and then across, (3,) metres."""
        size, sign = self.body.figure.height_m / 1.66, SIDES[self.side]
        start = self.ankles_m[self.side]
        end = knee - thigh * 0.035 * size + np.array([-0.015 * sign, 0.0, SHIN_OVER_KNEE_M]) * size
        out = start + np.array([0.10 * sign, -0.10, 0.42]) * size
        over = end + np.array([0.16 * sign, -0.10, 0.12]) * size
        u = share
        found: Floats = (1 - u) ** 3 * start + 3 * u * (1 - u) ** 2 * out + 3 * u**2 * (1 - u) * over + u**3 * end
        return found

    def _hands(self, posed: Posed, crossed: float) -> dict[str, Floats]:
        """Where the wrists are: on both thighs, then on the crossed knee and on the crossed ankle."""
        own, other, size = self.side, OTHER[self.side], self.body.figure.height_m / 1.66
        found: dict[str, Floats] = {}
        for side in SIDES:
            hip, knee = posed.joint(f"upperleg01.{side}"), posed.joint(f"lowerleg01.{side}")
            found[side] = mix_points(hip, knee, 0.55) + np.array([0.0, 0.0, 0.11]) * size
        knee, ankle = posed.joint(f"lowerleg01.{own}"), posed.joint(f"foot.{own}")
        found[own] = mix_points(found[own], mix_points(knee, ankle, 0.12) + np.array([0.0, 0.0, 0.10]) * size, crossed)
        shin = mix_points(knee, ankle, 0.72) + np.array([0.0, -0.01, 0.10]) * size
        found[other] = mix_points(found[other], shin, crossed)
        return found


def _between(first: Floats, second: Floats, share: float) -> Floats:
    """A rotation between two, (3, 3)."""
    return first @ share_rotation(first.T @ second, share)


def sit_down(body: RestBody, base: Mapping[str, float]) -> Piriformis:
    """Seat a body on the edge of a chair, both feet on the floor."""
    side = "L" if base.get("side", 1.0) > 0 else "R"
    seat = base.get("seat_m", SEAT_M)
    lengths = bone_m(body, "upperleg01", "lowerleg01"), bone_m(body, "lowerleg01", "foot")
    ankle_z = _ankle_height(body)
    hip_y = 0.02
    rest = solve(body, Pose({"root": np.eye(3)}))
    across = float(rest.joint("upperleg01.L")[0])
    knee_y = hip_y - 0.97 * lengths[0]
    ankles = {s: np.array([1.25 * across * sign, knee_y - 0.01, ankle_z]) for s, sign in SIDES.items()}
    draft = Piriformis(body, side, np.array([0.0, hip_y, seat]), ankles, base.get("hold_s", HOLD_LIMIT_S))
    bottom = skin_of(body, "root", "pelvis", "upperleg")
    hip_z = seat
    for _ in range(4):
        posed = replace(draft, hip_m=np.array([0.0, hip_y, hip_z])).sit(0.0, Torso())
        hip_z += seat - SINK_M - _lowest_on_seat(bottom, posed)
    return replace(draft, hip_m=np.array([0.0, hip_y, hip_z]))


def _lowest_on_seat(bottom: Skin, posed: Posed) -> float:
    """Height of the lowest skin over the seat, metres."""
    points = bottom.posed(posed)
    over = np.abs(points[:, 1]) < 0.20
    return float(points[over, 2].min())


def _ankle_height(body: RestBody) -> float:
    """Height of the ankle over a flat sole, metres."""
    turns = {"root": np.eye(3)} | place_leg(body, "L", hang(0.0), hang(0.0), AHEAD)
    posed = solve(body, Pose(turns))
    return float(posed.joint("foot.L")[2]) - skin_of(body, "foot.L").lowest(posed) - FOOT_SINK_M
