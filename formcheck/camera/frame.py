"""One picture of a source."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture with its time."""

    image: NDArray[np.uint8]
    """(height, width, 3) BGR."""
    t_s: float
    """Seconds: the recording's own time stamp, or the monotonic clock right after the camera's grab."""
    index: int
    """Number of the picture in its source, from 0; gaps are dropped pictures."""
