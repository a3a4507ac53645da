"""The order of repetitions: which side the last one was of, and whether the next one surely comes after it."""

from __future__ import annotations

import math

from formcheck.core.body.pose import Side


class Order:
    """Follows one set. A repetition that was missed, or one that is cut in two, makes two of one side in a row."""

    def __init__(self, shortest_s: float) -> None:
        """Nothing has been done yet.

        Args:
            shortest_s: seconds of the shortest movement; whatever is out of sight for as long may have done one.
        """
        self.previous: Side | None = None
        """The side of the last repetition; None before the first one, and where it was not told."""
        self._shortest_s = shortest_s
        self._is_lost = False
        self._ended_s, self._seen_s = -math.inf, math.inf

    def note(self, t: float, *, is_resting: bool, is_one_unseen: bool) -> None:
        """One picture: whether nothing moves, and whether one side's limb is out of sight."""
        if not is_resting or not is_one_unseen:
            self._seen_s = t
        self._is_lost |= t - self._seen_s >= self._shortest_s

    def lose(self) -> None:
        """A movement was given up: whether it would have been a repetition nobody knows."""
        self._is_lost = True

    def is_next(self, start_s: float, home_s: float) -> bool:
        """Whether a movement that began then surely is the one after the last.

        Args:
            start_s: its beginning.
            home_s: seconds for which a limb must be home, to have come home.
        """
        return not self._is_lost and start_s - self._ended_s >= home_s

    def end(self, t: float, side: Side | None, *, is_seen: bool) -> None:
        """A movement is over; one that was not seen whole may be part of another, which is seen again."""
        self._ended_s, self._is_lost = t, not is_seen
        if is_seen:
            self.previous = side
