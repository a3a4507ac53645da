"""The time of each picture of a recording, from what its container says."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

JUMP_S = 1.0
"""Stamps that step back by more than this begin a new count (joined recordings); by less, they are a slip."""
MAX_OUTLIERS = 3
"""Pictures in a row whose stamps lie that far back, before it is believed. After a damaged place FFmpeg delivers one
of the time before it (seen: one, 1.2 s back); believing that would shift all that follows."""
SLIP_S = 0.001
"""How far a picture whose stamp slipped stands behind the one before it."""


class PtsNormalizer:
    """Turns presentation times into times that always grow.

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

    def timed(self, stamped: Iterable[tuple[Item, float]]) -> Iterator[tuple[Item, float]]:
        """The pictures with their times in seconds, each greater than the one before.

        Whether a step back is an outlier, to be left out, or a new count is told by the pictures that follow.

        Args:
            stamped: pictures and the container's stamps in seconds; anything, even NaN.
        """
        held: list[tuple[Item, float]] = []
        for item, stamp_s in stamped:
            if self._is_far_back(stamp_s):
                held.append((item, stamp_s))
                if len(held) <= MAX_OUTLIERS:
                    continue
                yield from self._new_count(held)
            else:
                yield item, self._time_of(stamp_s)
            held = []
        yield from self._new_count(held)

    def _is_far_back(self, stamp_s: float) -> bool:
        return self._has_stamps and stamp_s + self._offset_s <= self._last_s - JUMP_S

    def _new_count(self, held: list[tuple[Item, float]]) -> Iterator[tuple[Item, float]]:
        """The pictures of a recording that was joined to the one before."""
        if held:
            self._offset_s = self._last_s + self._step_s - held[0][1]
        for item, stamp_s in held:
            yield item, self._time_of(stamp_s)

    def _time_of(self, stamp_s: float) -> float:
        if self._first_s is None:
            self._first_s = stamp_s if math.isfinite(stamp_s) else 0.0
            self._offset_s = max(0.0, -self._first_s)
            self._last_s = self._first_s + self._offset_s
            return self._last_s
        self._has_stamps = self._has_stamps or stamp_s > self._first_s
        if self._has_stamps and math.isfinite(stamp_s):
            self._last_s = max(stamp_s + self._offset_s, self._last_s + SLIP_S)
        else:
            self._last_s += self._step_s
        return self._last_s
