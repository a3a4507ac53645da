"""Figures with their count and a 95 % confidence interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Z95 = 1.96
RESAMPLES = 1000
CLUSTER_RESAMPLES = 300


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, its 95 % interval, and how many observations it rests on."""

    value: float
    low: float
    high: float
    count: int
    unit: str = ""

    def text(self) -> str:
        """For a table: value, interval, count."""
        if not self.count or math.isnan(self.value):
            return "no data"
        if self.unit == "share":
            return f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f}), n={self.count}"
        return f"{self.value:.3g} {self.unit} ({self.low:.3g}-{self.high:.3g}), n={self.count}".replace("  ", " ")

    def as_dict(self) -> dict[str, object]:
        """For JSON; an unknown number is null."""
        numbers = {
            name: None if math.isnan(number) else round(number, 5)
            for name, number in (("value", self.value), ("low", self.low), ("high", self.high))
        }
        return {**numbers, "count": self.count, "unit": self.unit}


def share(hits: int, count: int) -> Figure:
    """A share with Wilson's interval."""
    if not count:
        return Figure(math.nan, math.nan, math.nan, 0, "share")
    p, z2 = hits / count, Z95**2
    middle = (p + z2 / (2 * count)) / (1 + z2 / count)
    half = Z95 / (1 + z2 / count) * math.sqrt(p * (1 - p) / count + z2 / (4 * count**2))
    return Figure(p, max(0.0, middle - half), min(1.0, middle + half), count, "share")


def tally(found: int, count: int, unit: str) -> Figure:
    """A plain number of things in ``count`` clips; the interval is Poisson's (Garwood's, by a close approximation)."""
    if not count:
        return Figure(math.nan, math.nan, math.nan, 0, unit)
    low = found * (1 - 1 / (9 * found) - Z95 / (3 * math.sqrt(found))) ** 3 if found else 0.0
    more = found + 1
    high = more * (1 - 1 / (9 * more) + Z95 / (3 * math.sqrt(more))) ** 3
    return Figure(float(found), max(0.0, low), high, count, unit)


def spread(values: Sequence[float], statistic: Callable[[np.ndarray], float], unit: str) -> Figure:
    """A statistic of a sample with its bootstrap interval (seeded)."""
    known = np.array([v for v in values if not math.isnan(v)])
    if not len(known):
        return Figure(math.nan, math.nan, math.nan, 0, unit)
    rng = np.random.default_rng(0)
    again = [statistic(known[rng.integers(0, len(known), len(known))]) for _ in range(RESAMPLES)]
    low, high = np.percentile(again, [2.5, 97.5])
    return Figure(float(statistic(known)), float(low), float(high), len(known), unit)


def clustered(groups: Sequence[np.ndarray], statistic: Callable[[np.ndarray], float], unit: str) -> Figure:
    """A statistic of values that come in clips; frames of a clip are not independent, so whole clips are drawn.

    ``count`` is the number of clips with values.
    """
    known = [g[np.isfinite(g)] for g in (np.asarray(group, float) for group in groups)]
    known = [g for g in known if len(g)]
    if not known:
        return Figure(math.nan, math.nan, math.nan, 0, unit)
    again = _again(known, statistic)
    value = statistic(np.concatenate(known))
    if unit == "share" and value in (0.0, 1.0):
        return share(int(value) * len(known), len(known))  # a bootstrap of equal values would claim certainty
    low, high = np.percentile(again, [2.5, 97.5])
    return Figure(float(value), float(low), float(high), len(known), unit)


def _again(groups: list[np.ndarray], statistic: Callable[[np.ndarray], float]) -> np.ndarray:
    """The statistic of many draws of whole groups; of means and roots of mean squares by their sums, which is fast."""
    drawn = np.random.default_rng(0).integers(0, len(groups), (CLUSTER_RESAMPLES, len(groups)))
    if statistic not in (mean, rmse):
        return np.array([statistic(np.concatenate([groups[i] for i in draw])) for draw in drawn])
    power = 2 if statistic is rmse else 1
    sums, counts = np.array([(g**power).sum() for g in groups]), np.array([len(g) for g in groups])
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    return np.asarray(np.sqrt(means) if statistic is rmse else means)


def mean(values: np.ndarray) -> float:
    """Their mean; of 0 and 1, the share of ones."""
    return float(np.mean(values))


def median(values: np.ndarray) -> float:
    """The middle one."""
    return float(np.median(values))


def p95(values: np.ndarray) -> float:
    """95 of 100 are smaller."""
    return float(np.percentile(values, 95))


def rmse(values: np.ndarray) -> float:
    """Root of the mean square."""
    return float(np.sqrt(np.mean(np.square(values))))


def area_under_curve(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """How often a positive has the larger value than a negative: 0.5 is guessing (Mann-Whitney)."""
    if not len(positives) or not len(negatives):
        return math.nan
    a, b = np.array(positives)[:, None], np.array(negatives)[None, :]
    return float(np.mean((a > b) + 0.5 * (a == b)))
