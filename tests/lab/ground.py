"""Ground: the floor and the mat as one texture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.lab.body import RGB, Floats

Picture = NDArray[np.uint8]

EXTENT_M = (4.0, 6.0)
"""Size of the textured floor, across (X) and along (Y) the patient."""

PIXELS_PER_M = 250


def lay_ground(style: str, mat: RGB | None, seed: int, pattern: str = "plain") -> Picture:
    """Paint a floor ("wood", "carpet", "tiles" or "plain") with a mat on it: (rows along Y, columns along X, 3) RGB."""
    rng = np.random.default_rng(seed)
    rows, columns = (round(extent * PIXELS_PER_M) for extent in (EXTENT_M[1], EXTENT_M[0]))
    painters = {"wood": _paint_wood, "carpet": _paint_carpet, "tiles": _paint_tiles, "plain": _paint_plain}
    picture = painters[style](rng, rows, columns)
    if mat is not None:
        picture = _unroll_mat(picture, mat, rng, pattern)
    painted: Picture = np.clip(picture, 0, 255).astype(np.uint8)
    return painted


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


def _unroll_mat(picture: Floats, mat: RGB, rng: np.random.Generator, pattern: str) -> Floats:
    """Paint a mat of 0.75 m by 2.1 m with a fine rib in the middle; "stripes" run across it."""
    rows, columns = picture.shape[:2]
    half = (round(1.05 * PIXELS_PER_M), round(0.375 * PIXELS_PER_M))
    area = np.s_[rows // 2 - half[0] : rows // 2 + half[0], columns // 2 - half[1] : columns // 2 + half[1]]
    rib = np.where(np.arange(2 * half[0]) % 6 < 3, 4.0, -4.0)[:, None]
    noise = rng.normal(0.0, 3.0, (2 * half[0], 2 * half[1]))
    picture[area] = np.array(mat, dtype=np.float64) + (rib + noise)[..., None]
    if pattern == "stripes":
        picture[area][np.arange(2 * half[0]) % 50 < 18] *= 0.55
    return picture
