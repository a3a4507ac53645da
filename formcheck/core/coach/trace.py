"""The back over the last seconds, for whoever wants to see what was judged. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

TRACE_S = 10.0
"""How far back it goes."""
STEP_S = 0.1
"""One point per step; what happens within it can't be seen in a small drawing."""
Z90 = 1.645
"""Standard deviations on either side that hold 90 % of a normal distribution."""


@dataclass(frozen=True, slots=True)
class TracePoint:
    """The back at one moment."""

    age_s: float
    """Seconds ago."""
    deviation: float
    """Change of the back against the own start, positive = more arched, in the unit of the limits; NaN = unknown."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The last seconds of the back, oldest first, with the limits it is judged by (0 = none).

    In degrees of the low back's bend; in torso lengths of its hollow where the movement is one of the outline.
    """

    points: tuple[TracePoint, ...] = ()
    spread: float = 0.0
    """Half of the interval that holds the true change in 90 % of the pictures, by the outline's own doubt; NaN =
    unknown."""
    margin: float = 0.0
    """How far a change must stay within a limit so that it is surely within, by the setting `sure_good_share`."""
    arch_limit: float = 0.0
    round_limit: float = 0.0

    def leaves_open(self, deviation: float) -> bool:
        """Whether a change of the back is not surely within its limits: the record does not call it good either."""
        beyond = ((deviation, self.arch_limit), (-deviation, self.round_limit))
        return any(limit > 0 and not change + self.margin <= limit for change, limit in beyond)


class TraceKeeper:
    """Keeps the newest readings."""

    def __init__(self) -> None:
        self._kept: deque[tuple[float, float]] = deque()

    def note(self, t: float, deviation: float) -> None:
        """One picture."""
        if self._kept and t - self._kept[-1][0] < STEP_S - 1e-9:
            return
        self._kept.append((t, deviation))
        while t - self._kept[0][0] > TRACE_S:
            self._kept.popleft()

    def trace(self, t: float, sd: float, margin: float, arch_limit: float, round_limit: float) -> Trace:
        """The trace as seen at `t`, with the standard deviation of a reading, the margin and the limits."""
        points = tuple(TracePoint(t - at, value) for at, value in self._kept if t - at <= TRACE_S)
        return Trace(points, Z90 * sd, margin, arch_limit, round_limit)
