"""A gap in the pictures: is the body, when it is seen again, where it was before?"""

from __future__ import annotations

import math
from typing import Literal

from formcheck.core.body.measure import Body
from formcheck.core.body.pose import SIDES

GAP_S = 1.0
"""Seconds between two pictures from which it is asked: in less nobody gets up and lies down again."""
GAP_MAX_S = 10.0
"""Seconds beyond which it is not asked any more [P]: whoever was not seen for longer begins anew. A pause that was
asked for may last as long as it likes."""
SAME_TRUNK_DEG, SAME_LEG_DEG = 15.0, 20.0
"""Degrees by which trunk, hips and knees may differ: four times the landmarks' noise (3-5, measured)."""
SAME_PLACE_TL = 0.25
"""Torso lengths by which the hips may have moved: what is measured from the start pose's place would be wrong then.
Landmark noise is 0.04-0.06 (measured)."""
COMPARE_S = 1.5
"""Seconds in which the body must be seen again after the gap: the tracker finds it within one."""

Finding = Literal["same", "other", "waiting"]


class Gap:
    """One gap; it is over when the body is seen again, or when it is clear that it won't be."""

    def __init__(self, before: Body | None, began_s: float, length_s: float, *, is_asked_for: bool) -> None:
        """Begin to compare.

        Args:
            before: the body in the last picture before the gap.
            began_s: time of the first picture after it.
            length_s: seconds between the two.
            is_asked_for: whether the person had paused.
        """
        self._before = before if is_asked_for or length_s <= GAP_MAX_S else None
        self._began_s = began_s

    def compare(self, body: Body) -> Finding:
        """One picture after the gap."""
        is_same = None if self._before is None else is_same_position(self._before, body)
        if is_same is None and self._before is not None and body.t_s - self._began_s <= COMPARE_S:
            return "waiting"
        return "same" if is_same else "other"


def is_same_position(before: Body, now: Body) -> bool | None:
    """Whether a body is in the position in which it was before; None where too little of it is seen to tell."""
    trunk_deg = abs(before.trunk_deg - now.trunk_deg)
    legs_deg = [
        abs(a - b)
        for side in SIDES
        for a, b in (
            (before.limbs(side).hip_deg, now.limbs(side).hip_deg),
            (before.limbs(side).knee_deg, now.limbs(side).knee_deg),
        )
        if not math.isnan(a - b)
    ]
    if math.isnan(trunk_deg) or not legs_deg:
        return None
    travel_px = math.hypot(before.hip_x_px - now.hip_x_px, before.hip_y_px - now.hip_y_px)
    is_there = travel_px <= SAME_PLACE_TL * before.torso_px
    return is_there and trunk_deg <= SAME_TRUNK_DEG and max(legs_deg) <= SAME_LEG_DEG
