"""Measures of a body on hands and knees against its own start. NaN = unknown."""

from __future__ import annotations

import math

from formcheck.core.body.baseline import Baseline
from formcheck.core.body.measure import Body
from formcheck.core.body.pose import Side
from formcheck.core.body.quantities import share

UNDER_DEG = 90.0
"""An arm that starts further ahead (degrees at the shoulder) is taken as straight under it: else it had no way left."""


def arm_reach(body: Body, start: Baseline, side: Side, reach_deg: float, elbow_deg: float) -> float:
    """How far an arm is on its way forward, 0 = under the shoulder, 1 = long.

    Args:
        body: of the picture.
        start: the person's own.
        side: of the arm.
        reach_deg: angle at the shoulder at which it is long.
        elbow_deg: an arm bent more than this is one that the tracker has lost: it neither bears nor reaches.
    """
    arm = body.limbs(side)
    if arm.elbow_deg < elbow_deg:
        return math.nan
    return share(arm.shoulder_deg, min(start.limbs(side).shoulder_deg, UNDER_DEG), reach_deg)
