"""Poses of the hands-free signs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.core.body.measure import Limbs
from formcheck.core.body.pose import Joint, Pose
from formcheck.core.body.stance import Stance
from formcheck.testing.stances import pose_of


def sitting(shoulder_deg: float, apart_px: float = 20.0) -> Pose:
    """Somebody who sits up, both arms at an angle, the wrists so far from each other."""
    arms = Limbs(hip_deg=90, knee_deg=90, shoulder_deg=shoulder_deg, elbow_deg=180)
    pose = pose_of(Stance("upright", arms, arms, trunk_deg=88), 0.0)
    xy = pose.xy_px.copy()
    xy[Joint.RIGHT_WRIST] = xy[Joint.LEFT_WRIST] + np.array([apart_px, 0.0], np.float32)
    return replace(pose, xy_px=xy)


def waving(pose: Pose, t_s: float) -> Pose:
    """The same person with one hand going to and fro about once a second; everything else stays as it is."""
    xy = pose.xy_px.copy()
    torso = float(np.hypot(*(xy[Joint.LEFT_SHOULDER] - xy[Joint.LEFT_HIP])))
    way = 0.3 * np.sin(2 * np.pi * 1.2 * t_s)
    xy[Joint.LEFT_WRIST] = xy[Joint.LEFT_SHOULDER] + torso * np.array([0.2, way - 0.5])
    return replace(pose, xy_px=xy)


RAISED = sitting(178)
"""Both hands above the head, sitting."""
