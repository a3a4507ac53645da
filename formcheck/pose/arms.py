"""Which of the back's outline lies beside an arm: there a picture shows the arm, and not the back behind it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.pose import ELBOW, SIDES, WRIST, Floats, Pose, Side

FOREARM_POINTS = 5
"""Places along the near forearm that are looked at: arms alongside were read as the back in bridges (tune)."""


def distance_to_arms_tl(pose: Pose, points: Floats, torso_px: float, near: Side) -> NDArray[np.float32]:
    """How far each point of the outline is from an arm, torso lengths; infinite where no arm is known.

    Looked at are both elbows and wrists, and the near forearm between them.

    Args:
        pose: joints in pixels.
        points: (n, 2) pixels.
        torso_px: from hip to shoulder.
        near: the side nearer to the camera.
    """
    places: list[Floats] = []
    for side in SIDES:
        elbow, wrist = pose.point(ELBOW[side]), pose.point(WRIST[side])
        count = FOREARM_POINTS if side == near and not np.isnan([elbow, wrist]).any() else 2
        share = np.linspace(0.0, 1.0, count, dtype=np.float32)[:, None]
        between = elbow * (1 - share) + wrist * share if count > 2 else np.stack([elbow, wrist])
        places += [place for place in between if not np.isnan(place).any()]
    if not places:
        return np.full(len(points), np.inf, np.float32)
    away = np.hypot(*np.moveaxis(points[:, None] - np.array(places), 2, 0)) / torso_px
    return np.asarray(np.fmin.reduce(away, axis=1), np.float32)
