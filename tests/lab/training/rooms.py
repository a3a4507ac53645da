"""Rooms for training: random camera, light, floor, mat and clutter."""

from __future__ import annotations

import cv2
import numpy as np

from tests.lab.body import RGB, Floats
from tests.lab.scene import Scene

SIZES = ((640, 360), (640, 480), (854, 480), (960, 540), (1280, 720))
RAISED_M = {"hip-flexor-stretch": 0.30, "piriformis-stretch": 0.35, "running": 0.50}
CLUTTER_SHARE = 0.5
"""Of the rooms, how many are replaced by shapes without any sense: nothing about a room may be learned by heart."""


def make_scene(exercise: str, rng: np.random.Generator) -> Scene:
    """A random scene in which an exercise is seen roughly from the side."""
    width, height = SIZES[int(rng.integers(len(SIZES)))]
    upright = exercise in RAISED_M
    light = str(rng.choice(["normal", "normal", "normal", "normal", "low", "back"]))
    return Scene(
        width=width // 4 * 4,
        height=height,
        head_at=str(rng.choice(["left", "right"])),
        azimuth_deg=float(np.clip(rng.normal(0.0, 12.0), -32.0, 32.0)),
        camera_height_m=float(rng.uniform(0.12, 0.85)) + RAISED_M.get(exercise, 0.0),
        horizontal_fov_deg=float(rng.uniform(45.0, 72.0)),
        body_share=float(rng.uniform(0.42, 0.70 if upright and height / width < 0.7 else 0.95)),
        floor=str(rng.choice(["wood", "carpet", "tiles", "plain"])),
        mat=None if rng.random() < 0.2 or exercise == "piriformis-stretch" else _colour(rng),
        wall=_colour(rng),
        key_light=float(rng.uniform(0.4, 0.9)),
        ambient=float(rng.uniform(0.18, 0.45)),
        light_from=(float(rng.uniform(-0.5, 1.2)), float(rng.uniform(-1.5, 1.5)), float(rng.uniform(1.6, 2.8))),
        shadow=float(rng.uniform(0.15, 0.7)),
        noise=float(rng.uniform(0.3, 5.0)),
        roll_deg=float(rng.normal(0.0, 2.5)),
        exposure=float(rng.uniform(0.55, 1.3)),
        blur_px=float(rng.choice([0.0, 0.0, rng.uniform(0.4, 2.0)])),
        light=light,
        mat_pattern=str(rng.choice(["plain", "plain", "stripes"])),
        seat_height_m=0.44 if exercise == "piriformis-stretch" else None,
        treadmill=exercise == "running" and rng.random() < 0.5,
        furniture=bool(rng.random() < 0.4),
    )


def clutter(scene: Scene, rng: np.random.Generator) -> Floats | None:
    """A picture of no room at all, (height, width, 3) float 0-255, or None: use the scene's own room."""
    if rng.random() > CLUTTER_SHARE:
        return None
    size = (scene.height, scene.width)
    picture = np.empty((*size, 3), np.float32)
    horizon = int(rng.uniform(0.3, 0.75) * scene.height)
    picture[:horizon], picture[horizon:] = _colour(rng), _colour(rng)
    for _ in range(int(rng.integers(4, 28))):
        _draw(picture, rng)
    grain = rng.normal(0.0, 1.0, (size[0] // 4 + 1, size[1] // 4 + 1, 3)).astype(np.float32) * rng.uniform(0, 25)
    picture += cv2.resize(grain, size[::-1], interpolation=cv2.INTER_LINEAR)
    slope = np.linspace(rng.uniform(0.6, 1.2), rng.uniform(0.6, 1.2), size[1], dtype=np.float32)
    picture *= slope[None, :, None]
    return np.clip(cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.5, 2.5))), 0, 255)


def _draw(picture: Floats, rng: np.random.Generator) -> None:
    """A box, a disc, a band or a line, anywhere."""
    height, width = picture.shape[:2]
    x, y = (int(v) for v in rng.uniform([0, 0], [width, height]))
    w, h = (int(v) for v in rng.uniform(4, [width * 0.4, height * 0.4]))
    colour = tuple(float(c) for c in _colour(rng))
    kind = int(rng.integers(4))
    if kind == 0:
        cv2.rectangle(picture, (x, y), (x + w, y + h), colour, -1)
    elif kind == 1:
        cv2.ellipse(picture, (x, y), (w // 2 + 1, h // 2 + 1), float(rng.uniform(0, 180)), 0, 360, colour, -1)
    elif kind == 2:
        cv2.rectangle(picture, (0, y), (width, y + h // 4), colour, -1)
    else:
        cv2.line(picture, (x, y), (x + w, y + h), colour, int(rng.integers(1, 14)))


def _colour(rng: np.random.Generator) -> RGB:
    r, g, b = (int(v) for v in rng.integers(10, 245, 3))
    return (r, g, b)


def compress(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What a camera's compression leaves of a picture."""
    if rng.random() < 0.3:
        return picture
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 95))])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR))
