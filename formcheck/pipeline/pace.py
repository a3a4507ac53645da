"""How many poses a second reach the coach, how late, and what holds them up. Pure: told the times, reads no clock."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

WINDOW_S = 3.0
"""Seconds over which a rate is taken: a dozen poses of a machine that is just too slow; less than a repetition."""
KNOWN_S = 2.0
"""Seconds of poses before a rate is told: the first ones wait for the model's own warm-up."""
BUSY_SHARE = 0.7
"""A tracker that works for so large a share of the time is what the pictures wait for [P]; one that keeps up with a
camera waits for it."""
LOST_SHARE = 0.2
"""Share of the results that nobody took, from which it is the window that is late."""

Bottleneck = Literal["", "camera", "tracker", "window"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A pose that reached the coach."""

    now_s: float
    """When, on the clock."""
    index: int
    """Number of its picture in the source."""
    number: int
    """Number of its result among all that the tracker made."""
    took_s: float
    """Seconds that the tracker worked on it."""
    age_ms: float
    """Milliseconds since its picture was grabbed."""


@dataclass(frozen=True, slots=True)
class PaceState:
    """The pace now."""

    poses_fps: float = math.nan
    """Poses a second that reach the coach; NaN while it is not known."""
    camera_fps: float = math.nan
    """Pictures a second that the camera sends."""
    tracker_ms: float = math.nan
    """The tracker's time for one picture, median."""
    age_ms: float = math.nan
    """Age of a pose when it reaches the coach, median."""
    bottleneck: Bottleneck = ""
    """What the poses wait for; empty while nothing is known."""

    @property
    def is_known(self) -> bool:
        """Whether there is a rate."""
        return not math.isnan(self.poses_fps)


class Pace:
    """Follows the poses of one stretch without a break."""

    def __init__(self) -> None:
        self._recent: deque[Arrival] = deque()
        self._began_s = math.inf
        self._noted_s = -math.inf
        self._rates: list[float] = []
        self._ages_ms: list[float] = []

    def begin(self) -> None:
        """A stretch begins: what came before a page that took no poses says nothing about the pace."""
        self._recent.clear()
        self._began_s = math.inf

    @property
    def has_begun(self) -> bool:
        """Whether a pose has come."""
        return bool(self._recent)

    def add(self, arrival: Arrival) -> None:
        """One more pose."""
        self._began_s = min(self._began_s, arrival.now_s)
        self._recent.append(arrival)
        while len(self._recent) > 2 and arrival.now_s - self._recent[1].now_s > WINDOW_S:
            self._recent.popleft()

    def at(self, now_s: float) -> PaceState:
        """The pace at a time, which may be long after the last pose; every few seconds it is kept for `summary`."""
        if len(self._recent) < 2 or now_s - self._began_s < KNOWN_S:
            return PaceState()
        first, last = self._recent[0], self._recent[-1]
        span_s = max(now_s, last.now_s) - first.now_s
        taken = len(self._recent) - 1
        made = max(taken, last.number - first.number)
        # The last pose that came stands for itself only until the next is due.
        rate = taken / max(last.now_s - first.now_s, 1e-6)
        rate = rate if now_s - last.now_s <= 1 / rate else (taken + 1) / span_s
        took_s = float(np.median([a.took_s for a in self._recent]))
        state = PaceState(
            rate,
            (last.index - first.index) / max(last.now_s - first.now_s, 1e-6),
            took_s * 1000.0,
            float(np.median([a.age_ms for a in self._recent])),
            _bottleneck(taken, made, took_s * made / span_s),
        )
        if now_s - self._noted_s >= WINDOW_S:
            self._noted_s = now_s
            self._rates.append(state.poses_fps)
            self._ages_ms.append(state.age_ms)
        return state

    def summary(self) -> dict[str, float | None]:
        """Rate and age of the poses so far: medians, and what one in twenty stretches of a few seconds was beyond."""
        return {
            "poses_fps": _percentile(self._rates, 50),
            "poses_fps_p5": _percentile(self._rates, 5),
            "age_ms": _percentile(self._ages_ms, 50),
            "age_ms_p95": _percentile(self._ages_ms, 95),
        }


def _bottleneck(taken: int, made: int, busy: float) -> Bottleneck:
    if taken < made * (1 - LOST_SHARE):
        return "window"
    return "tracker" if busy >= BUSY_SHARE else "camera"


def _percentile(values: Iterable[float], q: float) -> float | None:
    kept = list(values)
    return round(float(np.percentile(kept, q)), 1) if kept else None
