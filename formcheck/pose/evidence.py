"""Which joints were really seen. MediaPipe's visibility is near 0.99 for plainly hidden joints, so it is one vote."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.pose import JOINT_COUNT, Evidence, Floats, Joint
from formcheck.pose.tracker import RawPose

VISIBLE, STILL_VISIBLE = 0.5, 0.35
"""Visibility from which a joint counts as seen, and down to which it goes on to (so that it doesn't flicker)."""
MASK_SUPPORT = 0.3
"""Least share of body in the mask around a joint. A joint on a box that hides the person has none."""
MASK_REACH_PX = 4
"""The mask is looked at this far around the joint: its own pixel is about 8 mm, and wrists lie on its edge."""
BONES = {
    (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW): 0.65,
    (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW): 0.65,
    (Joint.LEFT_ELBOW, Joint.LEFT_WRIST): 0.51,
    (Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST): 0.51,
    (Joint.LEFT_HIP, Joint.LEFT_KNEE): 0.85,
    (Joint.RIGHT_HIP, Joint.RIGHT_KNEE): 0.85,
    (Joint.LEFT_KNEE, Joint.LEFT_ANKLE): 0.85,
    (Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE): 0.85,
}
"""Bones by their upper and lower end; a bone that is too long discredits its lower end. With each its usual length,
torso lengths (Drillis and Contini: 0.186, 0.146, 0.245, 0.246 of the stature over 0.288)."""
ORDINARY = 1.3
"""Up to so many times its usual length no bone is too long, whatever was seen of it before: people differ by 8 %, and a
landmark errs by 0.09 torso lengths at each end. Who has sat with the hands in the lap has shown forearms that point at
the camera, and then raises an arm."""
BONE_STRETCH = 1.45
"""A bone can look shorter than it is, never longer; landmark error is 5-9 % of the torso (measured), about a
quarter of a forearm."""
BONE_SAMPLES_MIN = 15
"""Pictures before a person's own bone lengths are trusted."""
JUMP_T_PER_S = 12.0
"""No joint of a floor exercise travels faster, torso lengths a second (6 m/s); a jump of the tracker does."""


class JointVisibility:
    """Judges the joints of one person from picture to picture."""

    def __init__(self) -> None:
        self._bones: dict[tuple[Joint, Joint], list[float]] = {b: [] for b in BONES}
        self._was = np.zeros(JOINT_COUNT, bool)
        self._xy: Floats | None = None
        self._t_s = -np.inf

    def judge(
        self, raw: RawPose, t_s: float, width: int, height: int, hidden: tuple[Joint, ...] = ()
    ) -> NDArray[np.uint8]:
        """(33,) `Evidence` of each joint of a raw pose in a picture of the given size.

        Args:
            raw: the tracker's pose.
            t_s: time of the picture.
            width: of the picture, pixels.
            height: likewise.
            hidden: joints that are known to be covered.
        """
        xy = raw.xy_px
        inside = (xy[:, 0] >= 0) & (xy[:, 1] >= 0) & (xy[:, 0] < width) & (xy[:, 1] < height)
        visible = raw.visibility >= np.where(self._was, STILL_VISIBLE, VISIBLE)
        seen = inside & visible & (mask_support(raw) >= MASK_SUPPORT)
        seen[list(hidden)] = False
        torso = torso_px(xy)
        seen &= self._is_continuous(xy, t_s, torso)
        self._check_bones(xy, seen, torso)
        self._was, self._xy, self._t_s = seen, xy, t_s
        known = np.where(seen, Evidence.MEASURED, Evidence.PREDICTED)
        return np.where(inside, known, Evidence.ABSENT).astype(np.uint8)

    def _is_continuous(self, xy: Floats, t_s: float, torso: float) -> NDArray[np.bool_]:
        dt = t_s - self._t_s
        if self._xy is None or not 0 < dt < 0.5:
            return np.ones(JOINT_COUNT, bool)
        travel = np.hypot(*(xy - self._xy).T)
        return np.asarray(travel <= max(JUMP_T_PER_S * dt, 0.25) * torso)

    def _check_bones(self, xy: Floats, seen: NDArray[np.bool_], torso: float) -> None:
        """Discredit lower ends of impossible bones; learn the lengths of the good ones."""
        for bone, lengths in self._bones.items():
            upper, lower = bone
            if not (seen[upper] and seen[lower]):
                continue
            length = float(np.hypot(*(xy[upper] - xy[lower]))) / torso
            is_known = len(lengths) >= BONE_SAMPLES_MIN and length > ORDINARY * BONES[bone]
            if is_known and length > BONE_STRETCH * sorted(lengths)[len(lengths) * 9 // 10]:
                seen[lower] = False
                continue
            lengths.append(length)
            if len(lengths) > 120:
                del lengths[0]


def torso_px(xy: Floats) -> float:
    """Middle of the hips to middle of the shoulders, pixels, at least 1."""
    shoulders = (xy[Joint.LEFT_SHOULDER] + xy[Joint.RIGHT_SHOULDER]) / 2
    hips = (xy[Joint.LEFT_HIP] + xy[Joint.RIGHT_HIP]) / 2
    return max(float(np.hypot(*(shoulders - hips))), 1.0)


def mask_support(raw: RawPose) -> Floats:
    """(33,) largest share of body in the mask around each joint; 1 where there is no mask, 0 outside of it."""
    if raw.mask is None:
        return np.ones(JOINT_COUNT, np.float32)
    height, width = raw.mask.shape
    x, y = np.rint(raw.xy_px * raw.mask_scale).astype(int).T
    reach = np.arange(-MASK_REACH_PX, MASK_REACH_PX + 1)
    columns, rows = np.clip(np.add.outer(x, reach), 0, width - 1), np.clip(np.add.outer(y, reach), 0, height - 1)
    far = -MASK_REACH_PX
    is_near = (x >= far) & (y >= far) & (x < width - far) & (y < height - far)
    support = raw.mask[rows[:, :, None], columns[:, None, :]].max(axis=(1, 2))
    return np.where(is_near, support, 0.0).astype(np.float32)
