"""Measures of an upright body, kneeling or seated: which knee is down, which ankle is crossed. NaN = unknown."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from formcheck.core.body.measure import Body
from formcheck.core.body.pose import SIDES, Side, other

KNEES_APART_TL = 0.3
"""Half-kneeling, one knee is a shank (0.8 torso lengths) lower than the other; seated or standing they are level."""
FAR_FOOT_DEG = 15.0
"""A far foot looks up to 17 degrees higher in views that are turned by 40 (renders)."""
LEANS = np.radians(np.arange(-45.0, 95.0, 0.25))
"""Leans that are tried."""
SINES, COSINES = np.sin(LEANS), np.cos(LEANS)


def kneeling_side(body: Body) -> Side | None:
    """The side whose knee is plainly lower, or None when neither is or it can't be seen."""
    for side in SIDES:
        gap = body.limbs(other(side)).knee_y_px - body.limbs(side).knee_y_px
        if gap > KNEES_APART_TL * body.torso_px:
            return side
    return None


def knees_are_level(body: Body) -> bool:
    """Whether both knees are seen and neither is plainly lower."""
    return abs(body.left.knee_y_px - body.right.knee_y_px) <= KNEES_APART_TL * body.torso_px


def knee_above_foot_deg(body: Body) -> float:
    """How steeply the line from the front foot to the lower knee rises, degrees: 0 = both on the floor."""
    side = kneeling_side(body)
    if side is None:
        return math.nan
    knee, foot = body.limbs(side), body.limbs(other(side))
    return math.degrees(math.atan2(knee.knee_y_px - foot.ankle_y_px, abs(foot.ankle_x_px - knee.knee_x_px)))


def thigh_deg(body: Body) -> float:
    """Thigh of the kneeling side off the vertical, degrees: positive when the hips are ahead of the knee."""
    side = kneeling_side(body)
    if side is None:
        return math.nan
    leg = body.limbs(side)
    return math.degrees(math.atan2(body.hip_x_px - leg.knee_x_px, body.hip_y_px - leg.knee_y_px))


def hips_shift_tl(body: Body, start: Body) -> float:
    """How far the hips have come forward over the knee on the floor, as if seen from the side; torso lengths."""
    return (_hips_ahead_px(body) - _hips_ahead_px(start)) / start.torso_px / _squeezed(start)


def _hips_ahead_px(body: Body) -> float:
    side = kneeling_side(body)
    if side is None:
        return math.nan
    return body.hip_x_px - body.limbs(side).knee_x_px


def hinge_deg(body: Body, start: Body) -> float:
    """How far the trunk leans forward, against the own upright start; degrees.

    Tracked from the side, the shoulders come forward; seen from the front, they sink. The lean that explains both best,
    for a body turned as the start is, is taken.
    """
    length = math.hypot(_forward_px(start) / _squeezed(start), _up_px(start))
    if math.isnan(length + body.trunk_deg):
        return math.nan
    own, now = (_lean(_forward_px(b), _up_px(b), length, _squeezed(start)) for b in (start, body))
    return math.degrees(now - own)


@lru_cache(maxsize=64)
def _lean(forward_px: float, up_px: float, length_px: float, squeezed: float) -> float:
    """The lean of a trunk of that length that explains both best, radians; one picture asks several times."""
    fits = (length_px * squeezed * SINES - forward_px) ** 2 + (length_px * COSINES - up_px) ** 2
    return float(LEANS[np.argmin(fits)])


def _forward_px(body: Body) -> float:
    return math.copysign(body.torso_px * math.cos(math.radians(body.trunk_deg)), body.lean_deg)


def _up_px(body: Body) -> float:
    return body.torso_px * math.sin(math.radians(body.trunk_deg))


def _squeezed(body: Body) -> float:
    return math.cos(math.radians(body.side_on_deg))


def far_leg_is_hidden(body: Body, *, has_begun: bool) -> bool:
    """Whether the near foot is seen, the far leg not. In a movement that has begun the far foot may show."""
    far, near = body.limbs(body.far), body.limbs(body.near)
    is_hidden = math.isnan(far.knee_y_px) and (has_begun or math.isnan(far.ankle_y_px))
    return is_hidden and not math.isnan(near.ankle_y_px)


def thighs_deg(body: Body) -> tuple[float, float]:
    """How steeply the flatter and the steeper thigh that is seen fall from the hips, degrees: 0 = level, 90 = down."""
    places = [(leg.knee_x_px - body.hip_x_px, body.hip_y_px - leg.knee_y_px) for leg in (body.left, body.right)]
    falls = [math.degrees(math.atan2(down, abs(along))) for along, down in places if not math.isnan(down)]
    return (min(falls), max(falls)) if falls else (math.nan, math.nan)


def knees_over_feet_tl(body: Body) -> float:
    """How far the lower knee is above the lower ankle, torso lengths: a shank's length for whoever sits or stands."""
    knees = [leg.knee_y_px for leg in (body.left, body.right) if not math.isnan(leg.knee_y_px)]
    feet = [leg.ankle_y_px for leg in (body.left, body.right) if not math.isnan(leg.ankle_y_px)]
    return (min(knees) - min(feet)) / body.torso_px if knees and feet else math.nan


def standing_leg(body: Body) -> Side:
    """The side of the lower ankle (of the near one while that isn't known)."""
    left, right = body.left.ankle_y_px, body.right.ankle_y_px
    return body.near if math.isnan(left + right) else "left" if left < right else "right"
