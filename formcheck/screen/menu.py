"""Which card of the menu is chosen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Selection:
    """The chosen card, moved by arrows over a grid."""

    index: int = 0

    def keep_within(self, count: int) -> None:
        """Stay on a card when their number changed."""
        self.index = max(0, min(self.index, count - 1))

    def step(self, dx: int, dy: int, columns: int, count: int) -> None:
        """One step; stays where it is at the grid's edge. A step down to an unfilled row goes to the last card."""
        if not count:
            return
        if dx:
            self.index = max(0, min(self.index + dx, count - 1))
            return
        target = self.index + dy * columns
        last_row = (count - 1) // columns
        if target >= count and self.index // columns < last_row:
            target = count - 1
        if 0 <= target < count:
            self.index = target
