"""The torso cut out of a picture for the back's model: hip to shoulder level, the back down, a fixed scale.

Whatever way somebody lies, stands or posture, the model sees the same layout. Training and use share this one function.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.pose import ANKLE, ELBOW, HIP, KNEE, SHOULDER, SIDES, WRIST, Floats
from formcheck.pose.tracker import Picture, RawPose
from formcheck.pose.trunk import Frame

Crop = NDArray[np.uint8]

PX_PER_TL = 120
"""Scale of the crop, pixels a torso length: 4 mm a pixel. Edges in it are found to about a fifth of a pixel."""
WIDTH, HEIGHT = 160, 96
"""Pixels: from a sixth of the torso below the hips to a sixth beyond the shoulders, and 0.8 torso lengths deep."""
LEFT_TL, TOP_TL = 1.0 / 6.0, 0.20
"""Of the torso, what the crop shows beyond the hips, and in front of the hip-shoulder line."""
CHANNELS = ("blue", "green", "red", "mask", "arms", "legs")
OVERSAMPLE = 2
"""Samples a crop's pixel in each direction, averaged: a large picture is shrunk without jagged edges."""
LIMB_TL = 0.11
"""Thickness at which limbs are drawn, torso lengths: a forearm."""
ARMS = tuple((a[s], b[s]) for a, b in ((SHOULDER, ELBOW), (ELBOW, WRIST)) for s in SIDES)
LEGS = tuple((a[s], b[s]) for a, b in ((HIP, KNEE), (KNEE, ANKLE)) for s in SIDES)


def to_crop(frame: Frame, points_px: Floats) -> Floats:
    """Points (..., 2) of the picture in pixels of the crop."""
    length = float(frame.axis @ frame.axis)
    offset = points_px - frame.hip
    x = (offset @ frame.axis / length + LEFT_TL) * PX_PER_TL - 0.5
    y = (offset @ frame.dorsal / length + TOP_TL) * PX_PER_TL - 0.5
    return np.asarray(np.stack([x, y], axis=-1), np.float32)


def cut(picture: Picture, raw: RawPose, frame: Frame) -> Crop:
    """(6, 96, 160) the torso of a BGR picture with its mask and its drawn limbs, `CHANNELS`, 0..255."""
    out: Crop = np.zeros((len(CHANNELS), HEIGHT, WIDTH), np.uint8)
    fine = (HEIGHT * OVERSAMPLE, WIDTH * OVERSAMPLE)
    places = _matrix(frame)
    colours = cv2.warpAffine(picture, places, fine[::-1], flags=_FLAGS, borderMode=cv2.BORDER_REPLICATE)
    out[:3] = cv2.resize(colours, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).transpose(2, 0, 1)
    if raw.mask is not None:
        scaled = places * np.float32(raw.mask_scale)
        mask = cv2.warpAffine(raw.mask, scaled, fine[::-1], flags=_FLAGS, borderMode=cv2.BORDER_REPLICATE)
        out[3] = np.clip(cv2.resize(mask, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA) * 255.0, 0, 255)
    joints = to_crop(frame, raw.xy_px)
    for channel, bones in ((4, ARMS), (5, LEGS)):
        sheet = np.zeros((HEIGHT, WIDTH), np.uint8)
        for a, b in bones:
            if not np.isfinite(joints[[a, b]]).all():
                continue
            ends = [tuple(int(np.clip(v, -4096, 4096) * 16) for v in joints[j]) for j in (a, b)]
            cv2.line(sheet, ends[0], ends[1], 255, round(LIMB_TL * PX_PER_TL), cv2.LINE_AA, 4)
        out[channel] = sheet
    return out


_FLAGS = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


def _matrix(frame: Frame) -> Floats:
    """(2, 3) from pixels of the oversampled crop to pixels of the picture."""
    step = 1.0 / (PX_PER_TL * OVERSAMPLE)
    origin = frame.hip + (0.5 * step - LEFT_TL) * frame.axis + (0.5 * step - TOP_TL) * frame.dorsal
    return np.asarray(np.stack([frame.axis * step, frame.dorsal * step, origin], axis=1), np.float32)
