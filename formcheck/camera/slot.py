"""Room for one picture: the newest wins."""

from __future__ import annotations

import threading

from formcheck.camera.frame import Frame


class LatestFrame:
    """Hands the newest picture from one thread to another, and counts those that nobody took.

    Pictures are dropped and never queued: a coach that works through a queue speaks of what was seconds ago.
    """

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._frame: Frame | None = None
        self._is_new = False
        self._is_closed = False
        self._dropped = 0

    def put(self, frame: Frame) -> None:
        """Make it the newest picture."""
        with self._change:
            self._dropped += self._is_new
            self._frame, self._is_new = frame, True
            self._change.notify_all()

    def take(self, timeout_s: float | None = None) -> Frame | None:
        """Wait for a picture that was not taken yet.

        Args:
            timeout_s: how long at most; 0 does not wait, None waits as long as it takes.

        Returns:
            The newest picture, or None if none came in time or none will come any more.
        """
        with self._change:
            self._change.wait_for(lambda: self._is_new or self._is_closed, timeout_s)
            if not self._is_new:
                return None
            self._is_new = False
            return self._frame

    def close(self) -> None:
        """Say that no more will come; whoever waits goes on."""
        with self._change:
            self._is_closed = True
            self._change.notify_all()

    @property
    def newest(self) -> Frame | None:
        """The newest picture, taken or not; None before the first."""
        with self._change:
            return self._frame

    @property
    def dropped(self) -> int:
        """How many pictures were replaced before anybody took them."""
        with self._change:
            return self._dropped
