"""The time of each picture of a recording, from what its container says."""

from __future__ import annotations

import math

# s. Stamps that step back by more than this begin a new count (joined recordings); by less, they are a slip.
JUMP_S = 1.0
# Pictures in a row whose stamps lie that far back, before it is believed. After a damaged place ffmpeg delivers a
# outlier of the time before it (seen: one, 1.2 s back); believing that would shift all that follows.
MAX_OUTLIERS = 3
# s. How far a picture whose stamp slipped stands behind the one before it.
SLIP_S = 0.001


class PtsNormalizer:
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
        self._outliers = 0

    def time_of(self, stamp_s: float) -> float | None:
        """The next picture's time in seconds, greater than the one before; None for a outlier, to leave out.

        Args:
            stamp_s: the container's stamp in seconds; anything, even NaN.
        """
        if self._first_s is None:
            self._first_s = self._last_s = max(0.0, stamp_s) if math.isfinite(stamp_s) else 0.0
            return self._last_s
        if not math.isfinite(stamp_s):
            self._last_s += self._step_s
            return self._last_s
        self._has_stamps = self._has_stamps or stamp_s > self._first_s
        t_s = self._follow(stamp_s)
        self._last_s = self._last_s if t_s is None else t_s
        return t_s

    def _follow(self, stamp_s: float) -> float | None:
        t_s = stamp_s + self._offset_s
        if not self._has_stamps:
            return self._last_s + self._step_s
        if t_s > self._last_s - JUMP_S:
            self._outliers = 0
            return max(t_s, self._last_s + SLIP_S)
        self._outliers += 1
        if self._outliers <= MAX_OUTLIERS:
            return None
        self._outliers = 0
        t_next_s = self._last_s + self._step_s
        self._offset_s += t_next_s - t_s
        return t_next_s
