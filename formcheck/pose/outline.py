"""Does the body's outline exist in the picture? The tracker invents hidden hips, and a mask for them too.

Where a mask is true, its edge runs along a change of colour: clothing against floor, wall or limb. Where the tracker
imagines a body on a box that hides it, much of the mask's edge runs across the plain surface of the box. So: sample the
picture on both sides of the mask's edge around a joint, and take the share of the edge that has no contrast.

Measured on 14 real clips and about 110 renders: hips, knees and shoulders in view have a median share of 0.00, 99 % of
them less than 0.09 (renders 0.02). With a plain box drawn over hips or knees the median is 0.31 (renders 0.56): the
mask often ends at the box, where there is contrast, and then other evidence must tell. Known limit: so it does
on a box with a strong pattern.
"""

from __future__ import annotations

import cv2
import numpy as np

from formcheck.core.body.pose import HIP, KNEE, SHOULDER, Floats, Joint
from formcheck.pose.evidence import torso_px
from formcheck.pose.tracker import Picture, RawPose

WATCHED: tuple[Joint, ...] = tuple(pair[side] for pair in (SHOULDER, HIP, KNEE) for side in ("left", "right"))
"""Joints amid a broad part of the body; wrists and ankles have too little outline of their own."""
REACH_TL = 0.45
"""Half the side of the window around a joint: reaches both edges of a trunk."""
GRID = 48
"""The window is shrunk to this many pixels: one is about the mask's own 8 mm."""
SIDESTEPS = (2, 4)
"""Samples this far on both sides of the edge; the better contrast counts, since the mask's edge wavers."""
CONTRAST = 5.0
"""Lab distance that is seen as a change of colour. Noise on a plain box is 1-3 in the shrunk window; black trousers on
a dark mat in a dim room differ from it by 6-9. Joints behind a box were found as often as with 10 (0.55 and
0.57 of 7741 looks), joints in view doubted a fifth as often."""
HIDDEN_SHARE = 0.40
"""Share of edge without contrast from which a joint counts as hidden."""
EDGE_MIN = 10
"""Fewer edge pixels say nothing."""
EVERY_S, MEMORY_S = 0.2, 0.5
"""Looked at five times a second, and averaged over this time constant."""


class ContourVisibility:
    """Keeps, for each watched joint, the recent share of its outline that is not in the picture."""

    def __init__(self) -> None:
        self._share = dict.fromkeys(WATCHED, 0.0)
        self._is_first = True
        self._t_s = -np.inf

    def hidden(self, picture: Picture, raw: RawPose, t_s: float) -> tuple[Joint, ...]:
        """The joints whose outline isn't there. The picture is BGR, the pose in its pixels."""
        if raw.mask is not None and t_s - self._t_s >= EVERY_S:
            weight = 1.0 if self._is_first else 1.0 - np.exp(-(t_s - self._t_s) / MEMORY_S)
            self._t_s, self._is_first = t_s, False
            for joint in WATCHED:
                share = plain_share(picture, raw, joint)
                if not np.isnan(share):
                    self._share[joint] += weight * (share - self._share[joint])
        return tuple(joint for joint, share in self._share.items() if share >= HIDDEN_SHARE)


def plain_share(picture: Picture, raw: RawPose, joint: Joint) -> float:
    """Share (0..1) of the mask's edge around a joint along which the picture doesn't change; NaN if it has no edge."""
    window = _window(picture, raw, joint)
    if window is None:
        return float("nan")
    colours, mask = window
    soft = cv2.GaussianBlur(mask, (0, 0), 1.5)
    inside = (mask > 0.5).astype(np.uint8)
    edge = inside - cv2.erode(inside, np.ones((3, 3), np.uint8), borderValue=1)
    y, x = np.nonzero(edge[5:-5, 5:-5])
    if len(x) < EDGE_MIN:
        return float("nan")
    points = np.stack([x, y], axis=1) + 5
    slope = np.stack([cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)], axis=2)[y + 5, x + 5]
    normal = slope / (np.linalg.norm(slope, axis=1, keepdims=True) + 1e-6)
    best = np.zeros(len(x), np.float32)
    for step in SIDESTEPS:
        body = np.rint(points + step * normal).astype(int)
        beyond = np.rint(points - step * normal).astype(int)
        difference = colours[body[:, 1], body[:, 0]] - colours[beyond[:, 1], beyond[:, 0]]
        best = np.maximum(best, np.linalg.norm(difference, axis=1))
    return float((best < CONTRAST).mean())


def _window(picture: Picture, raw: RawPose, joint: Joint) -> tuple[Floats, Floats] | None:
    """Lab colours and mask of the window around a joint, both (GRID, GRID); None outside the picture."""
    assert raw.mask is not None
    reach = REACH_TL * torso_px(raw.xy_px)
    x, y = (float(v) for v in raw.xy_px[joint])
    height, width = picture.shape[:2]
    x0, x1 = max(0, int(x - reach)), min(width, int(x + reach))
    y0, y1 = max(0, int(y - reach)), min(height, int(y + reach))
    if x1 - x0 < GRID // 4 or y1 - y0 < GRID // 4:
        return None
    scale = raw.mask_scale
    rows = slice(int(y0 * scale), max(int(y1 * scale), int(y0 * scale) + 2))
    columns = slice(int(x0 * scale), max(int(x1 * scale), int(x0 * scale) + 2))
    small = cv2.resize(picture[y0:y1, x0:x1], (GRID, GRID), interpolation=cv2.INTER_AREA)
    mask = cv2.resize(np.ascontiguousarray(raw.mask[rows, columns]), (GRID, GRID), interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_BGR2LAB).astype(np.float32), np.asarray(mask)
