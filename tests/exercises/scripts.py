"""Movements of the exercises, right and wrong, as key poses for `formcheck.testing.film`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from formcheck.core.body.measure import Limbs
from formcheck.core.body.pose import SIDES, Joint, Side, other
from formcheck.testing import Stance
from formcheck.testing.stances import Lens, pose_of

Keys = list[tuple[float, Stance]]

TABLETOP = Limbs(hip_deg=90, knee_deg=90, shoulder_deg=90, elbow_deg=175)
DEAD_BUG = Stance(posture="supine", left=TABLETOP, right=TABLETOP)
FOURS = Limbs(hip_deg=90, knee_deg=90, shoulder_deg=88, elbow_deg=175)
BIRD_DOG = Stance(posture="quadruped", left=FOURS, right=FOURS)
HOOK = Limbs(hip_deg=128, knee_deg=75, shoulder_deg=15, elbow_deg=170)
BRIDGE = Stance(posture="supine", left=HOOK, right=HOOK, lumbar_model="bridge")
TILT = Stance(posture="supine", left=replace(HOOK, shoulder_deg=160), right=HOOK, sagitta_tl=0.05)
"""Relaxed, the near arm overhead: a small hollow under the low back."""
KNEELING = Limbs(hip_deg=172, knee_deg=85, shoulder_deg=20, elbow_deg=160)
IN_FRONT = Limbs(hip_deg=95, knee_deg=95, shoulder_deg=20, elbow_deg=160)
HALF_KNEELING = Stance(posture="upright", left=KNEELING, right=IN_FRONT, trunk_deg=88)
"""The left knee on the floor."""
SITTING = Limbs(hip_deg=92, knee_deg=92, shoulder_deg=20, elbow_deg=160)
CROSSED = Limbs(hip_deg=55, knee_deg=58, shoulder_deg=20, elbow_deg=160)
SEATED = Stance(posture="upright", left=SITTING, right=SITTING, trunk_deg=88)
"""Both feet on the floor."""
SIT_UP_DEG = 80.0


def limbs(stance: Stance, side: Side, **changes: Any) -> Stance:
    """A stance with one side's angles changed."""
    return replace(stance, **{side: replace(getattr(stance, side), **changes)})


def excursion(rest: Stance, far: Stance, at_s: float, *, out_s: float, hold_s: float, back_s: float) -> Keys:
    """There, stay, and back again."""
    top_s = at_s + out_s
    return [(at_s, rest), (top_s, far), (top_s + hold_s, far), (top_s + hold_s + back_s, rest)]


def dead_bug(
    sides: str = "LRLR",
    *,
    out_s: float = 2.5,
    hold_s: float = 0.5,
    back_s: float = 1.5,
    rest_s: float = 1.0,
    hip_deg: float = 165,
    knee_deg: float = 168,
    lumbar_deg: float = 0.0,
    drift_deg: float = 0.0,
    arm_deg: float = 90,
    overhead: bool = False,
) -> Keys:
    """Dead bugs of the given sides (L, R)."""
    keys: Keys = [(0.0, DEAD_BUG)]
    t = rest_s
    for letter in sides:
        side: Side = "left" if letter == "L" else "right"
        far = limbs(DEAD_BUG, side, hip_deg=hip_deg, knee_deg=knee_deg, shoulder_deg=arm_deg)
        far = limbs(far, other(side), hip_deg=90 + drift_deg, shoulder_deg=165 if overhead else arm_deg)
        keys += excursion(DEAD_BUG, replace(far, lumbar_deg=lumbar_deg), t, out_s=out_s, hold_s=hold_s, back_s=back_s)
        t = keys[-1][0] + rest_s
    return [*keys, (t, DEAD_BUG)]


def bird_dog(
    sides: str = "LRLR",
    *,
    out_s: float = 1.2,
    hold_s: float = 2.0,
    back_s: float = 1.2,
    rest_s: float = 1.0,
    hip_deg: float = 178,
    knee_deg: float = 170,
    arm_deg: float = 172,
    lumbar_deg: float = 0.0,
    is_same_side: bool = False,
    shift_tl: float = 0.0,
    neck_deg: float = 0.0,
) -> Keys:
    """Bird dogs; the letter is the leg's side."""
    keys: Keys = [(0.0, BIRD_DOG)]
    t = rest_s
    for letter in sides:
        side: Side = "left" if letter == "L" else "right"
        far = limbs(BIRD_DOG, side, hip_deg=hip_deg, knee_deg=knee_deg)
        far = limbs(far, side if is_same_side else other(side), shoulder_deg=arm_deg)
        far = replace(far, lumbar_deg=lumbar_deg, hip_x_tl=shift_tl, neck_deg=neck_deg)
        keys += excursion(BIRD_DOG, far, t, out_s=out_s, hold_s=hold_s, back_s=back_s)
        t = keys[-1][0] + rest_s
    return [*keys, (t, BIRD_DOG)]


def glute_bridge(
    reps: int = 3,
    *,
    out_s: float = 1.5,
    hold_s: float = 5.2,
    back_s: float = 1.8,
    rest_s: float = 1.5,
    hip_deg: float = 176,
    knee_deg: float = 75,
    sag_deg: float = 0.0,
    lumbar_deg: float = 0.0,
) -> Keys:
    """Bridges; with `sag_deg` the hips sink half way through the hold and stay there."""
    legs = {"knee_deg": knee_deg, "hip_deg": 128 + 0.49 * (knee_deg - 75)}  # the feet are on the floor
    rest = limbs(limbs(BRIDGE, "left", **legs), "right", **legs)
    keys: Keys = [(0.0, rest)]
    t = rest_s
    for _ in range(reps):
        top = replace(_lifted(rest, hip_deg), lumbar_deg=lumbar_deg)
        keys += [(t, rest), (t + out_s, top)]
        t += out_s
        if sag_deg:
            sunk = _lifted(rest, hip_deg - sag_deg)
            keys += [(t + hold_s * 0.4, top), (t + hold_s * 0.6, sunk), (t + hold_s, sunk)]
        else:
            keys.append((t + hold_s, top))
        t += hold_s + back_s
        keys.append((t, rest))
        t += rest_s
    return [*keys, (t, rest)]


def _lifted(rest: Stance, hip_deg: float) -> Stance:
    up = limbs(limbs(rest, "left", hip_deg=hip_deg), "right", hip_deg=hip_deg)
    up = replace(up, trunk_deg=-(hip_deg - 128) * 0.5)
    slip = (pose_of(rest, 0.0).xy_px - pose_of(up, 0.0).xy_px)[Joint.LEFT_ANKLE] / Lens().torso_px
    return replace(up, hip_x_tl=up.hip_x_tl + float(slip[0]), hip_y_tl=up.hip_y_tl - float(slip[1]))  # the feet stay


def pelvic_tilt(
    reps: int = 3,
    *,
    out_s: float = 1.2,
    hold_s: float = 5.5,
    back_s: float = 1.2,
    rest_s: float = 3.0,
    flat_tl: float = 0.020,
    rise_deg: float = 0.0,
    neck_deg: float = 0.0,
    regained: float = 0.0,
) -> Keys:
    """Pelvic tilts that close the gap by `flat_tl`; with `regained`, that share of it opens again in the hold."""
    keys: Keys = [(0.0, TILT)]
    t = rest_s
    flat = replace(TILT, sagitta_tl=TILT.sagitta_tl - flat_tl, neck_deg=neck_deg)
    for _ in range(reps):
        if regained:
            lost = replace(flat, sagitta_tl=flat.sagitta_tl + regained * flat_tl)
            top, at = t + out_s, t + out_s + hold_s * 0.4
            keys += [(t, TILT), (top, flat), (at, flat), (at + 0.4, lost), (top + hold_s, lost)]
            keys.append((top + hold_s + back_s, TILT))
        else:
            far = replace(_lifted(flat, 128 + rise_deg), trunk_deg=-rise_deg * 0.5) if rise_deg else flat
            keys += excursion(TILT, far, t, out_s=out_s, hold_s=hold_s, back_s=back_s)
        t = keys[-1][0] + rest_s
    return [*keys, (t, TILT)]


def hip_flexor_stretch(
    sides: str = "LL",
    *,
    out_s: float = 2.0,
    hold_s: float = 21.0,
    back_s: float = 1.5,
    rest_s: float = 1.5,
    shift_deg: float = 18.0,
    front_deg: float = 80.0,
    trunk_deg: float = 88.0,
    lumbar_deg: float = 0.0,
    bounce_tl: float = 0.0,
    bounce_hz: float = 1.0,
) -> Keys:
    """Hip flexor stretches; the letter is the kneeling side. The thigh tilts by `shift_deg`."""
    keys: Keys = []
    t = 0.0
    for letter in sides:
        rest = HALF_KNEELING if letter == "L" else replace(HALF_KNEELING, left=IN_FRONT, right=KNEELING)
        side: Side = "left" if letter == "L" else "right"
        far = limbs(rest, side, hip_deg=172 + shift_deg + trunk_deg - 88, knee_deg=85 + shift_deg)
        far = limbs(far, other(side), hip_deg=95 + trunk_deg - 88, knee_deg=front_deg)
        far = replace(far, trunk_deg=trunk_deg, lumbar_deg=lumbar_deg)
        keys += [(t, rest), (t + rest_s, rest), (t + rest_s + out_s, far)]
        t += rest_s + out_s
        if bounce_tl:
            half = 0.5 / bounce_hz
            ends = (far, replace(far, hip_x_tl=bounce_tl))
            keys += [(t + (i + 1) * half, ends[(i + 1) % 2]) for i in range(int(hold_s / half) - 1)]
        t += hold_s
        keys += [(t, far), (t + back_s, rest), (t + back_s + rest_s, rest)]
        t += back_s + rest_s + 2.0
    return keys


def figure_four(side: Side, *, lean_deg: float = 0.0, lumbar_deg: float = 0.0) -> Stance:
    """Seated with one ankle on the other knee, leaning forward."""
    legs = {side: CROSSED, other(side): SITTING}
    left, right = (replace(legs[s], hip_deg=legs[s].hip_deg - lean_deg) for s in SIDES)
    return replace(SEATED, left=left, right=right, trunk_deg=88 - lean_deg, lumbar_deg=lumbar_deg)


def piriformis_stretch(
    sides: str = "LL",
    *,
    out_s: float = 2.0,
    hold_s: float = 21.0,
    back_s: float = 1.5,
    rest_s: float = 1.5,
    lean_deg: float = 30.0,
    lumbar_deg: float = 0.0,
    uncrosses: bool = False,
) -> Keys:
    """Piriformis stretches; the letter is the crossed side. With `uncrosses` both feet are down before and after."""
    keys: Keys = []
    t = 0.0
    for letter in sides:
        side: Side = "left" if letter == "L" else "right"
        rest, far = figure_four(side), figure_four(side, lean_deg=lean_deg, lumbar_deg=lumbar_deg)
        if uncrosses:
            keys += [(t, SEATED), (t + rest_s, SEATED)]
            t += rest_s + 1.5
        keys += [(t, rest)]
        keys += excursion(rest, far, t + rest_s, out_s=out_s, hold_s=hold_s, back_s=back_s)
        t = keys[-1][0] + rest_s
        keys += [(t, rest)]
        if uncrosses:
            t += 1.5
            keys += [(t, SEATED)]
        t += 1.0
    return keys
