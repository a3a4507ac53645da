"""Strides: what is true of a run, measured on the posed body over one cycle of both legs, never from the knobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.lab.body import Floats
from tests.lab.drill import Blemish
from tests.lab.hip_flexor import trunk_lean_deg
from tests.lab.kinematics import Posed, angle_deg
from tests.lab.limbs import SIDES
from tests.lab.tempo import Rep, Sway
from tests.lab.upright import hang, lean_deg, middle, torso_m

if TYPE_CHECKING:
    from tests.lab.running import Running

RATE_HZ = 240.0
LENGTH_S = 1.6
CONTACT_M = 0.006
"""A sole lower than this is on the deck."""

STIFF_LIMIT_DEG = 43.0
"""A peak of 45 is asked for (Souza 2016), less the smallest difference that is told, 2.3 (Dingenen 2018)."""

ARCH_LIMIT_DEG = 16.0
"""Lumbar extension that moves the outline by 0.04 T."""

LIMITS = (
    ("low-cadence", "cadence_spm", "steps/min", 160.0, -1.0, 6.0),
    ("bouncy", "vertical_oscillation_cm", "cm", 10.0, 1.0, 1.2),
    ("overstride", "overstride_deg", "deg", 8.0, 1.0, 3.0),
    ("stiff", "stance_knee_deg", "deg", STIFF_LIMIT_DEG, -1.0, 2.5),
    ("hunched-shoulders", "shoulder_hunch_t", "torso lengths", 0.08, 1.0, 0.05),
    ("over-arch", "lumbar_deg", "deg", ARCH_LIMIT_DEG, 1.0, 10.0),
)
"""Fault, its measure, unit, threshold (exercises.md, 3), which way is bad, and how near counts as a near miss."""

WAIST_LIMIT_DEG = 10.0
BEHIND_LIMIT_TL = 0.03
EXTENSION_LIMIT_DEG = 5.0


def measure_strides(run: Running, rep: Rep) -> dict[str, float]:
    """Metrics of a bout at full pace; the mean of both legs.

    ``cadence_spm`` from the hips' height; ``trunk_lean_deg`` mean in stance; ``ankle_lean_deg`` line from the standing
    ankle to the shoulders in mid-stance (middle of the contact) and ``waist_lean_deg`` the trunk's lean less it;
    ``hips_behind_tl`` hips behind that ankle, torso lengths; ``vertical_oscillation_cm`` hips from lowest to highest;
    ``overstride_deg`` ankle ahead of the knee at contact; ``stance_knee_deg`` most bend in stance;
    ``hip_extension_deg`` thigh furthest behind the vertical in stance; ``shoulder_hunch_tl`` ear ahead of the shoulders
    across the trunk, against standing; ``lumbar_deg``; ``contact_s`` of one foot.
    """
    key = tuple(sorted(rep.knobs.items()))
    if key not in run.known:
        run.known[key] = _measure(run, rep)
    return run.known[key]


def _measure(run: Running, rep: Rep) -> dict[str, float]:
    still, calm = Rep("", 1.0, 1.0, 1.0, 1.0), Sway(0, 0.0)
    stood = run.stride(still, 0.0, 0.0, calm, 0.0)
    times = np.arange(0.0, LENGTH_S, 1.0 / RATE_HZ)
    posed = [run.pose(rep, 1.0, 0.5, calm, float(t)) for t in times]
    hips = np.array([float(middle(p, "upperleg01")[2]) for p in posed])
    own: list[dict[str, float]] = []
    for side in SIDES:
        on = np.array([run.sole_m(p, side) < CONTACT_M for p in posed])
        own += [_stance(posed[a:b], side) for a, b in _spans(on)]
    found = {key: float(np.mean([row[key] for row in own])) for key in own[0]}
    found["cadence_spm"] = _steps_a_minute(hips)
    found["vertical_oscillation_cm"] = 100.0 * float(np.ptp(hips))
    found["waist_lean_deg"] = found["trunk_lean_deg"] - found["ankle_lean_deg"]
    found["shoulder_hunch_t"] = float(np.mean([_hunch_tl(p) for p in posed])) - _hunch_tl(stood)
    found["lumbar_deg"] = run.lumbar_deg(rep, 1.0, calm, 0.0)
    return found


def faults_of(metrics: dict[str, float]) -> tuple[Blemish, ...]:
    """Faults and near misses of a bout."""
    found: list[Blemish] = []
    for name, key, unit, limit, sign, near in LIMITS:
        beyond = sign * (metrics[key] - limit)
        if beyond > -near:
            found.append(Blemish(name, metrics[key], unit, limit, beyond > 0.0, "rep"))
    waist, behind = metrics["waist_lean_deg"], metrics["hips_behind_t"]
    is_back = behind > BEHIND_LIMIT_TL and waist > WAIST_LIMIT_DEG / 2.0
    if behind > BEHIND_LIMIT_TL - 0.06 and waist > WAIST_LIMIT_DEG / 2.0:
        found.append(Blemish("hips-tucked-back", behind, "torso lengths", BEHIND_LIMIT_TL, is_back, "rep"))
    if not is_back and waist > WAIST_LIMIT_DEG - 4.0:
        found.append(Blemish("waist-lean", waist, "deg", WAIST_LIMIT_DEG, waist > WAIST_LIMIT_DEG, "rep"))
    extension = metrics["hip_extension_deg"]
    matters = any(b.over and b.name in ("overstride", "bouncy", "over-arch") for b in found)
    if matters and extension < EXTENSION_LIMIT_DEG + 4.0:
        over = extension < EXTENSION_LIMIT_DEG
        found.append(Blemish("low-hip-extension", extension, "deg", EXTENSION_LIMIT_DEG, over, "rep"))
    return tuple(found)


def _spans(on: Floats) -> list[tuple[int, int]]:
    """Whole contacts: first sample, and first sample after."""
    change = np.flatnonzero(np.diff(on.astype(int)))
    starts = [int(i) + 1 for i in change if on[i + 1]]
    ends = [int(i) + 1 for i in change if not on[i + 1]]
    pairs = [(start, next((end for end in ends if end > start), 0)) for start in starts]
    return [(start, end) for start, end in pairs if end - start > RATE_HZ * 0.08]


def _stance(posed: list[Posed], side: str) -> dict[str, float]:
    """One contact of one foot."""
    mid = posed[len(posed) // 2]
    ankle, hips, shoulders = mid.joint(f"foot.{side}"), middle(mid, "upperleg01"), middle(mid, "upperarm01")
    first = posed[0]
    thighs = [_from_down_deg(p.joint(f"upperleg01.{side}"), p.joint(f"lowerleg01.{side}")) for p in posed]
    names = ("upperleg01", "lowerleg01", "foot")
    knees = [180.0 - angle_deg(*(p.joint(f"{bone}.{side}") for bone in names)) for p in posed]
    return {
        "trunk_lean_deg": float(np.mean([trunk_lean_deg(p) for p in posed])),
        "ankle_lean_deg": lean_deg(ankle, shoulders),
        "hips_behind_t": float(hips[1] - ankle[1]) / torso_m(mid),
        "overstride_deg": _from_down_deg(first.joint(f"lowerleg01.{side}"), first.joint(f"foot.{side}")),
        "stance_knee_deg": max(knees),
        "hip_extension_deg": -min(thighs),
        "contact_s": len(posed) / RATE_HZ,
    }


def _from_down_deg(high: Floats, low: Floats) -> float:
    """A limb's turn ahead from hanging down in the side view, degrees."""
    way = low - high
    return float(np.degrees(np.arctan2(-way[1], -way[2])))


def _hunch_tl(posed: Posed) -> float:
    """Ears ahead of the shoulders across the trunk's line, torso lengths."""
    shoulders, hips = middle(posed, "upperarm01"), middle(posed, "upperleg01")
    ears = (posed.point("ear.L") + posed.point("ear.R")) / 2.0
    ahead = hang(90.0 - lean_deg(hips, shoulders))
    return float((ears - shoulders) @ ahead) / torso_m(posed)


def _steps_a_minute(hips_m: Floats) -> float:
    """Steps a minute from the rising crossings of the hips' mean height."""
    swing = hips_m - hips_m.mean()
    at = np.flatnonzero((swing[:-1] < 0.0) & (swing[1:] >= 0.0))
    exact = at + swing[at] / (swing[at] - swing[at + 1])
    return float(60.0 * RATE_HZ * (len(exact) - 1) / (exact[-1] - exact[0]))
