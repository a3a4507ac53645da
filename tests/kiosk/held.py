"""Pictures as a kiosk's camera takes them of a QR code that is held up: a pinhole, tilt, blur, noise, light."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import segno
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

SIZE = (1280, 720)
FOV_DEG = 65.0
"""Across; webcams have 60 to 78."""
FOCAL_PX = SIZE[0] / 2 / math.tan(math.radians(FOV_DEG / 2))
MODULE_PX = 12
"""Of the card that is held, before it is taken."""


@dataclass(frozen=True)
class Holding:
    """How a code is held, and what the camera makes of it."""

    side_cm: float = 9.0
    """Of the code without its white border."""
    away_cm: float = 30.0
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    x: float = 0.0
    """Off the picture's middle, shares of its width and height."""
    y: float = 0.0
    blur_px: float = 0.8
    """Standard deviation of what is out of focus."""
    motion_px: float = 0.0
    noise: float = 4.0
    """Standard deviation of a pixel, of 255."""
    light: float = 1.0
    """Share of full brightness."""
    is_phone: bool = False
    """On a phone: a dark frame, brighter than the room, a reflection over it."""
    jpeg: int = 85


def card_of(text: str, error: str = "l", is_phone: bool = False) -> tuple[Picture, int]:
    """The card with a code of four modules' border, and how many modules the code has a side."""
    code = segno.make_qr(text, error=error, boost_error=False)
    bits = np.array([list(row) for row in code.matrix_iter(border=4)], np.uint8)
    card = np.kron(np.where(bits > 0, 20, 245).astype(np.uint8), np.ones((MODULE_PX, MODULE_PX), np.uint8))
    if is_phone:
        card = cv2.copyMakeBorder(card, 300, 300, 30, 30, cv2.BORDER_CONSTANT, value=15)
    return np.asarray(cv2.cvtColor(card, cv2.COLOR_GRAY2BGR), np.uint8), len(code.matrix)


def room(seed: int, size: tuple[int, int] = SIZE) -> Picture:
    """A room full of things with edges, and a person in a striped shirt."""
    rng = np.random.default_rng(seed)
    w, h = size
    base = cv2.resize(rng.integers(60, 200, (9, 16, 3)).astype(np.uint8), size, interpolation=cv2.INTER_CUBIC)
    for _ in range(25):
        x, y, dx, dy = (int(v) for v in rng.integers(0, [w, h, w // 4, h // 3]))
        cv2.rectangle(base, (x, y), (x + dx, y + dy), tuple(int(v) for v in rng.integers(20, 240, 3)), -1)
    for i in range(12):
        cv2.line(base, (w // 3, h // 2 + 18 * i), (2 * w // 3, h // 2 + 18 * i), (240, 240, 240), 7)
    cv2.circle(base, (w // 2, h // 4), h // 7, (140, 170, 215), -1)
    return np.asarray(base, np.uint8)


def taken(text: str, how: Holding, seed: int = 0, error: str = "l") -> Picture:
    """The picture, (720, 1280, 3) BGR."""
    rng = np.random.default_rng(seed)
    card, modules = card_of(text, error, how.is_phone)
    h, w = card.shape[:2]
    cm_px = how.side_cm / (modules * MODULE_PX)
    corners = np.array([(-w / 2, -h / 2), (w / 2, -h / 2), (w / 2, h / 2), (-w / 2, h / 2)]) * cm_px
    points = np.column_stack([corners, np.zeros(4)]) @ _turn(how).T + (0, 0, how.away_cm)
    centre = np.array(SIZE) * (0.5 + how.x, 0.5 + how.y)
    seen = points[:, :2] / points[:, 2:] * FOCAL_PX + centre
    fine = 2
    source = np.array([(0, 0), (w, 0), (w, h), (0, h)], np.float32)
    matrix = cv2.getPerspectiveTransform(source, (seen * fine).astype(np.float32))
    size = (SIZE[0] * fine, SIZE[1] * fine)
    near = max(1.0, MODULE_PX * modules / (np.ptp(seen[:, 0]) * fine))
    soft = cv2.GaussianBlur(card, (0, 0), 0.45 * near)  # what a sensor's pixel averages over
    front = cv2.warpPerspective(soft, matrix, size, flags=cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(np.full((h, w), 255, np.uint8), matrix, size)
    image = cv2.resize(room(seed), size)
    image[mask > 127] = front[mask > 127]
    image = cv2.resize(image, SIZE, interpolation=cv2.INTER_AREA)
    lit = cv2.resize(mask, SIZE, interpolation=cv2.INTER_AREA) > 127
    return _through_the_lens(image, lit, how, rng)


def _turn(how: Holding) -> NDArray[np.float64]:
    a, b, c = (math.radians(v) for v in (how.pitch_deg, how.yaw_deg, how.roll_deg))
    x = np.array([(1, 0, 0), (0, math.cos(a), -math.sin(a)), (0, math.sin(a), math.cos(a))])
    y = np.array([(math.cos(b), 0, math.sin(b)), (0, 1, 0), (-math.sin(b), 0, math.cos(b))])
    z = np.array([(math.cos(c), -math.sin(c), 0), (math.sin(c), math.cos(c), 0), (0, 0, 1)])
    return np.asarray(x @ y @ z)


def _through_the_lens(image: Picture, lit: NDArray[np.bool_], how: Holding, rng: np.random.Generator) -> Picture:
    """Light, focus, movement, noise and compression, in the order in which they happen."""
    bright = image.astype(np.float32) * how.light
    if how.is_phone:
        glare = np.linspace(0, 45, SIZE[0], dtype=np.float32)[None, :, None]
        bright = np.where(lit[..., None], np.minimum(image * max(how.light, 0.8) + glare * how.light, 255), bright)
    if how.blur_px > 0:
        bright = cv2.GaussianBlur(bright, (0, 0), how.blur_px)
    if how.motion_px >= 1:
        length = round(how.motion_px)
        bright = cv2.filter2D(bright, -1, np.full((1, length), 1 / length, np.float32))
    noisy = np.clip(bright + rng.normal(0, how.noise, bright.shape), 0, 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, how.jpeg])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
