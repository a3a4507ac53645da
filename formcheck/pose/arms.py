"""Which of the back's outline lies beside an arm: there a picture shows the arm, and not the back behind it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.pose import ELBOW, SIDES, WRIST, Floats, Pose, Side

FOREARM_POINTS = 5
"""Places along the near forearm that are looked at: arms alongside were read as the back in bridges (tune)."""
_ALONG_FOREARM = np.linspace(0.0, 1.0, FOREARM_POINTS, dtype=np.float32)[1:-1, None]


def distance_to_arms_tl(pose: Pose, points: Floats, torso_px: float, near: Side) -> NDArray[np.float32]:
    """How far each point of the outline is from an arm, torso lengths; infinite where no arm is known.

    Looked at are both elbows and wrists, and the near forearm between them.

    Args:
        pose: joints in pixels.
        points: (n, 2) pixels.
        torso_px: from hip to shoulder.
        near: the side nearer to the camera.
    """
    arms = {side: (pose.point(ELBOW[side]), pose.point(WRIST[side])) for side in SIDES}
    elbow, wrist = arms[near]
    forearm = elbow + _ALONG_FOREARM * (wrist - elbow)
    places = np.concatenate([*(np.ravel(arm) for arm in arms.values()), forearm.ravel()]).reshape(-1, 2)
    across, down = (points[:, None, i] - places[:, i] for i in (0, 1))
    away = np.fmin.reduce(np.hypot(across, down), axis=1) / torso_px
    return np.where(np.isnan(away), np.inf, away).astype(np.float32)
