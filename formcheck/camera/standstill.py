"""A camera that hangs may send its last picture again and again: no two pictures of a real one are the same."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from formcheck.camera.frame import Frame

STILL_S = 1.0
"""Seconds of the same pixels from which a picture is no new one. A stream that saves on still moments repeats a picture
for less: somebody who breathes moves."""
ROWS = 8
"""Every so many rows are compared: a body that moves shows in many, and two pictures differ in the first already."""


class Standstill:
    """Watches the pictures of a live source for one that stands still, also when it was opened again."""

    def __init__(self) -> None:
        self._first: Frame | None = None
        self._newest_s = -math.inf

    @property
    def is_on(self) -> bool:
        """Whether the newest picture has been the same for `STILL_S` and longer."""
        return self._first is not None and self._newest_s - self._first.t_s >= STILL_S

    def note(self, frame: Frame) -> bool:
        """One picture, in order of time. Returns `is_on`."""
        if self._first is None or not _is_same(self._first.image, frame.image):
            self._first = frame
        self._newest_s = frame.t_s
        return self.is_on


def _is_same(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> bool:
    """Whether two pictures (h, w, 3) are the same; a glance at one row suffices where they are not."""
    return a.shape == b.shape and bool((a[0] == b[0]).all() and (a[::ROWS] == b[::ROWS]).all())
