"""Numbers and times that go on through reconnections and repeats."""

from __future__ import annotations

from dataclasses import replace

from formcheck.camera.frame import Frame

# s. A recording with a longer gap than this is not waited for: whoever watches would think that it hangs.
LONGEST_GAP_S = 5.0
# s between the last frame of a pass and the first of the next, for a recording of a single picture.
DEFAULT_STEP_S = 1.0 / 30.0


class PtsRebasing:
    """Places the frames of several passes of a source one after the other, and says when each is due."""

    def __init__(self, *, is_live: bool) -> None:
        """Start.

        Args:
            is_live: whether frames bear the clock's times, which are left alone.
        """
        self._step_s = DEFAULT_STEP_S
        self._is_live = is_live
        self._is_first = True
        self._last: Frame | None = None
        self._index_offset = 0
        self._time_offset_s = 0.0
        self._anchor_s: float | None = None

    def begin_pass(self) -> None:
        """Say that the next frame comes from a source that starts anew."""
        self._is_first = True

    def leave_out(self) -> None:
        """Say that a frame of this pass is not placed: the next one takes its number."""
        self._index_offset -= 1

    def place(self, frame: Frame) -> Frame:
        """The frame with its number, and if it was recorded its time, going on from the pass before."""
        if self._is_first and self._last is not None:
            self._index_offset = self._last.index + 1 - frame.index
            if not self._is_live:
                self._time_offset_s = self._last.t_s + self._step_s - frame.t_s
        placed = replace(frame, t_s=frame.t_s + self._time_offset_s, index=frame.index + self._index_offset)
        if self._last is not None and not self._is_first:
            self._step_s = placed.t_s - self._last.t_s
        self._is_first, self._last = False, placed
        return placed

    def due_s(self, frame: Frame, now_s: float) -> float:
        """When a placed frame of a recording is to be shown, on the clock.

        Args:
            frame: as `place` gave it.
            now_s: the clock.
        """
        if self._anchor_s is None or self._anchor_s + frame.t_s - now_s > LONGEST_GAP_S:
            self._anchor_s = now_s - frame.t_s
        return self._anchor_s + frame.t_s

    def shown_s(self, t_s: float) -> float:
        """When a placed frame was taken (live) or was due (recording), on the clock; for measuring delay."""
        return t_s + (self._anchor_s or 0.0)
