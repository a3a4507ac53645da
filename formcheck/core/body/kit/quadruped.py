"""Measures of a body on hands and knees against its own start. NaN = unknown."""

from __future__ import annotations

import math

from formcheck.core.body.baseline import Baseline
from formcheck.core.body.measure import Body
from formcheck.core.body.pose import Side
from formcheck.core.body.quantities import Estimate, share

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


ASIDE_DEG, ASIDE_ERROR_DEG = (15.0, 25.0), 7.0
"""Degrees off side-on between which a lifted leg begins to move the outline as a bend does, and by how many degrees it
then does: the bend of good form was off by 2 degrees (root mean square) up to 17 off side-on, by 7 beyond (21
repetitions of 7 people, renders)."""
REACH_NODS_DEG, HEAD_SD_DEG = 7.0, 8.0
"""Degrees by which the head seems to nod while an arm reaches beside it, and how much that differs from one to the
other: 21 repetitions of 7 people whose head stayed level (renders)."""

CHORD_SHARE = 0.4
"""Where the low back bends, on the way from hip to shoulder (L3). A bend there turns the line from hip to shoulder
against the upper back, and the head with it seems to turn, by this share of the bend (geometry)."""


def beyond(bend: Estimate, limit_deg: float, start: Baseline) -> Estimate:
    """A bend of which what lies beyond its limit is less by what an oblique view may have made of it.

    Args:
        bend: of the low back, degrees, the fault positive.
        limit_deg: from which it is one.
        start: the person's own.
    """
    low, high = ASIDE_DEG
    aside = min(max((abs(start.body.side_on_deg) - low) / (high - low), 0.0), 1.0)
    least = max(limit_deg, bend.value - ASIDE_ERROR_DEG * aside)
    return Estimate(min(bend.value, least), bend.sd) if bend.value > limit_deg else bend


def head_off_deg(body: Body, start: Baseline, bend_deg: float) -> Estimate:
    """Degrees that the head left its line with the upper back, against the start, less what an arm beside it makes.

    Args:
        body: of the picture.
        start: the person's own.
        bend_deg: of the low back.
    """
    nod_deg = body.head_deg - start.body.head_deg + CHORD_SHARE * bend_deg
    return Estimate(abs(nod_deg - min(max(nod_deg, 0.0), REACH_NODS_DEG)), HEAD_SD_DEG)
