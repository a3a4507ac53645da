"""The noise of an invisible change, put on pose streams: so rules are tried on many repetitions without a tracker.

Its size was measured: the same clips after another encoding, against themselves (`docs/repeatability.md`). Two
encodings differ by 1.4 times as much as each of them is off. It comes and goes within 0.15 s, and so does not average
out over the 0.4 s for which a fault must last.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import Back, Contour
from formcheck.core.body.pose import JOINT_COUNT, Joint, Pose
from formcheck.pose.evidence import torso_px

LANDMARK_TL = 0.004
"""Standard deviation of a landmark, torso lengths: hips 0.002-0.006, shoulders 0.003-0.007, ankles 0.003-0.007."""
LIMB_TL = 0.007
"""The same of elbows, wrists and knees: 0.003-0.010, the far ones more."""
LIMBS = (Joint.LEFT_ELBOW, Joint.RIGHT_ELBOW, Joint.LEFT_WRIST, Joint.RIGHT_WRIST, Joint.LEFT_KNEE, Joint.RIGHT_KNEE)
OUTLINE_TL = 0.0035
"""The same of a station of the back's outline: 0.002-0.005; neighbours go together over 0.15 of the torso."""
STATIONS_TOGETHER = 2.4
"""The same in stations, of which 17 cover 0.8 of the torso, 0.05 apart; a blur of so many makes it."""
LASTS_S = 0.15
"""After this time a third of a deviation is left."""

Step = tuple[Pose, Back]


def wobbled(stream: Sequence[Step], seed: int) -> list[Step]:
    """The stream as another encoding of the same recording would give it."""
    rng = np.random.default_rng(seed)
    size_tl = np.full((JOINT_COUNT, 1), LANDMARK_TL)
    size_tl[[int(j) for j in LIMBS]] = LIMB_TL
    joints, outline = np.zeros((JOINT_COUNT, 2)), np.zeros(len(stream[0][1].offset_tl))
    out, before_s = [], -math.inf
    for pose, back in stream:
        kept = math.exp(-(pose.t_s - before_s) / LASTS_S)
        fresh = math.sqrt(1.0 - kept**2)
        joints = kept * joints + fresh * rng.standard_normal(joints.shape)
        outline = kept * outline + fresh * _smooth(rng, len(outline))
        before_s = pose.t_s
        moved = pose.xy_px + joints * size_tl * torso_px(pose.xy_px) if pose.is_present else pose.xy_px
        out.append((replace(pose, xy_px=moved.astype(np.float32)), _moved(back, OUTLINE_TL * outline)))
    return out


def _smooth(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Noise of unit size whose neighbours go together."""
    kernel = np.exp(-0.5 * (np.arange(-6, 7) / STATIONS_TOGETHER) ** 2)
    return np.asarray(np.convolve(rng.standard_normal(count + 12), kernel / np.linalg.norm(kernel), "valid"))


def _moved(back: Back, by_tl: NDArray[np.float64]) -> Back:
    consensus = back.consensus
    if consensus is not None:
        consensus = Contour((consensus.offset_tl + by_tl).astype(np.float32), consensus.sd_tl)
    return replace(back, offset_tl=(back.offset_tl + by_tl).astype(np.float32), consensus=consensus)
