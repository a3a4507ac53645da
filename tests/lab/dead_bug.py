"""The dead bug of the seed: on the back, arms up, hips and knees at 90 degrees; one leg at a time is lowered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.lab.body import Floats, RestBody
from tests.lab.drill import Blemish, judge, mix
from tests.lab.kinematics import Posed
from tests.lab.limbs import SIDES, X_AXIS, place_arm, place_leg, sagittal
from tests.lab.supine import SupineBody, flatten_back, lie_down, rest_trunk
from tests.lab.tempo import Rep, Sway

ARCH_LIMIT_DEG = 12.0
"""Smallest arch that a coach should speak of: it opens the gap by 13 mm, correct repetitions by 0-4 mm (design.md)."""

DRIFT_LIMIT_DEG = 20.0
ARMS_LIMIT_DEG = 25.0
FAST_LIMIT_S = 1.5
REACH_LIMIT_DEG = 150.0
"""Thresholds of exercises.md, 2.3."""


FLAT_GAP_M = 0.008
"""What is left under a back that is pressed flat: a sheet of paper slides in, a hand does not."""


@dataclass(frozen=True, slots=True)
class DeadBug:
    """Knobs of a repetition.

    ``thigh_deg`` elevation of the lowered thigh (14), ``knee_deg`` its knee angle (165), ``arch_deg`` lumbar
    extension (1.5), ``drift_deg`` how far the holding thigh falls (0), ``arms_deg`` how far the arms tip overhead (0).
    """

    lying: SupineBody
    flat_low_deg: float = 0.0
    name: str = "dead-bug"

    @property
    def body(self) -> RestBody:
        """The body that performs it."""
        return self.lying.body

    def pose(self, rep: Rep, reach: float, hold_progress: float, sway: Sway, t_s: float) -> Posed:
        """Pose the body."""
        del hold_progress
        # Lowering a leg changes the shape of the buttock; a back that stays pressed down follows it.
        flat = mix(self.lying.flat_deg, self.flat_low_deg, reach)
        lumbar = flat + self.lumbar_deg(rep, reach, sway, t_s)
        return rest_trunk(self.lying, lumbar, lambda thorax: self.limbs(rep, reach, sway, t_s, thorax))

    def limbs(self, rep: Rep, reach: float, sway: Sway, t_s: float, thorax: Floats) -> dict[str, Floats]:
        """Absolute rotations of arms and legs for a rotation of the chest."""
        knobs, turns = rep.knobs, dict[str, Floats]()
        tip = knobs.get("arms_deg", 0.0) * reach
        for side, sign in SIDES.items():
            moving = side == rep.side
            low = knobs.get("thigh_deg", 14.0) if moving else 90.0 - knobs.get("drift_deg", 0.0)
            thigh = mix(90.0, low, reach) + sway.of(f"thigh{side}", t_s)
            bend = mix(90.0, 180.0 - knobs.get("knee_deg", 165.0) if moving else 90.0, reach)
            shin = thigh - bend + sway.of(f"shin{side}", t_s)
            directions = (sagittal(thigh, spread=0.03 * sign), sagittal(shin), sagittal(shin + 68.0))
            turns |= place_leg(self.body, side, *directions)
            upper = sagittal(90.0 + tip + sway.of(f"arm{side}", t_s), spread=0.02 * sign)
            fore = sagittal(90.0 + tip - 4.0 + sway.of(f"fore{side}", t_s))
            turns |= place_arm(self.body, side, thorax, upper, fore, fore, -sign * X_AXIS)
        return turns

    def lumbar_deg(self, rep: Rep, reach: float, sway: Sway, t_s: float) -> float:
        """Arch beyond the flat back, degrees."""
        return rep.knobs.get("arch_deg", 1.5) * reach + 0.4 * sway.of("lumbar", t_s)

    def blemishes(self, reps: tuple[Rep, ...], index: int, hold_s: float) -> tuple[Blemish, ...]:
        """Faults and near misses of one repetition."""
        del hold_s
        rep = reps[index]
        found = judge("low-back-arch", rep.knobs.get("arch_deg", 0.0), "deg", ARCH_LIMIT_DEG)
        found += judge("holding-leg-drift", rep.knobs.get("drift_deg", 0.0), "deg", DRIFT_LIMIT_DEG)
        found += judge("arms-drop", rep.knobs.get("arms_deg", 0.0), "deg", ARMS_LIMIT_DEG)
        if rep.out_s < FAST_LIMIT_S * 1.4:
            found += (Blemish("too-fast", rep.out_s, "s", FAST_LIMIT_S, rep.out_s < FAST_LIMIT_S, "rep"),)
        if index and reps[index - 1].side == rep.side:
            found += (Blemish("same-side-twice", 1.0, "", 0.0, True, "rep"),)
        lowest = min(180.0 - rep.knobs.get("thigh_deg", 14.0), rep.knobs.get("knee_deg", 165.0))
        if lowest < REACH_LIMIT_DEG + 6.0:
            found += (Blemish("partial-reach", lowest, "deg", REACH_LIMIT_DEG, lowest < REACH_LIMIT_DEG, "rep"),)
        return found


def lie_as_dead_bug(body: RestBody, base: Mapping[str, float]) -> DeadBug:
    """Lay a body down with its low back flat; ``base`` has no knobs here."""
    del base
    still = DeadBug(lie_down(body))
    lying = still.lying

    def flatten(rep: Rep, reach: float) -> SupineBody:
        return flatten_back(lying, lambda thorax: still.limbs(rep, reach, Sway(0, 0.0), 0.0, thorax), FLAT_GAP_M)

    low = flatten(Rep("L", 1.0, 1.0, 1.0, 1.0), 1.0).flat_deg
    return DeadBug(flatten(Rep("", 1.0, 1.0, 1.0, 1.0), 0.0), low)
