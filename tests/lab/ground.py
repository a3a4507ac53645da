"""Ground: the floor, the mat and the soft shadow that the body throws on them, as one texture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.lab.body import RGB, Floats

Picture = NDArray[np.uint8]

EXTENT_M = (4.0, 6.0)
"""Size of the textured floor, across (X) and along (Y) the patient."""

PIXELS_PER_M = 250
SHADOW_CELL_M = 0.0125
MAT_THICKNESS_M = 0.012
CONTACT_HEIGHT_M = 0.05
"""Height at which the dark line under a touching part has faded to a third."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The bare texture, (rows along Y, columns along X, 3) uint8 RGB, and where its middle lies in the room."""

    texture: Picture
    centre_m: tuple[float, float]

    def shaded(self, vertices_m: Floats, light: Floats, strength: float) -> Picture:
        """Return the texture with the shadow of a body.

        Args:
            vertices_m: The body's skin (N, 3).
            light: Direction in which the light travels (3,); z < 0.
            strength: Darkness of the middle of the shadow, 0-1.
        """
        rows, columns = self.texture.shape[:2]
        height = np.maximum(vertices_m[:, 2], 0.0)
        cast = vertices_m[:, :2] - light[:2] / light[2] * height[:, None]
        thrown = self._spread(cast, np.ones(len(cast)), 2.2)
        contact = self._spread(vertices_m[:, :2], np.exp(-height / CONTACT_HEIGHT_M), 1.6)
        dark = 1.0 - strength * thrown
        dark *= 1.0 - 0.55 * contact
        mask = cv2.resize(dark.astype(np.float32), (columns, rows), interpolation=cv2.INTER_LINEAR)
        return cv2.multiply(self.texture, cv2.merge([mask] * 3), dtype=cv2.CV_8U)

    def _spread(self, spots_m: Floats, weights: Floats, blur_cells: float) -> Floats:
        """Blurred cover of the floor by points, 0-1, on the shadow grid."""
        shape = (round(EXTENT_M[1] / SHADOW_CELL_M), round(EXTENT_M[0] / SHADOW_CELL_M))
        column = ((spots_m[:, 0] - self.centre_m[0] + EXTENT_M[0] / 2) / SHADOW_CELL_M).astype(np.int64)
        row = ((spots_m[:, 1] - self.centre_m[1] + EXTENT_M[1] / 2) / SHADOW_CELL_M).astype(np.int64)
        inside = (column >= 0) & (column < shape[1]) & (row >= 0) & (row < shape[0])
        flat = np.zeros(shape[0] * shape[1])
        np.maximum.at(flat, (row * shape[1] + column)[inside], weights[inside])
        grid = cv2.dilate(flat.reshape(shape).astype(np.float32), np.ones((3, 3), np.uint8))
        blurred: Floats = cv2.GaussianBlur(grid, (0, 0), blur_cells)
        return np.clip(blurred, 0.0, 1.0)


def lay_ground(style: str, mat: RGB | None, centre_m: tuple[float, float], seed: int) -> Ground:
    """Paint a floor ("wood", "carpet", "tiles" or "plain") with a mat of a colour on it."""
    rng = np.random.default_rng(seed)
    rows, columns = (round(extent * PIXELS_PER_M) for extent in (EXTENT_M[1], EXTENT_M[0]))
    painters = {"wood": _paint_wood, "carpet": _paint_carpet, "tiles": _paint_tiles, "plain": _paint_plain}
    picture = painters[style](rng, rows, columns)
    if mat is not None:
        picture = _unroll_mat(picture, mat, rng)
    return Ground(np.clip(picture, 0, 255).astype(np.uint8), centre_m)


def _paint_wood(rng: np.random.Generator, rows: int, columns: int) -> Floats:
    """Boards that run along Y."""
    board, tones = 30, rng.normal(0.0, 9.0, columns // 30 + 2)
    grain = cv2.GaussianBlur(rng.normal(0.0, 60.0, (rows, columns)), (0, 0), sigmaX=1.2, sigmaY=40.0)
    picture = np.array([168.0, 128.0, 90.0]) + (tones[np.arange(columns) // board][None, :] + grain * 2.0)[..., None]
    picture[:, np.arange(columns) % board == 0] *= 0.72
    return np.asarray(picture)


def _paint_carpet(rng: np.random.Generator, rows: int, columns: int) -> Floats:
    """A speckled carpet."""
    speckle = cv2.GaussianBlur(rng.normal(0.0, 40.0, (rows, columns)), (0, 0), 1.5)
    return np.asarray(np.array([128.0, 124.0, 120.0]) + speckle[..., None] * 2.0)


def _paint_tiles(rng: np.random.Generator, rows: int, columns: int) -> Floats:
    """Pale tiles of 0.5 m."""
    tile = PIXELS_PER_M // 2
    tones = rng.normal(0.0, 4.0, (rows // tile + 1, columns // tile + 1))
    picture = 190.0 + tones[np.arange(rows) // tile][:, np.arange(columns) // tile]
    picture[np.arange(rows) % tile < 2] -= 35.0
    picture[:, np.arange(columns) % tile < 2] -= 35.0
    return np.repeat(picture[..., None], 3, axis=2)


def _paint_plain(rng: np.random.Generator, rows: int, columns: int) -> Floats:
    """A plain floor with faint clouds."""
    clouds = cv2.GaussianBlur(rng.normal(0.0, 300.0, (rows, columns)), (0, 0), 40.0)
    return np.asarray(np.array([150.0, 150.0, 146.0]) + clouds[..., None])


def _unroll_mat(picture: Floats, mat: RGB, rng: np.random.Generator) -> Floats:
    """Paint a mat of 0.75 m by 2.1 m with a fine rib in the middle."""
    rows, columns = picture.shape[:2]
    half = (round(1.05 * PIXELS_PER_M), round(0.375 * PIXELS_PER_M))
    area = np.s_[rows // 2 - half[0] : rows // 2 + half[0], columns // 2 - half[1] : columns // 2 + half[1]]
    rib = np.where(np.arange(2 * half[0]) % 6 < 3, 4.0, -4.0)[:, None]
    noise = rng.normal(0.0, 3.0, (2 * half[0], 2 * half[1]))
    picture[area] = np.array(mat, dtype=np.float64) + (rib + noise)[..., None]
    return picture
