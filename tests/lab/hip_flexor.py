"""The half-kneeling hip flexor stretch: the pelvis tucks, shifts forward over the knee that kneels, and stays.

The kneeling knee, its shin and foot, and the front foot never move: the hips swing on the kneeling thigh about the
knee, and the front leg is a two-bone linkage from the hip to its fixed ankle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tests.lab.body import Floats, RestBody
from tests.lab.drill import Blemish, judge, mix
from tests.lab.kinematics import Pose, Posed, angle_deg, find_zero, rotate_x, solve
from tests.lab.limbs import OTHER, SIDES, place_leg, sagittal
from tests.lab.tempo import PtsRebasing, Rep, Sway
from tests.lab.upright import (
    AHEAD,
    DOWN,
    Torso,
    bend_limb,
    bone_m,
    hang,
    middle,
    put_hips,
    settle_hands,
    skin_of,
    torso_m,
)

SHIFT_LIMIT_TL = 0.10
ARCH_LIMIT_DEG = 16.0
"""Lumbar extension that moves the dorsal outline of these bodies by 0.04 T (20 degrees move it by 0.05 T)."""

BACK_LIMIT_DEG = 10.0
LEAN_LIMIT_DEG = 15.0
KNEE_LIMIT_DEG = 65.0
PAST_LIMIT_TL = 0.15
BOUNCE_LIMIT_TL = 0.03
HOLD_LIMIT_S = 20.0
"""Thresholds of exercises.md, 2.5; ``hold_s`` of a clip lowers the last."""
ON_TIME = 0.95
"""A hold is short below this share of what is asked for: the rest is for timing."""

SINK_M = 0.006
"""How far knee and foot sink into mat and tissue."""

BOUNCE_HZ = 1.0
FRONT_SPREAD = 0.05


@dataclass(frozen=True, slots=True)
class HipFlexor:
    """Knobs of a repetition.

    ``shift_deg`` turn of the kneeling thigh past the vertical (17), ``lumbar_deg`` lumbar extension (-7: tucked),
    ``lean_deg`` trunk ahead of the vertical (0), ``bounce_tl`` hips to and fro from turn to turn at 1 Hz, torso lengths
    (0). Knobs of the clip: ``side`` 1 kneels on the left knee and -1 on the right, ``front_deg`` front knee at the
    start (98), ``hold_s`` hold that is asked for, ``hands`` 0 on the front thigh, 1 on the hips.
    """

    body: RestBody
    side: str
    knee_m: Floats
    ankle_m: Floats
    shin: Floats
    asked_hold_s: float
    hands: float
    name: str = "hip-flexor-stretch"

    def pose(self, rep: Rep, reach: float, hold_progress: float, sway: Sway, t_s: float) -> Posed:
        """Pose the body."""
        knobs = rep.knobs
        bounce = self._bounce(rep, hold_progress)
        thigh_deg = mix(-1.0, knobs.get("shift_deg", 17.0), reach) + bounce + 0.3 * sway.of("shift", t_s)
        lean = mix(1.0, knobs.get("lean_deg", 0.0), reach) + 0.6 * sway.of("lean", t_s)
        torso = Torso(lean, self.lumbar_deg(rep, reach, sway, t_s), 0.0, -2.0 + 0.6 * sway.of("head", t_s))
        return self.kneel(thigh_deg, torso)

    def lumbar_deg(self, rep: Rep, reach: float, sway: Sway, t_s: float) -> float:
        """Extension of the low back against the start pose, degrees; the tuck comes first."""
        wanted = rep.knobs.get("lumbar_deg", -7.0)
        share = min(1.0, 1.8 * reach) if wanted < 0.0 else reach
        return wanted * share + 0.4 * sway.of("lumbar", t_s)

    def measures(self, posed: Posed, rep: Rep) -> dict[str, float]:
        """What the sheet measures, from the posed body; ``stretch`` is 1 where the hips are forward enough to count."""
        del rep
        front = OTHER[self.side]
        hip, knee, ankle = (posed.joint(f"{bone}.{front}") for bone in ("upperleg01", "lowerleg01", "foot"))
        start = self.kneel(-1.0, Torso(1.0))
        torso = torso_m(start)
        gone = float(middle(start, "upperleg01")[1] - middle(posed, "upperleg01")[1]) / torso
        own = posed.joint(f"upperleg01.{self.side}") - posed.joint(f"lowerleg01.{self.side}")
        return {
            "shift_tl": gone,
            "extension_deg": float(np.degrees(np.arctan2(-own[1], own[2]))),
            "lean_deg": trunk_lean_deg(posed),
            "stretch": gone / SHIFT_LIMIT_TL,
            "front_knee_deg": angle_deg(hip, knee, ankle),
            "knee_past_toes_tl": float(posed.point(f"toe.{front}")[1] - knee[1]) / torso,
        }

    def blemishes(self, reps: tuple[Rep, ...], index: int, hold_s: float) -> tuple[Blemish, ...]:
        """Faults and near misses of one repetition, measured on the pose at its peak."""
        knobs = reps[index].knobs
        peak = self.measures(self.pose(replace(reps[index], hold_s=0.0), 1.0, 0.0, Sway(0, 0.0), 0.0), reps[index])
        found = judge("back-arch", max(knobs.get("lumbar_deg", 0.0), 0.0), "deg", ARCH_LIMIT_DEG)
        if peak["lean_deg"] < -BACK_LIMIT_DEG / 2:
            found = judge("back-arch", -peak["lean_deg"], "deg", BACK_LIMIT_DEG)
        found += judge("lean-forward", max(knobs.get("lean_deg", 0.0), 0.0), "deg", LEAN_LIMIT_DEG)
        bent = peak["front_knee_deg"]
        if bent < KNEE_LIMIT_DEG + 8.0:
            found += (Blemish("knee-past-toes", bent, "deg", KNEE_LIMIT_DEG, bent < KNEE_LIMIT_DEG, "hold"),)
        found += judge("bouncing", knobs.get("bounce_tl", 0.0), "torso lengths", BOUNCE_LIMIT_TL, "hold")
        asked_s = ON_TIME * self.asked_hold_s
        if hold_s < asked_s or knobs.get("near_short"):
            found += (Blemish("short-hold", hold_s, "s", asked_s, hold_s < asked_s, "rep"),)
        return found

    def extras(
        self, body: dict[str, Any], timeline: PtsRebasing, times_s: Floats, columns: dict[str, Floats]
    ) -> dict[str, Any]:
        """The hold that the clip asks for, as the coach's setting: less 5 % for timing."""
        del body, timeline, times_s, columns
        return {"settings": {"hold_s": round(ON_TIME * self.asked_hold_s, 3), "hold_share": 1.0}}

    def kneel(self, thigh_deg: float, torso: Torso) -> Posed:
        """Half-kneeling with the kneeling thigh ``thigh_deg`` past the vertical."""
        body, own, front = self.body, self.side, OTHER[self.side]
        thigh = hang(-thigh_deg)
        root = rotate_x(torso.pitch_deg(body))
        turns: dict[str, Floats] = {"root": root}
        turns |= place_leg(body, own, thigh, self.shin, sagittal(-14.0, 1.0))
        posed = solve(body, Pose(turns, torso.spine()))
        shift = self.knee_m - posed.joint(f"lowerleg01.{own}")
        hip_m = middle(posed, "upperleg01") + np.array([0.0, shift[1], shift[2]])
        hip = put_hips(posed, hip_m).joint(f"upperleg01.{front}")
        lengths = bone_m(body, "upperleg01", "lowerleg01"), bone_m(body, "lowerleg01", "foot")
        turns |= place_leg(body, front, *bend_limb(hip, self.ankle_m, *lengths, AHEAD - 0.2 * DOWN), AHEAD)
        targets, palms = self._hands(solve_at(body, turns, torso, hip_m))
        return settle_hands(body, turns, torso, targets, palms, hip_m)

    def _hands(self, posed: Posed) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Where the wrists go, and where the palms face: both on the front thigh, or on the hips."""
        front, size = OTHER[self.side], self.body.figure.height_m / 1.66
        hip, knee = posed.joint(f"upperleg01.{front}"), posed.joint(f"lowerleg01.{front}")
        on_thigh = {
            front: mix_points(hip, knee, 0.62) + np.array([0.02 * SIDES[front], 0.0, 0.105]) * size,
            self.side: mix_points(hip, knee, 0.78) + np.array([-0.07 * SIDES[front], 0.0, 0.105]) * size,
        }
        pelvis = posed.rotations[self.body.bone("root")]
        on_hips = {side: posed.joint(f"upperleg01.{side}") + pelvis @ np.array([0.11 * sign, 0.01, 0.12]) * size
                   for side, sign in SIDES.items()}  # fmt: skip
        targets = {side: mix_points(on_thigh[side], on_hips[side], self.hands) for side in SIDES}
        return targets, dict.fromkeys(SIDES, DOWN)

    def _bounce(self, rep: Rep, hold_progress: float) -> float:
        """Turn of the thigh that rocks the hips, degrees; it swells and dies away inside the hold."""
        size = rep.knobs.get("bounce_tl", 0.0)
        if not size or not 0.0 < hold_progress < 1.0:
            return 0.0
        t_s = hold_progress * rep.hold_s
        swell = np.clip(min(t_s, rep.hold_s - t_s) / 0.5, 0.0, 1.0)
        way_m = 0.5 * size * torso_rest_m(self.body) * np.sin(2.0 * np.pi * BOUNCE_HZ * t_s)
        return float(swell * np.degrees(way_m / bone_m(self.body, "upperleg01", "lowerleg01")))


def mix_points(start: Floats, end: Floats, share: float) -> Floats:
    """A point between two, (3,) metres."""
    found: Floats = start + (end - start) * share
    return found


def trunk_lean_deg(posed: Posed) -> float:
    """Line from hips to shoulders off the vertical, degrees, positive ahead."""
    way = middle(posed, "upperarm01") - middle(posed, "upperleg01")
    return float(np.degrees(np.arctan2(-way[1], way[2])))


def torso_rest_m(body: RestBody) -> float:
    """Torso length of the rest pose, metres."""
    return torso_m(solve(body, Pose({"root": np.eye(3)})))


def solve_at(body: RestBody, turns: dict[str, Floats], torso: Torso, hip_m: Floats) -> Posed:
    """Pose with the hips' middle at a place."""
    return put_hips(solve(body, Pose(turns, torso.spine())), hip_m)


def half_kneel(body: RestBody, base: Mapping[str, float]) -> HipFlexor:
    """Bring a body into half-kneeling: knee, shin and front foot on the floor."""
    side = "L" if base.get("side", 1.0) > 0 else "R"
    shin_deg, knee_z = _rest_shin(body, side)
    knee = np.array([0.0, 0.12 * body.figure.height_m / 1.66, knee_z])
    draft = HipFlexor(body, side, knee, np.zeros(3), sagittal(shin_deg, 1.0),
                      base.get("hold_s", HOLD_LIMIT_S), base.get("hands", 0.0))  # fmt: skip
    return replace(draft, ankle_m=_front_ankle(draft, base.get("front_deg", 98.0)))


def _rest_shin(body: RestBody, side: str) -> tuple[float, float]:
    """Pitch of the shin and height of the knee so that both knee and foot touch the floor."""
    knee_skin, foot_skin = skin_of(body, f"lowerleg01.{side}", f"upperleg02.{side}"), skin_of(body, f"foot.{side}")

    def posed_at(shin_deg: float) -> Posed:
        turns = {"root": np.eye(3)} | place_leg(body, side, hang(0.0), sagittal(shin_deg, 1.0), sagittal(-14.0, 1.0))
        return solve(body, Pose(turns))

    def knee_gap(posed: Posed) -> float:
        joint = posed.joint(f"lowerleg01.{side}")
        points = knee_skin.posed(posed)
        return float(joint[2] - points[np.linalg.norm(points - joint, axis=1) < 0.16, 2].min())

    def excess(shin_deg: float) -> float:
        posed = posed_at(shin_deg)
        return foot_skin.lowest(posed) - (posed.joint(f"lowerleg01.{side}")[2] - knee_gap(posed))

    shin = find_zero(excess, -25.0, 25.0, tolerance=1e-4)
    return shin, knee_gap(posed_at(shin)) - SINK_M


def _front_ankle(draft: HipFlexor, front_deg: float) -> Floats:
    """Place of the front ankle: the sole flat, the knee bent by what is asked for at the start, (3,) metres."""
    body, front = draft.body, OTHER[draft.side]
    foot = skin_of(body, f"foot.{front}")
    turns = {"root": np.eye(3)} | place_leg(body, front, hang(90.0), hang(0.0), AHEAD)
    posed = solve(body, Pose(turns))
    height = float(posed.joint(f"foot.{front}")[2]) - foot.lowest(posed) - SINK_M
    start = replace(draft, ankle_m=np.array([0.0, -0.5, height])).kneel(-1.0, Torso(1.0))
    hip = start.joint(f"upperleg01.{front}")
    thigh_m, shin_m = bone_m(body, "upperleg01", "lowerleg01"), bone_m(body, "lowerleg01", "foot")
    across = float(hip[0]) * (1.0 + FRONT_SPREAD)
    reach2 = thigh_m**2 + shin_m**2 - 2.0 * thigh_m * shin_m * np.cos(np.radians(front_deg))
    along = np.sqrt(max(reach2 - (hip[2] - height) ** 2 - (across - hip[0]) ** 2, 0.01))
    return np.array([across, hip[1] - along, height])
