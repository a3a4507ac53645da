"""Where somebody begins, for an exercise that declares no demonstration: one still pose a way of lying or standing."""

from __future__ import annotations

from formcheck.core.body.measure import Limbs
from formcheck.core.body.stance import Stance
from formcheck.core.rules.demonstration import Demonstration, Spot

_TABLETOP = Limbs(hip_deg=90, knee_deg=90, shoulder_deg=90, elbow_deg=175)
_HOOK = Limbs(hip_deg=128, knee_deg=57, shoulder_deg=188, elbow_deg=178)
_FOURS = Limbs(hip_deg=100, knee_deg=90, shoulder_deg=80, elbow_deg=175)
_KNEELING = Limbs(hip_deg=172, knee_deg=85, shoulder_deg=35, elbow_deg=165)
_IN_FRONT = Limbs(hip_deg=95, knee_deg=95, shoulder_deg=35, elbow_deg=165)
_SITTING = Limbs(hip_deg=92, knee_deg=92, shoulder_deg=40, elbow_deg=150)
_STANDING = Limbs(hip_deg=178, knee_deg=176, shoulder_deg=8, elbow_deg=165)

FEET: tuple[Spot, ...] = ("near foot", "far foot")
TABLETOP = Demonstration(Stance("supine", _TABLETOP, _TABLETOP))
HOOK_LYING = Demonstration(Stance("supine", _HOOK, _HOOK), planted=FEET)
ON_ALL_FOURS = Demonstration(Stance("quadruped", _FOURS, _FOURS, trunk_deg=10), planted=FEET)
HALF_KNEELING = Demonstration(Stance("upright", _KNEELING, _IN_FRONT, trunk_deg=88), props=("cushion",))
SEATED = Demonstration(Stance("upright", _SITTING, _SITTING, trunk_deg=88), props=("chair",))
STANDING = Demonstration(Stance("upright", _STANDING, _STANDING, trunk_deg=90), planted=FEET)
POSITIONS = {
    "tabletop": TABLETOP,
    "hook-lying": HOOK_LYING,
    "bridge": HOOK_LYING,
    "half-kneeling": HALF_KNEELING,
    "seated": SEATED,
    "standing": STANDING,
    "supine": HOOK_LYING,
    "quadruped": ON_ALL_FOURS,
    "upright": STANDING,
}
"""By the names of `Exercise.stance` and `Exercise.posture`."""
