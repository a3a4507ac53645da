"""Whether something moves in the picture away from the patient: only then is it worth a search for further people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from formcheck.pose.patient import Place
from formcheck.pose.tracker import Picture

CELLS = 80
"""Points across the picture that are looked at: a person who comes in covers dozens, and the look costs 0.05 ms."""
CHANGED = 30
"""Grey levels, of 255, by which a point must change: four times the noise of a webcam in a dim room (about 7)."""
SOMEBODY = 0.01
"""Share of all points that must have changed: a head and shoulders at the edge, or somebody 5 m behind."""
LAMP = 0.6
"""Share from which it is the light that has changed, or the camera that was moved."""
MEMORY_S = 2.0
"""Time constant of what counts as still: who sits down becomes part of the room."""
MARGIN = 0.25
"""Margin around the patient's box, share of its size: limbs move, and throw shadows."""


class Motion:
    """Compares each picture with the room as it was."""

    def __init__(self) -> None:
        self._room: NDArray[np.float32] | None = None
        self._t_s = 0.0
        self.is_somebody = False
        """Whether something moved away from the patient in the last picture."""
        self.is_lamp = False
        """Whether all of the picture changed."""

    def update(self, picture: Picture, t_s: float, place: Place | None) -> None:
        """Look at one BGR picture."""
        step = max(1, picture.shape[1] // CELLS)
        now = picture[step // 2 :: step, step // 2 :: step].astype(np.float32)
        dt, self._t_s = t_s - self._t_s, t_s
        if self._room is None or self._room.shape != now.shape:
            self._room, self.is_somebody, self.is_lamp = now, True, False
            return
        changed = np.abs(now - self._room).max(axis=2) > CHANGED
        self.is_lamp = float(changed.mean()) > LAMP
        if self.is_lamp:
            self._room = now
        else:
            self._room += np.float32(1 - np.exp(-max(dt, 0.0) / MEMORY_S)) * (now - self._room)
        if place is not None:
            left, top, right, bottom = place.box_px
            margin = MARGIN * max(right - left, bottom - top)
            rows = slice(*(max(0, int(v // step)) for v in (top - margin, bottom + margin + step)))
            columns = slice(*(max(0, int(v // step)) for v in (left - margin, right + margin + step)))
            changed[rows, columns] = False
        self.is_somebody = float(changed.mean()) > SOMEBODY
