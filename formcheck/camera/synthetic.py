"""A test picture that moves, the same on every machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.camera.frame import Frame
from formcheck.camera.picture import to_bgr
from formcheck.camera.source import Source
from formcheck.system.errors import SourceError

Painter = Callable[[int, float], NDArray[Any]]
"""Makes the picture of a number and a time in seconds."""


def moving_picture(width: int = 640, height: int = 480) -> Painter:
    """A grey ramp with a bright square that travels once around in 64 pictures.

    Args:
        width: pixels.
        height: pixels.

    Returns:
        A painter for `Synthetic`.
    """
    ramp = np.linspace(20, 200, width, dtype=np.uint8)
    ground = np.repeat(np.repeat(ramp[None, :, None], height, axis=0), 3, axis=2)
    side = max(1, min(width, height) // 4)

    def paint(index: int, _t_s: float) -> NDArray[Any]:
        image = ground.copy()
        left = (index % 64) * (width - side) // 63
        top = (height - side) // 2
        image[top : top + side, left : left + side] = (0, 200, 255)
        return image

    return paint


class Synthetic(Source):
    """Pictures made by a function; time is number divided by rate."""

    def __init__(self, paint: Painter | None = None, *, fps: float = 30.0, frame_count: int | None = None) -> None:
        """Prepare it.

        Args:
            paint: makes each picture; the built-in test picture by default.
            fps: pictures a second.
            frame_count: how many; without end by default.
        """
        self.name = "Test picture"
        self.fps = fps
        self.frame_count = frame_count
        self._rate_fps = fps
        self._paint = paint or moving_picture()
        self._index: int | None = None

    def open(self) -> None:
        """Start at the first picture."""
        self._index = 0

    def read(self) -> Frame | None:
        """The next picture; None after `frame_count` of them.

        Raises:
            SourceError: it isn't open, or the painted picture has an impossible form.
        """
        if self._index is None:
            raise SourceError(f"{self.name} is not open.")
        if self.frame_count is not None and self._index >= self.frame_count:
            return None
        index = self._index
        self._index += 1
        t_s = index / self._rate_fps
        return Frame(to_bgr(self._paint(index, t_s)), t_s, index)

    def close(self) -> None:
        """Stop."""
        self._index = None

    def fresh(self) -> Synthetic:
        """Another one that paints the same."""
        return Synthetic(self._paint, fps=self._rate_fps, frame_count=self.frame_count)
