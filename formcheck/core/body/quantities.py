"""Small words for rules: shares of a range, swings against the start. NaN in, NaN out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

RANGE_MIN_DEG = 15.0
"""A range shorter than this is noise: the start is already at the target; 15 degrees are taken instead."""

NOISE = {"deg": 0.8, "torso lengths": 0.005}
"""By unit, the standard deviation by which what lasts 0.4 s differs between recordings of one movement that look the
same to the eye (`docs/repeatability.md`)."""


def share(value: float, start: float, target: float) -> float:
    """How far `value` is on the way from `start` (0) to `target` (1); beyond 1 when further.

    Args:
        value: now, degrees.
        start: in the own start pose, degrees.
        target: the full range.
    """
    span = target - start
    if abs(span) < RANGE_MIN_DEG:
        span = math.copysign(RANGE_MIN_DEG, span)
    return 1.0 - (target - value) / span


def hold_slack(drift_deg: float, start: float, target: float) -> float:
    """Share of a range by which a position may drift while it is held.

    Args:
        drift_deg: the drift itself, degrees.
        start: in the own start pose, degrees.
        target: the full range.
    """
    return drift_deg / max(abs(target - start), RANGE_MIN_DEG)


def swing(value: float, start: float) -> float:
    """Size of a change against the start."""
    return abs(value - start)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A quantity with its doubt; NaN where it isn't known."""

    value: float
    sd: float = 0.0
    """Standard deviation, in the unit of the value."""

    def is_surely_above(self, limit: float, sure_share: float) -> bool:
        """Whether it lies above a limit with so much probability."""
        return self.value - NormalDist().inv_cdf(sure_share) * self.sd > limit

    def scaled(self, by: float) -> Estimate:
        """The same in another unit, or turned round."""
        return Estimate(self.value * by, self.sd * abs(by))

    def share_of(self, limit: float) -> Estimate:
        """The same as a share of its limit."""
        return self.scaled(1.0 / limit)


def decides(own: float, back: Estimate, limit: float) -> Estimate:
    """Of two measures with one limit, the one that decides: `own` where it is beyond it, else the back with its doubt.

    So a fault that joints show needs no outline, and nothing is called good whose back was not seen.
    """
    return Estimate(own) if own > limit else back


def worst(*values: float) -> float:
    """The largest of the known values; NaN if none is known."""
    known = [v for v in values if not math.isnan(v)]
    return max(known) if known else math.nan


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity that was measured several times, for example once a step."""

    value: float = math.nan
    """Median; NaN when it is not known."""
    spread: float = math.nan
    """Standard deviation from time to time (robust)."""
    n: int = 0
    """How often it was measured."""
    reason: str = ""
    """Why it is not known."""
