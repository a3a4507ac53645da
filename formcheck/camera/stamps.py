"""The time of each picture of a recording, from what its container says."""

from __future__ import annotations

import math

# s. Stamps that step back by more than this begin a new count (joined recordings); by less, they are a slip.
JUMP_S = 1.0
# s. How far a picture whose stamp slipped stands behind the one before it.
SLIP_S = 0.001


class StampClock:
    """Turns time stamps into times that always grow.

    Time is the container's own stamp wherever there is one: a phone's frame rate varies, so a count of frames says
    nothing. Only a stream without any useful stamp (raw H.264) is timed by its nominal rate.
    """

    def __init__(self, fps: float) -> None:
        """Start.

        Args:
            fps: nominal pictures a second, for what has no stamps.
        """
        self._step_s = 1.0 / fps
        self._first_s: float | None = None
        self._last_s = 0.0
        self._offset_s = 0.0
        self._has_stamps = False

    def time_of(self, stamp_s: float) -> float:
        """The next picture's time in seconds, greater than the one before.

        Args:
            stamp_s: the container's stamp in seconds; anything, even NaN.
        """
        if not math.isfinite(stamp_s):
            stamp_s = self._last_s - self._offset_s
        if self._first_s is None:
            self._first_s = self._last_s = max(0.0, stamp_s)
            return self._last_s
        self._has_stamps = self._has_stamps or stamp_s > self._first_s
        self._last_s = self._follow(stamp_s)
        return self._last_s

    def _follow(self, stamp_s: float) -> float:
        t_s = stamp_s + self._offset_s
        if t_s > self._last_s:
            return t_s
        if self._has_stamps and self._last_s - t_s < JUMP_S:
            return self._last_s + SLIP_S
        t_next_s = self._last_s + self._step_s
        if self._has_stamps:
            self._offset_s += t_next_s - t_s
        return t_next_s
