"""How a picture is to be turned and mirrored before it is looked at."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

QUARTER_TURNS = (0, 90, 180, 270)
"""Degrees clockwise that `View.turned` takes."""
_MATRIX = struct.Struct("=9i")
"""A display matrix as FFmpeg hands it over: nine 32-bit numbers (a b u, c d v, x y w), in the machine's byte order."""


@dataclass(frozen=True, slots=True)
class View:
    """One of the eight ways to lay a picture down: first over its diagonal, then flipped."""

    is_transposed: bool = False
    """Rows become columns."""
    is_flipped_x: bool = False
    """Then left becomes right."""
    is_flipped_y: bool = False
    """Then top becomes bottom."""

    @classmethod
    def turned(cls, degrees: int, *, is_mirrored: bool = False) -> Self:
        """Turned clockwise by 0, 90, 180 or 270 degrees, then mirrored left to right if asked for."""
        is_transposed = degrees in (90, 270)
        return cls(is_transposed, (degrees in (90, 180)) != is_mirrored, degrees in (180, 270))

    @classmethod
    def from_matrix(cls, data: bytes) -> Self:
        """The view that a display matrix asks for: the nearest of the eight.

        Stored column x and row y are shown at column a x + c y, row b x + d y.
        """
        a, b, _, c, d, *_ = _MATRIX.unpack(data[: _MATRIX.size])
        if abs(b) + abs(c) > abs(a) + abs(d):
            return cls(True, c < 0, b < 0)
        return cls(False, a < 0, d < 0)

    @property
    def is_mirrored(self) -> bool:
        """Whether left and right are swapped, however the picture is turned."""
        return (self.is_transposed + self.is_flipped_x + self.is_flipped_y) % 2 == 1

    def apply(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture, (h, w, 3) or (h, w); the same array where nothing is to be done."""
        if self.is_transposed:
            image = np.asarray(cv2.transpose(image), np.uint8)
        if self.is_flipped_x or self.is_flipped_y:
            code = -1 if self.is_flipped_x and self.is_flipped_y else 1 if self.is_flipped_x else 0
            image = np.asarray(cv2.flip(image, code), np.uint8)
        return image


AS_IT_IS = View()
