"""The back's contour: sub-pixel, at fixed stations between hip and shoulder, with uncertainty.

Here is decided whether it can be read at all, and which of it is an arm. How it is read is a `Reader`'s business:
`picture_edge` (mask and picture) or `mask_edge` (mask alone).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from formcheck.core.back import STATIONS, Back, Surface, Unknown, unknown_back
from formcheck.core.body import ELBOW, HIP, SHOULDER, WRIST, Body, measure
from formcheck.core.pose import Floats, Pose
from formcheck.pose.mask_edge import mask_edge
from formcheck.pose.picture_edge import picture_edge
from formcheck.pose.tracker import Picture, RawPose
from formcheck.pose.trunk import Reader, trunk_of

TORSO_MIN_PX = 60.0
"""A smaller torso has its whole lumbar hollow within one mask pixel."""
OBLIQUE_MAX_DEG = 40.0
"""Beyond it the hip error doubles (measured) and the outline shows the flank."""
ARM_CLEAR_T = 0.12
"""An elbow or wrist nearer than this to the lumbar outline is what the mask would measure."""
BELLY = [i for i, s in enumerate(STATIONS) if 0.25 <= s <= 0.55]
"""Stations of the belly: above the root of the thigh, below a hand on the chest."""
KNOWN_SHARE_MIN, COVERED_SHARE_MAX = 0.66, 0.25
"""Of the stations: fewer known ones are no outline, more covered ones are the outline of an arm."""


def contour(
    pose: Pose, raw: RawPose, faces: Surface, picture: Picture | None = None, reader: Reader = picture_edge
) -> Back:
    """The back of one picture; unknown with its reason when it can't be read.

    Args:
        pose: the patient's pose.
        raw: what the tracker gave, with its mask.
        faces: where the back faces.
        picture: the BGR picture; without it only the mask's edge is read.
        reader: how the outline is read in the picture.
    """
    body = measure(pose, faces)
    reason = why_unknown(pose, body)
    if reason or raw.mask is None:
        return unknown_back(pose.t_s, reason or "no-torso")
    trunk = trunk_of(pose, faces, body.torso_px)
    offset, sd = reader(picture, raw, trunk) if picture is not None else mask_edge(None, raw, trunk)
    points = trunk.frame.to_picture(np.array(STATIONS, np.float32), offset)
    covered = _covered_by_arm(pose, points, body.torso_px)
    if covered.mean() > COVERED_SHARE_MAX:
        return unknown_back(pose.t_s, "arm-in-front")
    is_known = ~np.isnan(offset) & ~covered
    if is_known.mean() < KNOWN_SHARE_MIN:
        return unknown_back(pose.t_s, "outline-lost")
    offset, sd = (np.where(is_known, values, np.nan).astype(np.float32) for values in (offset, sd))
    belly_t = float(mask_edge(None, raw, trunk.turned())[0][BELLY].mean()) if faces == "floor" else float("nan")
    return Back(pose.t_s, offset, sd, points, belly_t=belly_t)


def why_unknown(pose: Pose, body: Body) -> Unknown:
    """Why the outline can't be read at all, or nothing."""
    if not body.is_present or np.isnan(body.torso_px) or not pose.is_measured(HIP[body.near], SHOULDER[body.near]):
        return "no-torso"
    if body.torso_px < TORSO_MIN_PX:
        return "small"
    return "oblique" if body.oblique_deg > OBLIQUE_MAX_DEG else ""


def _covered_by_arm(pose: Pose, points: Floats, torso_px: float) -> NDArray[np.bool_]:
    """(17,) stations whose outline lies next to an arm."""
    covered = np.zeros(len(points), bool)
    for side in ("left", "right"):
        for joint in (ELBOW[side], WRIST[side]):
            where = pose.point(joint)
            if not np.isnan(where).any():
                covered |= np.hypot(*(points - where).T) < ARM_CLEAR_T * torso_px
    return covered
