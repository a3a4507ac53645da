"""Running on a treadmill or in place, and walking: one bout between standing tall and standing still.

Legs follow published curves (``gait_curves``); the hips follow one smooth wave a step; the leg that stands is then bent
or stretched until its sole is on the deck. What the truth says is measured on the posed body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.lab.body import Floats, RestBody
from tests.lab.drill import Blemish, mix
from tests.lab.gait_curves import GAITS, RUN, WALK, Gait, along, bump, fit_wave, standing_share
from tests.lab.hip_flexor import trunk_lean_deg
from tests.lab.kinematics import Pose, Posed, rotate_x, solve, unit
from tests.lab.limbs import SIDES, place_arm, place_leg
from tests.lab.strides import faults_of, measure_strides
from tests.lab.tempo import PtsRebasing, Rep, Sway
from tests.lab.upright import AHEAD, PALM_IN, Torso, bend_limb, bone_m, hang, middle, put_hips

STEPS = 48
"""Samples of a cycle."""

Key = tuple[tuple[str, float], ...]

HALF = {"L": 0.0, "R": 0.5}
WAVE_MOST_M = 0.042
FREE_M = 0.012
"""A swinging foot stays this far over the deck."""

SOLE_SINK_M = 0.003


@dataclass(frozen=True, slots=True)
class Running:
    """Knobs of a repetition (a bout).

    ``cadence_spm`` steps a minute, ``lean_deg`` trunk (6), ``bounce_m`` hips from lowest to highest (as the curves
    have it), ``overstride_deg`` shank further ahead at contact (0), ``knee_deg`` more bend in the middle of stance
    (0), ``extension_deg`` thigh further back at the end of stance (0), ``back_deg`` legs turned ahead under the hips
    (0), ``lumbar_deg`` extension of the low back (0), ``hunch_deg`` head and shoulders forward (0). Knob of the clip:
    ``gait`` 0 runs, 1 runs in place, 2 walks.
    """

    body: RestBody
    gait: Gait
    feet: dict[str, Floats]
    waves: dict[Key, tuple[Floats, Floats]] = field(default_factory=dict)
    known: dict[Key, dict[str, float]] = field(default_factory=dict)
    name: str = "running"

    def pose(self, rep: Rep, reach: float, hold_progress: float, sway: Sway, t_s: float) -> Posed:
        """Pose the body."""
        del hold_progress
        return self.stride(rep, reach, self.cycle_at(rep, t_s), sway, t_s)

    def cycle_at(self, rep: Rep, t_s: float) -> float:
        """Cycles of the left leg since the clip began."""
        return rep.knobs.get("cadence_spm", self.gait.cadence_spm) / 120.0 * t_s

    def lumbar_deg(self, rep: Rep, reach: float, sway: Sway, t_s: float) -> float:
        """Extension of the low back against standing tall, degrees."""
        return rep.knobs.get("lumbar_deg", 0.0) * reach + 0.5 * sway.of("lumbar", t_s)

    def measures(self, posed: Posed, rep: Rep) -> dict[str, float]:
        """Of every frame: trunk, height of the hips, and how high each sole is over the deck."""
        del rep
        row = {"lean_deg": trunk_lean_deg(posed), "hips_m": float(middle(posed, "upperleg01")[2])}
        return row | {f"sole_{name}_m": self.sole_m(posed, side) for side, name in (("L", "left"), ("R", "right"))}

    def sole_m(self, posed: Posed, side: str) -> float:
        """Height of the lowest point of a foot over the deck, metres."""
        turn = posed.rotations[self.body.bone(f"foot.{side}")]
        return float(posed.joint(f"foot.{side}")[2] + (self.feet[side] @ turn.T)[:, 2].min()) + SOLE_SINK_M

    def blemishes(self, reps: tuple[Rep, ...], index: int, hold_s: float) -> tuple[Blemish, ...]:
        """Faults and near misses of the bout, from what is measured."""
        del hold_s
        return () if self.gait is WALK else faults_of(measure_strides(self, reps[index]))

    def extras(
        self, body: dict[str, Any], timeline: PtsRebasing, times_s: Floats, columns: dict[str, Floats]
    ) -> dict[str, Any]:
        """Bouts and metrics in place of repetitions."""
        if self.gait is WALK:
            return {"reps": [], "attempts": [], "bouts": [], "metrics": {}}
        span, rep = timeline.spans[0], timeline.reps[0]
        known = {key: round(value, 3) for key, value in measure_strides(self, rep).items()}
        down = columns["sole_left_m"] < FREE_M / 2, columns["sole_right_m"] < FREE_M / 2
        lands = np.sort(np.concatenate([times_s[1:][on[1:] & ~on[:-1]] for on in down]))
        lands = lands[(lands > span.arrive_s) & (lands < span.turn_s)]
        steps = (span.turn_s - span.arrive_s) * known["cadence_spm"] / 60.0
        bout = {"start_s": round(span.start_s, 3), "end_s": round(span.end_s, 3), "steps": round(steps)}
        found = {"reps": [], "attempts": [], "bouts": [bout], "metrics": known}
        for key in ("faults", "near_misses"):
            found[key] = [{**entry, "rep": None} for entry in body[key]]
        return found | {"contacts_s": [round(float(t), 3) for t in lands]}

    def stride(self, rep: Rep, reach: float, cycle: float, sway: Sway, t_s: float) -> Posed:
        """Pose the body at a share of the left leg's cycle."""
        mean, wave = self._wave(rep)
        c, s = np.cos(4.0 * np.pi * cycle), np.sin(4.0 * np.pi * cycle)
        height = float(np.interp(reach, np.linspace(0.0, 1.0, len(mean)), mean))
        height += reach * float(wave[0] * c + wave[1] * s)
        knobs = rep.knobs
        lean = mix(1.0, knobs.get("lean_deg", 6.0 if self.gait is RUN else 3.0), reach) + 0.5 * sway.of("lean", t_s)
        hunch = knobs.get("hunch_deg", 0.0) * reach
        torso = Torso(lean, self.lumbar_deg(rep, reach, sway, t_s), hunch, -0.5 * lean + 0.6 * sway.of("head", t_s))
        turns: dict[str, Floats] = {"root": rotate_x(torso.pitch_deg(self.body))}
        hip_m = np.array([0.0, 0.0, height])
        draft = put_hips(solve(self.body, Pose(turns, torso.spine())), hip_m)
        for side in SIDES:
            turns |= self._leg(rep, reach, (cycle + HALF[side]) % 1.0, side, draft.joint(f"upperleg01.{side}"))
            thorax = draft.rotations[self.body.bone("spine01")]
            turns |= self._arm(reach, (cycle + HALF[side]) % 1.0, side, thorax, lean)
        return put_hips(solve(self.body, Pose(turns, torso.spine())), hip_m)

    def angles(self, rep: Rep, reach: float, cycle: float) -> tuple[float, float, float]:
        """Thigh, knee and sole of a leg before the deck is looked at, degrees."""
        gait, knobs = self.gait, rep.knobs
        ahead = knobs.get("overstride_deg", 0.0) * bump(cycle, 0.0, 0.14)
        thigh = along(gait.thigh, cycle) + 0.7 * ahead + knobs.get("back_deg", 0.0)
        thigh -= knobs.get("extension_deg", 0.0) * bump(cycle, 0.39, 0.18)
        knee = along(gait.knee, cycle) - 0.3 * ahead + knobs.get("knee_deg", 0.0) * bump(cycle, 0.15, 0.15)
        sole = along(gait.sole, cycle) + 0.8 * ahead
        return mix(0.0, thigh, reach), mix(3.0, max(knee, 2.0), reach), sole * reach

    def _leg(self, rep: Rep, reach: float, cycle: float, side: str, hip: Floats) -> dict[str, Floats]:
        """One leg, its sole on the deck while it stands and over it while it swings."""
        thigh_deg, knee_deg, sole_deg = self.angles(rep, reach, cycle)
        thigh_m, shin_m = bone_m(self.body, "upperleg01", "lowerleg01"), bone_m(self.body, "lowerleg01", "foot")
        sign = SIDES[side]
        ankle = hip + thigh_m * hang(thigh_deg, -0.03 * sign) + shin_m * hang(thigh_deg - knee_deg, -0.03 * sign)
        flat = hang(90.0 + sole_deg)
        turns = place_leg(self.body, side, hang(0.0), hang(0.0), flat)
        under = float((self.feet[side] @ turns[f"foot.{side}"].T)[:, 2].min()) + SOLE_SINK_M
        low = float(ankle[2]) + under
        stands = mix(1.0, standing_share(self.gait, cycle), min(1.0, 4.0 * reach))
        clear = FREE_M - low
        lift = 0.5 * (clear + float(np.sqrt(clear * clear + 0.01**2)))
        ankle[2] += -low * stands + lift * (1.0 - stands)
        if self.gait.stays:
            ankle[1] += (hip[1] + 0.02 - ankle[1]) * stands * reach
        # A leg that is too short to reach the deck lets its foot hang a little over it.
        way = ankle - hip
        most = 0.9985 * (thigh_m + shin_m)
        if float(np.linalg.norm(way)) > most:
            ankle = hip + unit(way) * most
        return place_leg(self.body, side, *bend_limb(hip, ankle, thigh_m, shin_m, AHEAD), flat)

    def _arm(self, reach: float, cycle: float, side: str, thorax: Floats, lean: float) -> dict[str, Floats]:
        """An arm that swings against the leg of its side."""
        sign = SIDES[side]
        swing = -6.0 + self.gait.arm_swing_deg * float(np.cos(2.0 * np.pi * (cycle - 0.32)))
        flexion = mix(4.0, swing, reach) - lean * reach
        elbow = mix(14.0, self.gait.elbow_deg + 0.25 * swing, reach)
        upper = hang(flexion, mix(0.12, 0.16, reach) * sign)
        fore = hang(flexion + elbow, mix(0.05, -0.22, reach) * sign)
        return place_arm(self.body, side, thorax, upper, fore, fore, PALM_IN[side])

    def _wave(self, rep: Rep) -> tuple[Floats, Floats]:
        """Mean height of the hips at five reaches, and the cosine and sine of their wave at full reach, metres."""
        key = tuple(sorted(rep.knobs.items()))
        if key not in self.waves:
            fits = [self._fit(rep, reach) for reach in (0.001, 0.25, 0.5, 0.75, 1.0)]
            self.waves[key] = (np.array([fit[0] for fit in fits]), np.array(fits[-1][1:]))
        return self.waves[key]

    def _fit(self, rep: Rep, reach: float) -> tuple[float, float, float]:
        """The wave of the hips under which the standing legs keep their curves best."""
        cycles, heights = [], []
        thigh_m, shin_m = bone_m(self.body, "upperleg01", "lowerleg01"), bone_m(self.body, "lowerleg01", "foot")
        for cycle in np.arange(STEPS) / STEPS:
            for side in SIDES:
                at = (cycle + HALF[side]) % 1.0
                if at > self.gait.stance:
                    continue
                thigh, knee, sole = self.angles(rep, reach, at)
                foot = place_leg(self.body, side, hang(0.0), hang(0.0), hang(90.0 + sole))[f"foot.{side}"]
                under = float((self.feet[side] @ foot.T)[:, 2].min()) + SOLE_SINK_M
                drop = thigh_m * float(hang(thigh)[2]) + shin_m * float(hang(thigh - knee)[2])
                cycles.append(cycle)
                heights.append(-drop - under)
        mean, c, s = fit_wave(np.array(cycles), np.array(heights), WAVE_MOST_M)
        wanted = rep.knobs.get("bounce_m")
        if wanted is not None:
            scale = 0.5 * wanted / max(float(np.hypot(c, s)), 1e-6)
            turn = 4.0 * np.pi * np.array(cycles)
            c, s = c * scale, s * scale
            mean = float((np.array(heights) - c * np.cos(turn) - s * np.sin(turn)).mean())
        return mean, c, s


def stand_tall(body: RestBody, base: Mapping[str, float]) -> Running:
    """Stand a body up, to run, to run in place or to walk."""
    feet = {}
    for side in SIDES:
        mask = body.carried_by(f"foot.{side}")
        feet[side] = (body.vertices_m[mask] - body.heads_m[body.bone(f"foot.{side}")])[::3]
    return Running(body, GAITS[int(base.get("gait", 0.0))], feet)
