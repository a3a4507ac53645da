"""The back's contour: sub-pixel, at fixed stations between hip and shoulder, with uncertainty.

Here is decided whether it can be read at all, and by which `Reader`: mask and picture, or on the floor, where an arm
lies beside the outline, the network that has learned how a back goes on behind it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import STATIONS, Back, Contour, Unknown, sagitta_tl, unknown_back
from formcheck.core.body.light import BLURRED, DARK
from formcheck.core.body.measure import Body
from formcheck.core.body.pose import HIP, SHOULDER, Pose
from formcheck.pose.arms import distance_to_arms_tl
from formcheck.pose.back_model import back_model
from formcheck.pose.light import light_of
from formcheck.pose.mask_edge import mask_edge
from formcheck.pose.picture_edge import picture_edge
from formcheck.pose.tracker import Picture, RawPose
from formcheck.pose.trunk import Reader, Reading, Trunk, trunk_of

TORSO_MIN_PX = 60.0
"""A smaller torso has its whole lumbar hollow within one mask pixel."""
OBLIQUE_MAX_DEG = 50.7
"""Degrees off side-on beyond which the hip error doubles (measured) and the outline shows the flank. It was 40 in the
scale of the true widths: atan(tan 40 * 0.70 / 0.48)."""
ARM_CLEAR_TL = 0.12
"""An elbow, wrist or near forearm nearer than this is what mask and picture would measure."""
ARM_NEAR_TL, ARM_FAR_TL = 0.25, 0.35
"""On the floor an elbow throws its shadow on the gap: nearer than the first, the network reads; further than the
second, mask and picture do; between, both, little by little, so that an arm that stirs makes no step. Elbows beside the
ribs are at 0.05-0.24, arms straight up or overhead beyond 0.5 (tune)."""
DOUBT_MAX_TL = 0.012
"""Doubt of a station that is still read: in view it is 0.003-0.010, behind an arm alongside 0.013-0.027, in the dark,
where the mask spreads, 0.010-0.013 (tune)."""
SHARED_ERROR = 2.0
"""Two readers of one picture err together: their variance is not halved."""
BELLY = [i for i, s in enumerate(STATIONS) if 0.25 <= s <= 0.55]
"""Stations of the belly: above the root of the thigh, below a hand on the chest."""
KNOWN_SHARE_MIN = 0.66
"""Of the stations: fewer known ones are no outline."""


def contour(
    pose: Pose,
    raw: RawPose,
    body: Body,
    picture: Picture | None = None,
    reader: Reader = picture_edge,
    beside_arm: Reader | None = back_model,
) -> Back:
    """The back of one picture; unknown with its reason when it can't be read.

    Args:
        pose: the patient's pose.
        raw: what the tracker gave, with its mask.
        body: the measures of the pose, made once a picture; nothing is known of its back yet.
        picture: the BGR picture; without it only the mask's edge is read.
        reader: how the outline is read in the picture.
        beside_arm: how it is read on the floor where an arm lies beside it; None: not at all.
    """
    reason, geometry = why_unknown(pose, body), body.geometry
    if reason or raw.mask is None or geometry is None:
        return unknown_back(pose.t_s, reason or "no-torso")
    trunk, posture = trunk_of(geometry), geometry.posture
    offset, sd = reader(picture, raw, trunk) if picture is not None else mask_edge(None, raw, trunk)
    learned = beside_arm(picture, raw, trunk) if picture is not None and beside_arm is not None else None
    arms_tl = distance_to_arms_tl(pose, _points(trunk, offset), body.torso_px, body.near)
    consensus = agree((offset, sd), learned, arms_tl) if learned is not None else None
    is_known = ~(arms_tl < ARM_CLEAR_TL)
    nearest_tl = float(np.nanmin(arms_tl, initial=np.inf))
    if learned is not None and posture == "supine" and nearest_tl < ARM_FAR_TL:
        share = float(np.clip((ARM_FAR_TL - nearest_tl) / (ARM_FAR_TL - ARM_NEAR_TL), 0.0, 1.0))
        offset, sd = _blend((offset, sd), learned, share)
        is_known = np.ones(len(STATIONS), bool)
    is_known &= ~np.isnan(offset) & (sd <= DOUBT_MAX_TL)
    offset, sd = (np.where(is_known, values, np.nan).astype(np.float32) for values in (offset, sd))
    if is_known.mean() < KNOWN_SHARE_MIN or np.isnan(sagitta_tl(offset)):
        why = "arm-in-front" if nearest_tl < ARM_CLEAR_TL else _why_lost(picture, pose)
        return unknown_back(pose.t_s, why, consensus)
    belly_tl = float(mask_edge(None, raw, trunk.turned())[0][BELLY].mean()) if posture == "supine" else float("nan")
    return Back(pose.t_s, offset, sd, _points(trunk, offset), belly_tl=belly_tl, consensus=consensus)


def agree(one: Reading, other: Reading, arms_tl: NDArray[np.float32]) -> Contour:
    """What two readers of one outline say together: the surer one counts for more, and where they differ, as at a
    shadow's rim beside a shirt's, the doubt grows by half of the difference.

    Args:
        one: mask and picture, which take an arm for the back.
        other: the network, which has learned how a back goes on behind an arm.
        arms_tl: (17,) how far the nearest part of an arm is from each station; NaN where none is seen.
    """
    (a, sd_a), (b, sd_b) = (tuple(np.asarray(v, np.float64) for v in reading) for reading in (one, other))
    is_read = ~np.isnan(a) & ~np.isnan(sd_a) & ~(arms_tl < ARM_FAR_TL)
    weight_a, weight_b = np.where(is_read, 1 / np.where(is_read, sd_a, 1.0) ** 2, 0.0), 1 / sd_b**2
    offset = (weight_a * np.where(is_read, a, 0.0) + weight_b * b) / (weight_a + weight_b)
    apart = np.where(is_read, a - b, 0.0)
    variance = SHARED_ERROR / (weight_a + weight_b) + (apart / 2) ** 2
    return Contour(offset.astype(np.float32), np.sqrt(variance).astype(np.float32))


def why_unknown(pose: Pose, body: Body) -> Unknown:
    """Why the outline can't be read at all, or nothing."""
    if not body.is_present or np.isnan(body.torso_px) or not pose.is_measured(HIP[body.near], SHOULDER[body.near]):
        return "no-torso"
    if body.torso_px < TORSO_MIN_PX:
        return "small"
    return "oblique" if abs(body.side_on_deg) > OBLIQUE_MAX_DEG else ""


def _why_lost(picture: Picture | None, pose: Pose) -> Unknown:
    """What hides an outline that no arm hides."""
    if picture is None:
        return "outline-lost"
    light = light_of(picture, pose)
    if light.brightness < DARK[0]:
        return "dark"
    return "blurred" if light.edge_px > BLURRED[0] else "outline-lost"


def _points(trunk: Trunk, offset: NDArray[np.float32]) -> NDArray[np.float32]:
    return trunk.frame.to_picture(np.array(STATIONS, np.float32), offset)


def _blend(one: Reading, other: Reading, share: float) -> Reading:
    """Two readings in one, the other's share from 0 to 1; where the one has nothing, the other."""
    parts = [np.where(np.isnan(a), b, (1 - share) * a + share * b) for a, b in zip(one, other, strict=True)]
    return np.asarray(parts[0], np.float32), np.asarray(parts[1], np.float32)
