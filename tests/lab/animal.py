"""Animal: a furry dog of ellipses that walks on the spot, to be pasted into pictures of people."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

ANIMAL = "dog"
"""Stands for a clip's path."""
SIZE_PX = (360, 250)
FUR = (60, 95, 150)
"""BGR: fox-red, near to skin, which is the hard case."""
STEPS_HZ = 1.2
BONES = {
    "trunk": ((95, 105), (235, 105), 74),
    "neck": ((235, 95), (290, 60), 46),
    "head": ((288, 58), (306, 62), 54),
    "snout": ((306, 68), (338, 76), 24),
    "ear": ((282, 40), (270, 78), 18),
    "tail": ((92, 85), (40, 45), 16),
}
LEGS = (((232, 120), 0.0, 1), ((220, 120), 0.5, 0), ((100, 118), 0.5, 1), ((112, 118), 0.0, 0))
"""Hip or shoulder, phase of the step, and whether it is on the near side."""
LEG_PX, PAW_PX = 55.0, 52.0
SWING_DEG = 18.0
JOINTS = (0, *range(1, 11))
"""Nose, eyes, ears and mouth; all are the head."""


def walk(pictures: int, rate: float) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """So many pictures, `rate` a second: BGR, cover 0..1, and (33, 2) where a person of this posture has the joints."""
    rng = np.random.default_rng(4)
    width, height = SIZE_PX
    fur = cv2.GaussianBlur(rng.normal(0, 60, (height, width)).astype(np.float32), (0, 0), 1.2)
    light = np.linspace(1.25, 0.7, height)[:, None]
    for i in range(pictures):
        cover = np.zeros((height, width), np.uint8)
        shade = np.ones((height, width), np.float32)
        xy = np.zeros((33, 2), np.float32)
        for top, phase, is_near in sorted(LEGS, key=lambda leg: leg[2]):
            swing = np.radians(SWING_DEG * np.sin(2 * np.pi * (STEPS_HZ * i / rate + phase)))
            knee = np.array(top) + LEG_PX * np.array([np.sin(swing), np.cos(swing)])
            paw = knee + PAW_PX * np.array([np.sin(-0.6 * swing), np.cos(0.6 * swing)])
            _line(cover, top, knee, 30)
            _line(cover, knee, paw, 20)
            if not is_near:
                shade[cover > 0] = 0.75
            first = (11, 13, 15) if top[0] > 200 else (23, 25, 27)
            for joint, at in zip(first, (top, knee, paw), strict=True):
                xy[joint + is_near] = at
        for a, b, thick in BONES.values():
            _line(cover, a, b, thick)
        xy[list(JOINTS)] = BONES["head"][0]
        xy[17:23], xy[29:33] = xy[15], xy[27]
        soft = cv2.GaussianBlur(cover.astype(np.float32) / 255 * (1 + fur / 150), (0, 0), 1.0).clip(0, 1)
        colour = np.array(FUR, np.float32) * (shade * light)[..., None] * (1 + fur[..., None] / 70)
        picture = colour.clip(0, 255).astype(np.uint8)
        cv2.circle(picture, (305, 50), 4, (10, 10, 10), -1)
        cv2.circle(picture, (346, 74), 7, (10, 10, 10), -1)
        yield picture, soft, xy


def _line(cover: np.ndarray, a: object, b: object, thick: int) -> None:
    start, end = (tuple(int(v) for v in np.rint(np.asarray(p, float))) for p in (a, b))
    cv2.line(cover, start, end, 255, thick)
