"""Poses of the hands-free signs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.core.body.measure import Limbs
from formcheck.core.body.pose import Joint, Pose
from formcheck.testing.stances import Stance, pose_of


def sitting(shoulder_deg: float, apart_px: float = 20.0) -> Pose:
    """Somebody who sits up, both arms at an angle, the wrists so far from each other."""
    arms = Limbs(hip_deg=90, knee_deg=90, shoulder_deg=shoulder_deg, elbow_deg=180)
    pose = pose_of(Stance("upright", arms, arms, trunk_deg=88), 0.0)
    xy = pose.xy_px.copy()
    xy[Joint.RIGHT_WRIST] = xy[Joint.LEFT_WRIST] + np.array([apart_px, 0.0], np.float32)
    return replace(pose, xy_px=xy)


def hands_on_head(pose: Pose) -> Pose:
    """The same person with both hands on the head; the elbows point away from the chest."""
    xy = pose.xy_px.copy()
    ears = (xy[Joint.LEFT_EAR] + xy[Joint.RIGHT_EAR]) / 2
    trunk = (xy[Joint.LEFT_SHOULDER] + xy[Joint.RIGHT_SHOULDER] - xy[Joint.LEFT_HIP] - xy[Joint.RIGHT_HIP]) / 2
    out = 0.5 * np.array([trunk[1], -trunk[0]], np.float32)
    for wrist, elbow in ((Joint.LEFT_WRIST, Joint.LEFT_ELBOW), (Joint.RIGHT_WRIST, Joint.RIGHT_ELBOW)):
        xy[wrist] = ears + 0.15 * out
        xy[elbow] = ears + out
    return replace(pose, xy_px=xy)


RAISED = sitting(178)
"""Both hands above the head, sitting."""
