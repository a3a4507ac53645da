"""What webcams and network streams share: pictures stamped by the clock, and no end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from formcheck.camera.frame import Frame
from formcheck.camera.source import Source
from formcheck.core.text import phrase
from formcheck.system.errors import SourceError

# Broken pictures in a row before the device counts as lost. A webcam sends a torn JPEG now and then, above all
# right after it was opened; a second of them (30 frames/s) means that nothing useful will come.
MAX_BROKEN = 30
# s. Clocks may be coarse (16 ms on Windows): two pictures must never bear the same time.
TICK_S = 0.001
# s. Pictures are never left out for longer: a camera that gives none for 2 s counts as lost.
SPARE_MAX_S = 1.0


class Device(Protocol):
    """What pictures come from: a webcam's capture, or a stream's decoder."""

    @property
    def fps(self) -> float | None:
        """Announced pictures a second."""

    def grab(self) -> bool:
        """Take the next picture; False if there is none."""

    def picture(self) -> NDArray[np.uint8] | None:
        """(h, w, 3) BGR of what was grabbed; None if it is broken."""

    def release(self) -> None:
        """Let go of it."""


class LiveSource(Source):
    """A source that runs by the clock. Subclasses open it."""

    is_live = True

    def __init__(self, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Prepare it.

        Args:
            name: shown to the person.
            clock: seconds; read right after each grab.
        """
        self.name = name
        self._clock = clock
        self._capture: Device | None = None
        self._index = -1
        self._last_s = self._due_s = float("-inf")
        self._every_s = 0.0

    def _begin(self, capture: Device) -> None:
        self._capture, self._index, self._last_s = capture, -1, float("-inf")
        self._due_s = float("-inf")
        self.fps = capture.fps

    def read(self) -> Frame | None:
        """The next picture; waits for it.

        Raises:
            SourceError: no picture comes any more.
        """
        if self._capture is None:
            raise SourceError(f"{self.name} is not open.")
        broken = 0
        while broken < MAX_BROKEN and self._capture.grab():
            # Right after the grab: decoding takes milliseconds that are not the person's.
            t_s = max(self._clock(), self._last_s + TICK_S)
            self._last_s = t_s
            self._index += 1
            if not self._is_due(t_s):
                continue
            image = self._capture.picture()
            if image is not None:
                return Frame(image, t_s, self._index)
            broken += 1
        raise SourceError(phrase("{name} stopped sending pictures. Check its cable and its power.", name=self.name))

    def spare(self, every_s: float) -> None:
        """From the next picture on, decode at most one in so many seconds (at most `SPARE_MAX_S`), 0 = all.

        A decoded picture of 720p costs 4 ms of CPU (measured), a grabbed one next to nothing.
        """
        self._every_s = min(max(every_s, 0.0), SPARE_MAX_S)

    def _is_due(self, t_s: float) -> bool:
        """Whether the picture that was just grabbed is to be decoded; then the next one is due an interval later.

        Later than when it was due, not than when it came: between two pictures of the camera, the rate would be lower.
        """
        every_s = self._every_s
        if every_s and 0.0 < self._due_s - t_s <= every_s:
            return False
        self._due_s = (self._due_s if t_s - self._due_s < every_s else t_s) + every_s
        return True

    def close(self) -> None:
        """Release the device."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None
