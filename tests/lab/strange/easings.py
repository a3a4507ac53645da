"""Easings: many ways of getting from the start to the peak, and of staying there.

Every way goes from 0 to 1 while its progress does. It may pass 1 and come back, stop half way, or move in jerks.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tests.lab.tempo import Rep, Span

LEFT, THERE = 0.03, 0.95
"""A repetition has left its start from the first of these reaches on, and has arrived from the second."""

STEP_S = 0.01
TREMOR_SHARE = 0.35
"""Of the tremor of the hold is seen on the ways."""

BREATHS_HZ = 0.27
RAMP_S = 0.5


def _minimum_jerk(x: float) -> float:
    return x * x * x * (10.0 - 15.0 * x + 6.0 * x * x)


def _power_in(x: float, size: float) -> float:
    """Slow, then fast: a power from 1.5 to 3.5."""
    return x ** (1.5 + 2.0 * size)


def _power_out(x: float, size: float) -> float:
    """Fast, then slow."""
    return 1.0 - _power_in(1.0 - x, size)


def _steady(x: float, size: float) -> float:
    """One speed all the way, with short ends."""
    edge = 0.03 + 0.12 * size
    top = 1.0 / (1.0 - edge)
    if x < edge:
        return 0.5 * top * x * x / edge
    return 1.0 - _steady(1.0 - x, size) if x > 1.0 - edge else top * (x - 0.5 * edge)


def _smooth(x: float, size: float) -> float:
    del size
    return _minimum_jerk(x)


def _pause(x: float, size: float) -> float:
    """A rest half way, a tenth to four tenths of the time long."""
    rest, at = 0.1 + 0.3 * size, 0.35 + 0.3 * size
    move = 0.5 * (1.0 - rest)
    if x < move:
        return at * _minimum_jerk(x / move)
    return at if x < move + rest else at + (1.0 - at) * _minimum_jerk((x - move - rest) / move)


def _overshoot(x: float, size: float) -> float:
    """Beyond the goal by 2 to 7 per cent, and back to it."""
    top, turn = 1.02 + 0.05 * size, 0.72
    return top * _minimum_jerk(x / turn) if x < turn else top + (1.0 - top) * _minimum_jerk((x - turn) / (1.0 - turn))


def _jerky(x: float, size: float) -> float:
    """Three to six jerks, with a near stop between them."""
    jerks = 3 + round(3.0 * size)
    whole = min(int(x * jerks), jerks - 1)
    return (whole + _minimum_jerk(x * jerks - whole)) / jerks


def _sinking(x: float, size: float) -> float:
    """Most of the way at once, the rest slowly."""
    share, at = 0.75 + 0.15 * size, 0.35
    return share * _minimum_jerk(x / at) if x < at else share + (1.0 - share) * _minimum_jerk((x - at) / (1.0 - at))


FAMILIES: dict[str, Callable[[float, float], float]] = {
    "power-in": _power_in,
    "power-out": _power_out,
    "steady": _steady,
    "smooth": _smooth,
    "pause": _pause,
    "overshoot": _overshoot,
    "jerky": _jerky,
    "sinking": _sinking,
}


@dataclass(frozen=True, slots=True)
class Way:
    """A family of easings, and a size from 0 to 1: how much of what it is."""

    family: str
    size: float = 0.5

    def at(self, progress: float) -> float:
        """How far it has come."""
        return FAMILIES[self.family](min(max(progress, 0.0), 1.0), self.size)


@dataclass(frozen=True, slots=True)
class Stay:
    """What a hold does: ``drift`` share of the reach lost from its start to its end, ``breath`` and ``tremor`` the
    amplitudes of slow and quick waves, shares of the reach; ``tremor_hz``."""

    drift: float = 0.0
    breath: float = 0.0
    tremor: float = 0.0
    tremor_hz: float = 5.0

    def at(self, done: float, lasts_s: float) -> float:
        """Reach at a share of the hold."""
        t_s, left_s = done * lasts_s, (1.0 - done) * lasts_s
        swell = min(t_s / RAMP_S, left_s / RAMP_S, 1.0)
        waves = self.breath * math.sin(2.0 * math.pi * BREATHS_HZ * t_s)
        waves += self.tremor * math.sin(2.0 * math.pi * self.tremor_hz * t_s)
        return 1.0 - self.drift * _minimum_jerk(done) + swell * waves

    def shake(self, done: float, lasts_s: float) -> float:
        """What of the tremor is seen on a way."""
        wave = math.sin(2.0 * math.pi * self.tremor_hz * done * lasts_s)
        return TREMOR_SHARE * self.tremor * wave * math.sin(math.pi * done)


@dataclass(frozen=True, slots=True)
class StrangeRep(Rep):
    """A repetition with ways and a hold of its own."""

    out: Way = Way("smooth")
    back: Way = Way("smooth")
    stay: Stay = Stay()

    def reach(self, phase: str, done: float, lasts_s: float) -> float:
        """How far it has come, from 0 to about 1."""
        if phase == "hold":
            return self.stay.at(done, lasts_s)
        shake = self.stay.shake(done, lasts_s)
        if phase == "out":
            return self.out.at(done) + shake
        # Who leaves with a jerk leaves the hold with it; the way home starts where the hold ended.
        return (1.0 - self.stay.drift) * (1.0 - self.back.at(done)) + shake

    def seen(self, span: Span) -> Span:
        """When it really leaves the start, arrives, turns and is home: what a slow beginning hides is not the rep's."""
        times = np.arange(span.start_s, span.end_s, STEP_S)
        reach = np.array([self.reach(*span.phase_at(float(t))) for t in times])
        out, there = times[reach >= LEFT], times[reach >= THERE * min(1.0, 1.0 - self.stay.drift)]
        return Span(float(out[0]), float(there[0]), float(there[-1]), float(out[-1]))
