"""Single stick figures of a moment, for the record: the body alone, without a picture and without a size. Pure."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import Back
from formcheck.core.body.pose import HIP, SHOULDER, Evidence, Joint, Pose, Side
from formcheck.core.body.tracked import Tracked
from formcheck.session.document import Figure

Scale = tuple[tuple[float, float], float]
"""Where the middle of the hips is, and how long the torso is; pixels."""
DECIMALS = 3
"""Of torso lengths: half a millimetre on a person."""


def figure_of(tracked: Tracked, set_id: str, rep: int | None = None, fault: str = "") -> Figure | None:
    """The stick figure of one picture, in torso lengths about the middle of the hips, as filmed (not mirrored).

    Args:
        tracked: what was seen.
        set_id: of which set.
        rep: index of its repetition; None where it belongs to none.
        fault: the fault that it shows; empty for the furthest reach.

    Returns:
        None where hips or shoulders were not seen: nothing can be measured against them.
    """
    return figure_from(tracked.pose, tracked.back, set_id, rep, fault)


def figure_from(
    pose: Pose, back: Back | None, set_id: str, rep: int | None = None, fault: str = "", scale: Scale | None = None
) -> Figure | None:
    """As `figure_of`, of a pose and its outline; in the `scale` of another moment where one is given, so that a body is
    seen to move."""
    scale = scale or scale_of(pose)
    if scale is None:
        return None
    hips, torso_px = scale
    is_seen = pose.evidence == Evidence.MEASURED
    outline = back.contour_px[::-1] if back is not None and back.is_known else np.empty((0, 2))
    return Figure(
        set_id=set_id,
        rep=rep,
        fault=fault,
        joints=_scaled(np.where(is_seen[:, None], pose.xy_px, np.nan), hips, torso_px),
        back=_scaled(outline, hips, torso_px),
    )


def scale_of(pose: Pose) -> Scale | None:
    """The middle of the hips and the length of the torso, pixels; None where hips or shoulders were not seen."""
    hips, shoulders = _middle(pose, HIP), _middle(pose, SHOULDER)
    if hips is None or shoulders is None:
        return None
    torso_px = math.dist(hips, shoulders)
    return (hips, torso_px) if torso_px > 0 else None


def _middle(pose: Pose, pair: dict[Side, Joint]) -> tuple[float, float] | None:
    """The middle of a pair of joints, or the one that was seen."""
    seen = [pose.point(joint) for joint in pair.values() if pose.is_measured(joint)]
    if not seen:
        return None
    x, y = np.mean(seen, axis=0)
    return float(x), float(y)


def _scaled(
    xy_px: NDArray[np.floating], origin: tuple[float, float], torso_px: float
) -> tuple[tuple[float, float] | None, ...]:
    placed = ((np.asarray(xy_px, np.float64) - origin) / torso_px).round(DECIMALS)
    return tuple((float(x), float(y)) if math.isfinite(x) and math.isfinite(y) else None for x, y in placed)
