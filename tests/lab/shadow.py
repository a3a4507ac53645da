"""Shadow: the soft shade that a body throws on the floor, as a factor per pixel of the picture.

A real shadow pass would triple the time of a frame. Here the skin is splatted on a grid on the floor twice, along the
light and straight down (fading with height: the dark line where something touches), blurred, and seen from the camera.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.lab.body import Floats
from tests.lab.ground import EXTENT_M
from tests.lab.scene import Camera

Grid = NDArray[np.float32]

CELL_M = 0.0125
CONTACT_HEIGHT_M = 0.05
"""Height at which the dark line under a touching part has faded to a third."""

CONTACT_DARKNESS = 0.55


@dataclass(frozen=True, slots=True)
class FloorShadow:
    """Where each pixel of the picture looks on the shadow grid (``map_x``, ``map_y``: (rows, width) in cells).

    The maps begin at ``top_row``: above it no pixel sees the textured floor.
    """

    centre_y_m: float
    light: Floats
    strength: float
    map_x: Grid
    map_y: Grid
    top_row: int

    def darken(self, room: Floats, vertices_m: Floats) -> Grid:
        """Copy of a picture of the room, (height, width, 3) 0-255, with the shadow of a skin (N, 3)."""
        height = np.maximum(vertices_m[:, 2], 0.0)
        cast = vertices_m[:, :2] - self.light[:2] / self.light[2] * height[:, None]
        dark = 1.0 - self.strength * self._splat(cast, np.ones(len(cast)), 2.2)
        dark *= 1.0 - CONTACT_DARKNESS * self._splat(vertices_m[:, :2], np.exp(-height / CONTACT_HEIGHT_M), 1.6)
        picture: Grid = room.astype(np.float32)
        picture[self.top_row :] *= cv2.remap(
            dark, self.map_x, self.map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=1.0
        )[..., None]
        return picture

    def _splat(self, spots_m: Floats, weights: Floats, blur_cells: float) -> Grid:
        """Blurred cover of the floor by points, 0-1, on the shadow grid."""
        rows, columns = round(EXTENT_M[1] / CELL_M), round(EXTENT_M[0] / CELL_M)
        column = ((spots_m[:, 0] + EXTENT_M[0] / 2) / CELL_M).astype(np.int64)
        row = ((spots_m[:, 1] - self.centre_y_m + EXTENT_M[1] / 2) / CELL_M).astype(np.int64)
        inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        flat = np.zeros(rows * columns, dtype=np.float32)
        np.maximum.at(flat, (row * columns + column)[inside], weights[inside].astype(np.float32))
        grid = cv2.dilate(flat.reshape(rows, columns), np.ones((3, 3), np.uint8))
        return np.clip(np.asarray(cv2.GaussianBlur(grid, (0, 0), blur_cells), dtype=np.float32), 0.0, 1.0)


def watch_floor(camera: Camera, light: Floats, strength: float) -> FloorShadow:
    """Prepare the shadow for a camera and a direction in which light travels (3,)."""
    x_px, y_px = np.meshgrid(np.arange(camera.width) + 0.5, np.arange(camera.height) + 0.5)
    x_m, y_m = camera.floor_under(x_px, y_px)
    centre = float(camera.target_m[1])
    map_x = (x_m + EXTENT_M[0] / 2) / CELL_M - 0.5
    map_y = (y_m - centre + EXTENT_M[1] / 2) / CELL_M - 0.5
    inside = (np.abs(x_m) < EXTENT_M[0] / 2) & (np.abs(y_m - centre) < EXTENT_M[1] / 2)
    top = int(np.flatnonzero(inside.any(axis=1))[0])
    # Above the horizon the rays never meet the floor: look outside the grid, where the factor is 1.
    maps = [np.nan_to_num(m[top:], nan=-10.0).astype(np.float32) for m in (map_x, map_y)]
    return FloorShadow(centre, light, strength, maps[0], maps[1], top)
