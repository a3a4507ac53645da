"""From the camera's pixels to the screen's: fitting, mirroring, and the picture itself."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.pose import Floats
from formcheck.screen.canvas import Box, Canvas, Pixels
from formcheck.screen.shapes import Point


@dataclass(frozen=True, slots=True)
class Projection:
    """Places a camera picture of `width` x `height` pixels in a box of the canvas."""

    width: int
    height: int
    box: Box
    """Where the picture stands; its shape is the picture's to within a pixel."""
    is_mirrored: bool

    def point(self, x: float, y: float) -> Point:
        """Canvas position, relative to the box, of the centre of camera pixel (x, y); NaN stays NaN."""
        if self.is_mirrored:
            x = self.width - 1 - x
        across = (x + 0.5) * self.box.w / self.width - 0.5
        down = (y + 0.5) * self.box.h / self.height - 0.5
        return across, down

    def points(self, xy_px: Floats) -> list[Point]:
        """Canvas positions of (n, 2) camera pixels."""
        return [self.point(float(x), float(y)) for x, y in xy_px]


def project(width: int, height: int, room: Box, is_mirrored: bool) -> Projection:
    """Fit a picture into a room, whole and centred."""
    scale = min(room.w / width, room.h / height)
    w, h = max(1, math.floor(width * scale)), max(1, math.floor(height * scale))
    box = Box(room.x + (room.w - w) // 2, room.y + (room.h - h) // 2, w, h)
    return Projection(width, height, box, is_mirrored)


def as_bgr(image: NDArray[np.uint8] | None) -> Pixels | None:
    """The picture with three channels, whatever the camera gave; None for nothing or an unknown kind."""
    if image is None or image.size == 0 or image.dtype != np.uint8:
        return None
    if image.ndim == 2:
        return cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)  # type: ignore[no-any-return]
    if image.ndim != 3 or image.shape[2] not in (1, 3, 4):
        return None
    if image.shape[2] == 3:
        return image
    code = cv2.COLOR_GRAY2BGR if image.shape[2] == 1 else cv2.COLOR_BGRA2BGR
    return cv2.cvtColor(image, code)  # type: ignore[no-any-return]


def _halved(image: Pixels, width: int) -> Pixels:
    """The picture averaged down by a whole factor until it is less than twice as wide as it will be shown.

    Plain interpolation of a larger one would skip pixels and sparkle; averaging by any other factor is slow.
    """
    step = min(int(image.shape[1] / width), int(image.shape[0]))
    if step < 2:
        return image
    size = (image.shape[1] // step, image.shape[0] // step)
    even = image[: size[1] * step, : size[0] * step]
    return cv2.resize(even, size, interpolation=cv2.INTER_AREA)  # type: ignore[no-any-return]


def put_picture(canvas: Canvas, image: Pixels, projection: Projection) -> None:
    """Draw the camera picture in its place, mirrored if so wished (never before inference)."""
    target = canvas.view(projection.box)
    if target.shape[:2] != (projection.box.h, projection.box.w):
        return
    scaled = cv2.resize(_halved(image, projection.box.w), (projection.box.w, projection.box.h))
    if projection.is_mirrored:
        cv2.flip(scaled, 1, dst=target)
    else:
        target[:] = scaled
