"""Measures of a body on its back against its own start: do the hips, the legs and the head stay? NaN = unknown."""

from __future__ import annotations

import math

from formcheck.core.body.baseline import Baseline
from formcheck.core.body.measure import Body
from formcheck.core.body.pose import SIDES, Side, other
from formcheck.core.body.quantities import swing, worst

NECK_TL = 0.30
"""Ear to shoulder, torso lengths (anthropometric average)."""


RISE_TL, RISE_SHARE = 0.12, 0.5
"""The hips' height, torso lengths, tells small lifts better than their angle: noise is 0.01, full bridges 0.08 (feet
far) to 0.5 (renders). A rise of a third of it begins an attempt; more than this share of the way is the angle's to
tell."""


def rise_share(body: Body, start: Baseline) -> float:
    """How far the hips have risen, as a share of the way of a bridge; at most `RISE_SHARE`."""
    return min(hips_rise_tl(body, start) / RISE_TL, RISE_SHARE)


def foot_deg(body: Body, side: Side) -> float:
    """How high a foot is, as an angle seen from the hips, degrees: 0 = level with them, 90 = straight above."""
    leg = body.limbs(side)
    return math.degrees(math.atan2(leg.ankle_y_px - body.hip_y_px, abs(leg.ankle_x_px - body.hip_x_px)))


def hips_rise_tl(body: Body, start: Baseline) -> float:
    """How far the hips are above their start, torso lengths."""
    return (body.hip_y_px - start.body.hip_y_px) / start.body.torso_px


def hips_open_deg(body: Body, start: Baseline) -> float:
    """How much wider the hip angle of the side seen best is, degrees."""
    return body.best_leg(lambda x: x.hip_deg) - start.body.best(lambda x: x.hip_deg)


def resting_leg_deg(body: Body, start: Baseline, still: Side) -> float:
    """How far the hip of the leg that should stay has left its start, degrees.

    Against a window the tracker takes one leg for the other, for a second: unknown where that leg has jumped and is
    further out than the one that moves.
    """
    leg = body.limbs(still)
    if still in body.strayed and not leg.hip_deg < body.limbs(other(still)).hip_deg:
        return math.nan
    return swing(leg.hip_deg, start.limbs(still).hip_deg)


def legs_travel_tl(body: Body, start: Baseline) -> float:
    """How far the worst known knee or ankle is from its start, torso lengths."""
    pairs = [(body.limbs(side), start.body.limbs(side)) for side in SIDES if side not in body.strayed]
    knees = (math.hypot(a.knee_x_px - b.knee_x_px, a.knee_y_px - b.knee_y_px) for a, b in pairs)
    return worst(worst(*knees) / start.body.torso_px, feet_travel_tl(body, start))


def feet_travel_tl(body: Body, start: Baseline) -> float:
    """How far the worst known ankle is from its start, torso lengths."""
    pairs = [(body.limbs(side), start.body.limbs(side)) for side in SIDES if side not in body.strayed]
    ankles = (math.hypot(a.ankle_x_px - b.ankle_x_px, a.ankle_y_px - b.ankle_y_px) for a, b in pairs)
    return worst(*ankles) / start.body.torso_px


def ear_rise_tl(body: Body, start: Baseline) -> float:
    """How far the ear is above its start, torso lengths, from the angles of trunk and neck."""
    return _ear_height_tl(body) - _ear_height_tl(start.body)


def _ear_height_tl(body: Body) -> float:
    trunk = math.radians(body.trunk_deg)
    return math.sin(trunk) + NECK_TL * math.sin(trunk + math.radians(body.neck_deg))
