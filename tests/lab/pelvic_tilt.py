"""The pelvic tilt: on the back, feet flat; the gap under the low back closes, is held closed, and opens again.

Feet and hips stay; what moves is the lumbar angle between a relaxed and a flat back, found for each body by the gap
that it leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tests.lab.body import Floats, RestBody
from tests.lab.drill import Blemish, judge, mix
from tests.lab.glute_bridge import GluteBridge, lay_limbs, lie_for_bridge, reach_ankle
from tests.lab.kinematics import Pose, Posed, rotate_x, solve, unit
from tests.lab.limbs import SIDES, X_AXIS, place_arm, sagittal
from tests.lab.supine import flatten_back, lie_down, rest_trunk, tilt_of
from tests.lab.tempo import Rep, Sway

RELAXED_GAP_M = 0.024
FLAT_GAP_M = 0.004
"""Gap under a relaxed and under a pressed back: a hand slides in, or a sheet of paper (Hartman's self-check)."""

HOLD_LIMIT_S = 4.5
LIFT_LIMIT_DEG = 3.5
"""Pitch of the pelvis that lifts the hips by 0.06 of the torso (exercises.md, 2.1)."""
HEAD_LIMIT_DEG = 33.0
"""Bend of the neck that lifts the ear by 0.08 of the torso, about."""
FLAT_LIMIT = 0.4
"""Share of the way to flat below which nothing was flattened."""
LOST_LIMIT = 0.3
"""Share of the flattening that is lost within the hold (exercises.md, 2.1)."""

BEHIND_HEAD = 2.0
ON_CHEST = 1.0


@dataclass(frozen=True, slots=True)
class PelvicTilt:
    """Knobs of a repetition.

    ``flat`` how far the back is pressed flat (1), ``lost`` share of it that is lost in the middle of the hold (0),
    ``lift_deg`` pitch of the pelvis off the floor (0), ``head_deg`` bend of the neck off the floor (0). Knob of the
    clip: ``arms``, 0 alongside, 1 hands on the chest, 2 overhead.
    """

    bridge: GluteBridge
    relaxed_deg: float
    flat_deg: float
    arms: float
    name: str = "pelvic-tilt"

    @property
    def body(self) -> RestBody:
        """The body that performs it."""
        return self.bridge.body

    def pose(self, rep: Rep, reach: float, hold_progress: float, sway: Sway, t_s: float) -> Posed:
        """Pose the body."""
        lost = rep.knobs.get("lost", 0.0) * _bump(hold_progress)
        share = reach * rep.knobs.get("flat", 1.0) * (1.0 - lost)
        lumbar = mix(self.relaxed_deg, self.flat_deg, share) + 0.25 * sway.of("lumbar", t_s)
        lift = rep.knobs.get("lift_deg", 0.0) * reach
        head = rep.knobs.get("head_deg", 0.0) * reach + 0.4 * abs(sway.of("head", t_s))
        draft = self._lay(lumbar, lift, sagittal(50.0), sagittal(-50.0), None)
        posed = self._lay(lumbar, lift, *reach_ankle(draft, self.bridge.ankle_m), draft)
        return _lift_head(posed, head)

    def lumbar_deg(self, rep: Rep, reach: float, sway: Sway, t_s: float) -> float:
        """Extension of the low back against the relaxed one, degrees: flattening is negative."""
        share = rep.knobs.get("flat", 1.0) * reach
        return (self.flat_deg - self.relaxed_deg) * share + 0.25 * sway.of("lumbar", t_s)

    def row(self, rep: Rep, reach: float, hold_progress: float) -> dict[str, float]:
        """What is true of a frame beside joints and back: the share of the way to flat."""
        lost = rep.knobs.get("lost", 0.0) * _bump(hold_progress)
        return {"hold_deg": 100.0 * reach * rep.knobs.get("flat", 1.0) * (1.0 - lost)}

    def blemishes(self, reps: tuple[Rep, ...], index: int, hold_s: float) -> tuple[Blemish, ...]:
        """Faults and near misses of one repetition."""
        knobs, found = reps[index].knobs, tuple[Blemish, ...]()
        flat = knobs.get("flat", 1.0)
        if flat < 0.9:
            found += (Blemish("no-flattening", flat, "share", FLAT_LIMIT, flat < FLAT_LIMIT, "rep"),)
        if hold_s < HOLD_LIMIT_S + 0.6:
            found += (Blemish("short-hold", hold_s, "s", HOLD_LIMIT_S, hold_s < HOLD_LIMIT_S, "rep"),)
        found += judge("hips-lift", knobs.get("lift_deg", 0.0), "deg", LIFT_LIMIT_DEG)
        found += judge("head-lift", knobs.get("head_deg", 0.0), "deg", HEAD_LIMIT_DEG)
        return found + judge("tilt-lost", knobs.get("lost", 0.0), "share", LOST_LIMIT, "hold")

    def _lay(self, lumbar: float, lift: float, thigh: Floats, shin: Floats, known: Posed | None) -> Posed:
        """Put trunk and limbs together."""

        def limbs(thorax: Floats) -> dict[str, Floats]:
            return lay_limbs(self.body, thorax, thigh, shin, known) | self._arms(thorax)

        settle = known is not None
        if not lift:
            return rest_trunk(self.bridge.lying, lumbar, limbs, settle_head=settle)
        tilt = tilt_of(rest_trunk(self.bridge.lying, lumbar, limbs, settle_head=False)) - lift
        return rest_trunk(self.bridge.lying, lumbar, limbs, tilt_deg=tilt, settle_head=settle)

    def _arms(self, thorax: Floats) -> dict[str, Floats]:
        """Arms on the chest or overhead; empty leaves them alongside."""
        turns: dict[str, Floats] = {}
        for side, sign in SIDES.items():
            if self.arms == ON_CHEST:
                upper, fore = unit(np.array([0.34 * sign, -0.9, 0.28])), unit(np.array([-0.55 * sign, -0.1, 0.42]))
                turns |= place_arm(self.body, side, thorax, upper, fore, unit(fore * [1, 1, 0]), np.array([0, 0, -1.0]))
            elif self.arms == BEHIND_HEAD:
                upper = unit(np.array([0.22 * sign, 1.0, 0.12]))
                turns |= place_arm(self.body, side, thorax, upper, upper, upper, -sign * X_AXIS)
        return turns


def _bump(hold_progress: float) -> float:
    """0 at both ends of a hold, 1 through its middle."""
    return float(np.sin(np.pi * np.clip((hold_progress - 0.12) / 0.8, 0.0, 1.0)) ** 0.5)


def _lift_head(posed: Posed, degrees: float) -> Posed:
    """Bend the neck further forward."""
    body = posed.body
    turns = {name: posed.rotations[body.bone(name)] for name in body.names}
    for share, bone in enumerate(("neck01", "neck02", "neck03", "head"), 1):
        turned = rotate_x(degrees * share / 4.0) @ turns[bone]
        turns |= {name: turned for name in _below(body, bone)} if bone == "head" else {bone: turned}
    return solve(body, Pose(turns, root_m=posed.joint("root")))


def _below(body: RestBody, bone: str) -> list[str]:
    """A bone and everything that hangs on it."""
    found = {body.bone(bone)}
    for index in range(len(body.names)):
        if int(body.parents[index]) in found:
            found.add(index)
    return [body.names[index] for index in found]


def lie_for_tilt(body: RestBody, base: Mapping[str, float]) -> PelvicTilt:
    """Lay a body down with its feet flat and find its relaxed and its flat back."""
    bridge, lying = lie_for_bridge(body, base), lie_down(body)
    thigh, shin = sagittal(50.0), sagittal(-50.0)

    def lumbar_for(gap_m: float) -> float:
        return flatten_back(lying, lambda thorax: lay_limbs(body, thorax, thigh, shin, None), gap_m).flat_deg

    return PelvicTilt(bridge, lumbar_for(RELAXED_GAP_M), lumbar_for(FLAT_GAP_M), base.get("arms", ON_CHEST))
