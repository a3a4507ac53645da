"""The bird dog: on hands and knees, one leg and the opposite arm reach out and are held.

The head points to -Y. Knee and hand that stay on the floor do not move; hips and shoulders hang between them as in a
four-bar linkage, so a sagging back lowers itself and nothing slides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tests.lab.body import Floats, RestBody
from tests.lab.drill import Blemish, judge, mix
from tests.lab.kinematics import Pose, Posed, find_zero, rotate_x, skin, solve
from tests.lab.limbs import GIRDLE_SHARE, OTHER, SIDES, bend_spine, place_arm, place_leg, sagittal, share_rotation
from tests.lab.tempo import Rep, Sway

SAG_LIMIT_DEG = 20.0
ROUND_LIMIT_DEG = 24.0
"""Lumbar change at which the dorsal outline of these bodies moves 0.05 T, the fault of exercises.md, 2.4 and 4."""

HIGH_LIMIT_DEG = 190.0
HOLD_LIMIT_S = 1.0
HIP_REACH_LIMIT_DEG = 160.0
KNEE_REACH_LIMIT_DEG = 155.0
SHIFT_LIMIT_PCT = 12.0
HEAD_LIMIT_DEG = 20.0
"""Thresholds of exercises.md, 2.4."""

KNEE_AT_Y = 0.20
"""Where the knees stand along Y for a person of 1.66 m, so that both reaches fill the picture alike."""


ELBOW_BEND_DEG = 14.0
ARM_LEAN_DEG = 12.0
"""How people stand on their hands: elbows soft, hands a little ahead of the shoulders. With locked upright arms the
trunk of a long-armed body would slope by more than the 15 degrees that the start pose allows."""

TILT_RANGE_DEG = 20.0
TORSO_TO_THIGH = 1.15
"""Length of the torso against the thigh, about; turns a share of the torso into a lean of the thigh."""

TOE_CLEARANCE_DEG = 6.0
"""Extra knee bend half-way, which lifts the toes off the floor while the leg slides out."""


@dataclass(frozen=True, slots=True)
class BirdDog:
    """Knobs of a repetition.

    ``hip_deg`` signed shoulder-hip-knee angle at the reach (178; above 180 the thigh is above the trunk's line),
    ``knee_deg`` (172), ``arm_deg`` hip-shoulder-elbow angle (170), ``sag_deg`` lumbar extension (2; negative rounds),
    ``shift_pct`` hips pushed back, per cent of the torso (0), ``head_deg`` head bent down (0), ``same_side`` 1 lifts
    the arm of the leg's side.
    """

    body: RestBody
    knee_m: Floats
    wrist_m: Floats
    arm_m: float
    pitch_deg: float
    tilt_deg: float
    girdles: dict[str, Floats]
    name: str = "bird-dog"

    def pose(self, rep: Rep, reach: float, hold_progress: float, sway: Sway, t_s: float) -> Posed:
        """Pose the body."""
        del hold_progress
        lumbar = self.lumbar_deg(rep, reach, sway, t_s)
        leg = rep.side
        arm = leg if rep.knobs.get("same_side") else OTHER.get(leg, "")
        stays = [side for side in SIDES if side != leg]
        hands = [side for side in SIDES if side != arm]
        back = rep.knobs.get("shift_pct", 1.0) / 100.0 * reach
        neck = -12.0 + rep.knobs.get("head_deg", 0.0) * reach + 0.6 * sway.of("head", t_s)
        legs = self._legs(rep, reach, back, sway, t_s)

        def posed_at(tilt_deg: float) -> Posed:
            root = rotate_x(90.0 + tilt_deg)
            thorax = root @ rotate_x(-lumbar)
            turns = {"root": root, **legs, **self._arms(rep, reach, arm, thorax, None, sway, t_s)}
            posed = solve(self.body, Pose(turns, bend_spine(lumbar, neck)))
            return posed.moved(self._anchor(posed, stays))

        # The linkage closes twice, once with the shoulders below the floor: look only near the start pose.
        middle = self.tilt_deg + 0.5 * lumbar
        bounds = (middle - TILT_RANGE_DEG, middle + TILT_RANGE_DEG)
        posed = posed_at(find_zero(lambda tilt: self._stretch(posed_at(tilt), hands) - self.arm_m, *bounds))
        root, thorax = (posed.rotations[self.body.bone(bone)] for bone in ("root", "spine01"))
        turns = {"root": root, **legs, **self._arms(rep, reach, arm, thorax, posed, sway, t_s)}
        final = solve(self.body, Pose(turns, bend_spine(lumbar, neck)))
        return final.moved(self._anchor(final, stays))

    def lumbar_deg(self, rep: Rep, reach: float, sway: Sway, t_s: float) -> float:
        """Extension of the low back against the start pose, degrees; negative is rounding."""
        return rep.knobs.get("sag_deg", 2.0) * reach + 0.5 * sway.of("lumbar", t_s)

    def blemishes(self, reps: tuple[Rep, ...], index: int, hold_s: float) -> tuple[Blemish, ...]:
        """Faults and near misses of one repetition."""
        knobs = reps[index].knobs
        sag, hip = knobs.get("sag_deg", 0.0), knobs.get("hip_deg", 178.0)
        found = judge("back-sag", max(sag, 0.0), "deg", SAG_LIMIT_DEG)
        found += judge("back-round", max(-sag, 0.0), "deg", ROUND_LIMIT_DEG)
        if hip > 180.0:
            found += (Blemish("leg-too-high", hip, "deg", HIGH_LIMIT_DEG, hip > HIGH_LIMIT_DEG),)
        if hold_s < 1.4 * HOLD_LIMIT_S:
            found += (Blemish("short-hold", hold_s, "s", HOLD_LIMIT_S, hold_s < HOLD_LIMIT_S, "rep"),)
        if knobs.get("same_side"):
            found += (Blemish("same-side-limbs", 1.0, "", 0.0, True, "rep"),)
        short = min(hip - HIP_REACH_LIMIT_DEG, knobs.get("knee_deg", 172.0) - KNEE_REACH_LIMIT_DEG)
        if short < 6.0:
            found += (Blemish("partial-reach", min(hip, 180.0), "deg", HIP_REACH_LIMIT_DEG, short < 0.0, "rep"),)
        found += judge("weight-shift", knobs.get("shift_pct", 0.0), "% torso", SHIFT_LIMIT_PCT)
        return found + judge("head-drop", knobs.get("head_deg", 0.0), "deg", HEAD_LIMIT_DEG)

    def _legs(self, rep: Rep, reach: float, back: float, sway: Sway, t_s: float) -> dict[str, Floats]:
        """Both legs: the reaching one, and the one that stands (hips pushed back by a share of the torso)."""
        turns: dict[str, Floats] = {}
        lean = float(np.degrees(np.arcsin(np.clip(back * TORSO_TO_THIGH, -0.7, 0.7))))
        for side, sign in SIDES.items():
            moving = side == rep.side
            share = reach if moving else 0.0
            wobble = sway.of(f"thigh{side}", t_s) * share
            high = -self.pitch_deg + rep.knobs.get("hip_deg", 178.0) - 180.0
            thigh = mix(-90.0, high, share) + wobble - (0.0 if moving else lean)
            bend = mix(90.0, 180.0 - rep.knobs.get("knee_deg", 172.0), share)
            lifted = TOE_CLEARANCE_DEG * float(np.sin(np.pi * share))
            shin = thigh + bend + lifted if moving else 0.0
            sole = sagittal(shin + mix(-14.0, -55.0, share), 1.0)
            directions = (sagittal(thigh, 1.0, 0.02 * sign), sagittal(shin, 1.0), sole)
            turns |= place_leg(self.body, side, *directions)
        return turns

    def _arms(
        self, rep: Rep, reach: float, lifted: str, thorax: Floats, known: Posed | None, sway: Sway, t_s: float
    ) -> dict[str, Floats]:
        """Both arms; the planted one points at its wrist's place once ``known`` tells where the shoulder is."""
        turns: dict[str, Floats] = {}
        down = np.array([0.0, 0.0, -1.0])
        for side in SIDES:
            share = reach if side == lifted else 0.0
            high = self.pitch_deg - (180.0 - rep.knobs.get("arm_deg", 170.0)) + sway.of(f"arm{side}", t_s)
            upper = sagittal(mix(-90.0, high, share))
            if share == 0.0 and known is not None:
                reach_m = self.wrist_m - known.joint(f"upperarm01.{side}")
                upper = np.array([0.0, reach_m[1], reach_m[2]]) / np.hypot(reach_m[1], reach_m[2])
            hand = sagittal(mix(0.0, high, share))
            half = rotate_x(ELBOW_BEND_DEG / 2.0 * (1.0 - 0.6 * share))
            own = place_arm(self.body, side, thorax, half @ upper, half.T @ upper, hand, down)
            if share == 0.0:
                own[f"shoulder01.{side}"] = thorax @ self.girdles[side]
            turns |= own
        return turns

    def _anchor(self, posed: Posed, stays: list[str]) -> Floats:
        """Shift that brings the standing knees to their place, (3,) metres; the middle stays at X = 0."""
        knee = np.mean([posed.joint(f"lowerleg01.{side}") for side in stays], axis=0)
        shift: Floats = self.knee_m - knee
        return np.array([0.0, shift[1], shift[2]])

    def _stretch(self, posed: Posed, hands: list[str]) -> float:
        """Distance in the side view from the shoulder of a planted arm to its wrist's place, metres."""
        shoulder = np.mean([posed.joint(f"upperarm01.{side}") for side in hands], axis=0)
        return float(np.hypot(*(shoulder - self.wrist_m)[1:]))


def kneel(body: RestBody, base: Mapping[str, float]) -> BirdDog:
    """Bring a body on hands and knees: thighs and arms upright, palms and knees on the floor."""
    del base
    scale = body.figure.height_m / 1.66
    heads = body.heads_m
    lengths = [
        float(np.linalg.norm(heads[body.bone(f"{b}.L")] - heads[body.bone(f"{a}.L")]))
        for a, b in (("upperarm01", "lowerarm01"), ("lowerarm01", "wrist"))
    ]
    eye = {side: np.eye(3) for side in SIDES}
    half = rotate_x(ELBOW_BEND_DEG / 2.0)
    lean = sagittal(-90.0 + ARM_LEAN_DEG)
    arm_m = float(np.linalg.norm(half @ lean * lengths[0] + half.T @ lean * lengths[1]))
    draft = BirdDog(body, np.array([0.0, KNEE_AT_Y * scale, 0.0]), np.zeros(3), arm_m, 8.0, 0.0, eye)
    still, calm = Rep("", 1.0, 1.0, 1.0, 1.0), Sway(0, 0.0)

    def posed_at(tilt_deg: float) -> Posed:
        root = rotate_x(90.0 + tilt_deg)
        turns = {"root": root, **draft._legs(still, 0.0, 0.0, calm, 0.0)}
        for side in SIDES:
            down = np.array([0.0, 0.0, -1.0])
            turns |= place_arm(body, side, root, half @ lean, half.T @ lean, np.array([0.0, -1.0, 0.0]), down)
        posed = solve(body, Pose(turns, bend_spine(0.0, -12.0)))
        knee, height = posed.joint("lowerleg01.L"), _floor_gap(posed, "lowerleg01", "upperleg02")
        return posed.moved(np.array([0.0, draft.knee_m[1] - knee[1], height - knee[2]]))

    def hover(tilt_deg: float) -> float:
        posed = posed_at(tilt_deg)
        return float(posed.joint("wrist.L")[2]) - _floor_gap(posed, "wrist")

    tilt = find_zero(hover, -30.0, 40.0)
    posed = posed_at(tilt)
    shoulder, hip = posed.joint("upperarm01.L"), posed.joint("upperleg01.L")
    pitch = float(np.degrees(np.arctan2(shoulder[2] - hip[2], hip[1] - shoulder[1])))
    thorax = posed.rotations[body.bone("spine01")]
    arms = {side: posed.rotations[body.bone(f"upperarm01.{side}")] for side in SIDES}
    girdles = {side: share_rotation(thorax.T @ arm, GIRDLE_SHARE) for side, arm in arms.items()}
    knee, wrist = posed.joint("lowerleg01.L"), posed.joint("wrist.L")
    return replace(draft, knee_m=knee, wrist_m=wrist, pitch_deg=pitch, tilt_deg=tilt, girdles=girdles)


SOFT_TISSUE_M = 0.006


def _floor_gap(posed: Posed, joint: str, also: str = "none") -> float:
    """Height of a left joint over the lowest skin around it, less what soft tissue gives way, metres."""
    body = posed.body
    mask = body.carried_by(f"{joint}.L", f"{also}.L")
    points = skin(posed, body.vertices_m[mask], body.weights[mask])
    near = np.linalg.norm(points - posed.joint(f"{joint}.L"), axis=1) < 0.22
    return float(posed.joint(f"{joint}.L")[2] - points[near, 2].min()) - SOFT_TISSUE_M
